"""Themes: the State Council's list is there, and only the platform renames it."""

import pytest
from django.test import Client

from portal.policy_interpretation.models import PolicyTheme
from tests.factories import World, member

pytestmark = pytest.mark.django_db


def test_the_national_list_is_there() -> None:
    assert PolicyTheme.objects.filter(parent=None).count() == 22
    assert str(PolicyTheme.objects.get(code="0204")) == "综合政务\\电子政务"


@pytest.mark.parametrize(
    ("role", "name"),
    [("platform_admin", "数字政务"), ("audit_admin", "电子政务"), ("site_admin", "电子政务")],
)
def test_only_the_platform_administrator_renames_themes(
    client: Client, provisioned_world: World, role: str, name: str
) -> None:
    known = PolicyTheme.objects.count()
    client.force_login(member(role, provisioned_world.site))
    client.post(
        "/admin/policy-themes/edit/0204/", {"code": "9999", "name": "数字政务", "parent": "02"}
    )
    assert PolicyTheme.objects.get(code="0204").name == name
    assert PolicyTheme.objects.count() == known

"""The screens, and who may not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile

from portal.core.roles import ROLES, Scope
from portal.evidence.models import Entry, Finding, SigningKey
from portal.evidence.services.signing import sign_day
from tests.factories import World, member

from .conftest import check, follow, new_article

pytestmark = pytest.mark.django_db

LOOKERS = {"platform_admin", "security_admin", "audit_admin"}
EXPLAINERS = {"platform_admin", "security_admin"}
SCREENS = ("evidence_findings", "evidence_log", "evidence_roots", "evidence_keys")


def signed_in(user: Any) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def account(role: str, world: World) -> Any:
    return member(role, world.site if ROLES[role].scope is Scope.SITE else None)


@pytest.fixture
def finding(provisioned_world: World) -> Finding:
    page = new_article(provisioned_world, title="原来的题目")
    follow()
    sign_day()
    Page.objects.filter(pk=page.pk).update(title="改了的题目")
    check()
    return Finding.objects.get(field="title", place=f"wagtailcore_page #{page.pk}")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_sees_the_screens(provisioned_world: World, finding: Finding, role: str) -> None:
    client = signed_in(account(role, provisioned_world))
    urls = [reverse(name) for name in SCREENS]
    urls.append(reverse("evidence_finding", args=[finding.pk]))
    for url in urls:
        response = client.get(url)
        assert (response.status_code == 200) == (role in LOOKERS), (role, url)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_explains(provisioned_world: World, finding: Finding, role: str) -> None:
    client = signed_in(account(role, provisioned_world))
    client.post(reverse("evidence_finding", args=[finding.pk]), {"reason": "演练"})
    finding.refresh_from_db()
    assert (finding.status == Finding.Status.EXPLAINED) == (role in EXPLAINERS), role


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_exchanges_the_key(provisioned_world: World, finding: Finding, role: str) -> None:
    client = signed_in(account(role, provisioned_world))
    before = SigningKey.objects.count()
    client.post(reverse("evidence_keys"), {"confirmed": "on"})
    assert (SigningKey.objects.count() > before) == (role == "security_admin"), role


def test_the_key_is_not_exchanged_without_confirmation(
    provisioned_world: World, finding: Finding
) -> None:
    client = signed_in(account("security_admin", provisioned_world))
    client.post(reverse("evidence_keys"), {})
    assert SigningKey.objects.count() == 1


def test_explaining_needs_a_reason_and_enters_what_stands_there(
    provisioned_world: World, finding: Finding
) -> None:
    client = signed_in(account("security_admin", provisioned_world))
    url = reverse("evidence_finding", args=[finding.pk])
    client.post(url, {"reason": "  "})
    finding.refresh_from_db()
    assert finding.status == Finding.Status.OPEN
    client.post(url, {"reason": "按通知更正"})
    finding.refresh_from_db()
    assert (finding.status, finding.reason) == (Finding.Status.EXPLAINED, "按通知更正")
    assert Entry.objects.latest("seq").action == Entry.Action.ACCEPTED
    assert not [found for found in check().findings if found.place == finding.place]


def test_the_first_page_and_readyz_tell_of_it(provisioned_world: World, finding: Finding) -> None:
    home = signed_in(account("security_admin", provisioned_world)).get(reverse("wagtailadmin_home"))
    assert finding.place in home.content.decode()
    site_admin = signed_in(account("site_admin", provisioned_world))
    assert finding.place not in site_admin.get(reverse("wagtailadmin_home")).content.decode()
    told = Client().get("/readyz").json()
    part = next(value for key, value in told["parts"].items() if "evidence" in key)
    assert part["ok"] is False

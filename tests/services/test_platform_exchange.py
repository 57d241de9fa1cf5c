"""Items of a platform become drafts, guides are handed over, certificates are looked up."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.plugin_api import OutsideError
from portal.services.adaptors import JsonPlatform, sandbox
from portal.services.exchange.uploads import GUIDE_FILES
from portal.services.models import GuideBasis, GuideImport, GuidePage, ServicePlatform
from tests.factories import World, member
from tests.policy_interpretation.factories import make_policy

from .factories import make_guide
from .test_platforms import make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(world: World) -> ServicePlatform:
    return make_platform(world)


def address(platform: ServicePlatform) -> str:
    return reverse("services_platform_exchange", args=[platform.pk])


def test_items_are_looked_at_first_and_become_drafts(
    admin_client: Client, world: World, platform: ServicePlatform,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    index = admin_client.get(reverse("services_platforms:index")).content.decode()
    assert address(platform) in index
    assert admin_client.get(address(platform)).status_code == 200
    wanted = {"do": "items", "column": world.column.pk}
    answer = admin_client.post(address(platform), wanted)
    batch = GuideImport.objects.get()
    assert answer.headers["Location"] == reverse("services_import", args=[batch.pk])
    assert not GuidePage.objects.exists()
    assert batch.outcome["counts"]["created"] == len(sandbox()["items"])
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("services_import", args=[batch.pk]), {"do": "confirm"})
    GUIDE_FILES.work(batch.pk, "zh-hans")
    made = list(GuidePage.objects.values_list("implementation_code", "live"))
    assert sorted(made) == sorted((row["implementation_code"], False) for row in sandbox()["items"])
    # Nothing has changed at the platform since.
    admin_client.post(address(platform), wanted | {"only_changed": "on"})
    assert GuideImport.objects.count() == 1
    admin_client.post(address(platform), wanted)
    assert GuideImport.objects.first().outcome["counts"]["unchanged"] == 2  # type: ignore[union-attr]


def test_public_guides_are_handed_over_as_they_are_public(
    admin_client: Client, world: World, platform: ServicePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make_policy(world.column, title="尚未公开的文件", live=False)
    make_guide(
        world.column, title="甲", implementation_code="X1", basis=[GuideBasis(target=secret)]
    )
    make_guide(world.column, title="乙", implementation_code="X2")
    make_guide(world.column, title="没有编码")
    make_guide(world.column, title="草稿", implementation_code="X3", live=False)
    make_guide(world.hubin_column, title="别的站点", implementation_code="X4")
    sent: list[Any] = []

    def push(adaptor: Any, connection: Any, items: Any) -> dict[str, str]:
        sent.extend(items)
        return {"X2": "<b>unknown</b> code"}

    monkeypatch.setattr(JsonPlatform, "push", push)
    told = admin_client.post(address(platform), {"do": "push"}).content.decode()
    assert [item.implementation_code for item in sent] == ["X1", "X2"]
    assert sent[0].fields["contact_phone"] == "0999-10000110"
    assert "尚未公开的文件" not in str(sent)
    assert "&lt;b&gt;unknown" in told
    assert "乙" in told


def test_a_certificate_is_looked_up(admin_client: Client, platform: ServicePlatform) -> None:
    good = {"do": "certificates", "kind": "居住证", "number": "YH-JZZ-0000123"}
    assert "2027-05-31" in admin_client.post(address(platform), good).content.decode()
    none = admin_client.post(address(platform), good | {"number": "0"}).content.decode()
    assert "2027-05-31" not in none
    assert 'role="status"' in none


@pytest.mark.parametrize("part", ["items", "push", "certificates"])
def test_a_platform_that_does_not_answer_is_told(
    admin_client: Client, world: World, platform: ServicePlatform, part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def silent(*args: Any, **kwargs: Any) -> Any:
        raise OutsideError("gone fishing")

    make_guide(world.column, implementation_code="X1")
    for name in ("items", "push", "certificate"):
        monkeypatch.setattr(JsonPlatform, name, silent)
    data = {"do": part, "column": world.column.pk, "kind": "a", "number": "b"}
    answer = admin_client.post(address(platform), data)
    assert answer.status_code == 200
    assert "gone fishing" in answer.content.decode() or platform.name in answer.content.decode()


@pytest.mark.own_world
def test_who_may_not(provisioned_world: World) -> None:
    world = provisioned_world
    platform = make_platform(world)
    for user, status in (
        (member("site_admin", world.site), 200),
        (member("site_admin", world.hubin), 302),
        (member("editor", world.site), 302),
    ):
        client = Client()
        client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
        assert client.get(address(platform)).status_code == status, user
    ServicePlatform.objects.update(is_active=False)
    client = Client()
    client.force_login(
        member("site_admin", world.site), backend="portal.core.staff.backend.StaffBackend"
    )
    assert client.get(address(platform)).status_code == 404

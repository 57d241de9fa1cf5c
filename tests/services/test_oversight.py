"""Whether guides are complete and what the counter uses: who may say so, and what is told."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.models import User
from portal.services.models import CounterConfirmation, GuidePage, GuideRecord
from portal.services.oversight_panels import OversightReminders
from portal.services.selectors.oversight import (
    CONFIRMED,
    DISPUTED,
    NEVER,
    OUTDATED,
    in_state,
    state_of,
    visible_records,
    with_confirmations,
)
from portal.services.services.confirmations import confirm, report_difference, settle
from portal.testing import disable_plugin
from tests.factories import OrganisationFactory, World, member

from .factories import make_guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(provisioned_world: World) -> GuidePage:
    return make_guide(provisioned_world.column)


def digest_of(guide: GuidePage) -> str:
    return GuideRecord.objects.get(page=guide).digest


def clerk_of(guide: GuidePage, world: World) -> User:
    """An account of the handling office that writes no pages."""
    return member("auditor", world.site, organisation=guide.owner_unit)


def state(guide: GuidePage) -> str:
    found = state_of(with_confirmations(GuideRecord.objects.filter(page=guide)).get())
    for one in (CONFIRMED, DISPUTED, NEVER, OUTDATED):
        rows = in_state(with_confirmations(GuideRecord.objects.filter(page=guide)), one)
        assert rows.exists() == (one == found), "the filter and the cell agree"
    return found


def change(guide: GuidePage) -> None:
    fresh = GuidePage.objects.get(pk=guide.pk)
    fresh.promised_limit = "3个工作日"
    fresh.save_revision().publish()


# --- confirming -----------------------------------------------------------------------------------
def test_a_confirmation_holds_until_the_text_changes(
    guide: GuidePage, provisioned_world: World
) -> None:
    clerk = clerk_of(guide, provisioned_world)
    assert state(guide) == NEVER
    confirm(page=guide, digest=digest_of(guide), by=clerk)
    assert state(guide) == CONFIRMED
    change(guide)
    assert state(guide) == OUTDATED
    confirm(page=guide, digest=digest_of(guide), by=clerk)
    assert state(guide) == CONFIRMED


def test_what_was_not_seen_is_not_confirmed(guide: GuidePage, provisioned_world: World) -> None:
    seen = digest_of(guide)
    change(guide)
    with pytest.raises(ValidationError):
        confirm(page=guide, digest=seen, by=clerk_of(guide, provisioned_world))
    assert not CounterConfirmation.objects.exists()


def test_a_difference_stays_open_until_it_is_dealt_with(
    guide: GuidePage, provisioned_world: World
) -> None:
    clerk = clerk_of(guide, provisioned_world)
    editor = member("editor", provisioned_world.site)
    with pytest.raises(ValidationError):
        report_difference(page=guide, digest=digest_of(guide), note="  ", by=clerk)
    row = report_difference(page=guide, digest=digest_of(guide), note="窗口还要照片", by=clerk)
    assert state(guide) == DISPUTED
    change(guide)
    assert state(guide) == DISPUTED, "a new text alone settles nothing"
    with pytest.raises(PermissionDenied):
        settle(confirmation=row, by=clerk)
    settle(confirmation=row, by=editor)
    row.refresh_from_db()
    assert (state(guide), row.settled_by_name) == (NEVER, editor.get_username())
    again = report_difference(page=guide, digest=digest_of(guide), note="费用不同", by=clerk)
    confirm(page=guide, digest=digest_of(guide), by=clerk)
    again.refresh_from_db()
    assert again.settled_at is not None


ROLES = {
    "site_admin": True, "editor": True, "first_checker": True, "reviewer": True,
    "releaser": True, "information_officer": False, "auditor": False, "partner": False,
    "secrecy_reviewer": False, "translator": False, "letters_clerk": False,
}  # fmt: skip


@pytest.mark.parametrize(("role", "allowed"), ROLES.items())
def test_who_may_confirm(
    guide: GuidePage, provisioned_world: World, client: Client, role: str, allowed: bool
) -> None:
    user = member(role, provisioned_world.site, organisation=OrganisationFactory())
    client.force_login(user)
    path = reverse("services_compare", args=[guide.pk])
    data = {"action": "confirm", "digest": digest_of(guide)}
    client.post(path, data)
    assert CounterConfirmation.objects.exists() is allowed
    assert (client.get(path).status_code == 200) is allowed


def test_editors_of_other_sites_and_other_offices_may_not(
    guide: GuidePage, provisioned_world: World
) -> None:
    other = member("editor", provisioned_world.hubin, organisation=OrganisationFactory())
    inactive = clerk_of(guide, provisioned_world)
    inactive.is_active = False
    for user in (other, inactive):
        with pytest.raises(PermissionDenied):
            confirm(page=guide, digest=digest_of(guide), by=user)


def test_where_the_plugin_is_off_nothing_is_confirmed(
    guide: GuidePage, provisioned_world: World
) -> None:
    user = member("editor", provisioned_world.site)
    with disable_plugin("services", provisioned_world.site), pytest.raises(PermissionDenied):
        confirm(page=guide, digest=digest_of(guide), by=user)


def test_the_screen_keeps_what_was_typed(
    guide: GuidePage, provisioned_world: World, client: Client
) -> None:
    client.force_login(clerk_of(guide, provisioned_world))
    path = reverse("services_compare", args=[guide.pk])
    stale = digest_of(guide)
    change(guide)
    answer = client.post(path, {"action": "report", "digest": stale, "note": "窗口还要照片"})
    assert answer.status_code == 200
    assert "窗口还要照片" in answer.content.decode()
    assert not CounterConfirmation.objects.exists()


# --- the report -----------------------------------------------------------------------------------
def test_the_report_shows_own_sites_and_the_own_unit(provisioned_world: World) -> None:
    world = provisioned_world
    here, there = make_guide(world.column), make_guide(world.hubin_column, title="湖滨的")
    editor = member("editor", world.site)
    assert {row.page_id for row in visible_records(editor)} == {here.pk}
    clerk = member("auditor", world.site, organisation=there.owner_unit)
    assert {row.page_id for row in visible_records(clerk)} == {there.pk}
    stranger = member("auditor", world.site)
    assert not visible_records(stranger).exists()


def test_the_report_filters_and_exports(provisioned_world: World, client: Client) -> None:
    full = make_guide(provisioned_world.column, title="齐全的")
    thin = make_guide(provisioned_world.column, title="单薄的", places=[], contact_phone="")
    client.force_login(member("editor", provisioned_world.site))
    path = reverse("services_report")

    def titles(query: str) -> set[str]:
        html = client.get(path + query).content.decode()
        return {page.title for page in (full, thin) if page.title in html}

    assert titles("") == {"齐全的", "单薄的"}
    assert titles("?score=key") == {"单薄的"}
    assert titles("?missing=place") == {"单薄的"}
    assert titles("?counter=confirmed") == set()
    csv = client.get(path + "?export=csv").getvalue().decode()
    assert csv.index("单薄的") < csv.index("齐全的"), "the least complete first"
    book = load_workbook(io.BytesIO(client.get(path + "?export=xlsx").getvalue()))
    assert book.active.max_row == 3


def test_strangers_do_not_see_the_report(provisioned_world: World, client: Client) -> None:
    client.force_login(member("auditor", provisioned_world.site))
    assert client.get(reverse("services_report")).status_code == 302
    assert client.get(reverse("services_figures")).status_code == 302


def test_the_report_costs_the_same_for_many(
    provisioned_world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_guide(provisioned_world.column, title=f"事项{number}")
    client.force_login(member("editor", provisioned_world.site))
    client.get(reverse("services_report"))
    with django_assert_max_num_queries(40):
        client.get(reverse("services_report"))


# --- the first page -------------------------------------------------------------------------------
def test_the_first_page_tells_of_reports_and_of_old_figures(
    guide: GuidePage, provisioned_world: World, rf: Any
) -> None:
    request = rf.get("/admin/")
    request.user = member("site_admin", provisioned_world.site)
    panel = OversightReminders().panel(request)
    assert panel is not None
    assert (panel.stale, panel.reports) == (True, [])
    request.user = editor = member("editor", provisioned_world.site)
    assert OversightReminders().panel(request) is None, "editors keep no figures"
    report_difference(page=guide, digest=digest_of(guide), note="窗口还要照片", by=editor)
    panel = OversightReminders().panel(request)
    assert panel is not None
    assert [row.note for row in panel.reports] == ["窗口还要照片"]
    request.user = member("editor", provisioned_world.hubin)
    assert OversightReminders().panel(request) is None


def test_a_guide_that_lost_its_parts_is_critical(
    guide: GuidePage, provisioned_world: World, rf: Any
) -> None:
    """Such as one that was public before the plugin knew of it."""
    GuideRecord.objects.filter(page=guide).update(key_missing=4)
    request = rf.get("/admin/")
    request.user = member("editor", provisioned_world.site)
    panel = OversightReminders().panel(request)
    assert panel is not None
    assert panel.found.critical == 1

"""The gate of a language (R-FOR-02): made, opened with a team, closed with a notice."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core import structure
from portal.core.gate import PublishRefused
from portal.foreign.models import ForeignSection, PageTranslation, TeamMember, TeamRole
from portal.foreign.selectors.gate import lacks_of
from portal.foreign.selectors.sections import open_sections, root_of, section_of
from portal.foreign.services import columns
from portal.foreign.services.placing import place
from portal.foreign.services.sections import (
    NotReady,
    close_section,
    create_section,
    open_section,
)
from portal.pages.models import ColumnPage
from portal.plugins import switches
from tests.factories import ArticleFactory, UserFactory, World, member

from .factories import Section, add_member, locale, make_section

pytestmark = pytest.mark.usefixtures("words_of_the_code")


def codes(section: ForeignSection) -> set[str]:
    return {lack.code for lack in lacks_of(section)}


def owe(section: Section, *states: str) -> None:
    """Core pages in these states."""
    PageTranslation.objects.filter(section=section.row).delete()
    for state in states:
        PageTranslation.objects.create(
            section=section.row, source=ArticleFactory(parent=section.source), status=state
        )


@pytest.fixture
def preparing(world: World) -> Section:
    """A section that lacks nothing but somebody who opens it."""
    section = make_section(world, is_open=False)
    owe(section, "current", "current", "current", "current", "missing")
    return section


# --- making ---------------------------------------------------------------------------------------
class TestMaking:
    def test_it_has_columns_for_foreign_readers_and_no_copy_of_the_chinese_tree(
        self, world: World
    ) -> None:
        ColumnPage.objects.child_of(world.home)  # there are Chinese ones
        section = create_section(site=world.site, locale=locale("en"), title="Yunhu City")
        root = root_of(section)
        assert root is not None
        titles = [page.title for page in root.get_children()]
        assert titles[:2] == ["Living here", "Doing business"]
        assert world.column.title not in titles
        keys = set(Page.objects.descendant_of(root).values_list("translation_key", flat=True))
        assert not Page.objects.descendant_of(world.home).filter(translation_key__in=keys).exists()

    def test_the_home_is_the_twin_of_the_chinese_one_without_its_text(self, world: World) -> None:
        world.home.hero_title = "云湖"
        world.home.save()
        section = create_section(site=world.site, locale=locale("en"), title="Yunhu City")
        root = root_of(section)
        assert root is not None
        assert root.translation_key == world.home.translation_key
        assert (root.title, root.specific.hero_title) == ("Yunhu City", "")

    def test_nothing_of_it_is_public(self, world: World, client: Client) -> None:
        create_section(site=world.site, locale=locale("en"), title="Yunhu City")
        assert client.get("/en/").status_code == 404
        assert 'hreflang="en"' not in client.get("/").content.decode()

    def test_a_sub_site_s_lies_below_the_portal_s(self, world: World) -> None:
        with pytest.raises(ValidationError, match="first"):
            create_section(site=world.hubin, locale=locale("en"), title="Hubin")
        above = create_section(site=world.site, locale=locale("en"), title="Yunhu City")
        below = create_section(site=world.hubin, locale=locale("en"), title="Hubin District")
        root, sub = root_of(above), root_of(below)
        assert root is not None
        assert sub is not None
        assert sub.path.startswith(root.path)
        assert sub.slug == world.hubin_home.slug

    def test_one_for_each_language_and_none_for_chinese(self, world: World) -> None:
        create_section(site=world.site, locale=locale("en"), title="Yunhu City")
        for language in ("en", "zh-hans"):
            with pytest.raises(ValidationError):
                create_section(site=world.site, locale=locale(language), title="Again")


# --- columns of an open section -------------------------------------------------------------------
class TestColumnsOfAnOpenSection:
    def test_another_person_makes_them_public(self, preparing: Section, client: Client) -> None:
        writer, other = UserFactory(superuser=True), UserFactory(superuser=True)
        section = open_section(section=preparing.row)
        column = columns.add_column(
            section=section, title="Arts", slug="arts", need="living", user=writer
        )
        assert client.get("/en/arts/").status_code == 404
        with pytest.raises(ValidationError, match="own words"):
            columns.open_column(column=column, user=writer)
        page = reverse("foreign_column", args=[column.pk])
        client.force_login(writer)
        refused = client.post(page, {"open": "1"}, follow=True)
        assert "由您本人撰写" in refused.content.decode()
        client.force_login(other)
        client.post(page, {"open": "1"})
        client.logout()
        assert client.get("/en/arts/").status_code == 200
        with pytest.raises(ValidationError, match="already"):
            columns.open_column(column=column, user=other)

    def test_nobody_else_opens_them(self, preparing: Section) -> None:
        section = open_section(section=preparing.row)
        column = columns.add_column(
            section=section, title="Arts", slug="arts", need="living",
            user=UserFactory(superuser=True),
        )  # fmt: skip
        with pytest.raises(PermissionDenied):
            columns.open_column(column=column, user=UserFactory())


# --- the gate -------------------------------------------------------------------------------------
class TestGate:
    def test_a_section_with_a_team_and_coverage_opens(
        self, preparing: Section, client: Client
    ) -> None:
        boss = UserFactory(superuser=True)
        section = open_section(section=preparing.row, user=boss)
        assert (section.state, section.opened_by) == ("open", boss)
        assert section.opened_at is not None
        assert client.get("/en/").status_code == 200

    def test_nobody_opens_his_own_words(self, preparing: Section, client: Client) -> None:
        writer, other = UserFactory(superuser=True), UserFactory(superuser=True)
        preparing.root.title = "The city, as I say it"
        preparing.root.save_revision(user=writer)
        with pytest.raises(NotReady, match="The city, as I say it"):
            open_section(section=preparing.row, user=writer)
        assert client.get("/en/").status_code == 404
        open_section(section=preparing.row, user=other)
        assert "The city, as I say it" in client.get("/en/").content.decode()

    @pytest.mark.parametrize("role", [role.value for role in TeamRole])
    def test_not_without_each_role(self, preparing: Section, role: str) -> None:
        TeamMember.objects.filter(section=preparing.row, role=role).update(active=False)
        assert codes(preparing.row) == {role}
        with pytest.raises(NotReady):
            open_section(section=preparing.row)
        preparing.row.refresh_from_db()
        assert preparing.row.state == "preparing"

    def test_not_with_somebody_whose_account_is_closed(self, preparing: Section) -> None:
        preparing.team.lead.is_active = False
        preparing.team.lead.save()
        assert codes(preparing.row) == {"lead"}

    def test_the_language_reviewer_is_another_person(self, preparing: Section) -> None:
        TeamMember.objects.filter(section=preparing.row, role="language_reviewer").delete()
        add_member(preparing.row, TeamRole.LANGUAGE_REVIEWER, preparing.team.translator)
        assert codes(preparing.row) == {"other_person"}

    def test_not_without_proof_of_qualification(self, preparing: Section) -> None:
        preparing.row.team.filter(role="translator").update(qualification=" ")
        assert codes(preparing.row) == {"qualification"}

    def test_not_below_the_minimum_coverage(self, preparing: Section) -> None:
        owe(preparing, "current", "missing")
        assert codes(preparing.row) == {"coverage"}

    def test_not_where_nothing_is_owed_at_all(self, preparing: Section) -> None:
        owe(preparing)
        assert codes(preparing.row) == {"core"}

    def test_publishing_the_home_is_no_way_around_it(self, preparing: Section) -> None:
        root = Page.objects.get(pk=preparing.root.pk).specific
        with pytest.raises(PublishRefused, match="not open"):
            root.save_revision().publish()

    def test_nor_for_a_language_without_a_section(self, world: World) -> None:
        root = world.home.copy_for_translation(locale("ja"))
        with pytest.raises(PublishRefused, match="not open"):
            root.save_revision().publish()

    def test_pages_below_a_closed_home_are_not_served(
        self, preparing: Section, client: Client
    ) -> None:
        ArticleFactory(parent=preparing.living.page.specific, slug="a", title="A page")
        assert client.get("/en/living/a/").status_code == 404


@pytest.mark.parametrize("role", ["translator", "language_reviewer", "editor", "releaser"])
def test_only_who_runs_the_site_opens_and_closes(provisioned_world: World, role: str) -> None:
    section = make_section(provisioned_world)
    user = member(role, provisioned_world.site)
    with pytest.raises(PermissionDenied):
        open_section(section=section.row, user=user)
    with pytest.raises(PermissionDenied):
        close_section(section=section.row, reason="Because", user=user)


def test_the_administrator_of_another_site_does_not_either(provisioned_world: World) -> None:
    section = make_section(provisioned_world)
    with pytest.raises(PermissionDenied):
        close_section(
            section=section.row, reason="x", user=member("site_admin", provisioned_world.hubin)
        )


# --- closing --------------------------------------------------------------------------------------
class TestClosing:
    @pytest.fixture
    def closed(self, english: Section) -> Section:
        close_section(section=english.row, reason="Nobody keeps it up", notice="We are sorry.")
        return english

    @pytest.mark.parametrize("path", ["", "living/", "living/nothing/", "no/such/thing/"])
    def test_every_address_answers_with_the_notice(
        self, closed: Section, client: Client, path: str
    ) -> None:
        response = client.get(f"/en/{path}")
        page = response.content.decode()
        assert response.status_code == 410
        assert "We are sorry." in page
        assert '<html lang="en"' in page
        assert response.headers["X-Robots-Tag"] == "noindex"

    def test_it_leads_to_the_chinese_page_of_what_stood_there(
        self, english: Section, client: Client
    ) -> None:
        page = place(source=english.article, section=english.row)
        Page.objects.filter(pk=page.pk).update(live=True)
        close_section(section=english.row, reason="Nobody keeps it up")
        content = client.get(f"/en/living/{page.slug}/").content.decode()
        assert 'href="/juzhu/banli/"' in content

    def test_other_languages_go_on(self, world: World, closed: Section, client: Client) -> None:
        make_section(world, "ja")
        assert client.get("/ja/").status_code == 200
        assert client.get("/").status_code == 200
        assert 'hreflang="en"' not in client.get("/").content.decode()

    def test_it_says_why_on_record(self, closed: Section) -> None:
        closed.row.refresh_from_db()
        assert closed.row.closing_reason == "Nobody keeps it up"
        assert closed.row.closed_at is not None
        assert open_sections(closed.row.site_id) == []

    def test_not_without_a_reason(self, english: Section) -> None:
        with pytest.raises(ValidationError, match="why"):
            close_section(section=english.row, reason=" ")

    def test_it_opens_again_in_the_words_that_were_public(self, english: Section) -> None:
        """What somebody wrote while it was closed is no way around the reviews."""
        root: Any = root_of(english.row)
        root.specific.save_revision().publish()
        before = Page.objects.get(pk=root.pk).title
        close_section(section=english.row, reason="Nobody keeps it up")
        changed = Page.objects.get(pk=root.pk).specific
        changed.title = "Bet with us"
        changed.save_revision()
        owe(english, "current")
        open_section(section=english.row)
        after = Page.objects.get(pk=root.pk)
        assert (after.live, after.title, after.has_unpublished_changes) == (True, before, True)

    def test_it_opens_again_with_all_its_pages(self, closed: Section, client: Client) -> None:
        owe(closed, "current")
        open_section(section=closed.row)
        assert client.get("/en/").status_code == 200
        assert client.get("/en/living/").status_code == 200


# --- off ------------------------------------------------------------------------------------------
def test_switched_off_at_a_sub_site_its_chinese_pages_are_whole_and_the_rest_goes_on(
    world: World, english: Section, client: Client
) -> None:
    hubin = make_section(world, "en", site=world.hubin)
    assert client.get("/en/hubin/").status_code == 200
    before = client.get("/hubin/dongtai/").content
    with switches.override({("foreign", world.hubin.pk): False}):
        structure.touch()
        assert client.get("/en/hubin/").status_code == 404
        assert client.get("/en/hubin/living/").status_code == 404
        assert client.get("/en/").status_code == 200
        content = client.get("/hubin/dongtai/").content
        assert client.get("/hubin/").status_code == 200
    structure.touch()
    assert b'hreflang="en"' in client.get("/hubin/").content
    assert b'hreflang="en"' not in content
    assert len(content) > len(before) * 0.8
    assert section_of(hubin.living.page) == hubin.row

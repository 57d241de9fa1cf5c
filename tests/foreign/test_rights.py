"""What translators, reviewers and partners may do: in their languages and columns, nowhere else.

Tried in the admin, by bulk action and by the admin's API, for each kind of member; and by who has a
role at the site but no place in a team.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core.models import User
from portal.core.provisioning import provision_site
from portal.foreign.models import ForeignSection, PageTranslation, TeamMember, TeamRole
from portal.foreign.permissions import (
    may_manage,
    may_release,
    may_review_content,
    may_review_language,
    may_see,
    may_translate,
    reach_of,
    sections_of,
)
from portal.foreign.services.placing import place
from portal.foreign.services.team import remove_member, save_member
from portal.pages.models import ArticlePage
from portal.plugins import switches
from tests.core.permissions.places import article_form
from tests.factories import ArticleFactory, UserFactory, World, member

from .factories import Section, add_member, make_section

pytestmark = pytest.mark.usefixtures("words_of_the_code")

ASK = {
    "translate": may_translate,
    "language": may_review_language,
    "content": may_review_content,
    "release": may_release,
}
ALLOWED = {
    TeamRole.TRANSLATOR: {"translate"},
    TeamRole.LEAD: {"translate", "release"},
    TeamRole.LANGUAGE_REVIEWER: {"language"},
    TeamRole.CONTENT_REVIEWER: {"content"},
}


@dataclass
class City:
    """Two languages of one site; a draft in each column of the first."""

    world: World
    english: Section
    japanese: Section
    living: Page
    news: Page
    abroad: Page
    chinese: Page
    row: PageTranslation


@pytest.fixture
def city(provisioned_world: World) -> City:
    world = provisioned_world
    english, japanese = make_section(world), make_section(world, "ja")
    provision_site(world.site)
    row = PageTranslation.objects.create(
        section=english.row,
        source=english.article,
        target=place(source=english.article, section=english.row),
    )
    return City(
        world,
        english,
        japanese,
        ArticleFactory(parent=english.living.page.specific, draft=True, slug="a"),
        ArticleFactory(parent=english.news.page.specific, draft=True, slug="b"),
        ArticleFactory(parent=japanese.living.page.specific, draft=True, slug="c"),
        ArticleFactory(parent=english.source, draft=True, slug="d"),
        row,
    )


def asked(user: User, row: PageTranslation) -> set[str]:
    return {name for name, may in ASK.items() if may(user, row)}


# --- the questions --------------------------------------------------------------------------------
class TestQuestions:
    @pytest.mark.parametrize("role", [role.value for role in TeamRole])
    def test_each_role_of_a_team(self, city: City, role: str) -> None:
        user = add_member(city.english.row, TeamRole(role)).user
        assert asked(user, city.row) == ALLOWED[TeamRole(role)]

    @pytest.mark.parametrize("role", [role.value for role in TeamRole])
    def test_not_in_another_language(self, city: City, role: str) -> None:
        assert asked(add_member(city.japanese.row, TeamRole(role)).user, city.row) == set()

    @pytest.mark.parametrize("role", [role.value for role in TeamRole])
    def test_not_in_another_column(self, city: City, role: str) -> None:
        user = add_member(city.english.row, TeamRole(role), columns=[city.english.news]).user
        assert asked(user, city.row) == set()

    @pytest.mark.parametrize("role", [role.value for role in TeamRole])
    def test_in_the_own_column(self, city: City, role: str) -> None:
        user = add_member(city.english.row, TeamRole(role), columns=[city.english.living]).user
        assert asked(user, city.row) == ALLOWED[TeamRole(role)]

    def test_a_page_that_is_not_begun_counts_for_the_column_of_its_feed(self, city: City) -> None:
        other = PageTranslation.objects.create(
            section=city.english.row, source=ArticleFactory(parent=city.english.source)
        )
        mine = add_member(city.english.row, TeamRole.TRANSLATOR, columns=[city.english.living])
        news = add_member(city.english.row, TeamRole.TRANSLATOR, columns=[city.english.news])
        assert may_translate(mine.user, other)
        assert not may_translate(news.user, other)

    def test_not_any_more(self, city: City) -> None:
        row = city.english.row.team.get(role="translator")
        assert may_translate(row.user, city.row)
        TeamMember.objects.filter(pk=row.pk).update(active=False)
        assert not may_translate(row.user, city.row)

    def test_not_with_a_closed_account(self, city: City) -> None:
        user = city.english.team.translator
        user.is_active = False
        assert not may_translate(user, city.row)

    def test_not_where_the_plugin_is_off(self, city: City) -> None:
        with switches.override({("foreign", city.world.site.pk): False}):
            assert asked(city.english.team.translator, city.row) == set()
            assert not may_manage(member("site_admin", city.world.site), city.english.row)

    @pytest.mark.parametrize(
        "role", ["translator", "language_reviewer", "partner", "editor", "releaser", "site_admin"]
    )
    def test_a_role_at_the_site_alone_opens_no_language(self, city: City, role: str) -> None:
        user = member(role, city.world.site)
        assert asked(user, city.row) == set()
        assert may_see(user, city.english.row) is (role == "site_admin")

    def test_one_look_for_a_whole_list(
        self, city: City, django_assert_num_queries: Callable[..., object]
    ) -> None:
        user = city.english.team.translator
        reach = reach_of(user)
        with django_assert_num_queries(0):  # type: ignore[attr-defined]
            assert all(may_translate(user, city.row, reach=reach) for _number in range(5))

    def test_sections_of_somebody(self, city: City) -> None:
        assert list(sections_of(city.english.team.translator)) == [city.english.row]
        assert sections_of(member("site_admin", city.world.site)).count() == 2
        assert sections_of(member("site_admin", city.world.hubin)).count() == 0
        assert sections_of(member("editor", city.world.site)).count() == 0


# --- pages in the admin ---------------------------------------------------------------------------
def held(city: City, role: str, team: bool = True, columns: tuple[object, ...] = ()) -> Client:
    """Somebody with a role at the site, in the English team or not."""
    user = member(role, city.world.site)
    if team:
        add_member(city.english.row, TeamRole.TRANSLATOR, user, columns=columns)
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def can_edit(client: Client, page: Page) -> bool:
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def can_add(client: Client, parent: Page) -> bool:
    url = reverse("wagtailadmin_pages:add", args=["pages", "articlepage", parent.pk])
    client.post(url, article_form("新写", slug="tried"))
    return ArticlePage.objects.filter(slug="tried").exists()


def sees(client: Client, page: Page) -> bool:
    url = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    response = client.get(url)
    return response.status_code == 200 and page.title in response.content.decode()


class TestPages:
    @pytest.mark.parametrize("role", ["translator", "language_reviewer"])
    def test_in_the_language_of_the_team_only(self, city: City, role: str) -> None:
        client = held(city, role)
        assert can_edit(client, city.living)
        assert can_edit(client, city.news)
        assert not can_edit(client, city.abroad)
        assert not can_edit(client, city.chinese)
        assert not sees(client, city.abroad)

    @pytest.mark.parametrize("role", ["translator", "language_reviewer"])
    def test_in_the_columns_of_the_entry_only(self, city: City, role: str) -> None:
        client = held(city, role, columns=(city.english.living,))
        assert can_edit(client, city.living)
        assert not can_edit(client, city.news)
        assert not sees(client, city.news)

    @pytest.mark.parametrize("role", ["translator", "language_reviewer", "partner"])
    def test_nowhere_without_a_team(self, city: City, role: str) -> None:
        client = held(city, role, team=False)
        for page in (city.living, city.news, city.abroad):
            assert not can_edit(client, page)
        assert not can_add(client, city.english.living.page)

    def test_nowhere_where_the_plugin_is_off(self, city: City) -> None:
        client = held(city, "translator")
        with switches.override({("foreign", city.world.site.pk): False}):
            assert not can_edit(client, city.living)

    def test_a_partner_writes_in_its_columns_and_changes_nothing_of_others(
        self, city: City
    ) -> None:
        client = held(city, "partner", columns=(city.english.living,))
        assert can_add(client, city.english.living.page)
        assert not can_edit(client, city.living)

    @pytest.mark.parametrize("where", ["news", "abroad", "chinese"])
    def test_and_nowhere_else(self, city: City, where: str) -> None:
        client = held(city, "partner", columns=(city.english.living,))
        parent = getattr(city, where).get_parent()
        assert not can_add(client, parent)

    def test_nothing_is_published_by_the_api_elsewhere(self, city: City) -> None:
        client = held(city, "language_reviewer", columns=(city.english.living,))
        for page in (city.news, city.abroad, city.chinese):
            url = f"/admin/api/main/pages/{page.pk}/action/publish/"
            assert client.post(url).status_code in (302, 403, 404)
            assert not Page.objects.get(pk=page.pk).live

    def test_nothing_moves_out_of_the_own_columns(self, city: City) -> None:
        client = held(city, "translator", columns=(city.english.living,))
        for goal in (city.news, city.abroad, city.chinese):
            target = goal.get_parent()
            url = reverse("wagtailadmin_pages:move_confirm", args=[city.living.pk, target.pk])
            client.post(url)
            assert Page.objects.get(pk=city.living.pk).get_parent().pk == (
                city.english.living.page_id
            )

    def test_the_own_rights_of_others_are_as_before(self, city: City) -> None:
        client = held(city, "site_admin", team=False)
        for page in (city.living, city.abroad, city.chinese):
            assert can_edit(client, page)


# --- the screens of sections ----------------------------------------------------------------------
SCREENS = [
    ("foreign_sections", ""),
    ("foreign_section_add", ""),
    ("foreign_section", "row"),
    ("foreign_column_add", "row"),
    ("foreign_column", "living"),
    ("foreign_member_add", "row"),
    ("foreign_member", "member"),
]


def url_of(city: City, name: str, about: str) -> str:
    objects = {
        "": None,
        "row": city.english.row,
        "living": city.english.living,
        "member": city.english.row.team.first(),
    }
    found = objects[about]
    return reverse(name, args=[found.pk] if found is not None else [])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


class TestScreens:
    @pytest.mark.parametrize(("name", "about"), SCREENS)
    def test_who_runs_the_site_uses_them(self, city: City, name: str, about: str) -> None:
        client = signed_in(member("site_admin", city.world.site))
        assert client.get(url_of(city, name, about)).status_code == 200

    @pytest.mark.parametrize(("name", "about"), SCREENS)
    @pytest.mark.parametrize("role", ["editor", "releaser", "translator", "auditor"])
    def test_others_do_not(self, city: City, name: str, about: str, role: str) -> None:
        client = signed_in(member(role, city.world.site))
        assert client.get(url_of(city, name, about)).status_code in (302, 403)
        assert client.post(url_of(city, name, about), {"action": "close"}).status_code in (302, 403)
        assert ForeignSection.objects.get(pk=city.english.row.pk).state == "open"

    @pytest.mark.parametrize(("name", "about"), SCREENS[2:])
    def test_nor_does_the_administrator_of_another_site(
        self, city: City, name: str, about: str
    ) -> None:
        client = signed_in(member("site_admin", city.world.hubin))
        assert client.get(url_of(city, name, about)).status_code in (302, 403)

    def test_the_team_looks_and_changes_nothing(self, city: City) -> None:
        user = member("translator", city.world.site)
        add_member(city.english.row, TeamRole.TRANSLATOR, user)
        client = signed_in(user)
        url = url_of(city, "foreign_section", "row")
        response = client.get(url)
        assert response.status_code == 200
        assert "foreign/team/" not in response.content.decode()
        assert client.post(url, {"action": "close", "reason": "x"}).status_code in (302, 403)
        assert ForeignSection.objects.get(pk=city.english.row.pk).state == "open"
        other = reverse("foreign_section", args=[city.japanese.row.pk])
        assert client.get(other).status_code in (302, 403)

    def test_somebody_unknown_is_asked_to_sign_in(self, city: City) -> None:
        response = Client().get(url_of(city, "foreign_section", "row"))
        assert response.status_code == 302
        assert "login" in response.headers["Location"]


# --- the team -------------------------------------------------------------------------------------
class TestTeam:
    def test_somebody_new_may_enter_the_admin(self, city: City) -> None:
        user = UserFactory()
        save_member(section=city.english.row, account=user, role="translator", qualification="C2")
        user = User.objects.get(pk=user.pk)
        assert user.has_perm("wagtailadmin.access_admin")
        assert may_translate(user, city.row)

    def test_and_can_do_nothing_any_more_when_taken_out(self, city: City) -> None:
        user = UserFactory()
        row = save_member(section=city.english.row, account=user, role="translator")
        remove_member(member=row)
        assert not may_translate(user, city.row)
        assert not can_edit(signed_in(User.objects.get(pk=user.pk)), city.living)

    def test_a_partner_needs_columns(self, city: City) -> None:
        partner = member("partner", city.world.site)
        with pytest.raises(ValidationError, match="partner"):
            save_member(section=city.english.row, account=partner, role="translator")
        save_member(
            section=city.english.row,
            account=partner,
            role="translator",
            columns=[city.english.news],
        )

    def test_columns_of_another_language_are_refused(self, city: City) -> None:
        with pytest.raises(ValidationError, match="another section"):
            save_member(
                section=city.english.row,
                account=UserFactory(),
                role="translator",
                columns=[city.japanese.living],
            )

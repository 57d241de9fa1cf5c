"""Starters: who may choose them, what they fill in, and that nothing unfinished becomes public."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.core import gate
from portal.pages.models import ColumnPage, PortalHomePage, SubSitePage, TopicPage
from portal.pages.starters import Starter, all_starters, find, starters_for
from portal.pages.starters.placeholders import placeholders_in
from portal.pages.starters.thumbnails import thumbnail
from tests.factories import (
    ColumnFactory,
    OrganisationFactory,
    TopicFactory,
    UserFactory,
    World,
    member,
)

# A page asks the database for its content type.
pytestmark = pytest.mark.django_db

STARTERS = all_starters()
MODELS = {
    "topic": TopicPage,
    "sub_site": SubSitePage,
    "home": PortalHomePage,
    "channel": ColumnPage,
}
each_starter = pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)


# --- the data -------------------------------------------------------------------------------------
def test_there_is_a_choice_for_every_kind() -> None:
    numbers = {kind: len(starters_for(kind)) for kind in MODELS}
    assert numbers["topic"] >= 3
    assert numbers["sub_site"] >= 2
    assert numbers["home"] >= 2
    assert numbers["channel"] >= 1


@each_starter
def test_each_is_named_in_the_languages_of_the_admin(starter: Starter) -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert starter.name
            assert starter.sentence
    assert set(starter.names) == set(starter.sentences) == {"zh-hans", "en"}


@each_starter
def test_each_fills_a_page_of_its_kind(starter: Starter) -> None:
    page = MODELS[starter.kind]()
    starter.fill(page)
    assert len(page.sections) == len(starter.sections)
    for name, value in starter.fields.items():
        assert getattr(page, name) == value
        limit = page._meta.get_field(name).max_length
        assert limit is None or len(str(value)) <= limit


@each_starter
def test_placeholders_fit_into_their_fields(starter: Starter) -> None:
    """An editor who fills in less than what stood there must not meet an error of length."""
    page = MODELS[starter.kind]()
    starter.fill(page)
    try:
        page.sections.stream_block.clean_deferred(page.sections)
    except ValidationError as error:
        pytest.fail(f"{starter.key}: {error}")


@each_starter
def test_what_is_filled_in_stays(starter: Starter) -> None:
    page = MODELS[starter.kind]()
    first = page._meta.get_field("sections").stream_block.normalize([("text", "<p>我的</p>")])
    page.sections = first
    starter.fill(page)
    assert [child.value.source for child in page.sections] == ["<p>我的</p>"]


@each_starter
def test_thumbnails_are_drawn_from_the_sections(starter: Starter) -> None:
    drawing = str(thumbnail(starter))
    assert drawing.startswith("<svg")
    assert drawing.count("<rect") > 6
    assert "style=" not in drawing
    for x, width in re.findall(r' x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawing):
        assert float(x) + float(width) <= 241


# --- placeholders ---------------------------------------------------------------------------------
def test_placeholders_are_found_however_deep() -> None:
    raw = [
        {
            "type": "columns",
            "value": {"columns": [{"value": [{"value": "<p>【请填写：电话】</p>"}]}]},
        }
    ]
    assert placeholders_in(raw, "【请填写：时间】和【请填写：电话】") == [
        "【请填写：电话】",
        "【请填写：时间】",
    ]
    assert placeholders_in("【通知】按时【请】填写") == []


@pytest.mark.django_db
@pytest.mark.parametrize("starter", starters_for("topic"), ids=lambda starter: starter.key)
def test_a_starter_as_it_is_does_not_become_public(world: World, starter: Starter) -> None:
    topic = TopicFactory(parent=world.home, draft=True)
    starter.fill(topic)
    problems = gate.problems_of(topic, parent=world.home)
    named = [problem for problem in problems if problem.blocking and problem.field == "sections"]
    assert named
    assert "【请填写" in str(named[0].message)
    with pytest.raises(ValidationError):
        topic.save_revision().publish()
    assert not TopicPage.objects.get(pk=topic.pk).live


@pytest.mark.django_db
def test_a_channel_likewise(world: World) -> None:
    column = ColumnFactory(parent=world.home, draft=True)
    starters_for("channel")[0].fill(column)
    fields = {problem.field for problem in gate.problems_of(column, parent=world.home)}
    assert "sections" in fields


# --- choosing -------------------------------------------------------------------------------------
@pytest.fixture
def city(provisioned_world: World) -> World:
    return provisioned_world


@pytest.fixture
def sign_in(client: Client) -> Callable[[Any], Client]:
    def as_user(user: Any) -> Client:
        client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
        return client

    return as_user


def add_address(parent: Any, model: str = "topicpage", **query: str) -> str:
    address = reverse("wagtailadmin_pages:add", args=["pages", model, parent.pk])
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def choice_address(parent: Any, model: str = "topicpage") -> str:
    return reverse("portal_choose_starter_for_new", args=[model, parent.pk])


@pytest.mark.django_db
class TestANewTopic:
    @pytest.fixture
    def editor(self, city: World, sign_in: Callable[[Any], Client]) -> Client:
        return sign_in(member("editor", city.site))

    def test_begins_with_the_choice(self, editor: Client, city: World) -> None:
        response = editor.get(add_address(city.home))
        assert response.status_code == 302
        assert response["Location"] == choice_address(city.home)
        page = editor.get(response["Location"]).content.decode()
        for starter in starters_for("topic"):
            assert (
                reverse("portal_new_from_starter", args=[starter.key, "topicpage", city.home.pk])
                in page
            )
        assert add_address(city.home, starter="empty") in page

    def test_empty_is_the_ordinary_form(self, editor: Client, city: World) -> None:
        response = editor.get(add_address(city.home, starter="empty"))
        assert response.status_code == 200
        assert "【请填写" not in response.content.decode()

    @pytest.mark.parametrize("key", [starter.key for starter in starters_for("topic")])
    def test_opens_the_ordinary_form_filled_in(self, editor: Client, city: World, key: str) -> None:
        number = TopicPage.objects.count()
        address = reverse("portal_new_from_starter", args=[key, "topicpage", city.home.pk])
        response = editor.get(address)
        assert response.status_code == 200
        page = response.content.decode()
        assert f'action="{add_address(city.home)}"' in page
        assert response.context["form"].instance.sections
        assert TopicPage.objects.count() == number  # nothing is saved

    def test_the_editors_unit_is_filled_in(
        self, city: World, sign_in: Callable[[Any], Client]
    ) -> None:
        unit = OrganisationFactory()
        client = sign_in(member("editor", city.site, organisation=unit))
        address = reverse("portal_new_from_starter", args=["event", "topicpage", city.home.pk])
        assert client.get(address).context["form"].initial["owner_unit"] == unit

    def test_the_form_is_not_sent_to_the_choice(self, editor: Client, city: World) -> None:
        address = reverse("portal_new_from_starter", args=["event", "topicpage", city.home.pk])
        assert editor.post(address, {"title": "x"}).status_code == 405

    @pytest.mark.parametrize(
        ("key", "model"),
        [("no-such", "topicpage"), ("department", "topicpage"), ("event", "articlepage")],
    )
    def test_what_does_not_exist(self, editor: Client, city: World, key: str, model: str) -> None:
        address = reverse("portal_new_from_starter", args=[key, model, city.home.pk])
        assert editor.get(address).status_code == 404

    def test_the_way_back_is_kept(self, editor: Client, city: World) -> None:
        response = editor.get(add_address(city.home, next="/admin/"))
        assert "next=%2Fadmin%2F" in response["Location"]
        assert "next=%2Fadmin%2F" in editor.get(response["Location"]).content.decode()

    def test_columns_are_not_asked(self, editor: Client, city: World) -> None:
        response = editor.get(add_address(city.home, "columnpage"))
        assert response.status_code == 200
        assert choice_address(city.home, "columnpage") in response.content.decode()


@pytest.mark.django_db
class TestWhoMayNot:
    ADDRESSES = ("choice", "form")

    def addresses(self, page: Any) -> list[str]:
        return [
            choice_address(page),
            reverse("portal_new_from_starter", args=["event", "topicpage", page.pk]),
            reverse("portal_choose_starter", args=[page.pk]),
            reverse("portal_page_from_starter", args=["department", page.pk]),
        ]

    @pytest.mark.parametrize("role", ["auditor", "reviewer", "releaser"])
    def test_roles_that_do_not_write(
        self, city: World, sign_in: Callable[[Any], Client], role: str
    ) -> None:
        client = sign_in(member(role, city.hubin))
        for address in self.addresses(city.hubin_home)[:2]:
            assert client.get(address).status_code in (302, 403), address

    def test_editors_of_another_site(self, city: World, sign_in: Callable[[Any], Client]) -> None:
        client = sign_in(member("editor", city.hubin))
        for address in self.addresses(city.gaoxin_home):
            response = client.get(address)
            assert response.status_code in (302, 403), address
            assert city.gaoxin.name not in response.content.decode()

    def test_nobody(self, city: World, client: Client) -> None:
        for address in self.addresses(city.hubin_home):
            assert client.get(address)["Location"].startswith("/admin/login/")

    def test_no_topics_in_topics(self, city: World, sign_in: Callable[[Any], Client]) -> None:
        """What Wagtail forbids at a place is not offered there either."""
        topic = TopicFactory(parent=city.home)
        client = sign_in(UserFactory(superuser=True))
        assert client.get(choice_address(topic)).status_code in (302, 403)


@pytest.mark.django_db
class TestAPageThatStands:
    def test_the_form_of_an_empty_home_leads_to_the_choice(
        self, city: World, sign_in: Callable[[Any], Client]
    ) -> None:
        client = sign_in(member("editor", city.hubin))
        form = client.get(reverse("wagtailadmin_pages:edit", args=[city.hubin_home.pk]))
        choice = reverse("portal_choose_starter", args=[city.hubin_home.pk])
        assert choice in form.content.decode()
        filled = reverse("portal_page_from_starter", args=["department", city.hubin_home.pk])
        assert filled in client.get(choice).content.decode()
        response = client.get(filled)
        assert response.status_code == 200
        assert response.context["form"].instance.sections
        assert not SubSitePage.objects.get(pk=city.hubin_home.pk).sections

    def test_columns_that_are_lists_are_left_alone(
        self, city: World, sign_in: Callable[[Any], Client]
    ) -> None:
        client = sign_in(member("editor", city.hubin))
        form = client.get(reverse("wagtailadmin_pages:edit", args=[city.hubin_column.pk]))
        choice = reverse("portal_choose_starter", args=[city.hubin_column.pk])
        assert choice not in form.content.decode()

    def test_a_new_sub_site_is_asked_at_once(
        self, city: World, sign_in: Callable[[Any], Client]
    ) -> None:
        client = sign_in(UserFactory(superuser=True))
        form = {
            "name": "新区", "short_name": "新区", "code": "xinqu", "theme": "pine",
            "owner": OrganisationFactory().pk, "parent": city.site.pk, "hostname": "",
        }  # fmt: skip
        response = client.post(reverse("portal_create_sub_site"), form)
        home = SubSitePage.objects.get(title="新区")
        assert response["Location"] == reverse("portal_choose_starter", args=[home.pk])
        assert client.get(response["Location"]).status_code == 200


def test_keys_belong_to_a_kind() -> None:
    assert find("event", "topic") is not None
    assert find("event", "channel") is None

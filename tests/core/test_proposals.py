"""What the form proposes while one writes: abstract and keywords, and pages with the same title."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from tests.factories import ArticleFactory, UserFactory, World, member

pytestmark = pytest.mark.django_db
TITLE = "云湖市冬季供水管网检修公告"
TEXT = "市水务局11月起检修全市供水管网。检修期间居民用水价格不变，停水时间提前三天公布。"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def admin() -> Client:
    return signed_in(UserFactory(superuser=True))


def twins(client: Client, page_pk: int, title: str, **query: str) -> list[dict[str, Any]]:
    address = reverse("portal_title_twins", args=[page_pk])
    found: list[dict[str, Any]] = client.get(address, {"title": title, **query}).json()["twins"]
    return found


def test_pages_called_nearly_the_same_are_named_with_a_link(world: World, admin: Client) -> None:
    page = ArticleFactory(parent=world.column, title="云湖市冬季供水管网的检修公告", draft=True)
    own = ArticleFactory(parent=world.column, title=TITLE)
    [twin] = twins(admin, own.pk, TITLE)
    assert twin["title"] == page.title
    assert twin["url"] == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_new_page_is_compared_before_it_exists(world: World, admin: Client) -> None:
    ArticleFactory(parent=world.column, title=TITLE)
    assert len(twins(admin, world.column.pk, TITLE, new="1")) == 1
    assert twins(admin, world.column.pk, "完全不同的题目", new="1") == []


def test_twins_are_of_the_same_site_only(world: World, admin: Client) -> None:
    ArticleFactory(parent=world.hubin_column, title=TITLE)
    own = ArticleFactory(parent=world.column, title=TITLE)
    assert twins(admin, own.pk, TITLE) == []


@pytest.mark.parametrize("title", ["", " ", "水", "*", '"', "供" * 500, "%_"])
def test_odd_titles_have_no_twins(world: World, admin: Client, title: str) -> None:
    assert twins(admin, world.column.pk, title, new="1") == []


def test_nobody_learns_of_pages_that_are_not_theirs(provisioned_world: World) -> None:
    world = provisioned_world
    secret = ArticleFactory(parent=world.column, title=TITLE, draft=True)
    stranger = signed_in(member("editor", world.hubin))
    address = reverse("portal_title_twins", args=[world.column.pk])
    assert TITLE not in stranger.get(address, {"title": TITLE, "new": "1"}).content.decode()
    contributor = signed_in(member("information_officer", world.site))
    assert twins(contributor, world.column.pk, TITLE, new="1") == []
    colleague = signed_in(member("editor", world.site))
    assert [twin["url"] for twin in twins(colleague, world.column.pk, TITLE, new="1")] == [
        reverse("wagtailadmin_pages:edit", args=[secret.pk])
    ]


def test_abstract_and_keywords(admin: Client) -> None:
    sent = {"text": TEXT, "title": TITLE}
    found = admin.post(reverse("portal_propose"), sent, content_type="application/json").json()
    assert found["abstract"].startswith("市水务局11月起")
    assert "检修" in found["keywords"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"text": 1}', "null", '"x"'])
def test_bad_requests_are_refused(admin: Client, body: str) -> None:
    response = admin.post(reverse("portal_propose"), body, content_type="application/json")
    assert response.status_code == 400


def test_strangers_are_sent_away(world: World) -> None:
    for client in (Client(), signed_in(UserFactory())):
        for response in (
            client.post(reverse("portal_propose"), {}, content_type="application/json"),
            client.get(reverse("portal_title_twins", args=[world.column.pk]), {"title": TITLE}),
        ):
            assert response.status_code == 302

"""The gate in the editor: errors stand at their fields, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.core.extension_points import publish_checks
from portal.core.gate import PublishProblem, review_missing
from portal.core.models import Publication, ReviewStep
from portal.pages.models import ArticlePage
from portal.plugins.registry import PORTAL
from tests.factories import (
    ALL_CLEAR,
    ArticleFactory,
    UserFactory,
    World,
    handed_in,
    member,
    open_round_of,
    publish,
    reviewed,
)
from tests.factories.reviews import ROLE_OF

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def form(**changes: Any) -> dict[str, Any]:
    """What the browser sends for an article."""
    values: dict[str, Any] = {
        "title": "开放日",
        "slug": "",
        "subtitle": "",
        "source": "云湖日报",
        "source_url": "",
        "author": "",
        "date": "",
        "cover": "",
        "summary": "打出来的摘要",
        "body": streamfield([("paragraph", rich_text("<p>打出来的正文</p>"))]),
        "seo_title": "",
        "search_description": "",
        "keywords": "",
        "go_live_at": "",
        "expire_at": "",
        "comments": inline_formset([]),
    }
    data: dict[str, Any] = nested_form_data(values | changes)
    return data


def add_url(world: World) -> str:
    return reverse("wagtailadmin_pages:add", args=["pages", "articlepage", world.column.pk])


def typed(response: Any) -> str:
    """The text that the editor shows again."""
    source: str = response.context["form"]["body"].value()[0].value.source
    return source


def refuse(problems: list[Any], *, page: Page, site: int | None) -> list[Any]:
    return [*problems, PublishProblem("标题含有错误", "title"), PublishProblem("整页有错误")]


def test_handed_in_from_the_editor(provisioned_world: World, editor: Client) -> None:
    editor.post(add_url(provisioned_world), form() | {"action-submit": "1"})
    page = ArticlePage.objects.get(title="开放日")
    assert page.slug == "kai-fang-ri"
    assert not page.live
    reviewed(page, provisioned_world.site)
    assert Publication.objects.current().filter(page_id=page.pk).exists()


def test_nobody_publishes_from_the_editor(world: World, editor: Client) -> None:
    response = editor.post(add_url(world), form() | {"action-publish": "1"})
    assert response.context["form"].errors["__all__"] == [str(review_missing().message)]
    assert "打出来的正文" in typed(response)
    assert not ArticlePage.objects.exists()
    shown = editor.get(add_url(world)).content.decode()
    assert "action-publish" not in shown


def test_a_new_page_that_is_refused(world: World, editor: Client) -> None:
    data = form(source="") | {"action-publish": "1"}
    response = editor.post(add_url(world), data)
    assert response.status_code == 200
    assert "source" in response.context["form"].errors
    html = response.content.decode()
    assert "开放日" in html
    assert "打出来的摘要" in html
    assert "打出来的正文" in typed(response)
    assert not ArticlePage.objects.exists()


def test_the_same_page_is_a_fine_draft(world: World, editor: Client) -> None:
    editor.post(add_url(world), form(source=""))
    page = ArticlePage.objects.get()
    assert not page.live


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_refusals_of_plugins_stand_at_their_fields(
    provisioned_world: World, editor: Client, action: str
) -> None:
    page = publish(ArticleFactory(parent=provisioned_world.column, title="旧"))
    with publish_checks.temporarily(refuse, plugin=PORTAL):
        response = editor.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]), form(slug=page.slug) | {action: "1"}
        )
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert errors["title"] == ["标题含有错误"]
    assert errors["__all__"][0] == "整页有错误"
    assert "打出来的正文" in typed(response)
    assert ArticlePage.objects.get(pk=page.pk).title == "旧"


def test_a_scheduled_page_is_asked_for_when_it_is_planned(world: World, editor: Client) -> None:
    data = form(go_live_at="2099-01-01 09:00", source="") | {"action-publish": "1"}
    response = editor.post(add_url(world), data)
    assert "source" in response.context["form"].errors


@pytest.mark.parametrize("slug", ["taken", "not a slug"])
def test_a_slug_that_will_not_do_is_told_and_not_replaced(
    world: World, editor: Client, slug: str
) -> None:
    ArticleFactory(parent=world.column, slug="taken")
    response = editor.post(add_url(world), form(slug=slug) | {"action-publish": "1"})
    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    assert "打出来的正文" in typed(response)


class TestReview:
    """Four people, one after the other; the last step publishes."""

    @pytest.fixture
    def submitted(self, provisioned_world: World) -> ArticlePage:
        author = member("editor", provisioned_world.site)
        page: ArticlePage = ArticleFactory(
            parent=provisioned_world.column, draft=True, owner=author
        )
        handed_in(page, author)
        return page

    def sign(self, page: ArticlePage, client: Client, role: str, world: World) -> Any:
        client.force_login(member(role, world.site))
        review = open_round_of(page)
        url = reverse("portal_review", args=[review.pk])
        client.get(url)
        step = next(step for step, name in ROLE_OF.items() if name == role)
        return client.post(url, {"step": step, "sign": "1", **ALL_CLEAR})

    def test_published_by_the_last(
        self, provisioned_world: World, submitted: ArticlePage, client: Client
    ) -> None:
        for role in ROLE_OF.values():
            assert not Page.objects.get(pk=submitted.pk).live
            self.sign(submitted, client, role, provisioned_world)
        assert Page.objects.get(pk=submitted.pk).live

    def test_a_refusal_at_the_end_is_told_and_can_be_mended(
        self, provisioned_world: World, submitted: ArticlePage, client: Client
    ) -> None:
        reviewed(submitted, provisioned_world.site, until=ReviewStep.REVIEW)
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            response = self.sign(submitted, client, "releaser", provisioned_world)
            assert "整页有错误" in response.content.decode()
            assert not Page.objects.get(pk=submitted.pk).live
        assert open_round_of(submitted).signatures.count() == 3
        self.sign(submitted, client, "releaser", provisioned_world)
        assert Page.objects.get(pk=submitted.pk).live


class TestWithoutAnEditor:
    """Copies and aliases are made without a form: the refusal is a message, not an error page."""

    @pytest.fixture
    def page(self, world: World) -> ArticlePage:
        page: ArticlePage = publish(ArticleFactory(parent=world.column, title="旧", slug="old"))
        return page

    def assert_told(self, editor: Client, response: Any) -> None:
        assert response.status_code == 302
        html = editor.get(response.headers["Location"], follow=True).content.decode()
        assert "整页有错误" in html

    def test_a_copy(self, world: World, page: ArticlePage, editor: Client) -> None:
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            response = editor.post(
                reverse("wagtailadmin_pages:copy", args=[page.pk]),
                {
                    "new_title": "新", "new_slug": "new", "publish_copies": "on",
                    "new_parent_page": str(world.hubin_column.pk),
                },
            )  # fmt: skip
            self.assert_told(editor, response)
        assert not Page.objects.filter(slug="new").exists()

    def test_an_alias(self, world: World, page: ArticlePage, editor: Client) -> None:
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            response = editor.post(
                reverse("wagtailadmin_pages:copy", args=[page.pk]),
                {
                    "new_title": "新", "new_slug": "new", "alias": "on",
                    "new_parent_page": str(world.hubin_column.pk),
                },
            )  # fmt: skip
            self.assert_told(editor, response)
        assert not Page.objects.filter(slug="new").exists()

    def test_publishing_many_at_once(self, world: World, editor: Client) -> None:
        drafts = [ArticleFactory(parent=world.column, draft=True) for _ in range(2)]
        query = "&".join(f"id={page.pk}" for page in drafts)
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            response = editor.post(f"{url}?{query}&next=/admin/")
            self.assert_told(editor, response)
        assert not Page.objects.filter(pk__in=[page.pk for page in drafts], live=True).exists()

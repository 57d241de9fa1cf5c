"""The gate in the editor: errors stand at their fields, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.core.extension_points import publish_checks
from portal.core.gate import PublishProblem
from portal.core.models import Publication
from portal.pages.models import ArticlePage
from portal.plugins.registry import PORTAL
from tests.factories import ArticleFactory, UserFactory, World, member, publish

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


def test_publishing_from_the_editor(world: World, editor: Client) -> None:
    editor.post(add_url(world), form() | {"action-publish": "1"})
    page = ArticlePage.objects.get(title="开放日")
    assert page.live
    assert page.slug == "kai-fang-ri"
    assert Publication.objects.current().filter(page_id=page.pk).exists()


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
    assert errors["__all__"] == ["整页有错误"]
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
    """Three accounts, one after the other; the last step publishes."""

    @pytest.fixture
    def submitted(self, provisioned_world: World) -> ArticlePage:
        world = provisioned_world
        author = member("editor", world.site)
        page: ArticlePage = ArticleFactory(parent=world.column, draft=True, owner=author)
        page.get_workflow().start(page, author)
        return page

    def approve(self, page: ArticlePage, client: Client, role: str, world: World) -> Any:
        client.force_login(member(role, world.site))
        task = page.current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
        return client.post(url, {"comment": ""})

    def test_published_by_the_third(
        self, provisioned_world: World, submitted: ArticlePage, client: Client
    ) -> None:
        for role in ("first_checker", "reviewer"):
            self.approve(submitted, client, role, provisioned_world)
            assert not Page.objects.get(pk=submitted.pk).live
        self.approve(submitted, client, "releaser", provisioned_world)
        assert Page.objects.get(pk=submitted.pk).live

    def test_a_refusal_at_the_end_is_told_and_can_be_mended(
        self, provisioned_world: World, submitted: ArticlePage, client: Client
    ) -> None:
        for role in ("first_checker", "reviewer"):
            self.approve(submitted, client, role, provisioned_world)
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            response = self.approve(submitted, client, "releaser", provisioned_world)
            assert response.status_code == 302
            assert not Page.objects.get(pk=submitted.pk).live
            html = client.get(response.headers["Location"]).content.decode()
            assert "整页有错误" in html
        submitted = ArticlePage.objects.get(pk=submitted.pk)
        assert submitted.current_workflow_state is not None
        self.approve(submitted, client, "releaser", provisioned_world)
        assert Page.objects.get(pk=submitted.pk).live

    def test_typed_while_approving_and_refused(
        self, provisioned_world: World, submitted: ArticlePage, client: Client
    ) -> None:
        for role in ("first_checker", "reviewer"):
            self.approve(submitted, client, role, provisioned_world)
        client.force_login(member("releaser", provisioned_world.site))
        data = form(slug=submitted.slug, title="最后的改动") | {
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
        }
        with publish_checks.temporarily(refuse, plugin=PORTAL):
            url = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
            response = client.post(url, data, follow=True)
        assert response.status_code == 200
        html = response.content.decode()
        assert "最后的改动" in html
        assert "整页有错误" in html
        assert not Page.objects.get(pk=submitted.pk).live


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

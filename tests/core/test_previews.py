"""The live preview: the page in one answer, and what is half typed does not stop it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, UserFactory, World, member

pytestmark = pytest.mark.django_db
WORDS = ("paragraph", rich_text("<p>湖边的文字。</p>"))


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.fixture
def article(world: World) -> ArticlePage:
    page: ArticlePage = ArticleFactory(
        parent=world.hubin_column,
        draft=True,
        body=[
            {"type": "paragraph", "value": "<p>湖边的文字。</p>", "id": "words"},
            {
                "type": "links",
                "value": {
                    "title": "相关",
                    "items": [
                        {
                            "type": "item",
                            "id": "one",
                            "value": {"title": "办事指南", "url": "https://www.yunhu.example/"},
                        }
                    ],
                },
                "id": "links",
            },
        ],
    )
    return page


def _form(client: Client, page: ArticlePage) -> dict[str, Any]:
    """What the browser would send for the page as it is stored."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    form = response.context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if not hasattr(value, "stream_block"):
            data[bound.html_name] = bound.field.prepare_value(value)
    data |= {prefix: inline_formset([]) for prefix in form.formsets}
    return {name: "" if value is None else value for name, value in data.items()}


def _post(client: Client, page: ArticlePage, changes: dict[str, Any], query: str = "") -> Any:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]) + query
    response = client.post(address, nested_form_data({**_form(client, page), **changes}))
    assert response.status_code == 200
    return json.loads(response.content)


def _body(url: str = "https://www.yunhu.example/", words: str = "新写的话。") -> Any:
    body = streamfield(
        [
            ("paragraph", rich_text(f"<p>{words}</p>")),
            (
                "links",
                {"title": "相关", "items": _items([{"title": "办事指南", "page": "", "url": url}])},
            ),
        ]
    )
    body["0"]["id"], body["1"]["id"] = "words", "links"
    return body


def _items(rows: list[dict[str, str]]) -> dict[str, Any]:
    listed: dict[str, Any] = {"count": str(len(rows))}
    for index, row in enumerate(rows):
        listed[str(index)] = {
            "id": "one",
            "order": str(index),
            "deleted": "",
            "value": {"summary": "", **row},
        }
    return listed


def test_the_page_comes_with_the_answer(editor: Client, article: ArticlePage) -> None:
    answer = _post(editor, article, {"body": _body()}, "?html&in_preview_panel=true")
    assert answer["is_valid"]
    assert answer["left_out"] == ""
    assert "<!--block words-->" in answer["html"]
    assert "新写的话。" in answer["html"]
    assert "portal/admin/preview.js" in answer["html"]


def test_it_does_not_come_unasked(editor: Client, article: ArticlePage) -> None:
    assert "html" not in _post(editor, article, {"body": _body()})


def test_half_an_address_keeps_the_last_one(editor: Client, article: ArticlePage) -> None:
    answer = _post(editor, article, {"body": _body(url="https://ww w")}, "?html")
    assert answer["is_valid"]
    assert "正文" in answer["left_out"]
    assert "新写的话。" in answer["html"]
    assert 'href="https://www.yunhu.example/"' in answer["html"]
    # The page in a tab of its own is printed from what was stored.
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    assert "新写的话。" in editor.get(address).content.decode()


def test_a_new_block_with_half_an_address_is_left_out(editor: Client, article: ArticlePage) -> None:
    body = _body()
    extra = streamfield([WORDS, ("embed", {"url": "https:/", "title": "片", "shape": "wide"})])
    body["2"], body["count"] = extra["1"] | {"order": "2", "id": "new"}, "3"
    answer = _post(editor, article, {"body": body}, "?html")
    assert answer["is_valid"]
    assert "新写的话。" in answer["html"]


def test_a_wrong_day_of_the_page_keeps_the_last_one(editor: Client, article: ArticlePage) -> None:
    answer = _post(editor, article, {"body": _body(), "go_live_at": "2026-13-77"}, "?html")
    assert answer["is_valid"]
    assert answer["left_out"]
    assert "新写的话。" in answer["html"]


def test_nothing_half_typed_is_saved_as_a_draft(editor: Client, article: ArticlePage) -> None:
    data = {**_form(editor, article), "body": _body(url="https://ww w")}
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    response = editor.post(address, nested_form_data(data))
    assert response.context["form"].errors
    assert "https://ww w" not in str(article.get_latest_revision_as_object().body.raw_data)


def test_a_neighbour_sees_nothing(provisioned_world: World, client: Client) -> None:
    article = ArticleFactory(parent=provisioned_world.hubin_column, draft=True)
    client.force_login(
        member("editor", provisioned_world.gaoxin),
        backend="portal.core.staff.backend.StaffBackend",
    )
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    response = client.post(address + "?html", {"title": "别人的"})
    assert response.status_code in (302, 403)
    assert article.title not in response.content.decode()

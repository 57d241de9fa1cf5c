"""Wagtail's tools for editors, each with our gate and permissions: none may be broken by them."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, Page
from wagtail.test.utils.form_data import inline_formset, streamfield

from portal.core.models import ReviewStep
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, World, member, publish, reviewed

from .test_editing import add_url, form

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def city(provisioned_world: World) -> World:
    return provisioned_world


@pytest.fixture
def article(city: World) -> ArticlePage:
    page: ArticlePage = ArticleFactory(parent=city.column, title="开放日", draft=True)
    return page


@pytest.fixture
def editor(city: World) -> Client:
    return signed_in("editor", city)


def signed_in(role: str, city: World) -> Client:
    client = Client()
    client.force_login(member(role, city.site), backend="portal.core.staff.backend.StaffBackend")
    return client


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def fresh(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).specific


# --- preview --------------------------------------------------------------------------------------
def test_a_page_can_be_seen_before_it_was_ever_saved(city: World, editor: Client) -> None:
    args = ["pages", "articlepage", city.column.pk]
    address = reverse("wagtailadmin_pages:preview_on_add", args=args)
    empty = form(title="", source="", body=streamfield([]))
    answer = editor.post(address, empty).json()
    assert answer == {"is_valid": True, "is_available": True, "left_out": ""}
    shown = editor.get(address, {"in_preview_panel": "true"})
    assert shown.status_code == 200
    assert "portal/admin/preview.js" in shown.content.decode()


def test_the_preview_marks_the_blocks_that_the_form_has(
    article: ArticlePage, editor: Client
) -> None:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    typed = form() | {"body-0-id": "11111111-2222-4333-8444-555555555555"}
    assert editor.post(address, typed).json()["is_valid"]
    shown = editor.get(address, {"in_preview_panel": "true"})
    html = shown.content.decode()
    assert "<!--block 11111111-2222-4333-8444-555555555555-->" in html
    assert "<!--block title-->开放日<!--/block-->" in html
    assert "unsafe-inline" not in shown["Content-Security-Policy"]


def test_public_pages_carry_nothing_of_it(city: World) -> None:
    page = ArticleFactory(parent=city.column, slug="public")
    html = Client().get(page.url).content.decode()
    assert "<!--block" not in html
    assert "portal/admin" not in html
    assert "userbar" not in html


def test_others_do_not_see_the_preview(city: World, article: ArticlePage) -> None:
    stranger = Client()
    stranger.force_login(
        member("editor", city.hubin), backend="portal.core.staff.backend.StaffBackend"
    )
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    assert "开放日" not in stranger.get(address).content.decode()
    assert not stranger.post(address, form()).headers["Content-Type"].startswith("application/json")


# --- saving ---------------------------------------------------------------------------------------
def test_a_new_page_saves_itself_half_written(city: World, editor: Client) -> None:
    half = form(title="半成品", source="", body=streamfield([]))
    saved = editor.post(add_url(city), half, headers=JSON).json()
    assert saved["success"]
    page = Page.objects.get(pk=saved["pk"])
    assert not page.live
    assert editor.get(saved["hydrate_url"]).status_code == 200


def test_a_draft_saves_itself_over_its_own_version(article: ArticlePage, editor: Client) -> None:
    first = editor.post(edit_url(article), form(title="第一稿"), headers=JSON).json()
    again = form(title="第二稿") | {"overwrite_revision_id": first["revision_id"]}
    second = editor.post(edit_url(article), again, headers=JSON).json()
    assert second["success"]
    assert second["revision_id"] == first["revision_id"]
    assert fresh(article).get_latest_revision_as_object().title == "第二稿"


def test_versions_are_compared_and_brought_back(article: ArticlePage, editor: Client) -> None:
    old = article.latest_revision
    editor.post(edit_url(article), form(title="新标题"))
    new = fresh(article).latest_revision
    names = "wagtailadmin_pages:revisions_compare", "wagtailadmin_pages:revisions_revert"
    compared = editor.get(reverse(names[0], args=[article.pk, old.pk, new.pk]))
    assert "新标题" in compared.content.decode() or "<span" in compared.content.decode()
    assert compared.status_code == 200
    assert editor.get(reverse(names[1], args=[article.pk, old.pk])).status_code == 200
    back = form(title="开放日") | {"revision": old.pk}
    editor.post(edit_url(article), back)
    assert fresh(article).get_latest_revision_as_object().title == "开放日"


# --- working together -----------------------------------------------------------------------------
def test_comments_are_kept(article: ArticlePage, editor: Client) -> None:
    comment = {"text": "请核对日期", "contentpath": "title", "position": "", "resolved": ""}
    comment |= {"replies": inline_formset([])}
    editor.post(edit_url(article), form(comments=inline_formset([comment])))
    assert Comment.objects.get().text == "请核对日期"


def test_a_locked_page_stays_as_it_is(city: World, article: ArticlePage, editor: Client) -> None:
    releaser = signed_in("releaser", city)
    releaser.post(reverse("wagtailadmin_pages:lock", args=[article.pk]))
    assert fresh(article).locked
    editor.post(edit_url(article), form(title="偷偷改"))
    assert fresh(article).get_latest_revision_as_object().title == "开放日"
    releaser.post(reverse("wagtailadmin_pages:unlock", args=[article.pk]))
    assert not fresh(article).locked


# --- publishing -----------------------------------------------------------------------------------
def test_a_planned_publication_passes_the_gate_first(city: World, article: ArticlePage) -> None:
    editor = signed_in("editor", city)
    at = timezone.localtime() + datetime.timedelta(days=1)
    when = {"go_live_at": at.strftime("%Y-%m-%d %H:%M"), "action-submit": "yes"}
    refused = editor.post(edit_url(article), form(source="") | when)
    assert refused.status_code == 200
    assert refused.context["form"].errors["source"]
    editor.post(edit_url(article), form() | when)
    reviewed(article, city.site)
    assert fresh(article).approved_schedule
    assert not fresh(article).live


def test_success_leads_to_the_public_page(city: World, article: ArticlePage) -> None:
    signed_in("editor", city).post(edit_url(article), form() | {"action-submit": "yes"})
    review = reviewed(article, city.site, until=ReviewStep.REVIEW)
    url = reverse("portal_review", args=[review.pk])
    releaser = signed_in("releaser", city)
    releaser.get(url)
    done = releaser.post(url, {"step": "release", "sign": "1"}, follow=True)
    html = done.content.decode()
    assert fresh(article).live
    assert f'href="{fresh(article).full_url}"' in html or f'href="{fresh(article).url}"' in html
    assert "portal/admin/copy.js" in html


def test_advice_never_stops_a_publication(city: World, article: ArticlePage) -> None:
    publish(ArticleFactory(parent=city.column, title="开放日", slug="twin"))
    signed_in("editor", city).post(edit_url(article), form() | {"action-submit": "yes"})
    reviewed(article, city.site)
    assert fresh(article).live

"""Texts from outside: pasting into a page, a Word file as a new article, the rules of the house."""

from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.models import PortalImage
from portal.core.roles import Action
from portal.pages.models import ArticlePage, SiteHouseStyle
from tests.text.docx_samples import pictures, saved

from ..actors import Actor
from ..places import Place
from .registry import Kind, attempt

on_pages = partial(attempt, kind=Kind.PAGES)
_HTML = "<p>贴进来的<b>文字</b></p>"


def _html(html: str = _HTML) -> SimpleUploadedFile:
    return SimpleUploadedFile("paste.html", html.encode(), "text/html")


def _word() -> SimpleUploadedFile:
    return SimpleUploadedFile("来稿.docx", saved(pictures()))


def _brought(response: Any) -> bool:
    return response.status_code == 200 and bool(response.json()["blocks"])


@on_pages(Action.PAGE_CHANGE)
def paste_into_a_page_of_another(actor: Actor, place: Place) -> bool:
    return _brought(actor.post("pages_paste", data={"html": _html(), "page": place.draft.pk}))


@on_pages(Action.PAGE_ADD)
def paste_into_a_new_page(actor: Actor, place: Place) -> bool:
    return _brought(actor.post("pages_paste", data={"html": _html(), "parent": place.column.pk}))


@on_pages(Action.PAGE_ADD)
def make_an_article_from_a_word_file(actor: Actor, place: Place) -> bool:
    before = ArticlePage.objects.child_of(place.column).count()
    actor.post("pages_word_article", place.column.pk, data={"word": _word()})
    made = ArticlePage.objects.child_of(place.column).order_by("-pk")
    return made.count() > before and not made[0].live


@on_pages(Action.PAGE_CHANGE)
def bring_a_word_file_into_a_page_of_another(actor: Actor, place: Place) -> bool:
    data = {"word": _word(), "page": place.draft.pk}
    return _brought(actor.post("pages_word_blocks", data=data))


@on_pages(Action.PAGE_CHANGE)
def typeset_a_page_of_another(actor: Actor, place: Place) -> bool:
    data = {"page": place.draft.pk, "body-count": "0"}
    return actor.post("pages_typeset", data=data).status_code == 200


@attempt(Action.SITE_SETTINGS)
def change_the_house_style(actor: Actor, place: Place) -> bool:
    actor.post("pages_house_style", place.record.pk, data={"latin_spacing": "add"})
    return SiteHouseStyle.objects.filter(site=place.record, latin_spacing="add").exists()


@attempt(Action.PAGE_ADD, Action.IMAGE_ADD)
def bring_pictures_into_the_collection(actor: Actor, place: Place) -> bool:
    before = PortalImage.objects.filter(collection=place.collection).count()
    actor.post("pages_word_article", place.column.pk, data={"word": _word()})
    return PortalImage.objects.filter(collection=place.collection).count() > before

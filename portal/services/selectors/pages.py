"""The public page of a guide: what stands in its table and around it.

The body is rendered once and kept until public content changes, for each language, host and day:
a view of a guide costs what an article costs.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page, ReferenceIndex

from portal.plugin_api import (
    Attachment,
    PortalContext,
    PortalDocument,
    attachment,
    card_url,
    kept_text,
    page_today,
    public_urls,
)
from portal.services.models import Dimension, GuideMaterial, GuidePage, GuidePlace, Necessity
from portal.services.ratings import part_for

from .basis import shown_basis
from .hours import Hours, hours_of

# Key in the registry ``card_sources``; part of the cards' addresses.
CARDS = "services.guides"
RELATED = 8


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    row: GuideMaterial
    blank_form: Attachment | None
    instruction_file: Attachment | None
    sample: Attachment | None

    @property
    def is_required(self) -> bool:
        return self.row.necessity == Necessity.REQUIRED

    @property
    def has_files(self) -> bool:
        return bool(self.blank_form or self.instruction_file or self.sample)


@dataclass(frozen=True, slots=True)
class ShownPlace:
    row: GuidePlace
    hours: Hours
    geo_url: str


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


def guide_context(page: GuidePage, request: HttpRequest, portal: PortalContext) -> dict[str, Any]:
    """What the templates show beside the page's own fields. At most eight queries, once."""
    is_print = "print" in request.GET
    name = "services/guide_paper.html" if is_print else "services/guide_body.html"

    def render() -> str:
        return render_to_string(name, body_context(page))

    if getattr(request, "is_preview", False) or not page.live:
        body = render()
    else:
        # The hours of the coming weeks are part of it: each day has its own.
        day = page_today()
        key = ("services", "guide", page.pk, get_language(), portal.host, is_print, day)
        body = kept_text(key, render)
    return {
        "guide_body": _safe(body),
        "updated": page.last_published_at,
        "card_url": _card_url(page, portal),
        "rating": part_for(page) if page.live and page.alias_of_id is None else None,
    }


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - our own template's output


def body_context(page: GuidePage) -> dict[str, Any]:
    """All that the body says; from the stored rows, or from a draft's in memory."""
    today = page_today()
    materials = shown_materials(page)
    terms = list(page.terms.all())
    return {
        "page": page,
        "materials": materials,
        "has_files": any(material.has_files for material in materials),
        "steps": list(page.steps.all()),
        "places": shown_places(page, today),
        "basis": shown_basis(page),
        "item_type": page.item_type.shown_label if page.item_type else "",
        "online_level": page.online_level,
        "served": page.served_text,
        "persons": [term for term in terms if term.dimension == Dimension.PERSON],
        "terms": terms,
        "result_sample": attachment(page.result_sample) if page.result_sample else None,
        "related": related(page),
        "is_free": not page.is_charged,
    }


def shown_materials(page: GuidePage) -> list[ShownMaterial]:
    """Materials with their files. Two queries."""
    rows = list(page.materials.all())
    names = ("blank_form_id", "instruction_file_id", "sample_id")
    pks = {getattr(row, name) for row in rows for name in names} - {None}
    files = PortalDocument.objects.in_bulk(pks) if pks else {}
    found = []
    for row in rows:
        shown = [
            attachment(files[pk]) if (pk := getattr(row, name)) in files else None for name in names
        ]
        found.append(ShownMaterial(row, *shown))
    return found


def shown_places(page: GuidePage, today: datetime.date) -> list[ShownPlace]:
    return [
        ShownPlace(
            row,
            hours_of(row, today=today),
            f"geo:{row.latitude},{row.longitude}"
            if row.latitude is not None and row.longitude is not None
            else "",
        )
        for row in page.places.all()
    ]


def related(page: GuidePage) -> list[Link]:
    """Public pages that refer to the guide: answers, interpretations, news. Two queries.

    Documents that the guide rests on are told by its basis.
    """
    if not page.pk:
        return []
    page_type = ContentType.objects.get_for_model(Page)
    named = ReferenceIndex.objects.filter(
        to_content_type=page_type, to_object_id=str(page.pk), base_content_type=page_type
    ).values_list("object_id", flat=True)
    pks = {int(pk) for pk in named} - {page.pk}
    if not pks:
        return []
    found = Page.objects.filter(
        pk__in=pks, live=True, alias_of=None, locale=page.locale_id
    ).order_by("-last_published_at", "-pk")[:RELATED]
    rows = list(found)
    urls = public_urls([(row.pk, row.path, row.url_path) for row in rows])
    return [Link(row.title, urls[row.pk]) for row in rows if row.pk in urls]


def _card_url(page: GuidePage, portal: PortalContext) -> str:
    """A translated guide as a bilingual card to show at the counter."""
    if not page.pk or not page.live or not page.is_translation:
        return ""
    return card_url(CARDS, str(page.pk), language=portal.language, site=portal.site_pk)

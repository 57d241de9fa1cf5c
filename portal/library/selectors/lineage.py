"""Where a record comes from and where it is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from portal.library.files import KINDS, model_of
from portal.library.models import Grant, LibraryRecord
from portal.plugin_api import just_seen

MOST = 200


@dataclass(frozen=True, slots=True)
class Use:
    """One place of use. ``kind`` says how; ``problem`` what is wrong with it."""

    kind: str
    title: str
    url: str
    site: str
    is_public: bool
    problem: str = ""
    site_pk: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    kind: str
    text: str
    url: str = ""


def uses(record: LibraryRecord) -> list[Use]:
    """References, translations and mentions; at most ``MOST`` of each."""
    return [*_placed(record), *_translations(record), *_mentions(record)]


def _placed(record: LibraryRecord) -> Iterator[Use]:
    if record.page_id is None:
        return
    granted = set(
        Grant.objects.filter(record=record, state=Grant.State.GRANTED).values_list(
            "column__path", flat=True
        )
    )
    for alias in Page.objects.filter(alias_of=record.page_id).order_by("path")[:MOST]:
        site = just_seen().site_pk_for(alias.path)
        above = alias.path[: -Page.steplen]
        problem = ""
        if site != record.site_id and record.sharing != "unconditional" and above not in granted:
            problem = _("Shown without leave: the sharing has been changed since.")
        yield Use(_("by reference"), *_told(alias, site), alias.live, problem, site)


def _translations(record: LibraryRecord) -> Iterator[Use]:
    if record.translation_key is None:
        return
    rows = LibraryRecord.objects.filter(translation_key=record.translation_key)
    for other in rows.exclude(pk=record.pk)[:MOST]:
        url = reverse("library_record", args=[other.pk])
        yield Use(
            _("translation"),
            other.title,
            url,
            _site_name(other.site_id),
            other.state == "public",
            site_pk=other.site_id,
        )


def _mentions(record: LibraryRecord) -> Iterator[Use]:
    kind, _colon, pk = record.item.partition(":")
    model: Any = Page if kind == "page" else model_of(kind) if kind in KINDS else None
    if model is None:
        return
    base = ContentType.objects.get_for_model(model)
    rows = ReferenceIndex.objects.filter(to_content_type=base, to_object_id=pk)
    if kind == "page" and record.page is not None:
        types = [base, record.page.content_type]
        rows = ReferenceIndex.objects.filter(to_content_type__in=types, to_object_id=pk)
    page_type = ContentType.objects.get_for_model(Page)
    keys = rows.filter(base_content_type=page_type).values_list("object_id", flat=True)
    pages = Page.objects.filter(pk__in={int(key) for key in keys[:MOST]}).exclude(pk=record.page_id)
    for page in pages.order_by("path"):
        site = just_seen().site_pk_for(page.path)
        yield Use(_("mentioned in"), *_told(page, site), page.live, site_pk=site)


def _told(page: Page, site: int | None) -> tuple[str, str, str]:
    return (
        page.get_admin_display_title(),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        _site_name(site),
    )


def _site_name(site: int | None) -> str:
    found = just_seen().records.get(site or 0)
    return found.short_name if found is not None else ""


def origins(record: LibraryRecord) -> list[Origin]:
    found = []
    if record.origin:
        found.append(Origin(_("taken in from"), record.origin))
    if record.source_url:
        found.append(
            Origin(_("source"), record.source_name or record.source_url, record.source_url)
        )
    elif record.source_name:
        found.append(Origin(_("source"), record.source_name))
    source = (
        LibraryRecord.objects.filter(translation_key=record.translation_key)
        .exclude(pk=record.pk)
        .filter(language="zh-hans")
        .first()
        if record.translation_key is not None and record.language != "zh-hans"
        else None
    )
    if source is not None:
        url = reverse("library_record", args=[source.pk])
        found.append(Origin(_("translated from"), source.title, url))
    return found


def edit_url(record: LibraryRecord) -> str:
    """Where the item itself is edited."""
    kind, _colon, pk = record.item.partition(":")
    names = {
        "page": "wagtailadmin_pages:edit",
        "document": "wagtaildocs:edit",
        "image": "wagtailimages:edit",
        "media": "wagtailmedia:edit",
    }
    try:
        return reverse(names[kind], args=[pk])
    except (KeyError, NoReverseMatch):
        return ""

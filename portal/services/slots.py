"""What the plugin contributes to pages of others."""

import json
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.plugin_api import Shown, SiteLike, kept_text, page_side_slot, public_urls

from .models import GuideBasis, GuidePage

# So many guides are named beside a document.
_MOST = 6


@page_side_slot.show
def services_behind(*, page: Any, site: SiteLike, language: str) -> Shown:
    """Beside a document: the services that rest on it (R-SVC-10)."""
    if page is None or not page.pk or isinstance(page, GuidePage):
        return None
    if f",{page.pk}," not in _documents():
        return None
    rows = _resting_on(page.pk)
    urls = public_urls([(pk, path, url_path) for pk, _title, path, url_path in rows])
    links = [(title, urls[pk]) for pk, title, _path, _url_path in rows if pk in urls][:_MOST]
    if not links:
        return None
    html = render_to_string("services/guides_beside.html", {"links": links})
    return mark_safe(html)  # noqa: S308 - our own template's output


def _documents() -> str:
    """All documents that guides rest on, as ",17,23,": looked into with each page view."""

    def read() -> str:
        found = _rows().values_list("target", flat=True).order_by("target").distinct()
        return f",{','.join(map(str, found))},"

    return kept_text(("services", "resting"), read)


def _resting_on(document: int) -> list[tuple[int, str, str, str]]:
    """(pk, title, path, url_path) of the public guides that rest on a document."""

    def read() -> str:
        rows = _rows().filter(target=document).order_by("page__title", "page_id")
        fields = ("page_id", "page__title", "page__path", "page__url_path")
        return json.dumps(list(rows.values_list(*fields).distinct()), ensure_ascii=False)

    kept: list[tuple[int, str, str, str]] = json.loads(
        kept_text(("services", "resting", document), read)
    )
    return kept


def _rows() -> QuerySet[GuideBasis]:
    return GuideBasis.objects.filter(target__isnull=False, page__live=True, page__alias_of=None)

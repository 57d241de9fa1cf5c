"""What the plugin shows in pages of others."""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.plugin_api import Shown, SiteLike, kept_text, page_side_slot, public_urls

from .models.pages import ActivityPage
from .selectors.solicitations import documents_asked_about, solicitations_behind


@page_side_slot.show
def opinions_asked(*, page: Any, site: SiteLike, language: str) -> Shown:
    """Beside a document: where opinions on it were asked for. From memory: no query is made for
    the pages that nobody asked about, which is nearly all of them."""
    if page is None or not page.pk or isinstance(page, ActivityPage):
        return None
    if f",{page.pk}," not in _documents():
        return None
    rows = _asked_about(page.pk)
    urls = public_urls((pk, path, url_path) for pk, _title, path, url_path in rows)
    links = [(title, urls[pk]) for pk, title, _path, _url_path in rows if pk in urls]
    if not links:
        return None
    html = render_to_string("participation/behind.html", {"links": links})
    return mark_safe(html)  # noqa: S308 - our own template's output


def _documents() -> str:
    """All documents that opinions were asked on, as ",17,23,": looked into with each page view."""
    return kept_text(
        ("participation", "asked-about"),
        lambda: f",{','.join(map(str, sorted(documents_asked_about())))},",
    )


def _asked_about(document: int) -> list[tuple[int, str, str, str]]:
    kept: list[tuple[int, str, str, str]] = json.loads(
        kept_text(
            ("participation", "asked-about", document),
            lambda: json.dumps(solicitations_behind(document), ensure_ascii=False),
        )
    )
    return kept

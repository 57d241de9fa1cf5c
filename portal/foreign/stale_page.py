"""What visitors see of paragraphs that are behind: marks, the present Chinese, how much is current.

Only pages with such paragraphs pay for it.
"""

import re
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from portal.plugin_api import SiteLike, public_urls, register_wagtail_hook, rendered_page

from .marking.characters import MOST, character
from .marking.html import put_marks
from .marking.places import Spot, put_characters
from .selectors.marks import Kind, Mark, PageMarks, marks_of
from .selectors.translations import translation_of

_KEPT = "_foreign_marks"
_LINK = re.compile(r"</?a\b[^>]*>")


@register_wagtail_hook("before_serve_page")
def place_marks(
    page: Page, request: HttpRequest, serve_args: list[Any], serve_kwargs: dict[str, Any]
) -> None:
    """Put a character to each text that is behind; ``finish_marks`` makes marks of them."""
    translation = translation_of(page)
    found = marks_of(translation) if translation is not None else None
    if found is None:
        return
    marks = found.marks[:MOST]
    put_characters(page, (_spot(number, mark) for number, mark in enumerate(marks) if mark.at))
    setattr(request, _KEPT, found)


def _spot(number: int, mark: Mark) -> Spot:
    assert mark.at is not None
    sign = character(number)
    return Spot(
        path=mark.at.path,
        position=mark.at.position,
        text=mark.at.text,
        ordinal=mark.ordinal,
        before=sign if mark.before else "",
        behind="" if mark.before else sign,
        replaced=mark.hidden,
    )


@rendered_page.step
def finish_marks(html: str, /, *, page: Page, request: HttpRequest, site: SiteLike) -> str:
    found: PageMarks | None = getattr(request, _KEPT, None)
    if found is None:
        return html
    lines = [_line(number, mark, found) for number, mark in enumerate(found.marks)]

    def mark(number: int, own_line: bool) -> str:
        context = {"line": lines[number], "own_line": own_line}
        return render_to_string("foreign/mark.html", context).strip()

    def finish(placed: list[int]) -> tuple[str, str, str]:
        context = {
            "marks": found,
            "lines": lines,
            "unplaced": [line for line in lines if line["number"] - 1 not in placed],
            "original_url": _address(found.translation.source),
            "as_of": found.translation.source.last_published_at,
        }
        return (
            render_to_string("foreign/mark_head.html", context),
            render_to_string("foreign/mark_notice.html", context),
            render_to_string("foreign/mark_texts.html", context),
        )

    instead = {
        number: render_to_string("foreign/mark_instead.html", {"line": line}).strip()
        for number, line in enumerate(lines)
        if line["hidden"]
    }
    return put_marks(html, mark=mark, instead=instead, finish=finish)


def _line(number: int, mark: Mark, found: PageMarks) -> dict[str, Any]:
    return {
        "number": number + 1,
        "kind": str(mark.kind),
        "is_changed": mark.kind is Kind.CHANGED,
        "is_removed": mark.kind is Kind.REMOVED,
        "is_added": mark.kind is Kind.ADDED,
        "hidden": mark.hidden,
        "days": found.hide_after,
        "since": timezone.localtime(mark.since),
        "present": _inline(mark.present),
        "is_long": len(mark.present) > 400,
    }


def _inline(data: str) -> SafeString:
    """String data as HTML; its links have lost their addresses and are left out."""
    return mark_safe(_LINK.sub("", data))  # noqa: S308 - wagtail-localize's own, checked inline HTML


def _address(source: Page) -> str:
    return public_urls([(source.pk, source.path, source.url_path)]).get(source.pk, "")

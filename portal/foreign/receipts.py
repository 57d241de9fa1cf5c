"""The parts of a publishing receipt: how each language stands to a Chinese page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from portal.foreign.models import PageTranslation
from portal.plugin_api import ReceiptLine, consumer_line, public_urls

from .source_follower import SourceFollower

Status = PageTranslation.Status
_IN_WORK = {Status.IN_WORK, Status.IN_REVIEW, Status.MACHINE_DRAFT}


def _is_source(publication: Any) -> bool:
    return publication.page is not None and publication.language == settings.LANGUAGE_CODE


class FollowedPart:
    """Whether the translations were compared with what the page says now."""

    order = 50

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        if not _is_source(publication):
            return []
        label = gettext("Comparison with the translations")
        return [consumer_line(label, SourceFollower.name, event=event)]


class TranslationsPart:
    """One line for each language that has or owes a translation. People write them."""

    order = 51
    by_people = True

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        if not _is_source(publication):
            return []
        rows = PageTranslation.objects.filter(source=publication.page_id)
        rows = rows.select_related("section__locale", "target")
        found = [_line(row) for row in rows.order_by("section__locale__language_code")]
        if found:
            return found
        text = gettext("The page is no core content: no translation is owed.")
        return [ReceiptLine(gettext("Translations"), "none", detail=text)]


def _line(row: PageTranslation) -> ReceiptLine:
    label = str(row.section.locale.get_display_name())
    url = ""
    if row.target is not None and row.target.live:
        place = (row.target.pk, row.target.path, row.target.url_path)
        url = public_urls([place]).get(row.target.pk, "")
    if row.status == Status.CURRENT:
        return ReceiptLine(label, "done", at=row.released_at, detail=_says(row), url=url)
    return ReceiptLine(
        label,
        "waiting",
        detail=_says(row),
        url=url or reverse("foreign_board", args=[row.section_id]),
    )


def _says(row: PageTranslation) -> str:
    parts = [str(row.get_status_display())]
    if row.status == Status.STALE or (row.status in _IN_WORK and row.stale):
        text = ngettext("%(number)s paragraph behind", "%(number)s paragraphs behind", row.stale)
        parts.append(text % {"number": row.stale})
    if row.missing and row.status != Status.MISSING:
        text = ngettext(
            "%(number)s paragraph missing", "%(number)s paragraphs missing", row.missing
        )
        parts.append(text % {"number": row.missing})
    if row.due is not None and row.status != Status.CURRENT:
        parts.append(gettext("due %(day)s") % {"day": row.due.isoformat()})
    return " · ".join(parts)

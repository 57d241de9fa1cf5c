"""The status of all translations as plain data: what ``portal translation_status`` prints.

The names are a contract; ``docs/administrators/translation-status.md`` describes them.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal.foreign.models import ForeignSection, LiveSegment, PageTranslation
from portal.plugin_api import clocks, public_urls

from .coverage import COUNTED, Figures, figures
from .queue import priority
from .standing import Standing, standing_of

_PAGE_FIELDS = ("id", "title", "path", "url_path", "live")
_PLACES = ("source", "target")


def status_report(sections: Iterable[ForeignSection]) -> dict[str, Any]:
    """Languages with their coverage, and each core page in each of them. Three queries."""
    wanted = list(sections)
    numbers = figures(section.pk for section in wanted)
    rows = _rows(wanted)
    standings = {row.pk: standing_of(row) for row in rows}
    behind = _stale_segments(rows)
    urls = _urls(rows)
    by_section: dict[int, list[Standing]] = {section.pk: [] for section in wanted}
    for row in rows:
        by_section[row.section_id].append(standings[row.pk])
    return {
        "generated_at": timezone.localtime().isoformat(timespec="seconds"),
        "languages": [
            _language(section, numbers[section.pk], by_section[section.pk]) for section in wanted
        ],
        "pages": [
            _page(row, standings[row.pk], behind.get(row.pk, []), urls, passed)
            for section in wanted
            for passed in [_passed(section, rows)]
            for row in rows
            if row.section_id == section.pk
        ],
    }


def _rows(sections: list[ForeignSection]) -> list[PageTranslation]:
    fields = [f"{place}__{name}" for place in _PLACES for name in _PAGE_FIELDS]
    found = (
        PageTranslation.objects.filter(COUNTED, section__in=sections)
        .select_related("source", "target", "assignment__user")
        .only(*_OWN_FIELDS, *fields, "assignment__user__username")
        .order_by("source__path")
    )
    rows = list(found)
    by_pk = {section.pk: section for section in sections}
    for row in rows:
        row.section = by_pk[row.section_id]
    return rows


_OWN_FIELDS = (
    "section_id",
    "status",
    "segments",
    "current",
    "stale",
    "missing",
    "machine",
    "words",
    "harm",
    "readers",
    "waiting_since",
    "due",
    "made_by",
    "released_at",
)


def _stale_segments(rows: list[PageTranslation]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    stale = LiveSegment.objects.filter(
        translation__in=[row.pk for row in rows if row.released_at], stale_since__isnull=False
    ).order_by("translation", "position", "pk")
    for pk, path, position, since in stale.values_list(
        "translation", "path", "position", "stale_since"
    ):
        moment = timezone.localtime(since).isoformat(timespec="seconds")
        found.setdefault(pk, []).append({"path": path, "position": position, "since": moment})
    return found


def _urls(rows: list[PageTranslation]) -> dict[int, str]:
    pages = [getattr(row, place) for row in rows for place in _PLACES]
    return public_urls(
        (page.pk, page.path, page.url_path) for page in pages if page is not None and page.live
    )


def _passed(section: ForeignSection, rows: list[PageTranslation]) -> dict[Any, int]:
    """Working days since each day that the rows of a section speak of."""
    days = set()
    for row in rows:
        if row.section_id == section.pk:
            if row.waiting_since is not None:
                days.add(timezone.localtime(row.waiting_since).date())
            if row.due is not None:
                days.add(row.due)
    return clocks.working_days_since(section.site_id, days)


def _language(
    section: ForeignSection, numbers: Figures, standings: list[Standing]
) -> dict[str, Any]:
    return {
        "language": section.locale.language_code,
        "site": section.site.code,
        "state": section.state,
        "coverage": numbers.coverage,
        "minimum_coverage": section.minimum_coverage,
        "pages": numbers.pages,
        "up_to_date": standings.count(Standing.UP_TO_DATE),
        "stale": standings.count(Standing.STALE),
        "missing": standings.count(Standing.MISSING),
        "work": dict(numbers.counts),
        "stale_segments": numbers.stale_segments,
        "words": numbers.words,
        "overdue": numbers.overdue,
    }


def _page(
    row: PageTranslation,
    standing: Standing,
    behind: list[dict[str, Any]],
    urls: dict[int, str],
    passed: dict[Any, int],
) -> dict[str, Any]:
    is_owed = standing is not Standing.UP_TO_DATE
    age = 0
    if is_owed and row.waiting_since is not None:
        age = max(passed[timezone.localtime(row.waiting_since).date()], 0)
    overdue = is_owed and row.due is not None and row.due < timezone.localdate()
    weight = priority(
        harm=row.harm, readers=row.readers, age=age, segments=row.segments, current=row.current
    )
    assignment = getattr(row, "assignment", None)
    return {
        "language": row.section.locale.language_code,
        "site": row.section.site.code,
        "source": _place(row.source, urls),
        "target": _place(row.target, urls) if row.target is not None else None,
        "status": standing.value,
        "work": row.status,
        "segments": {
            "total": row.segments,
            "current": row.current,
            "stale": row.stale,
            "missing": row.missing,
            "machine": row.machine,
        },
        "stale_segments": behind,
        "words": row.words,
        "harm": row.harm,
        "readers": row.readers,
        "priority": round(weight, 2) if is_owed else 0,
        "waiting_since": timezone.localtime(row.waiting_since).isoformat(timespec="seconds")
        if is_owed and row.waiting_since
        else None,
        "lag_working_days": age,
        "due": row.due.isoformat() if is_owed and row.due else None,
        "overdue": overdue,
        "made_by": row.made_by,
        "assigned_to": assignment.user.username if assignment and assignment.user else None,
    }


def _place(page: Any, urls: dict[int, str]) -> dict[str, Any]:
    return {"id": page.pk, "title": page.title, "url": urls.get(page.pk)}

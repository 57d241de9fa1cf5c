"""What the board of a section shows: rows in the queue's order, filtered, a page at a time."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.foreign.models import (
    ForeignColumn,
    ForeignSection,
    PageTranslation,
    SectionReport,
    TeamMember,
    TeamRole,
)
from portal.foreign.permissions import Reach, may_manage
from portal.plugin_api import clocks

from .columns import Mapping, columns_of
from .coverage import COUNTED, OWED, Figures, figures
from .queue import Place, overdue_q, queue

Status = PageTranslation.Status
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the board is filtered by. Empty values let everything through."""

    status: str = ""
    column: int | None = None
    harm: int | None = None
    overdue: bool = False
    assigned: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One translation on the board. ``place`` is None where it is up to date."""

    translation: PageTranslation
    column: ForeignColumn | None
    place: Place | None
    user: Any = None
    wanted_by: datetime.date | None = None

    @property
    def to_do(self) -> int:
        return self.translation.segments - self.translation.current

    @property
    def is_overdue(self) -> bool:
        due = self.translation.due
        return self.place is not None and due is not None and due < timezone.localdate()


class Board:
    """One section as one account sees it.

    ``paths`` are those of ``own_paths``: the columns that the account is limited to.
    """

    def __init__(
        self,
        section: ForeignSection,
        paths: tuple[str, ...] | None,
        wanted: Wanted | None = None,
    ) -> None:
        self.section, self.wanted, self._paths = section, wanted or Wanted(), paths
        self.columns = columns_of(section)
        self._mapping = Mapping(section)
        self._filtered = self._filter()
        if self.wanted.status == Status.CURRENT:
            current = self._filtered.filter(COUNTED, status=Status.CURRENT).order_by("source__path")
            self._places: list[Place] = []
            self._pks = list(current.values_list("pk", flat=True))
        else:
            self._places = queue(section, self._filtered)
            self._pks = [place.pk for place in self._places]

    def __len__(self) -> int:
        return len(self._pks)

    def rows(self, first: int = 0, last: int | None = None) -> list[Row]:
        """The rows of a page of the board, in one query."""
        pks = self._pks[first:last]
        places = {place.pk: place for place in self._places[first:last]}
        found = (
            PageTranslation.objects.filter(pk__in=pks)
            .select_related("source", "target", "assignment__user")
            .defer("source__search_description", "target__search_description")
        )
        by_pk = {row.pk: row for row in found}
        return [self._row(by_pk[pk], places.get(pk)) for pk in pks if pk in by_pk]

    def _row(self, translation: PageTranslation, place: Place | None) -> Row:
        assignment = getattr(translation, "assignment", None)
        return Row(
            translation=translation,
            column=self._column(
                translation.target.path if translation.target else "", translation.source.path
            ),
            place=place,
            user=assignment.user if assignment else None,
            wanted_by=assignment.wanted_by if assignment else None,
        )

    def _column(self, target_path: str, source_path: str) -> ForeignColumn | None:
        if not target_path:
            return self._mapping.column_for(source_path)
        around = [column for column in self.columns if target_path.startswith(column.page.path)]
        return around[-1] if around else None

    def _filter(self) -> "QuerySet[PageTranslation]":
        wanted = self.wanted
        rows = PageTranslation.objects.filter(section=self.section)
        if wanted.status:
            rows = rows.filter(status=wanted.status)
        if wanted.harm is not None:
            rows = rows.filter(harm=wanted.harm)
        if wanted.overdue:
            rows = rows.filter(overdue_q())
        if wanted.words:
            rows = rows.filter(
                Q(source__title__icontains=wanted.words) | Q(target__title__icontains=wanted.words)
            )
        if wanted.assigned == NOBODY:
            rows = rows.filter(assignment__user=None)
        elif wanted.assigned:
            rows = rows.filter(assignment__user=int(wanted.assigned))
        if wanted.column is not None or self._paths is not None:
            rows = rows.filter(pk__in=self._in_columns(rows))
        return rows

    def _in_columns(self, rows: "QuerySet[PageTranslation]") -> list[int]:
        """Which rows lie, or would be put, in the column asked for and in the own columns."""
        found = []
        for pk, target, source in rows.values_list("pk", "target__path", "source__path"):
            column = self._column(target or "", source)
            if self.wanted.column is not None and (
                column is None or column.pk != self.wanted.column
            ):
                continue
            path = target or (column.page.path if column else "")
            if self._paths is not None and not (path and path.startswith(self._paths)):
                continue
            found.append(pk)
        return found


def own_paths(user: Any, section: ForeignSection, reach: Reach) -> tuple[str, ...] | None:
    """The columns (by path) that an account is limited to in a section; None: the whole section."""
    if reach.everything or may_manage(user, section):
        return None
    held = [row.paths for row in reach.memberships if row.section == section.pk]
    if any(paths is None for paths in held):
        return None
    return tuple(path for paths in held for path in paths or ())


# --- all languages --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section among all: its figures and its longest lag in working days."""

    section: ForeignSection
    figures: Figures
    lag: int
    report: SectionReport | None = None

    @property
    def is_covered(self) -> bool:
        return self.figures.coverage >= self.section.minimum_coverage


def section_lines(sections: Iterable[ForeignSection]) -> list[SectionLine]:
    """Sections with figures, lag and the last night's report. Two queries for all of them."""
    wanted = list(sections)
    numbers = figures(section.pk for section in wanted)
    reports = last_reports(wanted)
    return [
        SectionLine(
            section=section,
            figures=numbers[section.pk],
            lag=lag_days(section, numbers[section.pk].oldest),
            report=reports.get(section.pk),
        )
        for section in wanted
    ]


def lag_days(section: ForeignSection, since: datetime.datetime | None) -> int:
    """Working days since a moment, by the section's site."""
    if since is None:
        return 0
    day = timezone.localtime(since).date()
    return max(clocks.working_days_since(section.site_id, [day])[day], 0)


def last_reports(sections: Iterable[ForeignSection]) -> dict[int, SectionReport]:
    """The latest report of each section."""
    found: dict[int, SectionReport] = {}
    rows = SectionReport.objects.filter(
        section__in=list(sections), day__gte=timezone.localdate() - datetime.timedelta(days=7)
    )
    for report in rows.order_by("day"):
        found[report.section_id] = report
    return found


# --- people ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who can be given work in a section, and how much is in these hands."""

    user: Any
    name: str
    pages: int = 0
    words: int = 0


def workers(section: ForeignSection) -> list[Worker]:
    """The active translators and heads of a section with their load, by name. Two queries."""
    members = (
        TeamMember.objects.filter(
            section=section,
            active=True,
            user__is_active=True,
            role__in=(TeamRole.TRANSLATOR, TeamRole.LEAD),
        )
        .select_related("user")
        .order_by("user__username")
    )
    load: dict[int, _Load] = {}
    held = PageTranslation.objects.filter(OWED, section=section, assignment__user__isnull=False)
    for pk, words in held.order_by().values_list("assignment__user", "words"):
        load.setdefault(pk, _Load()).add(words)
    people = {}
    for member in members:
        has = load.get(member.user_id, _Load())
        name = member.user.get_full_name() or member.user.get_username()
        people[member.user_id] = Worker(member.user, name, has.pages, has.words)
    return sorted(people.values(), key=lambda worker: worker.name)


@dataclass(slots=True)
class _Load:
    pages: int = field(default=0)
    words: int = field(default=0)

    def add(self, words: int) -> None:
        self.pages += 1
        self.words += words

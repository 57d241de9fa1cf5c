"""Panels of the editors' first page: what is to be translated, and what the night found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from .admin.links import desk_url
from .models import ForeignSection, PageTranslation, TeamRole
from .permissions import Reach, may_manage, reach_of, sections_of
from .selectors.board import last_reports
from .selectors.coverage import OWED, figures
from .selectors.people import sees_boards
from .selectors.queue import queue

_LIMIT = 8


@dataclass(frozen=True, slots=True)
class TodoRow:
    """A translation in the panel: whether it is the reader's own, and how late."""

    translation: PageTranslation
    is_mine: bool
    overdue_days: int
    is_overdue: bool

    @property
    def url(self) -> str:
        return desk_url(self.translation.pk)


class TodoPanel(Component):
    name = "foreign-todo"
    template_name = "foreign/admin/todo_panel.html"

    def __init__(self, rows: list[TodoRow], sections: list[Any], order: int) -> None:
        self.rows, self.sections, self.order = rows, sections, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class OwedTranslations:
    """For translators: what is in their hands, then what nobody has; for heads: what is overdue."""

    order = 112

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        reach = reach_of(request.user)
        wanted = {
            held.section
            for held in reach.memberships
            if held.role in (TeamRole.TRANSLATOR, TeamRole.LEAD)
        }
        if not wanted:
            return None
        sections = list(
            ForeignSection.objects.filter(pk__in=wanted).select_related("site", "locale")
        )
        rows = self._rows(request.user, reach, sections)
        numbers = figures(wanted)
        counted = [(section, numbers[section.pk]) for section in sections]
        if not rows and not any(figure.owed for _section, figure in counted):
            return None
        return TodoPanel(rows, counted, self.order)

    def _rows(self, user: Any, reach: Reach, sections: list[ForeignSection]) -> list[TodoRow]:
        """Own ones first, then those that are free, each in the order of the queue."""
        today = timezone.localdate()
        places = []
        for section in sections:
            leads = reach.has((TeamRole.LEAD,), section.pk, "") or any(
                held.section == section.pk and held.role == TeamRole.LEAD
                for held in reach.memberships
            )
            mine = Q(assignment__user=user)
            free = Q(assignment__user=None)
            late = Q(due__lt=today) if leads else Q(pk__in=[])
            concerned = PageTranslation.objects.filter(mine | free | late)
            places += queue(section, concerned, today=today)[: 4 * _LIMIT]
        by_pk = {place.pk: place for place in places}
        found = (
            PageTranslation.objects.filter(OWED, pk__in=by_pk)
            .exclude(status=PageTranslation.Status.IN_REVIEW)
            .select_related("source", "target", "section__site", "section__locale", "assignment")
        )
        rows = []
        for translation in found:
            assignment = getattr(translation, "assignment", None)
            is_mine = assignment is not None and assignment.user_id == user.pk
            place = by_pk[translation.pk]
            is_overdue = translation.due is not None and translation.due < today
            rows.append(TodoRow(translation, is_mine, place.overdue_days, is_overdue))
        rows.sort(key=lambda row: (not row.is_mine, -by_pk[row.translation.pk].priority))
        return rows[:_LIMIT]


class WatchPanel(Component):
    name = "foreign-watch"
    template_name = "foreign/admin/watch_panel.html"

    def __init__(self, rows: list[Any], order: int) -> None:
        self.rows, self.order = rows, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class WatchedSections:
    """For those who run the site: sections that are dead, or where the night found something."""

    order = 142

    def panel(self, request: HttpRequest) -> WatchPanel | None:
        if not sees_boards(request.user):
            return None
        sections = [
            section
            for section in sections_of(request.user).filter(state=ForeignSection.State.OPEN)
            if may_manage(request.user, section)
        ]
        reports = last_reports(sections)
        rows = [
            (section, reports[section.pk])
            for section in sections
            if section.pk in reports
            and (reports[section.pk].is_dead or reports[section.pk].findings)
        ]
        rows.sort(key=lambda row: (not row[1].is_dead, -len(row[1].findings)))
        return WatchPanel(rows[:_LIMIT], self.order) if rows else None

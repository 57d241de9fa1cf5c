"""Deadlines in the admin: the panel of the first page, the list, and the history of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from portal.core import extension_points, roles
from portal.core.clocks import terms
from portal.core.clocks.selectors import unknown_year, visible_to
from portal.core.clocks.wording import DueWords, due_words, limit_text
from portal.core.models import Clock
from portal.core.roles import Action

from .dashboard import LIMIT, Todo, TodoPanel
from .work_calendar import missing_text


# --- the first page ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """A deadline as the panel shows it; ``url`` leads to where one works on it."""

    clock: Clock
    kind: str
    words: DueWords
    url: str
    history_url: str


class DeadlinesPanel(Component):
    """The most urgent deadlines: overdue ones first, paused ones last and marked."""

    name = "deadlines"
    template_name = "portal/admin/deadlines_panel.html"

    def __init__(self, rows: list[Row], order: int) -> None:
        self.rows, self.order = rows, order

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "all_url": reverse("portal_deadlines")}


class Deadlines:
    order = 108

    def panel(self, request: HttpRequest) -> DeadlinesPanel | None:
        clocks = visible_to(request.user)
        running = list(clocks.filter(state=Clock.State.RUNNING)[:LIMIT])
        if len(running) < LIMIT:
            running += clocks.filter(state=Clock.State.PAUSED)[: LIMIT - len(running)]
        return DeadlinesPanel([row_of(clock) for clock in running], self.order) if running else None


class CalendarWarning:
    """For those who keep the work calendar: a year is missing."""

    order = 102

    def panel(self, request: HttpRequest) -> TodoPanel | None:
        if not roles.may(request.user, Action.CALENDAR, None):
            return None
        year = unknown_year()
        if year is None:
            return None
        row = Todo(
            title=str(_("Add %(year)d to the work calendar") % {"year": year}),
            url=reverse("portal_calendar_year"),
            site="",
            note=missing_text(year),
        )
        return TodoPanel("work-calendar", _("Work calendar"), self.order, [row])


extension_points.dashboard_panels.register("deadlines", Deadlines())
extension_points.dashboard_panels.register("work_calendar", CalendarWarning())


def row_of(clock: Clock) -> Row:
    """A clock in words."""
    history = reverse("portal_deadline_history", args=[clock.pk])
    return Row(clock, kind_label(clock), due_words(clock), clock.url or history, history)


def kind_label(clock: Clock) -> str:
    """What administrators call its kind; the key where the plugin that brings it is off."""
    entry = terms.kind_of(clock.kind, clock.site_id)
    return str(entry.item.label) if entry is not None else clock.kind


# --- the list ---------------------------------------------------------------------------------
class DeadlineFilterSet(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_standing",
        choices=[
            ("overdue", _("overdue")),
            ("running", _("counting")),
            ("paused", _("paused")),
        ],
    )

    class Meta:
        model = Clock
        fields: list[str] = []

    def filter_standing(self, clocks: Any, name: str, value: str) -> Any:
        if value == "paused":
            return clocks.filter(state=Clock.State.PAUSED)
        running = clocks.filter(state=Clock.State.RUNNING)
        now = timezone.now()
        return (
            running.filter(due_at__lt=now)
            if value == "overdue"
            else running.filter(due_at__gte=now)
        )


class DeadlineListView(ReportView):
    """The open deadlines that somebody works on."""

    index_url_name = "portal_deadlines"
    index_results_url_name = "portal_deadlines_results"
    page_title = _("Deadlines")
    header_icon = "time"
    model = Clock
    is_searchable = False
    default_ordering = "due_at"
    filterset_class = DeadlineFilterSet
    columns = [
        TitleColumn(
            "label", label=_("Subject"), accessor="__str__",
            get_url=lambda clock: reverse("portal_deadline_history", args=[clock.pk]),
        ),
        Column("kind", label=_("Kind"), accessor=kind_label),
        Column("site", label=_("Site"), accessor="site.short_name"),
        Column("unit", label=_("Unit"), accessor="unit"),
        # Not a date column of Wagtail's, which says of everything to come that it is just now.
        Column("due_at", label=_("due"), accessor=lambda clock: due_words(clock).date),
        Column("standing", label=_("State"), accessor=lambda clock: due_words(clock).note),
    ]  # fmt: skip
    list_export = ["subject", "label", "kind", "site", "unit", "state", "started_at", "due_at"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_deadlines(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> QuerySet[Clock]:
        return visible_to(self.request.user)


def may_see_deadlines(user: Any) -> bool:
    """Who has a list of deadlines at all: who works on content somewhere, or has some to see."""
    sites = roles.sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites) or visible_to(user).exists()


# --- the history of one -----------------------------------------------------------------------
class DeadlineHistoryView(WagtailAdminTemplateMixin, TemplateView):
    """How a due date came about, line by line."""

    template_name = "portal/admin/deadline_history.html"
    page_title = _("Deadline")
    header_icon = "time"

    def get_page_subtitle(self) -> str:
        return str(self.clock)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.clock = get_object_or_404(Clock.objects.select_related("site"), pk=kwargs["pk"])
        user = self.request.user
        is_mine = visible_to(user).filter(pk=self.clock.pk).exists()
        # Of what is done, those who run the site keep the record.
        if not is_mine and not roles.may(user, Action.SITE_SETTINGS, self.clock.site_id):
            raise PermissionDenied
        context: dict[str, Any] = super().get_context_data(**kwargs)
        entries = self.clock.entries.select_related("by")
        context["row"] = row_of(self.clock)
        context["entries"] = [
            (entry, limit_text(entry.step.limit) if entry.step.limit else "") for entry in entries
        ]
        return context

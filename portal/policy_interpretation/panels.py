"""Panels of the editors' first page: open repeal cases, and documents whose validity changes."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from portal.plugin_api import Action, sites_allowing
from portal.policy_interpretation.models import CascadeCase, PolicyRecord
from portal.policy_interpretation.selectors.cascade import open_cases

LIMIT = 8
AHEAD = datetime.timedelta(days=14)
BACK = datetime.timedelta(days=7)


class OpenCases(Component):
    name = "policy-cases"
    template_name = "policy_interpretation/admin/cases_panel.html"
    order = 104

    def __init__(self, cases: list[CascadeCase]) -> None:
        self.cases = cases

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"cases": self.cases, "all_url": reverse("policy_cases")}


class CasesPanel:
    """On the owner's first page until each thing that rests on the document is dealt with."""

    order = 104

    def panel(self, request: HttpRequest) -> OpenCases | None:
        cases = list(open_cases(request.user)[:LIMIT])
        return OpenCases(cases) if cases else None


class ValidityChanges(Component):
    name = "policy-validity"
    template_name = "policy_interpretation/admin/validity_panel.html"
    order = 145

    def __init__(self, rows: list[tuple[datetime.date, PolicyRecord]]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows, "today": timezone.localdate()}


class ValidityPanel:
    """Documents of the own sites that took effect or ended this week, or will within two."""

    order = 145
    fields = ("effective_on", "valid_through", "repealed_on", "text_since", "partly_invalid_on")

    def panel(self, request: HttpRequest) -> ValidityChanges | None:
        today = timezone.localdate()
        first, last = today - BACK, today + AHEAD
        rows = []
        for record in _own(request.user).filter(_between(first, last))[:LIMIT]:
            days = [getattr(record, name) for name in self.fields]
            near = [day for day in days if day is not None and first <= day <= last]
            rows.append((min(near, key=lambda day: abs(day - today)), record))
        return ValidityChanges(sorted(rows, key=lambda row: row[0])) if rows else None


def _between(first: datetime.date, last: datetime.date) -> Q:
    wanted = Q()
    for name in ValidityPanel.fields:
        wanted |= Q(**{f"{name}__range": (first, last)})
    return wanted


def _own(user: Any) -> QuerySet[PolicyRecord]:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    records = PolicyRecord.objects.filter(page__live=True).select_related("page")
    return records if sites is None else records.filter(site__in=sites)

"""The assistant's figures: a period, a site, a language; plots, tables, files."""

import datetime
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.exchange.tables import CONTENT_TYPES, table_as
from assistant.portal_plugin.figures_panels import Cell, FiguresQuery, Table, Value
from assistant.portal_plugin.selectors.figures import LONGEST_PERIOD, figures, sites_with_figures

from .figures_tables import milliseconds, percent, plots, tables

_DEFAULT = 30


def may_see_figures(user: Any) -> bool:
    sites = sites_with_figures(user)
    return sites is None or bool(sites)


class FiguresForm(forms.Form):
    """What is looked at. Offers the own sites only; a forged one is refused."""

    days = forms.TypedChoiceField(
        label=_("Period"),
        required=False,
        coerce=int,
        choices=[
            (7, _("the last 7 days")),
            (30, _("the last 30 days")),
            (90, _("the last 90 days")),
            (LONGEST_PERIOD, _("the last year")),
        ],
    )
    first = forms.DateField(
        label=_("or from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=int)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data or {"days": str(_DEFAULT)})
        self.allowed = sites_with_figures(user)
        records = apps.get_model("core", "SiteRecord").objects.order_by("pk")
        if self.allowed is not None:
            records = records.filter(pk__in=self.allowed)
        self.fields["site"].choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            *records.values_list("pk", "short_name"),
        ]
        self.fields["language"].choices = [("", _("all")), *languages.NAMES.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            raise ValidationError({"last": _("It has to end after it starts.")})
        if first and ((last or timezone.localdate()) - first).days >= LONGEST_PERIOD:
            raise ValidationError({"first": _("At most a year at a time.")})
        return data

    @property
    def query(self) -> FiguresQuery:
        """What was chosen; the last 30 days of all own sites where it cannot be read."""
        data = self.cleaned_data if self.is_valid() else {}
        last = data.get("last") or timezone.localdate()
        days = data.get("days") or _DEFAULT
        first = data.get("first") or last - datetime.timedelta(days=days - 1)
        site = data.get("site")
        return FiguresQuery(
            sites=frozenset({site}) if site else self.allowed,
            language=data.get("language") or "",
            first=min(first, last),
            last=last,
        )


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    """One page: the numbers that count, three plots, and a table for each question."""

    template_name = "assistant/admin/figures.html"
    page_title = _("The assistant's figures")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_figures(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = FiguresForm(self.request.GET, user=self.request.user)
        query = form.query
        found = figures(query)
        total = found.total
        numbers = [
            (_("Questions"), f"{total.asked:,}"),
            (_("Conversations"), f"{total.conversations:,}"),
            (_("Answer rate"), percent(total.answer_rate)),
            (_("Found useful"), percent(total.satisfaction)),
            (_("Median"), milliseconds(total.median)),
            (_("95 of 100"), milliseconds(total.p95)),
        ]
        return super().get_context_data(**kwargs) | {
            "form": form,
            "query": query,
            "numbers": numbers,
            "is_empty": not total.asked,
            "plots": plots(found) if total.asked else [],
            "tables": [_shown(table) for table in tables(found, query, self.request.user)],
            "kinds": list(CONTENT_TYPES),
            "parameters": self.request.GET.urlencode(),
        }


def _shown(table: Table) -> dict[str, Any]:
    rows = [[_cell(value) for value in row] for row in table.rows]
    return {"table": table, "rows": rows}


def _cell(value: Value) -> dict[str, Any]:
    url = value.url if isinstance(value, Cell) else ""
    plain = value.value if isinstance(value, Cell) else value
    is_number = isinstance(plain, int | float)
    return {
        "text": f"{plain:,}" if is_number else "–" if plain is None else plain,
        "url": url,
        "is_number": is_number,
    }


def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One of the tables as a file, narrowed as the page is."""
    if not may_see_figures(request.user):
        raise PermissionDenied
    form = FiguresForm(request.GET, user=request.user)
    if kind not in CONTENT_TYPES or not form.is_valid():
        raise Http404
    query = form.query
    found = tables(figures(query), query, request.user)
    table = next((one for one in found if one.key == key), None)
    if table is None:
        raise Http404
    rows = ([cell.value if isinstance(cell, Cell) else cell for cell in row] for row in table.rows)
    data = table_as(kind, table.title, table.columns, rows)
    response = HttpResponse(data, content_type=CONTENT_TYPES[kind])
    name = f"assistant-{key}-{query.first:%Y%m%d}-{query.last:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class FiguresItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_figures(request.user)

"""Figures of letters for those who answer for them, and what people wrote about in a month."""

from collections.abc import Callable
from typing import Any, cast

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from portal.interaction.models import Letter
from portal.interaction.permissions import SLUG, visible_letters, works_on_letters
from portal.interaction.selectors.figures import Summary, parts, summary, years
from portal.interaction.selectors.guarding import template_shares
from portal.interaction.selectors.questions import answered, month_of, topics
from portal.interaction.typed import year_of
from portal.plugin_api import TABLE_TYPES, Action, is_enabled, sites_allowing, table_response

from .base import ScreenMixin
from .plots import by_month

_ACTIONS = (
    Action.LETTERS_DESK, Action.LETTERS_HANDLE, Action.LETTERS_REVIEW, Action.LETTERS_RELEASE,
)  # fmt: skip


_SHOWN_ANSWERS = 100
_KEPT = 600


def _kept[Found](key: str, make: Callable[[], Found]) -> Found:
    """What is read out of many texts, for ten minutes: it says how things go, not how they are."""
    return cast("Found", cache.get_or_set(f"interaction:figures:{key}", make, _KEPT))


def own_sites(user: Any) -> list[Any]:
    """The sites at which the account works on letters."""
    records: Any = Letter._meta.get_field("site").related_model
    found: set[int] = set()
    for action in _ACTIONS:
        sites = sites_allowing(user, action)
        if sites is None:
            return list(records._default_manager.order_by("pk"))
        found |= sites
    rows = records._default_manager.filter(pk__in=found).order_by("pk")
    return [site for site in rows if is_enabled(SLUG, site.pk)]


class _SiteScreen(ScreenMixin, TemplateView):
    """A screen about one of the own sites: ``?site=``."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.sites, self.site = chosen_site(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sites": self.sites,
            "site": self.site,
            "kinds": list(TABLE_TYPES),
            "query": self.request.GET.urlencode(),
        }


def chosen_site(request: HttpRequest) -> tuple[list[Any], Any]:
    """The own sites and the one that is asked for.

    Raises:
        PermissionDenied: the account works on no letters, or not on those of that site.
    """
    sites = own_sites(request.user) if works_on_letters(request.user) else []
    asked = request.GET.get("site", "")
    found = next((site for site in sites if not asked or str(site.pk) == asked), None)
    if found is None:
        raise PermissionDenied
    return sites, found


def _year(request: HttpRequest) -> int | None:
    return year_of(request.GET.get("year", ""))


def _headings() -> list[str]:
    return [
        _("Received"), _("Valid"), _("Answered"), _("In time"), _("In time, %"),
        _("Median, working days"), _("Mean, working days"), _("Public, %"), _("Satisfied, %"),
        _("Reopened"),
    ]  # fmt: skip


def _values(told: Summary) -> list[Any]:
    found = [
        told.received, told.valid, told.answered, told.in_time, told.in_time_share,
        told.median_days, told.mean_days, told.public_share, told.satisfied_share, told.reopened,
    ]  # fmt: skip
    return ["–" if value is None else value for value in found]


def _tables(site: Any, year: int | None) -> list[dict[str, Any]]:
    """By unit, kind, month and theme; the same numbers as the public ledger's."""
    found = parts(site=site.pk, year=year)
    titles = {
        "unit": _("By unit"), "kind": _("By kind"), "month": _("By month"), "theme": _("By theme"),
    }  # fmt: skip
    return [
        {"key": key, "title": title, "rows": [(name, _values(told)) for name, told in found[key]]}
        for key, title in titles.items()
        if found[key]
    ]


class FiguresView(_SiteScreen):
    """The figures of a site by unit, kind and month, and the share of templates in replies."""

    template_name = "interaction/admin/figures.html"
    page_title = gettext_lazy("Figures of letters")
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = _year(self.request)
        tables = _tables(self.site, year)
        months: list[Any] = next((table["rows"] for table in tables if table["key"] == "month"), [])
        bars = sorted((name, values[0], values[2]) for name, values in months)
        return super().get_context_data(**kwargs) | {
            "year": year,
            "years": years(site=self.site.pk),
            "headings": _headings(),
            "totals": list(
                zip(_headings(), _values(summary(site=self.site.pk, year=year)), strict=True)
            ),
            "tables": tables,
            "plot": by_month(bars, (_("received"), _("answered"))) if bars else None,
            "shares": _kept(f"shares:{self.site.pk}", lambda: template_shares({self.site.pk})),
        }


@require_safe
def figures_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All tables of the screen in one."""
    _sites, site = chosen_site(request)
    rows = [
        [table["title"], name, *values]
        for table in _tables(site, _year(request))
        for name, values in table["rows"]
    ]
    return table_response(kind, "letters-figures", [_("Table"), _("Part"), *_headings()], rows)


class QuestionsView(_SiteScreen):
    """A month: what letters were about, more or less than before, and the public answers."""

    template_name = "interaction/admin/questions.html"
    page_title = gettext_lazy("Questions and hot topics")
    header_icon = "help"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_of(self.request.GET.get("month", ""))
        letters = visible_letters(self.request.user).filter(site=self.site.pk)
        return super().get_context_data(**kwargs) | {
            "month": f"{month:%Y-%m}",
            "topics": _kept(
                f"topics:{self.request.user.pk}:{self.site.pk}:{month:%Y-%m}",
                lambda: topics(letters, month),
            ),
            "answers": answered({self.site.pk}, month, most=_SHOWN_ANSWERS),
        }


@require_safe
def questions_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The questions and answers of a month, as they are public."""
    _sites, site = chosen_site(request)
    month = month_of(request.GET.get("month", ""))
    headings = [
        _("Number"), _("Kind"), _("Theme"), _("Question"), _("Answer"), _("Unit"), _("Answered"),
    ]  # fmt: skip
    rows = (
        [row.number, row.kind, row.theme, row.question, row.answer, row.unit,
         f"{row.answered_at:%Y-%m-%d}"]
        for row in answered({site.pk}, month)
    )  # fmt: skip
    return table_response(kind, f"questions-{month:%Y-%m}", headings, rows)

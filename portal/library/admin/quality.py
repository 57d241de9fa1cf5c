"""The quality report: figures by check, texts that are nearly the same, links that lead nowhere."""

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.library.files import KINDS, model_of
from portal.library.models import FacetCount, LibraryRecord, Link, NearDuplicate, State
from portal.library.permissions import visible, writable
from portal.library.services import outside_links, pairs
from portal.library.services.quality import CHECKS
from portal.plugin_api import just_seen

from .base import LibraryView

PER_PAGE = 50
# These have a screen of their own, which shows more than the records.
_SCREENS = {"near_duplicates": "library_pairs", "dead_links": "library_links"}


class _SiteView(LibraryView):
    """For screens that can be narrowed to one site."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        site = request.GET.get("site", "")
        known = just_seen().records
        self.site = int(site) if site.isdecimal() and int(site) in known else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        records = just_seen().records.values()
        return super().get_context_data(**kwargs) | {
            "site": self.site,
            "sites": [(record.pk, record.short_name) for record in records],
        }


class QualityView(_SiteView):
    """What is worth mending, by check; figures as last counted."""

    template_name = "library/admin/quality.html"
    page_title = _("Quality of the library")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = FacetCount.objects.filter(site=self.site, facet="check")
        counts = dict(rows.values_list("value", "count"))
        counted = FacetCount.objects.filter(site=self.site).first()
        return super().get_context_data(**kwargs) | {
            "checks": [
                (name, label, counts.get(name, 0), self._address(name))
                for name, (label, _narrow) in CHECKS.items()
            ],
            "counted_at": counted.counted_at if counted else None,
        }

    def _address(self, check: str) -> str:
        screen = _SCREENS.get(check)
        query = {} if screen else {"check": check}
        if self.site is not None:
            query["site"] = str(self.site)
        return f"{reverse(screen or 'library_records')}?{urlencode(query)}"


class _WindowView(_SiteView, ABC):
    """Rows, the newest first, a window at a time; nothing is counted."""

    @abstractmethod
    def rows(self) -> "QuerySet[Any]":
        """Not ordered yet. Conditions on records stand in ``Exists`` and records are fetched apart.

        Joined, SQLite begins with the records, of which there are a hundred times as many.
        """

    def window(self) -> tuple[list[Any], str, str]:
        """The rows, and the queries of the windows before and behind; "" where there is none."""
        asked = self.request.GET.get("p", "")
        number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
        start = (number - 1) * PER_PAGE
        found = list(self.rows().order_by("-pk")[start : start + PER_PAGE + 1])
        before = self.query(p=str(number - 1)) if number > 1 else ""
        behind = self.query(p=str(number + 1)) if len(found) > PER_PAGE else ""
        return found[:PER_PAGE], before, behind

    def query(self, **changes: str) -> str:
        return f"?{urlencode({k: v for k, v in (self.request.GET.dict() | changes).items() if v})}"


class PairsView(_WindowView):
    """Two records a row. Whoever may write one of them can say that they are no duplicates."""

    template_name = "library/admin/pairs.html"
    page_title = _("Nearly the same text")

    @property
    def is_decided(self) -> bool:
        return self.request.GET.get("show") == "decided"

    def rows(self) -> "QuerySet[NearDuplicate]":
        seen = visible(self.request.user).filter(state=State.PUBLIC)
        rows = NearDuplicate.objects.filter(
            Exists(seen.filter(pk=OuterRef("newer"))),
            Exists(seen.filter(pk=OuterRef("older"))),
            dismissed_at__isnull=not self.is_decided,
        )
        if self.site is not None:
            own = LibraryRecord.objects.filter(site=self.site)
            rows = rows.filter(
                Exists(own.filter(pk=OuterRef("newer"))) | Exists(own.filter(pk=OuterRef("older")))
            )
        return rows.prefetch_related("newer__site", "older__site", "dismissed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, before, behind = self.window()
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "rows": [(pair, pairs.may_decide(user, pair)) for pair in found],
            "before": before,
            "behind": behind,
            "is_decided": self.is_decided,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("pair", "")
        pair = get_object_or_404(NearDuplicate, pk=int(key) if key.isdecimal() else 0)
        is_duplicate = request.POST.get("step") == "take_back"
        try:
            pairs.decide(pair=pair, is_duplicate=is_duplicate, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, gettext("The decision is recorded."))
        return redirect(f"{reverse('library_pairs')}{self.query()}")


class LinksView(_WindowView):
    """Links of the own sites' public pages that lead nowhere."""

    template_name = "library/admin/links.html"
    page_title = _("Links that lead nowhere")

    def rows(self) -> "QuerySet[Link]":
        mine = writable(self.request.user, LibraryRecord.objects.filter(state=State.PUBLIC))
        if self.site is not None:
            mine = mine.filter(site=self.site)
        rows = Link.objects.exclude(problem="").filter(Exists(mine.filter(pk=OuterRef("record"))))
        return rows.prefetch_related("record__site")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, before, behind = self.window()
        titles = _titles(found)
        return super().get_context_data(**kwargs) | {
            "rows": [(link, titles.get((link.kind, link.target), "")) for link in found],
            "before": before,
            "behind": behind,
            "asks_others": outside_links.is_allowed(),
            "progress": outside_links.progress(self.site),
        }


def _titles(links: list[Link]) -> dict[tuple[str, str], str]:
    """What the pages and files are called that links name by key."""
    models: dict[str, Any] = {Link.Kind.PAGE: Page} | {kind: model_of(kind) for kind in KINDS}
    found: dict[tuple[str, str], str] = {}
    for kind, model in models.items():
        keys = {link.target for link in links if link.kind == kind}
        if keys:
            rows = model.objects.filter(pk__in=keys).values_list("pk", "title")
            found |= {(str(kind), str(pk)): title for pk, title in rows}
    return found

"""The screens: the latest publications, and the receipt of one."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.plugin_api import Publication

from .models import Receipt, State
from .permissions import may_see, sees_some, visible_to
from .selectors.receipts import (
    LATE_AFTER,
    Said,
    ask_parts,
    event_of,
    late,
    latest_of,
    receipt_of,
    remembered,
    state_of,
)
from .services.following import look, replaced

ON_A_PAGE = 30
REFRESH_SECONDS = 5
_MARKS = {"done": "success", "waiting": "clock", "failed": "warning", "none": "minus"}
_STATES = {
    "done": _("done"),
    "waiting": _("waiting"),
    "failed": _("held up"),
    "none": _("does not concern it"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the screen has it. ``seconds``: between publishing and arriving."""

    said: Said
    icon: str
    state: Any
    at: datetime.datetime | None
    seconds: int | None
    is_seen: bool


def shown(said: Said, publication: Publication) -> Shown:
    line = said.line
    is_seen = line.at is None and line.state == "done" and said.seen is not None
    at = said.seen if is_seen else line.at
    seconds = max(0, round((at - publication.since).total_seconds())) if at is not None else None
    return Shown(
        said,
        _MARKS.get(line.state, "help"),
        _STATES.get(line.state, line.state),
        at,
        seconds if line.state == "done" else None,
        is_seen,
    )


class _View(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "circle-check"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        media = forms.Media(
            css={"all": ["receipts/admin/receipts.css"]}, js=["receipts/admin/receipt.js"]
        )
        context["media"] = context.get("media", forms.Media()) + media
        return context


class ReceiptsView(_View):
    """The latest publications of the own sites, with how far they are."""

    template_name = "receipts/admin/receipts.html"
    page_title = _("Publishing receipts")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sees_some(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        only_late = self.request.GET.get("late") == "1"
        rows = visible_to(self.request.user).order_by("-pk")
        if only_late:
            rows = rows.filter(pk__in=late(None).values("publication"))
        rows = rows.select_related("site", "published_by")
        page = Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("p"))
        found = {
            one.publication_id: one
            for one in Receipt.objects.filter(publication__in=[row.pk for row in page])
        }
        return super().get_context_data(**kwargs) | {
            "rows": [(row, found.get(row.pk)) for row in page],
            "page": page,
            "only_late": only_late,
            "minutes": LATE_AFTER.seconds // 60,
        }


class ReceiptView(_View):
    """One publication: where it has arrived, and what is waited for."""

    template_name = "receipts/admin/receipt.html"
    page_title = _("Publishing receipt")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Publication.objects.select_related("page", "site", "published_by")
        self.publication = get_object_or_404(rows, pk=kwargs["pk"])
        if not may_see(request.user, self.publication):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.publication.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said, state, is_asked = self._said()
        return super().get_context_data(**kwargs) | {
            "publication": self.publication,
            "lines": [shown(one, self.publication) for one in said],
            "state": state,
            "is_asked": is_asked,
            "is_waiting": state in (State.WAITING, State.FAILED),
            "refresh": REFRESH_SECONDS,
            "newer": self._newer(),
        }

    def _said(self) -> tuple[list[Said], State, bool]:
        """The lines, the state of all, and whether they were asked just now."""
        publication = self.publication
        receipt = receipt_of(publication)
        if publication.closed:
            if receipt is not None and receipt.state in (State.WAITING, State.FAILED):
                replaced(receipt=receipt)
            return (remembered(receipt) if receipt else [], State.REPLACED, False)
        if receipt is not None:
            said = look(receipt=receipt)
            return (said, State(receipt.state), True)
        last = Receipt.objects.order_by("-event").values_list("event", flat=True).first() or 0
        said = ask_parts(publication, event_of(publication, after=last))
        return (said, state_of(said), True)

    def _newer(self) -> Publication | None:
        if not self.publication.closed or self.publication.page is None:
            return None
        latest = latest_of(self.publication.page)
        return latest if latest is not None and latest.pk != self.publication.pk else None


@require_safe
def of_page(request: HttpRequest, page_pk: int) -> HttpResponse:
    """To the receipt of what is public of a page, or was last."""
    page = get_object_or_404(Page, pk=page_pk)
    publication = latest_of(page)
    if publication is None:
        raise Http404
    if not may_see(request.user, publication):
        raise PermissionDenied
    return HttpResponseRedirect(reverse("receipts_one", args=[publication.pk]))

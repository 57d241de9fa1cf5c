"""Showing a record elsewhere, and the requests for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.library.forms import PlaceForm
from portal.library.models import Grant
from portal.library.permissions import is_offered
from portal.library.services import sharing
from portal.plugin_api import Action, sites_allowing

from .base import LibraryView, RecordMixin, put_errors


class PlaceView(RecordMixin):
    """Choose the column; where the provider is to be asked, say what for."""

    template_name = "library/admin/place.html"
    page_title = _("Show elsewhere by reference")

    def may(self, request: HttpRequest) -> bool:
        return super().may(request) and is_offered(self.record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = sharing.columns_for(self.request.user, self.record)
        initial = {"column": self.request.GET.get("column", "")}
        form: Any = kwargs.get("form") or PlaceForm(columns=columns, initial=initial)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "has_columns": bool(form.fields["column"].choices),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlaceForm(request.POST, columns=sharing.columns_for(request.user, self.record))
        if form.is_valid():
            column = get_object_or_404(Page, pk=form.cleaned_data["column"])
            try:
                made = sharing.place(
                    record=self.record,
                    column=column,
                    user=request.user,
                    reason=form.cleaned_data["reason"],
                )
            except ValidationError as error:
                put_errors(form, error)
            else:
                messages.success(request, _told(made, column))
                return redirect("library_record", pk=self.record.pk)
        return self.render_to_response(self.get_context_data(form=form))


def _told(made: Any, column: Page) -> str:
    if isinstance(made, Grant):
        return gettext("The provider has been asked. It appears when leave is given.")
    return gettext("It is shown in “%(column)s” now.") % {"column": column.title}


class GrantsView(LibraryView):
    """Requests to the own sites and from them."""

    template_name = "library/admin/grants.html"
    page_title = _("Sharing requests")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = Grant.objects.select_related(
            "record__site", "column", "site", "requested_by", "decided_by"
        )
        decides = sites_allowing(user, Action.SITE_SETTINGS)
        works = sites_allowing(user, Action.PAGE_CHANGE)
        reads = sites_allowing(user, Action.PUBLICATION_RECORD)
        if None not in (decides, works, reads):
            own = (works or set()) | (reads or set()) | (decides or set())
            rows = rows.filter(Q(site__in=own) | Q(record__site__in=own))
        return super().get_context_data(**kwargs) | {
            "rows": [(row, decides is None or row.record.site_id in decides) for row in rows[:200]]
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        grant = get_object_or_404(Grant, pk=request.POST.get("grant") or 0)
        note, step = request.POST.get("note", ""), request.POST.get("step")
        try:
            if step == "revoke":
                sharing.revoke(grant=grant, user=request.user, note=note)
            else:
                sharing.decide(grant=grant, granted=step == "grant", user=request.user, note=note)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, gettext("The decision is recorded."))
        return redirect(reverse("library_grants"))

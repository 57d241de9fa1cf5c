"""Submissions upward: how they stand, beginning one, and handing over its files."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from portal.reposting.models import (
    Channel,
    Delivery,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from portal.reposting.permissions import known_sites, may_work_on, sites_worked_on
from portal.reposting.selectors.packages import package_of, page_file
from portal.reposting.services import submitting as services

from .base import Screen, kept, number_in, window


class SubmissionsScreen(Screen):
    template_name = "reposting/admin/submissions.html"
    page_title = _("Submissions upward")
    header_icon = "arrow-up-big"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = Submission.objects.filter(site__in=known_sites(sites_worked_on(self.request.user)))
        counted = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
        by_kind = rows.order_by().values("kind", "state").annotate(number=Count("pk"))
        state = self.request.GET.get("state", "")
        found = rows.filter(state=state) if state in SubmissionState.values else rows
        return context | {
            "window": window(
                found.select_related("page", "site", "channel").order_by("-made_at", "-pk"),
                self.request,
            ),
            "counts": [(v, label, counted.get(v, 0)) for v, label in SubmissionState.choices],
            "kinds": _table(by_kind),
            "state": state,
            "kept": kept(self.request),
        }


def _table(rows: Any) -> list[tuple[str, list[int]]]:
    found = {(row["kind"], row["state"]): row["number"] for row in rows}
    return [
        (str(label), [found.get((kind, state), 0) for state in SubmissionState.values])
        for kind, label in SubmissionKind.choices
    ]


class SubmissionForm(forms.Form):
    page = forms.ModelChoiceField(
        label=_("Page"), queryset=Page.objects.all(), widget=AdminPageChooser()
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SubmissionKind.choices)
    target = forms.CharField(
        label=_("Submitted to"), max_length=120, help_text=_("Such as 云岭省人民政府网.")
    )
    channel = forms.ModelChoiceField(
        label=_("Sent by the channel"),
        queryset=Channel.objects.none(),
        required=False,
        help_text=_("Empty: you hand the files over by other means."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = known_sites(sites_worked_on(user))
        fields: Any = self.fields
        fields["channel"].queryset = Channel.objects.filter(site__in=sites, is_active=True)


class NewSubmissionScreen(Screen):
    template_name = "reposting/admin/form.html"
    page_title = _("New submission upward")
    header_icon = "plus"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = number_in(request.GET.get("page"))
        return self._show(SubmissionForm(user=request.user, initial={"page": page}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = SubmissionForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                row = services.prepare(by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, gettext("Prepared. Submit it when it is agreed."))
                return HttpResponseRedirect(reverse("reposting_submission", args=[row.pk]))
        return self._show(form, status=422)

    def _show(self, form: SubmissionForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, button=_("Prepare"))
        context["media"] = context["media"] + form.media
        return self.render_to_response(context, status=status)


def _own(request: HttpRequest, pk: int) -> Submission:
    rows = Submission.objects.select_related("page", "site", "channel")
    row = get_object_or_404(rows, pk=pk)
    if not may_work_on(request.user, row):
        raise PermissionDenied
    return row


class SubmissionScreen(Screen):
    template_name = "reposting/admin/submission.html"
    page_title = _("Submission upward")
    header_icon = "arrow-up-big"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row = _own(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def do_submit(self, request: HttpRequest) -> str:
        services.submit(
            submission_pk=self.row.pk, by=request.user, note=request.POST.get("note", "")
        )
        return gettext("Submitted.")

    def do_accepted(self, request: HttpRequest) -> str:
        return self._answered(request, SubmissionState.ACCEPTED)

    def do_published(self, request: HttpRequest) -> str:
        return self._answered(request, SubmissionState.PUBLISHED)

    def do_returned(self, request: HttpRequest) -> str:
        return self._answered(request, SubmissionState.RETURNED)

    def _answered(self, request: HttpRequest, state: str) -> str:
        services.answer(
            submission_pk=self.row.pk,
            state=state,
            by=request.user,
            url=request.POST.get("url", ""),
            reason=request.POST.get("reason", ""),
        )
        return gettext("Noted.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row = self.row
        return context | {
            "row": row,
            "next": Submission.MOVES[row.state],
            "steps": list(row.steps.all()),
            "deliveries": list(
                Delivery.objects.filter(submission=row.pk).select_related("channel").order_by("pk")
            ),
        }


def submission_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What is handed over, as JSON or as an HTML file that stands by itself."""
    row = _own(request, pk)
    if row.page is None or not row.page.live:
        raise Http404
    name = f"submission-{row.pk}.{kind}"
    if kind == "json":
        told = package_of(row.page, "submitted") | {
            "submission": row.pk,
            "kind_of_submission": row.kind,
            "submitted_to": row.target,
        }
        response = HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json"
        )
    else:
        response = HttpResponse(page_file(row.page), content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

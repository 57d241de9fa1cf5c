"""The screens: findings, the log, roots and keys."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.evidence.models import Entry, Finding, Root, Run, SigningKey
from portal.evidence.permissions import may_explain, may_look, may_rotate
from portal.evidence.selectors.tree import size
from portal.evidence.services.explaining import explain
from portal.evidence.services.signing import CannotSign, rotate

ON_A_PAGE = 50


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this is as it should be"), max_length=500, widget=forms.Textarea
    )


class RotateForm(forms.Form):
    confirmed = forms.BooleanField(
        label=_("Make a new key. From now on it signs; the old one signs only this exchange.")
    )


class _Screen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "lock"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_allowed(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, user: Any) -> bool:
        return may_look(user)

    def paged(self, rows: Any) -> Any:
        return Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("p"))


class FindingsView(_Screen):
    """Open findings first; all with ``?state=all``."""

    template_name = "evidence/admin/findings.html"
    page_title = _("Tamper evidence")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Finding.objects.select_related("decided_by")
        shows_all = self.request.GET.get("state") == "all"
        if not shows_all:
            rows = rows.filter(status=Finding.Status.OPEN)
        return super().get_context_data(**kwargs) | {
            "page": self.paged(rows),
            "shows_all": shows_all,
            "last_run": Run.objects.filter(finished_at__isnull=False).first(),
            "running": Run.objects.filter(finished_at=None).first(),
            "size": size(),
            "root": Root.objects.first(),
        }


class FindingView(_Screen, FormView):
    """One finding: where, since when, what to do; and the form to explain it."""

    template_name = "evidence/admin/finding.html"
    page_title = _("Finding")
    form_class = ReasonForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.finding = get_object_or_404(
            Finding.objects.select_related("decided_by"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_explain(request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            explain(
                finding=self.finding,
                user=self.request.user,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, gettext("The finding is explained."))
        return HttpResponseRedirect(reverse("evidence_findings"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "finding": self.finding,
            "may_explain": may_explain(self.request.user)
            and self.finding.status == Finding.Status.OPEN,
        }


class LogView(_Screen):
    """The entries, the newest first; ``?key=`` those of one item."""

    template_name = "evidence/admin/log.html"
    page_title = _("Log of evidence")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.request.GET.get("key", "").strip()[:80]
        rows = Entry.objects.order_by("-seq")
        if key:
            rows = rows.filter(key=key)
        page = Paginator(rows, ON_A_PAGE)
        if not key:
            page.count = size()  # numbered without a gap: no need to count
        found = page.get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"page": found, "key": key}


class RootsView(_Screen):
    """The signed roots, the newest first."""

    template_name = "evidence/admin/roots.html"
    page_title = _("Signed roots")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Root.objects.select_related("key")
        return super().get_context_data(**kwargs) | {"page": self.paged(rows)}


class KeysView(_Screen, FormView):
    """The keys; the security administrator exchanges the one that signs."""

    template_name = "evidence/admin/keys.html"
    page_title = _("Signing keys")
    form_class = RotateForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_rotate(request.user):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: RotateForm) -> HttpResponse:
        try:
            rotate(user=self.request.user)
        except CannotSign as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, gettext("A new key signs from now on."))
        return HttpResponseRedirect(reverse("evidence_keys"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "keys": SigningKey.objects.select_related("before"),
            "may_rotate": may_rotate(self.request.user),
        }

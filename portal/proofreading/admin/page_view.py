"""All that was found in a page's newest draft and its files, and the reasons for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.proofreading.permissions import may_answer_for
from portal.proofreading.selectors.findings import PageScan, Placed, reasons_for, scan_page
from portal.proofreading.services.reasons import give_reasons
from portal.text.detectors import Grade


class ProofreadView(WagtailAdminTemplateMixin, TemplateView):
    """Works without any script: where the panel in the form does not."""

    template_name = "proofreading/admin/page.html"
    page_title = gettext_lazy("Proofread")
    header_icon = "glasses"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not may_answer_for(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    @cached_property
    def scan(self) -> PageScan:
        draft = self.page
        if draft.latest_revision_id:
            draft = draft.get_latest_revision_as_object()
        return scan_page(draft)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        once = {one.key: one for one in reversed(self.scan.found)}
        found = sorted(once.values(), key=lambda one: list(Grade).index(one.grade))
        reasons = reasons_for(self.page.pk, (one.key for one in found))
        typed = kwargs.get("typed", {})
        rows = [self._row(one, reasons.get(one.key), typed.get(one.key, "")) for one in found]
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "rows": rows,
            "open": sum(row["needs_reason"] for row in rows),
            "blocking": sum(row["grade"] == Grade.BLOCKING for row in rows),
        }

    def _row(self, one: Placed, reason: Any, typed: str) -> dict[str, Any]:
        return {
            "one": one,
            "grade": one.grade,
            "field": self._label(one.field),
            "reason": reason,
            "typed": typed,
            "needs_reason": one.grade == Grade.WARNING and reason is None,
            "document_url": reverse("wagtaildocs:edit", args=[one.document])
            if one.document
            else "",
        }

    def _label(self, name: str) -> str:
        try:
            field = type(self.page)._meta.get_field(name)
        except Exception:  # a child relation, or a field of an older version
            return name
        return str(getattr(field, "verbose_name", name))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reasons = {
            name.removeprefix("reason-"): str(text)
            for name, text in request.POST.items()
            if name.startswith("reason-")
        }
        try:
            given = give_reasons(page=self.page, scan=self.scan, reasons=reasons, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(typed=reasons), status=422)
        if given:
            messages.success(
                request,
                ngettext(
                    "%(count)d reason was recorded in your name.",
                    "%(count)d reasons were recorded in your name.",
                    len(given),
                )
                % {"count": len(given)},
            )
        else:
            messages.warning(request, _("Nothing was recorded: write a reason beside a warning."))
        return HttpResponseRedirect(request.path)

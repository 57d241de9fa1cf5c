"""A machine's drafts for a page: start, progress, refusals; and what a section may spend."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.foreign.models import (
    ForeignSection,
    MachineBudget,
    MachineRun,
    MachineUse,
    PageTranslation,
)
from portal.foreign.permissions import may_manage, may_translate
from portal.foreign.selectors.machine import has_translator, standing
from portal.foreign.services import machine

from .links import desk_url

STYLE = forms.Media(css={"all": ["foreign/admin/exchange.css"]})


def _translation(request: HttpRequest, pk: int) -> PageTranslation:
    found = get_object_or_404(
        PageTranslation.objects.select_related(
            "section__locale", "section__site", "source__locale"
        ),
        pk=pk,
    )
    if not may_translate(request.user, found):
        raise PermissionDenied
    return found


class MachineView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "foreign/admin/machine.html"
    page_title = _("Machine drafts")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.translation = _translation(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.translation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        run = self.translation.machine_runs.first()
        waiting = machine.waiting(self.translation)
        return context | {
            "media": context.get("media", forms.Media())
            + STYLE
            + forms.Media(js=["foreign/admin/machine.js"]),
            "translation": self.translation,
            "desk": desk_url(self.translation.pk),
            "run": run,
            "done": _done(run) if run else 0,
            "is_running": run is not None and run.state == MachineRun.State.RUNNING,
            "is_still": run is not None
            and run.state == MachineRun.State.RUNNING
            and timezone.now() - run.beat_at > machine.STILL_AFTER,
            "waiting": len(waiting),
            "characters": sum(len(one.source_text) for one in waiting),
            "budget": standing(self.translation.section),
            "has_translator": has_translator(self.translation.section),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            machine.start_run(translation=self.translation, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("foreign_machine", args=[self.translation.pk]))


def _done(run: MachineRun) -> int:
    return min(run.drafted + len(run.refused), run.total)


@require_safe
def machine_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """What the script asks for every few seconds."""
    run = _translation(request, pk).machine_runs.first()
    running = run is not None and run.state == MachineRun.State.RUNNING
    return JsonResponse(
        {
            "done": _done(run) if run else 0,
            "total": run.total if run else 0,
            "running": running,
        }
    )


class BudgetForm(forms.ModelForm[MachineBudget]):
    class Meta:
        model = MachineBudget
        fields = ["characters"]


class BudgetView(WagtailAdminTemplateMixin, TemplateView):
    """What a section may send to machines, and what it sent in the last months."""

    template_name = "foreign/admin/machine_budget.html"
    page_title = _("Budget for machine translation")
    header_icon = "cogs"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.section = get_object_or_404(
            ForeignSection.objects.select_related("site", "locale"), pk=kwargs["section"]
        )
        if not may_manage(request.user, self.section):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.section)

    def _row(self) -> MachineBudget:
        found = MachineBudget.objects.filter(section=self.section).first()
        return found or MachineBudget(section=self.section, characters=standing(self.section).limit)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "media": context.get("media", forms.Media()) + STYLE,
            "form": kwargs.get("form") or BudgetForm(instance=self._row()),
            "budget": standing(self.section),
            "has_translator": has_translator(self.section),
            "uses": MachineUse.objects.filter(section=self.section).order_by("-month")[:12],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = BudgetForm(request.POST, instance=self._row())
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        form.save()
        messages.success(request, gettext("The budget was saved."))
        return HttpResponseRedirect(reverse("foreign_machine_budget", args=[self.section.pk]))

"""Stopping the assistant and letting it answer again: asked twice, with a reason, on record."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assistant.portal_plugin.answering import contact, languages
from assistant.portal_plugin.models.switches import AssistantPause
from assistant.portal_plugin.selectors.oversight import (
    may_pause,
    may_pause_somewhere,
    pauses_for,
    sites_to_pause,
)
from assistant.portal_plugin.services import switch

_HISTORY = 50
ALL = "all"


class PauseForm(forms.Form):
    """Why, what visitors read instead, until when."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Goes on record with your name. Visitors do not see it."),
    )
    sentence = forms.CharField(
        label=_("What visitors read"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: the portal's own words. The hotline stands below it in any case."),
    )
    sentence_en = forms.CharField(
        label=_("The same in English"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For all who read no Chinese. Empty: the portal's own words in their language."
        ),
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: until somebody lets it answer again."),
    )

    def clean_until(self) -> datetime.datetime | None:
        until: datetime.datetime | None = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(gettext("The end has to lie in the future."))
        return until

    @property
    def terms(self) -> switch.Terms:
        return switch.Terms(
            self.cleaned_data["reason"],
            self.cleaned_data["sentence"],
            self.cleaned_data["sentence_en"],
            self.cleaned_data["until"],
        )


class PausesView(WagtailAdminTemplateMixin, TemplateView):
    """The own sites, whether each answers, and who stopped which when and why."""

    template_name = "assistant/admin/pauses.html"
    page_title = _("Stop the assistant")
    header_icon = "no-view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_pause_somewhere(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        held = AssistantPause.objects.holding().select_related("paused_by")
        holding = {row.site_id: row for row in held}
        rows: list[tuple[str, str, AssistantPause | None]] = [
            (str(site.short_name), str(site.pk), holding.get(site.pk))
            for site in sites_to_pause(user)
        ]
        if may_pause(user, None):
            rows.insert(0, (gettext("all sites at once"), ALL, holding.get(None)))
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "everywhere": holding.get(None),
            "history": pauses_for(user)[:_HISTORY],
        }


class _OneSiteView(WagtailAdminTemplateMixin, TemplateView):
    """``place`` is a site's primary key or ``all``."""

    header_icon = "no-view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        place = kwargs["place"]
        self.site: Any = None
        if place != ALL:
            if not place.isdecimal():
                raise Http404
            self.site = get_object_or_404(sites_to_pause(request.user), pk=int(place))
        if not may_pause(request.user, self.site_pk):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def site_pk(self) -> int | None:
        return self.site.pk if self.site is not None else None

    @property
    def place_name(self) -> str:
        return str(self.site.short_name) if self.site else gettext("all sites at once")

    def get_page_subtitle(self) -> str:
        return self.place_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        current = AssistantPause.objects.holding().filter(site=self.site_pk).first()
        return super().get_context_data(**kwargs) | {
            "place_name": self.place_name,
            "current": current,
            "phone": contact.hotline_only(),
        }


class PauseView(_OneSiteView):
    template_name = "assistant/admin/pause.html"
    page_title = _("Stop the assistant")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or PauseForm()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PauseForm(request.POST)
        if not form.is_valid():
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=422)
        if request.POST.get("confirm") != "yes":
            context = self.get_context_data(form=form)
            preview = AssistantPause(
                sentence=form.terms.sentence, sentence_en=form.terms.sentence_en
            )
            context["preview"] = [
                (name, code, switch.sentence_of(preview, code))
                for code, name in languages.NAMES.items()
            ]
            return self.render_to_response(context)
        switch.pause(site=self.site_pk, terms=form.terms, user=request.user)
        messages.success(
            request,
            gettext("The assistant gives no answers any more: %(place)s.")
            % {"place": self.place_name},
        )
        return HttpResponseRedirect(reverse("assistant_pauses"))


class ResumeView(_OneSiteView):
    template_name = "assistant/admin/resume.html"
    page_title = _("Let the assistant answer again")
    header_icon = "view"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            switch.resume(
                site=self.site_pk, reason=request.POST.get("reason", "")[:300], user=request.user
            )
        except switch.NotSwitched as problem:
            messages.error(request, str(problem))
        else:
            messages.success(
                request,
                gettext("The assistant answers again: %(place)s.") % {"place": self.place_name},
            )
        return HttpResponseRedirect(reverse("assistant_pauses"))


class PausesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_pause_somewhere(request.user)


# --- the first page -------------------------------------------------------------------------------
class PausedPanel(Component):
    name = "assistant-paused"
    template_name = "assistant/admin/paused_panel.html"
    order = 20

    def __init__(self, rows: list[AssistantPause]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": self.rows, "url": reverse("assistant_pauses")}


class PausedReminder:
    """Nobody forgets that the assistant is stopped: whoever may let it answer again sees it."""

    order = 20

    def panel(self, request: HttpRequest) -> PausedPanel | None:
        if not may_pause_somewhere(request.user):
            return None
        rows = list(pauses_for(request.user).holding())  # type: ignore[attr-defined]
        return PausedPanel(rows) if rows else None

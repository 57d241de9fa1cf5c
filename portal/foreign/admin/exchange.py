"""Translations as files: getting them, trying what came back, taking it over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.foreign.exchange import bundle
from portal.foreign.exchange.units import NotReadable
from portal.foreign.models import ExchangeFile, ForeignSection, PageTranslation
from portal.foreign.permissions import Reach, may_translate, reach_of
from portal.foreign.selectors.exchange import Outcome, plans
from portal.foreign.services import exchange

from .links import desk_url

FORMS = ("po", "xliff")
MOST_AT_ONCE = 200
_TYPES = {"po": "text/x-gettext-translation", "xliff": "application/xliff+xml"}
STYLE = forms.Media(css={"all": ["foreign/admin/exchange.css"]})
OUTCOMES = {
    Outcome.NEW: _("new"),
    Outcome.CHANGED: _("changed"),
    Outcome.CONFIRMED: _("machine's text confirmed"),
    Outcome.SAME: _("as it is"),
    Outcome.UNFINISHED: _("not finished in the file"),
    Outcome.REFUSED: _("refused"),
}


def _translations() -> Any:
    return PageTranslation.objects.select_related(
        "section__locale", "section__site", "source__locale"
    )


def _as_file(name: str, data: bytes) -> HttpResponse:
    kind = "application/zip"
    if name.endswith(".po"):
        kind = _TYPES["po"]
    elif name.endswith(".xlf"):
        kind = _TYPES["xliff"]
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _form_of(request: HttpRequest) -> str:
    wanted = request.GET.get("format", "xliff")
    return wanted if wanted in FORMS else "xliff"


@require_safe
def export_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One page as a file, to its translators."""
    translation = get_object_or_404(_translations(), pk=pk)
    if not may_translate(request.user, translation):
        raise PermissionDenied
    return _as_file(*exchange.export([translation], _form_of(request)))


@require_safe
def export_queue(request: HttpRequest, section: int) -> HttpResponse:
    """What waits in a section and the account may translate, as one archive.

    ``?id=1&id=2``: only these.
    """
    found = get_object_or_404(ForeignSection, pk=section)
    reach = reach_of(request.user)
    rows = _translations().filter(section=found).exclude(status=PageTranslation.Status.CURRENT)
    wanted = [pk for pk in request.GET.getlist("id") if pk.isascii() and pk.isdecimal()]
    if wanted:
        rows = _translations().filter(section=found, pk__in=wanted[:MOST_AT_ONCE])
    mine = [
        row for row in rows.order_by("due", "pk") if may_translate(request.user, row, reach=reach)
    ]
    if not mine:
        if not any(held.section == found.pk for held in reach.memberships) and not reach.everything:
            raise PermissionDenied
        messages.info(request, gettext("Nothing waits for you in this language."))
        return HttpResponseRedirect(reverse("foreign_import"))
    return _as_file(*exchange.export(mine[:MOST_AT_ONCE], _form_of(request)))


class _Screen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_bring_files(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


def may_bring_files(user: Any, *, reach: Reach | None = None) -> bool:
    """Whoever translates anything; which pages is asked for each."""
    reach = reach or reach_of(user)
    return reach.everything or any(
        held.role in ("translator", "lead") for held in reach.memberships
    )


class ImportView(_Screen):
    """Choosing a file, the own files so far, and archives to take along."""

    template_name = "foreign/admin/import.html"
    page_title = _("Files of translators")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        reach = reach_of(user)
        mine = {held.section for held in reach.memberships if held.role in ("translator", "lead")}
        sections = ForeignSection.objects.select_related("site", "locale")
        return super().get_context_data(**kwargs) | {
            "accepted": bundle.ACCEPTED,
            "largest": filesizeformat(bundle.LARGEST),
            "files": ExchangeFile.objects.filter(user=user).defer("data")[:30],
            "sections": sections if reach.everything else sections.filter(pk__in=mine),
            "problem": kwargs.get("problem", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = request.FILES.get("file")
        if upload is None:
            return self._again(gettext("Choose a file."))
        if (upload.size or 0) > bundle.LARGEST:
            return self._again(
                gettext("The file is larger than %(size)s.")
                % {"size": filesizeformat(bundle.LARGEST)}
            )
        try:
            file = exchange.receive(
                user=request.user, name=upload.name or "", data=b"".join(upload.chunks())
            )
        except NotReadable as problem:
            return self._again(problem.message)
        return HttpResponseRedirect(reverse("foreign_import_file", args=[file.pk]))

    def _again(self, problem: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=problem), status=422)


class ImportFileView(_Screen):
    """What a file would do, row by row; after it was taken over, what it did."""

    template_name = "foreign/admin/import_file.html"
    page_title = _("File of translators")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.file = get_object_or_404(ExchangeFile, pk=kwargs["pk"])
        if self.file.user_id != request.user.pk:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.file.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"file": self.file, "outcomes": OUTCOMES}
        if self.file.state == ExchangeFile.State.TAKEN:
            return context | {
                "report": [
                    part
                    | {
                        "told": [
                            (label, part["counts"].get(outcome.value, 0))
                            for outcome, label in OUTCOMES.items()
                            if part["counts"].get(outcome.value)
                        ]
                    }
                    for part in self.file.report
                ]
            }
        found = plans(self.file.name, bytes(self.file.data), self.request.user)
        return context | {
            "plans": [
                {
                    "plan": plan,
                    "desk": desk_url(plan.translation.pk) if plan.translation else "",
                    "told": [
                        (label, plan.count(outcome))
                        for outcome, label in OUTCOMES.items()
                        if plan.count(outcome)
                    ],
                    "rows": [
                        {"row": row, "label": OUTCOMES[row.outcome]}
                        for row in plan.rows
                        if row.outcome not in (Outcome.SAME, Outcome.UNFINISHED)
                    ],
                }
                for plan in found
            ],
            "written": sum(plan.written for plan in found),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "forget":
            self.file.delete()
            messages.success(request, gettext("The file was thrown away; translations stay."))
            return HttpResponseRedirect(reverse("foreign_import"))
        if self.file.state == ExchangeFile.State.WAITING:
            done = exchange.take_over(file=self.file, user=request.user)
            written, refused = sum(plan.written for plan in done), exchange.refused_rows(done)
            messages.success(
                request,
                ngettext(
                    "%(count)d text was taken over.", "%(count)d texts were taken over.", written
                )
                % {"count": written},
            )
            if refused:
                messages.warning(
                    request,
                    ngettext(
                        "%(count)d entry was refused; it is below with its text.",
                        "%(count)d entries were refused; they are below with their texts.",
                        refused,
                    )
                    % {"count": refused},
                )
        return HttpResponseRedirect(reverse("foreign_import_file", args=[self.file.pk]))

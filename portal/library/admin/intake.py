"""Intake: the file, its columns, the dry run, the run with its progress, what was refused."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.library.forms import ways_to
from portal.library.models import Intake, IntakeRow, Mapping
from portal.library.services.sharing import columns_for
from portal.library.taking_in import services
from portal.library.taking_in.reading import KINDS, LARGEST_FILE
from portal.library.taking_in.rows import FIELDS
from portal.plugin_api import Action, main_site_pk, may, sites_allowing, table_response

from .base import LibraryView


def may_take_in(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_ADD)
    writes = sites_allowing(user, Action.PAGE_CHANGE)
    return (sites is None or bool(sites)) and (writes is None or bool(writes))


def _intakes(user: Any) -> Any:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    rows = Intake.objects.select_related("column", "site", "started_by")
    return rows if sites is None else rows.filter(site__in=sites)


class IntakeForm(forms.Form):
    column = forms.TypedChoiceField(label=_("Column"), coerce=int)
    mapping = forms.ChoiceField(label=_("Names of columns"), required=False)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV, XLSX, JSON lines, or a ZIP of HTML pages; up to 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
    )

    connector = forms.ChoiceField(
        label=_("Or from a connected system"),
        required=False,
        help_text=_("What is new there since the last time."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        systems = services.connectors(main_site_pk() or 0)
        if systems:
            fields["connector"].choices = [("", "—"), *systems]
        else:
            del fields["connector"]
        fields["column"].choices = ways_to(columns_for(user))
        names = Mapping.objects.all()
        sites = sites_allowing(user, Action.PAGE_CHANGE)
        if sites is not None:
            names = names.filter(site__in=sites)
        kept = sorted(set(names.values_list("name", flat=True)))
        fields["mapping"].choices = [("", _("find out by the headings")), *((n, n) for n in kept)]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("file") or cleaned.get("connector")):
            self.add_error("file", _("Choose a file."))
        return cleaned


class IntakesView(LibraryView):
    template_name = "library/admin/intakes.html"
    page_title = _("Intake from files")

    def may(self, request: HttpRequest) -> bool:
        return may_take_in(request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or IntakeForm(user=user),
            "rows": _intakes(user)[:50],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = IntakeForm(request.POST, request.FILES, user=request.user)
        if form.is_valid():
            try:
                intake = _open(form.cleaned_data, request.user)
            except services.NotTaken as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("library_intake", pk=intake.pk)
        return self.render_to_response(self.get_context_data(form=form))


def _open(values: dict[str, Any], user: Any) -> Intake:
    column = get_object_or_404(Page, pk=values["column"])
    upload = values["file"]
    if upload is None:
        return services.open_connection(column=column, connector=values["connector"], user=user)
    return services.open_intake(
        column=column, name=upload.name, data=upload.read(), user=user, mapping=values["mapping"]
    )


class IntakeView(LibraryView):
    template_name = "library/admin/intake.html"
    page_title = _("Intake from files")

    def may(self, request: HttpRequest) -> bool:
        self.intake = get_object_or_404(Intake, pk=self.kwargs["pk"])
        return may_take_in(request.user) and may(
            request.user, Action.PAGE_CHANGE, self.intake.site_id
        )

    def get_page_subtitle(self) -> str:
        return self.intake.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intake = self.intake
        labels = [("", gettext("not taken in")), *FIELDS.items()]
        refused = intake.rows.filter(outcome=IntakeRow.Outcome.REFUSED)
        return super().get_context_data(**kwargs) | {
            "intake": intake,
            "columns": [
                (number, heading, intake.fields.get(heading, ""), labels)
                for number, heading in enumerate(intake.headings)
            ],
            "counts": services.counts(intake),
            "refused": refused[:200],
            "rows": intake.rows.exclude(outcome=IntakeRow.Outcome.REFUSED).select_related("record")[
                :100
            ],
            "is_running": intake.state == Intake.State.RUNNING,
            "is_checked": intake.state == Intake.State.CHECKED,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step", "")
        try:
            if step == "check":
                fields = {
                    heading: request.POST.get(f"column-{number}", "")
                    for number, heading in enumerate(self.intake.headings)
                }
                known = {h: target for h, target in fields.items() if target in FIELDS}
                services.name_columns(
                    intake=self.intake,
                    fields=known,
                    keep_as=request.POST.get("keep_as", "").strip(),
                )
                services.dry_run(intake=self.intake)
            elif step == "run":
                if self.intake.state == Intake.State.CHECKED:
                    services.start(intake=self.intake)
            elif step == "stop":
                services.stop(intake=self.intake)
        except services.NotTaken as refused:
            messages.error(request, str(refused))
        return redirect("library_intake", pk=self.intake.pk)


def _own(request: HttpRequest, pk: int) -> Intake:
    intake = get_object_or_404(Intake, pk=pk)
    if not may(request.user, Action.PAGE_CHANGE, intake.site_id):
        raise PermissionDenied
    return intake


@require_safe
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    intake = _own(request, pk)
    return JsonResponse({"done": intake.done, "total": intake.total, "state": intake.state})


@require_safe
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """What was refused, as CSV: number of the row, why, and what it said."""
    intake = _own(request, pk)
    targets = list(intake.fields.values())
    headings = [gettext("Row"), gettext("Why"), *(str(FIELDS[target]) for target in targets)]
    rows = (
        [row.number, " ".join(row.reasons), *(row.values.get(target, "") for target in targets)]
        for row in intake.rows.filter(outcome=IntakeRow.Outcome.REFUSED)
    )
    return table_response("csv", f"rejected-{intake.pk}", headings, rows)

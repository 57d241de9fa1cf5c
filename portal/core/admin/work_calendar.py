"""工作日历: the days of all sites, edited one by one or brought in a year at a time."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permissions import register_permission_policy

from portal.core import roles
from portal.core.clocks.calendar_rows import ReadRows, read_rows
from portal.core.clocks.selectors import unknown_year
from portal.core.clocks.tasks import recount_after_commit
from portal.core.models import CalendarDay, CalendarYear
from portal.core.models.clocks import FIRST_YEAR, LAST_YEAR
from portal.core.permissions import PlatformPolicy
from portal.core.roles import Action
from portal.core.uploads.containers import FileProblem
from portal.core.uploads.sheets import LARGEST, sheet_text

from .viewsets import OwnDeleteView, OwnEditView, OwnIndexView, OwnViewSet

for _model in (CalendarDay, CalendarYear):
    register_permission_policy(_model, PlatformPolicy(_model, Action.CALENDAR))


# --- days and years one by one ----------------------------------------------------------------
class _Recounts:
    """A change of the calendar moves what is open."""

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        recount_after_commit()
        return saved

    def delete_action(self) -> None:
        super().delete_action()  # type: ignore[misc]
        recount_after_commit()


class CalendarCreateView(_Recounts, generic.CreateView):
    pass


class CalendarEditView(_Recounts, OwnEditView):
    pass


class CalendarDeleteView(_Recounts, OwnDeleteView):
    pass


class DayFilterSet(WagtailFilterSet):
    year = django_filters.ChoiceFilter(
        field_name="date__year",
        label=_("Year"),
        choices=lambda: [(year, str(year)) for year in _years()],
    )

    class Meta:
        model = CalendarDay
        fields = ["kind"]


def _years() -> list[int]:
    return [day.year for day in CalendarDay.objects.dates("date", "year", order="DESC")]


class DayIndexView(OwnIndexView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return [
            *super().header_buttons,
            HeaderButton(_("Add a year"), url=reverse("portal_calendar_year"), icon_name="upload"),
            HeaderButton(_("Years"), url=reverse("calendar_years:index"), icon_name="date"),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        missing = unknown_year()
        if missing is not None:
            messages.warning(self.request, missing_text(missing))
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context


class CalendarDayViewSet(OwnViewSet):
    """One calendar for all sites: the State Council's notices hold for all of them."""

    model = CalendarDay
    name = "calendar_days"
    url_prefix = "work-calendar"
    icon = "calendar"
    menu_label = _("Work calendar")
    index_view_class = DayIndexView
    add_view_class = CalendarCreateView
    edit_view_class = CalendarEditView
    delete_view_class = CalendarDeleteView
    filterset_class = DayFilterSet
    list_per_page = 60
    list_display = [
        TitleColumn(
            "date", label=_("date"), accessor=lambda day: date_format(day.date, "Y-m-d l"),
            sort_key="date", get_url=lambda day: reverse("calendar_days:edit", args=[day.pk]),
        ),
        Column("kind", label=_("kind"), accessor="get_kind_display", sort_key="kind"),
        Column("name", label=_("name")),
        Column("source", label=_("source")),
    ]  # fmt: skip


class CalendarYearViewSet(OwnViewSet):
    """The notices. Taking one away makes its year an unknown one; its days stay."""

    model = CalendarYear
    name = "calendar_years"
    url_prefix = "work-calendar-years"
    icon = "date"
    menu_label = _("Years of the work calendar")
    edit_view_class = CalendarEditView
    delete_view_class = CalendarDeleteView
    list_display = [
        TitleColumn(
            "year", label=_("year"), sort_key="year",
            get_url=lambda year: reverse("calendar_years:edit", args=[year.pk]),
        ),
        Column("source", label=_("document number")),
        Column("title", label=_("title")),
        DateColumn("issued_on", label=_("issued on")),
    ]  # fmt: skip

    def get_urlpatterns(self) -> list[Any]:
        patterns = super().get_urlpatterns()
        return [pattern for pattern in patterns if getattr(pattern, "name", "") != "add"]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        common["add_url_name"] = "portal_calendar_year"
        return common


def missing_text(year: int) -> str:
    """What administrators read about a year without a notice."""
    return gettext(
        "The work calendar knows no holidays of %(year)d yet: deadlines in that year count "
        "Monday to Friday. Add the year when the State Council's notice is out."
    ) % {"year": year}


# --- a whole year -----------------------------------------------------------------------------
class YearForm(forms.Form):
    """A notice with its days, pasted or as a file. Nothing is stored before every row is right."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.CharField(
        label=_("Document number"),
        max_length=60,
        help_text=_("Of the notice, such as 国办发明电〔2025〕7号."),
    )
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    issued_on = forms.DateField(label=_("Issued on"), required=False)
    rows = forms.CharField(
        label=_("Days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One day a line: date, kind, name, source (the last two may be left out), separated by "
            "commas or copied from a spreadsheet. Kinds: holiday, make-up working day, half "
            "working day (morning), working day."
        ),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("CSV or XLSX."))

    read: ReadRows

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if CalendarYear.objects.filter(year=year).exists():
            raise ValidationError(
                _("This year is in the calendar already. Change its days one by one.")
            )
        return year

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        text, file = data.get("rows", ""), data.get("file")
        field = "file" if file else "rows"
        if bool(text.strip()) == bool(file):
            self.add_error("rows", _("Either paste the days or choose a file."))
            return data
        try:
            content = file.read(LARGEST + 1) if file else text.encode()
            rows = sheet_text(content, file.name if file else "")
        except FileProblem as refusal:
            self.add_error(field, str(refusal))
            return data
        if "year" in data:
            self.read = read_rows(rows, year=data["year"], source=data.get("source", ""))
            for problem in self.read.problems[:30]:
                self.add_error(field, problem)
        return data


@transaction.atomic
def add_year(*, data: dict[str, Any], read: ReadRows, user: Any) -> CalendarYear:
    """Store a notice and its days, with an entry in the log."""
    year = CalendarYear(
        year=data["year"],
        source=data["source"],
        title=data["title"],
        issued_on=data["issued_on"],
    )
    year.full_clean()
    year.save()
    for day in read.days:
        day.full_clean()
        day.save()
        log(instance=day, action="wagtail.create", user=user)
    log(instance=year, action="wagtail.create", user=user, data={"days": len(read.days)})
    recount_after_commit()
    return year


class AddYearView(WagtailAdminTemplateMixin, FormView):
    template_name = "portal/admin/calendar_year.html"
    form_class = YearForm
    page_title = _("Add a year to the work calendar")
    header_icon = "calendar"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not roles.may(request.user, Action.CALENDAR, None):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"year": unknown_year()}

    def form_valid(self, form: YearForm) -> HttpResponse:
        year = add_year(data=form.cleaned_data, read=form.read, user=self.request.user)
        messages.success(
            self.request,
            gettext("The calendar of %(year)d is there, with %(count)d days.")
            % {"year": year.year, "count": len(form.read.days)},
        )
        return HttpResponseRedirect(f"{reverse('calendar_days:index')}?year={year.year}")

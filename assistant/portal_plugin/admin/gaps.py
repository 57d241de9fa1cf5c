"""Gaps in the admin: the list, and one gap with its questions and what can be done."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from assistant.portal_plugin.forms import (
    ColumnChoice,
    columns_for,
    language_choices,
    language_name,
)
from assistant.portal_plugin.models import Gap, GapEvent, GapQuestion, QuestionPage
from assistant.portal_plugin.selectors.gaps import (
    gaps_for,
    gaps_of,
    may_decide,
    may_work_on,
    nearby,
)
from assistant.portal_plugin.selectors.tasks import may_work_on_entries
from assistant.portal_plugin.services import gap_drafts, gaps
from assistant.portal_plugin.services.gap_examining import clauses_near
from portal.plugin_api import Action, may, site_of_path

PER_PAGE = 30
MOST_PEOPLE = 60
_STATE = Gap.State
# Shown to whoever asks for a state; otherwise what is to be done.
_STATES = [choice for choice in _STATE.choices if choice[0] != _STATE.MERGED]


class GapFilterSet(WagtailFilterSet):
    words = django_filters.CharFilter(label=_("Words in the questions"), method="having_words")
    state = django_filters.ChoiceFilter(label=_("State"), choices=_STATES)
    site = django_filters.ModelChoiceFilter(
        label=_("Site"), queryset=lambda request: _sites(request)
    )
    owner_unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=lambda request: _units(request)
    )
    language = django_filters.ChoiceFilter(label=_("Language"), choices=language_choices())
    mine = django_filters.BooleanFilter(
        label=_("Waits for me or my unit"), method="of_mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Gap
        fields: list[str] = []

    def having_words(self, rows: QuerySet[Gap], _name: str, value: str) -> QuerySet[Gap]:
        asked = GapQuestion.objects.filter(text__icontains=value).exclude(gap=None)
        return rows.filter(Q(title__icontains=value) | Q(pk__in=asked.values("gap")))

    def of_mine(self, rows: QuerySet[Gap], _name: str, value: bool) -> QuerySet[Gap]:
        return rows.filter(pk__in=gaps_of(self.request.user).values("pk")) if value else rows


def _sites(request: HttpRequest) -> Any:
    field: Any = Gap._meta.get_field("site")
    pks = gaps_for(request.user).order_by().values("site")
    return field.related_model._default_manager.filter(pk__in=pks)


def _units(request: HttpRequest) -> Any:
    field: Any = Gap._meta.get_field("owner_unit")
    pks = gaps_for(request.user).order_by().values("owner_unit")
    return field.related_model._default_manager.filter(pk__in=pks)


def unit_of(gap: Gap) -> str:
    """The unit, with a mark where it is only guessed."""
    if gap.owner_unit is None:
        return "—"
    return f"{gap.owner_unit} ?" if gap.owner_is_guess else str(gap.owner_unit)


def trend_of(gap: Gap) -> str:
    """The questions of the last four weeks, and whether they are more than in the four before."""
    arrow = "↑" if gap.recent > gap.before else "↓" if gap.recent < gap.before else "→"
    return f"{gap.recent} {arrow}"


def took_of(gap: Gap) -> str:
    return f"{gap.took.total_seconds() / 86_400:.1f}" if gap.took is not None else ""


def _as_text(value: Any) -> str:
    """In a table program, words of visitors are words: never a formula."""
    text = str(value or "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


class GapListView(ReportView):
    index_url_name = "assistant_gaps"
    index_results_url_name = "assistant_gaps_results"
    page_title = _("Gaps: asked in vain")
    header_icon = "help"
    model = Gap
    is_searchable = False
    filterset_class = GapFilterSet
    default_ordering = "-size"
    export_filename = "gaps"
    list_export = [
        "pk", "title", "site.short_name", "language", "get_state_display", "owner_unit",
        "owner_is_guess", "topic", "size", "askers", "recent", "before", "first_at", "last_at",
        "opened_at", "closed_at", "closed_by", "reason", "reopened",
    ]  # fmt: skip
    export_headings = {
        "pk": _("Number"), "title": _("Asked"), "site.short_name": _("Site"),
        "get_state_display": _("State"), "owner_unit": _("Unit"),
        "owner_is_guess": _("Unit is guessed"), "size": _("Questions"), "askers": _("People"),
        "recent": _("In the last four weeks"), "before": _("In the four weeks before"),
        "first_at": _("First asked"), "last_at": _("Last asked"), "opened_at": _("Opened"),
        "closed_at": _("Closed"), "closed_by": _("Closed by"), "reason": _("Reason"),
        "reopened": _("Reopened"), "language": _("Language"), "topic": _("Topic"),
    }  # fmt: skip
    custom_field_preprocess = {
        name: {"csv": _as_text, "xlsx": _as_text}
        for name in ("title", "owner_unit", "topic", "closed_by", "reason", "site.short_name")
    }
    columns = [
        TitleColumn(
            "title",
            label=_("Asked"),
            accessor=lambda gap: Truncator(gap.title).chars(80),
            get_url=lambda gap: reverse("assistant_gap", args=[gap.pk]),
            sort_key="title",
        ),
        Column("size", label=_("Questions"), sort_key="size"),
        Column("askers", label=_("People"), sort_key="askers"),
        Column("recent", label=_("Four weeks"), accessor=trend_of, sort_key="recent"),
        Column(
            "language",
            label=_("Language"),
            accessor=lambda gap: language_name(gap.language),
            sort_key="language",
        ),
        Column("owner", label=_("Unit"), accessor=unit_of),
        Column("site", label=_("Site"), accessor="site.short_name"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("last_at", label=_("Last asked"), sort_key="last_at"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_base_queryset(self) -> QuerySet[Gap]:
        return self.get_queryset()

    def get_queryset(self) -> QuerySet[Gap]:
        found = gaps_for(self.request.user)
        if not self.request.GET.get("state"):
            found = found.filter(state__in=Gap.ACTIVE)
        ordering = self.request.GET.get("ordering", "")
        allowed = {"title", "size", "askers", "recent", "language", "state", "last_at"}
        if ordering.lstrip("-") in allowed:
            return found.order_by(ordering, "-pk")
        return found.order_by("-size", "-pk")


class AssignForm(forms.Form):
    unit: Any = forms.ModelChoiceField(label=_("Unit"), queryset=None, required=False)
    person: Any = forms.ModelChoiceField(label=_("Person"), queryset=None, required=False)

    def __init__(self, *args: Any, gap: Gap, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "assign"} | kwargs)
        unit, person = self.fields["unit"], self.fields["person"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(person, forms.ModelChoiceField)
        units: Any = Gap._meta.get_field("owner_unit")
        unit.queryset = units.related_model._default_manager.all()
        # The people of the unit; to name one of another unit, that is assigned first.
        people = get_user_model()._default_manager.filter(
            Q(organisation=gap.owner_unit_id, organisation__isnull=False) | Q(pk=gap.assignee_id),
            is_active=True,
        )
        allowed = [user.pk for user in people[:MOST_PEOPLE] if may_work_on(user, gap)]
        person.queryset = people.filter(pk__in=allowed)
        self.initial = {"unit": gap.owner_unit_id, "person": gap.assignee_id}


class DraftForm(forms.Form):
    """Where the entry is to stand: columns of the gap's site, its own first."""

    column = ColumnChoice(label=_("Column"), queryset=None)

    def __init__(self, *args: Any, gap: Gap, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "draft"} | kwargs)
        columns = columns_for(user)
        own = [column.pk for column in columns if site_of_path(column.path) == gap.site_id]
        field: Any = self.fields["column"]
        field.queryset = columns.filter(pk__in=own)
        self.has_any = bool(own)
        used = QuestionPage.objects.filter(depth__gt=1).values_list("path", flat=True).order_by()
        above = {path[: -Page.steplen] for path in used.iterator(chunk_size=2000)}
        with_entries = [column.pk for column in field.queryset if column.path in above]
        first = [pk for pk in (gap.column_id, *with_entries, *own) if pk in own]
        self.initial = {"column": next(iter(first), None)}


class GapView(WagtailAdminTemplateMixin, TemplateView):
    """One gap: its questions, the nearest entries and clauses, and what can be done."""

    template_name = "assistant/admin/gap.html"
    page_title = _("Gap")
    header_icon = "help"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        found = get_object_or_404(Gap, pk=kwargs["pk"])
        if (
            found.state == _STATE.MERGED
            and found.merged_into_id
            and may_work_on(request.user, found)
        ):
            return HttpResponseRedirect(reverse("assistant_gap", args=[found.merged_into_id]))
        self.gap = get_object_or_404(gaps_for(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return Truncator(self.gap.title).chars(80)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gap, user = self.gap, self.request.user
        decides = may_decide(user, gap)
        events = list(gap.events.select_related("by")[:40])
        last = next((e for e in events if not e.undone_at and e.kind != GapEvent.Kind.UNDONE), None)
        others = gaps_for(user).filter(site=gap.site_id, state__in=Gap.ACTIVE).exclude(pk=gap.pk)
        near = nearby(gap)
        draft_form = DraftForm(gap=gap, user=user)
        return super().get_context_data(**kwargs) | {
            "gap": gap,
            "questions": Paginator(gap.questions.order_by("-at", "-pk"), PER_PAGE).get_page(
                self.request.GET.get("p")
            ),
            "nearby": near,
            "clauses": clauses_near(gap) if gap.is_active else (),
            "events": events,
            "undo": last if last is not None and last.before else None,
            "decides": decides,
            "others": others.order_by("-size")[:100] if decides else (),
            "assign_form": AssignForm(gap=gap) if decides else None,
            "draft_form": draft_form if draft_form.has_any else None,
            "draft_url": edit_url_of(gap.draft, user),
            "closed_url": edit_url_of(gap.closed_by, user),
            "trend": trend_of(gap),
            "took": took_of(gap),
            "unit": unit_of(gap),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = getattr(self, f"_do_{request.POST.get('do', '')}", None)
        if act is None:
            return HttpResponse(status=400)
        try:
            url = act()
        except gaps.NotDone as refused:
            messages.error(request, str(refused))
            url = None
        return HttpResponseRedirect(url or reverse("assistant_gap", args=[self.gap.pk]))

    # --- what can be done: each gives an address, or None for the gap itself ----------------------
    def _do_assign(self) -> None:
        form = AssignForm(self.request.POST, gap=self.gap)
        if not form.is_valid():
            raise gaps.NotDone(gettext("Choose a unit or a person of the list."))
        data = form.cleaned_data
        gaps.assign(gap=self.gap, unit=data["unit"], person=data["person"], user=self.request.user)
        messages.success(self.request, gettext("Assigned."))

    def _do_take_up(self) -> None:
        gaps.take_up(gap=self.gap, user=self.request.user)
        messages.success(self.request, gettext("It is yours now."))

    def _do_draft(self) -> str:
        form = DraftForm(self.request.POST, gap=self.gap, user=self.request.user)
        if not form.is_valid():
            raise gaps.NotDone(gettext("Choose a column."))
        draft = gap_drafts.draft_for(
            gap=self.gap, column=form.cleaned_data["column"], user=self.request.user
        )
        messages.success(
            self.request,
            gettext("Put the quoted text into plain words. Once published, it closes the gap."),
        )
        return reverse("wagtailadmin_pages:edit", args=[draft.pk])

    def _do_close(self) -> None:
        pks = _numbers(self.request.POST.getlist("entry"))
        entry = QuestionPage.objects.filter(pk__in=pks).first()
        if entry is None:
            raise gaps.NotDone(gettext("Choose the entry that answers these questions."))
        gaps.close(gap=self.gap, entry=entry, user=self.request.user)
        messages.success(self.request, gettext("Closed."))

    def _do_dismiss(self) -> str:
        gaps.dismiss(
            gap=self.gap, reason=self.request.POST.get("reason", ""), user=self.request.user
        )
        messages.success(self.request, gettext("Dismissed."))
        return reverse("assistant_gaps")

    def _do_reopen(self) -> None:
        gaps.reopen(gap=self.gap, user=self.request.user)
        messages.success(self.request, gettext("Opened again."))

    def _do_merge(self) -> None:
        others = gaps_for(self.request.user).filter(
            pk__in=_numbers(self.request.POST.getlist("other"))
        )
        gaps.merge(gap=self.gap, others=others, user=self.request.user)
        messages.success(self.request, gettext("Merged."))

    def _do_split(self) -> str:
        made = gaps.split(gap=self.gap, questions=self._questions(), user=self.request.user)
        messages.success(self.request, gettext("This is the new gap."))
        return reverse("assistant_gap", args=[made.pk])

    def _do_take_out(self) -> None:
        count = gaps.take_out(gap=self.gap, questions=self._questions(), user=self.request.user)
        text = ngettext(
            "%(count)d question was taken out.", "%(count)d questions were taken out.", count
        )
        messages.success(self.request, text % {"count": count})

    def _do_undo(self) -> None:
        pks = _numbers([self.request.POST.get("event", "")])
        event = get_object_or_404(self.gap.events, pk__in=pks)
        gaps.undo(event=event, user=self.request.user)
        messages.success(self.request, gettext("Taken back."))

    def _questions(self) -> list[int]:
        return _numbers(self.request.POST.getlist("question"))


def edit_url_of(page: QuestionPage | None, user: Any) -> str:
    if page is None or not may(user, Action.PAGE_CHANGE, site_of_path(page.path)):
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _numbers(texts: list[str]) -> list[int]:
    return [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) < 19]

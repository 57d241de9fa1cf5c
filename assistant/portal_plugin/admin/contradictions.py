"""Entries that answer the same question differently: the list, and one pair side by side."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from assistant.portal_plugin.likeness import marked
from assistant.portal_plugin.models import Contradiction
from assistant.portal_plugin.selectors.tasks import contradictions_for, may_work_on_entries
from assistant.portal_plugin.services.contradictions import NotSettled, settle

_STATE = Contradiction.State


class ContradictionFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=_STATE.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Contradiction.Kind.choices)

    class Meta:
        model = Contradiction
        fields: list[str] = []


def _owners(row: Contradiction) -> str:
    units = (str(page.owner_unit or "—") for page in (row.first, row.second))
    return " / ".join(dict.fromkeys(units))


class ContradictionListView(ReportView):
    index_url_name = "assistant_contradictions"
    index_results_url_name = "assistant_contradictions_results"
    page_title = _("Contradicting answers")
    header_icon = "warning"
    model = Contradiction
    is_searchable = False
    filterset_class = ContradictionFilterSet
    columns = [
        TitleColumn(
            "first",
            label=_("Question"),
            accessor="first.title",
            get_url=lambda row: reverse("assistant_contradiction", args=[row.pk]),
        ),
        Column("second", label=_("and the question"), accessor="second.title"),
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
        Column("owners", label=_("Answered by"), accessor=_owners),
        Column("state", label=_("State"), accessor="get_state_display"),
        DateColumn("found_at", label=_("Found")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> QuerySet[Contradiction]:
        found = contradictions_for(self.request.user)
        # What is settled is history: shown to whoever asks for it.
        return found if self.request.GET.get("state") else found.filter(state=_STATE.OPEN)


class ContradictionView(WagtailAdminTemplateMixin, TemplateView):
    """Both entries side by side with what differs, and the three ways to settle it."""

    template_name = "assistant/admin/contradiction.html"
    page_title = _("Contradicting answers")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        self.row = get_object_or_404(contradictions_for(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.row, self.request.user
        pages = (row.first, row.second)
        rights = [page.permissions_for_user(user) for page in pages]
        answers = marked(row.first.answer_text, row.second.answer_text)
        asked = marked(row.first.question, row.second.question)
        return super().get_context_data(**kwargs) | {
            "row": row,
            "sides": [
                {
                    "page": page,
                    "question": asked[place],
                    "answer": answers[place],
                    "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk])
                    if rights[place].can_edit()
                    else "",
                    # This one may stay where the other one may be ended.
                    "may_stay": rights[1 - place].can_publish(),
                }
                for place, page in enumerate(pages)
            ],
            "is_open": row.state == _STATE.OPEN,
            "may_settle": any(right.can_edit() for right in rights),
            "reason": kwargs.get("reason", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        winner = request.POST.get("winner", "")
        is_number = winner.isascii() and winner.isdecimal() and len(winner) < 19
        try:
            settle(
                pk=self.row.pk,
                decision=request.POST.get("decision", ""),
                user=request.user,
                reason=request.POST.get("reason", ""),
                winner=int(winner) if is_number else None,
            )
        except NotSettled as refused:
            messages.error(request, str(refused))
            context = self.get_context_data(reason=request.POST.get("reason", ""))
            return self.render_to_response(context, status=422)
        messages.success(request, gettext("Settled. It comes back when one of the two changes."))
        return HttpResponseRedirect(reverse("assistant_contradictions"))


class WorkOnEntriesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_work_on_entries(request.user)

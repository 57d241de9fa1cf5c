"""Repeal cases in the admin: the list of the own sites, and one case with all that rests on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import Action, DependantAction, sites_allowing
from portal.policy_interpretation.models import CascadeCase, CascadeItem
from portal.policy_interpretation.selectors.cascade import (
    may_decide,
    may_end,
    visible_cases,
    with_counts,
)
from portal.policy_interpretation.services import cascade

PER_PAGE = 50
LABELS = {
    DependantAction.UPDATE: _("It is up to date now"),
    DependantAction.REPOINT: _("Point to the new document"),
    DependantAction.MARK: _("Mark as outdated"),
    DependantAction.WITHDRAW: _("Withdraw"),
    DependantAction.KEEP: _("Keep, with the reason"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the screen shows it; without buttons for who may only look."""

    item: CascadeItem
    buttons: list[tuple[str, Any]]

    @property
    def is_open(self) -> bool:
        return self.item.state == CascadeItem.State.OPEN


class CasesView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "policy_interpretation/admin/cases.html"
    page_title = _("Repeal cases")
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sites = sites_allowing(request.user, Action.PAGE_PUBLISH)
        if sites is not None and not sites:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        show_all = "all" in self.request.GET
        cases = visible_cases(self.request.user)
        if not show_all:
            cases = cases.filter(done_at=None)
        pages = Paginator(with_counts(cases), PER_PAGE)
        cases_page = pages.get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"cases": cases_page, "show_all": show_all}


class CaseView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "policy_interpretation/admin/case.html"
    page_title = _("What rests on it")
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        cases = CascadeCase.objects.select_related("policy__policy_record__repealed_by")
        self.case = get_object_or_404(cases.filter(closed=False), pk=kwargs["pk"])
        owns = may_end(request.user, self.case.policy)
        if not owns and not visible_cases(request.user).filter(pk=self.case.pk).exists():
            raise PermissionDenied
        self.owns = owns
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.case.policy.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        successor = cascade.successor(self.case)
        lines = list(self._lines(has_successor=successor is not None))
        return super().get_context_data(**kwargs) | {
            "case": self.case,
            "policy": self.case.policy,
            "validity": self.case.policy.validity(),
            "successor": successor,
            "open_lines": [line for line in lines if line.is_open],
            "done_lines": [line for line in lines if not line.is_open],
            "many": [(str(action), LABELS[action]) for action in cascade.SAFE_FOR_MANY],
            "ending_url": reverse("policy_ending", args=[self.case.policy_id]) if self.owns else "",
        }

    def _lines(self, *, has_successor: bool) -> Iterator[Line]:
        items = self.case.items.select_related("page__content_type", "site", "decided_by", "case")
        for item in items:
            actions: list[DependantAction] = []
            if may_decide(self.request.user, item):
                actions = [DependantAction(name) for name in item.actions]
            if actions or self.owns:
                actions.append(DependantAction.KEEP)
            if not has_successor:
                actions = [action for action in actions if action != DependantAction.REPOINT]
            yield Line(item, [(str(action), LABELS[action]) for action in actions])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("do", "")
        if wanted == "refresh":
            cascade.follow(policy_pk=self.case.policy_id)
        elif wanted == "many":
            self._many(request)
        else:
            self._one(request, wanted)
        return HttpResponseRedirect(reverse("policy_case", args=[self.case.pk]))

    def _one(self, request: HttpRequest, wanted: str) -> None:
        name, _colon, number = wanted.partition(":")
        action = _action(name)
        if action is None or not number.isdecimal():
            messages.error(request, gettext("Choose what to do with which item."))
            return
        item = get_object_or_404(self.case.items, pk=int(number))
        reason = request.POST.get(f"reason-{item.pk}", "")
        try:
            cascade.decide(item=item, action=action, reason=reason, user=request.user)
        except ValidationError as error:
            messages.error(request, f"{item.label}: {' '.join(error.messages)}")
        else:
            messages.success(request, gettext("%(item)s: done.") % {"item": item.label})

    def _many(self, request: HttpRequest) -> None:
        action = _action(request.POST.get("many", ""))
        numbers = [int(pk) for pk in request.POST.getlist("item") if pk.isdecimal()]
        items = self.case.items.filter(pk__in=numbers)
        if action is None or not numbers:
            messages.error(request, gettext("Choose what to do with which items."))
            return
        try:
            done, refused = cascade.decide_many(
                items=items,
                action=action,
                reason=request.POST.get("reason", ""),
                user=request.user,
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return
        for sentence in refused:
            messages.error(request, sentence)
        if done:
            words = ngettext("%(count)s item: done.", "%(count)s items: done.", done)
            messages.success(request, words % {"count": done})


def _action(name: str) -> DependantAction | None:
    return DependantAction(name) if name in DependantAction else None

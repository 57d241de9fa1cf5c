"""Tasks: searches that served nobody, who sees to them, and what was done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import sites_allowing
from portal.search.engine.contract import EngineUnavailable
from portal.search.models import SearchTask
from portal.search.permissions import READING, RULES, may_at
from portal.search.services import tasking
from portal.search.services.contract import Search
from portal.search.services.searching import find

from .base import DeskView
from .figures import task_or_404
from .rules import search_url

_ON_A_PAGE = 30
_STATE = SearchTask.State


class TasksView(DeskView):
    """Tasks of the own sites: open ones first, those of most people first."""

    template_name = "portal_search/admin/tasks.html"
    page_title = gettext_lazy("Search tasks")
    header_icon = "tasks"
    needed = READING

    def _chosen(self) -> Any:
        return super()._chosen() if self.request.GET.get("site") else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET
        rows = SearchTask.objects.select_related("site", "owner")
        allowed = sites_allowing(self.request.user, READING)
        if allowed is not None:
            rows = rows.filter(site__in=allowed)
        if self.site is not None:
            rows = rows.filter(site=self.site)
        state = chosen.get("state", "")
        if state in _STATE.values:
            rows = rows.filter(state=state)
        elif state != "all":
            rows = rows.exclude(state=_STATE.CLOSED)
        if chosen.get("kind") in SearchTask.Kind.values:
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("mine"):
            rows = rows.filter(owner=self.request.user.pk)
        page = Paginator(rows, _ON_A_PAGE).get_page(chosen.get("p"))
        query = chosen.copy()
        query.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "query": query.urlencode(),
            "state": state,
            "states": _STATE.choices,
            "kind": chosen.get("kind", ""),
            "kinds": SearchTask.Kind.choices,
            "mine": bool(chosen.get("mine")),
        }


class OwnerForm(forms.Form):
    """Whoever works at the site may be given the task."""

    owner: Any = forms.ModelChoiceField(
        queryset=None, required=False, label=gettext_lazy("Who sees to it"), empty_label="—"
    )

    def __init__(self, *args: Any, task: SearchTask, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Q(groups__site_role__site=task.site_id) | Q(pk=task.owner_id or 0)
        people = get_user_model().objects.filter(here, is_active=True).distinct()
        self.fields["owner"].queryset = people.order_by("username")  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    done = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        choices=[
            (value, label)
            for value, label in SearchTask.Done.choices
            if value != SearchTask.Done.FOUND
        ],
    )
    note = forms.CharField(label=gettext_lazy("note"), max_length=300, required=False)


class TaskView(DeskView):
    """One task: what it is about, what is found now, and the ways to deal with it."""

    template_name = "portal_search/admin/task.html"
    page_title = gettext_lazy("Search task")
    header_icon = "tasks"
    needed = READING

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.task = task_or_404(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.task.text

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task = self.task
        started = {"site": task.site_id}
        may_rule = may_at(self.request.user, RULES, task.site_id)
        return super().get_context_data(**kwargs) | {
            "task": task,
            "owner_form": OwnerForm(task=task, initial={"owner": task.owner_id}),
            "close_form": kwargs.get("close_form") or CloseForm(initial={"note": task.note}),
            "found_now": self._found_now(),
            "try_url": search_url(task.text, task.site_id),
            "may_rule": may_rule,
            "synonym_url": _with(reverse("synonymrule:add"), started | {"words": task.text}),
            "bet_url": _with(reverse("bestbet:add"), started | {"queries": task.text}),
            "is_closed": task.state == _STATE.CLOSED,
        }

    def _found_now(self) -> int | None:
        """How much the query finds at this moment; None: the index cannot be asked."""
        task = self.task
        try:
            search = Search(text=task.text, language=task.language, site=task.site_id)
            outcome = find(search)
        except EngineUnavailable:
            return None
        return None if outcome.how == "titles_only" else outcome.total

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sent, task = request.POST, self.task
        try:
            if "take" in sent:
                tasking.take(task=task, by=request.user)
            elif "give" in sent:
                form = OwnerForm(sent, task=task)
                if not form.is_valid():
                    raise ValidationError(_("Choose somebody who works at this site."))
                tasking.hand_over(task=task, owner=form.cleaned_data["owner"])
            elif "close" in sent:
                closing = CloseForm(sent)
                if not closing.is_valid():
                    return self._refused(closing)
                tasking.close(task=task, by=request.user, **closing.cleaned_data)
            elif "reopen" in sent:
                tasking.reopen(task=task)
        except ValidationError as error:
            if "close" in sent and hasattr(error, "error_dict"):
                closing.add_error(None, error)
                return self._refused(closing)
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)

    def _refused(self, form: CloseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(close_form=form), status=422)


def _with(url: str, values: dict[str, Any]) -> str:
    return f"{url}?{urlencode(values)}"

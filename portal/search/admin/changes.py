"""Who changed which rule, when and how; and back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import sites_allowing
from portal.search.models import RuleChange
from portal.search.permissions import RULES, action_of, may_at
from portal.search.services.changing import RULES as MODELS
from portal.search.services.changing import readable, undo

from .base import DeskView

_ON_A_PAGE = 30


class ChangesView(DeskView):
    """Changes at the own sites, the newest first; whoever may set such a rule may undo."""

    template_name = "portal_search/admin/changes.html"
    page_title = gettext_lazy("Changes of search rules")
    header_icon = "history"
    needed = RULES

    def _chosen(self) -> Any:
        return super()._chosen() if self.request.GET.get("site") else None

    def rows(self) -> QuerySet[RuleChange]:
        found = RuleChange.objects.select_related("site", "undone_by")
        allowed = sites_allowing(self.request.user, RULES)
        if allowed is not None:
            found = found.filter(site__in=allowed)
        if self.site is not None:
            found = found.filter(site=self.site)
        kind = self.request.GET.get("kind", "")
        return found.filter(model=kind) if kind in MODELS else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.rows(), _ON_A_PAGE).get_page(self.request.GET.get("p"))
        rows = [
            {
                "change": change,
                "kind": MODELS[change.model]._meta.verbose_name,
                "values": readable(change),
                "may_undo": change.undone_by_id is None and self._may(change),
            }
            for change in page
        ]
        query = self.request.GET.copy()
        query.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "page": page,
            "query": query.urlencode(),
            "kinds": {name: model._meta.verbose_name for name, model in MODELS.items()},
            "kind": self.request.GET.get("kind", ""),
        }

    def _may(self, change: RuleChange) -> bool:
        return may_at(self.request.user, action_of(MODELS[change.model]), change.site_id)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("undo", "")
        change = get_object_or_404(self.rows(), pk=int(asked) if asked.isdecimal() else 0)
        if not self._may(change):
            raise PermissionDenied
        try:
            undo(change=change, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("Undone: “%(rule)s” is as it was.") % {"rule": change.label}
            )
        return HttpResponseRedirect(request.get_full_path())

"""Reposts beside their sources: the list, and the two texts side by side."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.reposting.models import RepostWatch, WatchState
from portal.reposting.permissions import known_sites, may_work_on, sites_worked_on
from portal.reposting.services import watching
from portal.reposting.services.errors import RepostingError

from .base import Screen, kept, window


class WatchesScreen(Screen):
    template_name = "reposting/admin/watches.html"
    page_title = _("Reposts and their sources")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sites = known_sites(sites_worked_on(self.request.user))
        rows = RepostWatch.objects.filter(site__in=sites, public_at__isnull=False)
        rows = rows.select_related("page", "site")
        rows = rows.defer("source_text")
        state = self.request.GET.get("state", "")
        if state == "alarming":
            rows = rows.filter(state__in=RepostWatch.ALARMING, settled_at__isnull=True)
        elif state in WatchState.values:
            rows = rows.filter(state=state)
        return context | {
            "window": window(rows.order_by("-public_at", "-pk"), self.request),
            "state": state,
            "states": WatchState.choices,
            "kept": kept(self.request),
        }


class WatchScreen(Screen):
    """The source as it was read last, and the repost as it is."""

    template_name = "reposting/admin/watch.html"
    page_title = _("Repost beside its source")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = RepostWatch.objects.select_related("page", "site")
        self.row: RepostWatch = get_object_or_404(rows, pk=kwargs["pk"])
        if not may_work_on(request.user, self.row):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def do_check(self, request: HttpRequest) -> str:
        row = watching.check(self.row.pk)
        if row.note:
            raise RepostingError(
                gettext("The source could not be read: %(reason)s") % {"reason": row.note}
            )
        return gettext("Compared: %(state)s.") % {"state": row.get_state_display()}

    def do_settle(self, request: HttpRequest) -> str:
        watching.settle(watch_pk=self.row.pk, note=request.POST.get("note", ""), by=request.user)
        return gettext("Noted why the difference may stand.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row = self.row
        found = watching.compared(row) if row.source_text else None
        return context | {
            "row": row,
            "found": found,
            "percent": f"{found.score / 10:.1f}" if found else "",
            "may_edit_page": row.page.permissions_for_user(self.request.user).can_edit(),
        }

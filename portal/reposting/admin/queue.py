"""The queue of what bodies above published, and one item of it."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ColumnPage, clocks, pages_to_add_below, site_home
from portal.reposting.main_text import plain_lines
from portal.reposting.models import ItemState, RepostWatch, UpstreamItem, UpstreamSource
from portal.reposting.permissions import known_sites, may_work_on, sites_worked_on
from portal.reposting.selectors.items import counts, late, queue
from portal.reposting.services import queue as services
from portal.reposting.services.errors import RepostingError

from .base import Screen, kept, number_in, numbers_in, window

_MOST_COLUMNS = 500


class QueueScreen(Screen):
    """What is to be reposted, the most urgent first; several can be set aside at once."""

    template_name = "reposting/admin/queue.html"
    page_title = _("Queue of reposts")

    def rows(self) -> QuerySet[UpstreamItem]:
        return queue(known_sites(sites_worked_on(self.request.user)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = self.request.GET
        rows = self.rows()
        state = asked.get("state", "open")
        found = rows
        if state == "late":
            found = found.filter(late())
        elif state in ItemState.values:
            found = found.filter(state=state)
        elif state != "all":
            state, found = "open", found.filter(state__in=UpstreamItem.OPEN)
        source = number_in(asked.get("source"))
        if source is not None:
            found = found.filter(source=source)
        words = asked.get("q", "").strip()[:80]
        if words:
            found = found.filter(title__icontains=words)
        # The oldest source time is the most urgent one; what is over is read from the newest.
        is_open = state in ("open", "late", *UpstreamItem.OPEN)
        page = window(
            found.order_by(*(("published_at", "pk") if is_open else ("-published_at", "-pk"))),
            self.request,
        )
        for row in page:
            row.words = clocks.words(row.clock) if row.clock and row.is_open else None
        sites = known_sites(sites_worked_on(self.request.user))
        sources = UpstreamSource.objects.filter(site__in=sites).order_by("name")[:200]
        return context | {
            "window": page,
            "counts": counts(rows),
            "state": state,
            "states": ItemState.choices,
            "sources": sources,
            "source": source,
            "words": words,
            "kept": kept(self.request),
            "chosen": numbers_in(self.request) if self.typed else [],
        }

    def do_set_aside(self, request: HttpRequest) -> str:
        pks = list(self.rows().filter(pk__in=numbers_in(request)).values_list("pk", flat=True))
        if not pks:
            raise RepostingError(gettext("Choose at least one item."))
        done = services.set_aside(
            item_pks=pks, reason=request.POST.get("reason", ""), by=request.user
        )
        return ngettext(
            "%(number)d item was set aside.", "%(number)d items were set aside.", done
        ) % {"number": done}


class ItemScreen(Screen):
    """One item: what the source says, how long there is, and what is to be done."""

    template_name = "reposting/admin/item.html"
    page_title = _("Item of a source")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = UpstreamItem.objects.select_related(
            "source__column", "clock", "page", "site", "same_as"
        )
        self.row: UpstreamItem = get_object_or_404(rows, pk=kwargs["pk"])
        if not may_work_on(request.user, self.row):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def columns(self) -> QuerySet[Any]:
        """Where a draft can be made: Chinese columns of the site in which this account writes."""
        home = site_home(self.row.site_id, "zh-hans")
        if home is None:
            return ColumnPage.objects.none()
        allowed = pages_to_add_below(self.request.user).filter(path__startswith=home.path)
        return ColumnPage.objects.filter(pk__in=allowed.values("pk")).order_by("path")

    def do_take(self, request: HttpRequest) -> str:
        services.take(item_pk=self.row.pk, by=request.user)
        return gettext("It is yours now; others see that.")

    def do_give_back(self, request: HttpRequest) -> str:
        services.give_back(item_pk=self.row.pk, by=request.user)
        return gettext("It is in the queue again.")

    def do_set_aside(self, request: HttpRequest) -> str:
        services.set_aside(
            item_pks=[self.row.pk], reason=request.POST.get("reason", ""), by=request.user
        )
        return gettext("It was set aside.")

    def do_draft(self, request: HttpRequest) -> HttpResponse:
        column = self.columns().filter(pk=number_in(request.POST.get("column")) or 0).first()
        if column is None:
            raise RepostingError(gettext("Choose a column in which you may write."))
        made = services.make_draft(item_pk=self.row.pk, column=column, by=request.user)
        messages.success(
            request, gettext("The draft is made. Compare it with the source, then hand it in.")
        )
        if made.note:
            messages.warning(request, made.note)
        if made.missing:
            messages.warning(
                request,
                gettext("Pictures of the source that have to be brought in by hand: %(addresses)s")
                % {"addresses": ", ".join(made.missing)[:1000]},
            )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[made.page.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, user = self.row, cast("Any", self.request.user)
        is_mine = row.taken_by_id == user.pk
        draftable = row.state == ItemState.NEW or (row.state == ItemState.TAKEN and is_mine)
        page: Any = row.page
        watch = RepostWatch.objects.filter(page=row.page_id) if row.page_id else None
        return context | {
            "row": row,
            "watch": watch.values_list("pk", flat=True).first() if watch is not None else None,
            "words": clocks.words(row.clock) if row.clock else None,
            "lines": plain_lines(row.html)[:400],
            "may_take": row.state in (ItemState.NEW, ItemState.SET_ASIDE),
            "may_give_back": row.state == ItemState.TAKEN,
            "may_set_aside": row.state in (ItemState.NEW, ItemState.TAKEN),
            "may_draft": draftable,
            "columns": self.columns()[:_MOST_COLUMNS] if draftable else [],
            "column": number_in(self.typed.get("column")) or row.source.column_id,
            "may_edit_page": page is not None and page.permissions_for_user(user).can_edit(),
        }

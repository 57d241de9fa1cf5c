"""The log of the channels: what was sent, what was answered, what was given up."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.reposting.models import MOST_TRIES, Channel, Delivery, DeliveryState
from portal.reposting.permissions import known_sites, may_set_up, sites_read
from portal.reposting.services import pushing
from portal.reposting.services.errors import RepostingError

from .base import Screen, kept, number_in, window


class DeliveriesScreen(Screen):
    template_name = "reposting/admin/deliveries.html"
    page_title = _("Log of the channels")
    header_icon = "list-ul"
    needs = "read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sites = known_sites(sites_read(self.request.user))
        rows = Delivery.objects.filter(site__in=sites).select_related("channel", "site")
        rows = rows.defer("content")
        state = self.request.GET.get("state", "")
        if state in DeliveryState.values:
            rows = rows.filter(state=state)
        channel = number_in(self.request.GET.get("channel"))
        if channel is not None:
            rows = rows.filter(channel=channel)
        return context | {
            "window": window(rows.order_by("-made_at", "-pk"), self.request),
            "state": state,
            "states": DeliveryState.choices,
            "channel": channel,
            "channels": Channel.objects.filter(site__in=sites).order_by("name")[:200],
            "kept": kept(self.request),
        }


class DeliveryScreen(Screen):
    template_name = "reposting/admin/delivery.html"
    page_title = _("Delivery")
    header_icon = "list-ul"
    needs = "read"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Delivery.objects.select_related("channel", "site", "page", "submission")
        self.row: Delivery = get_object_or_404(rows, pk=kwargs["pk"])
        if not request.user.is_authenticated or self.row.site_id not in known_sites(
            sites_read(request.user)
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def do_again(self, request: HttpRequest) -> str:
        if not may_set_up(request.user, self.row.site_id):
            raise PermissionDenied
        if not pushing.send_again(delivery_pk=self.row.pk):
            raise RepostingError(gettext("Only what was given up is sent again."))
        return gettext("It will be tried again within a minute.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "row": self.row,
            "most_tries": MOST_TRIES,
            "content": json.dumps(self.row.content, ensure_ascii=False, indent=2),
            "may_again": self.row.state == DeliveryState.GIVEN_UP
            and may_set_up(self.request.user, self.row.site_id),
        }

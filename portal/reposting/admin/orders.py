"""Orders to repost: those handed on, those received, and one with its sites."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from portal.plugin_api import clocks
from portal.reposting.models import DistributionGroup, OrderSite, OrderState, RepostOrder
from portal.reposting.permissions import (
    may_answer,
    may_see_order,
    may_set_up,
    sets_up_somewhere,
    sites_below,
    sites_set_up,
    sites_worked_on,
    visible_orders,
)
from portal.reposting.services import orders as services
from portal.reposting.services.errors import RepostingError

from .base import Screen, kept, number_in, window


class OrdersScreen(Screen):
    template_name = "reposting/admin/orders.html"
    page_title = _("Orders to repost")
    header_icon = "clipboard-list"
    needs = "orders"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        rows = (
            visible_orders(user)
            .select_related("site")
            .annotate(
                all_parts=Count("parts"),
                done_parts=Count("parts", filter=Q(parts__state=OrderState.DONE)),
                open_parts=Count("parts", filter=Q(parts__state__in=OrderSite.OPEN)),
            )
        )
        state = self.request.GET.get("state", "")
        working = sites_worked_on(user)
        mine = OrderSite.objects.filter(state__in=OrderSite.OPEN)
        if working is not None:
            mine = mine.filter(site__in=working)
        if state == "open":
            rows = rows.filter(pk__in=mine.values("order"))
        return context | {
            "window": window(rows.order_by("-issued_at", "-pk"), self.request),
            "state": state,
            "waiting": mine.count(),
            "may_issue": sets_up_somewhere(user),
            "kept": kept(self.request),
        }


# Set for each form: what may be chosen depends on who asks.
_NONE: Any = None


class _GroupsField(forms.ModelMultipleChoiceField):
    """Says beside each group where an order to it goes today."""

    def label_from_instance(self, obj: Any) -> str:
        names = "、".join(site.short_name for site in obj.sites.all())
        return f"{obj.name} · {obj.get_kind_display()} · {obj.site.short_name}: {names}"


class OrderForm(forms.Form):
    site: Any = forms.ModelChoiceField(label=_("Handed on by"), queryset=_NONE)
    title = forms.CharField(label=_("What is to be reposted"), max_length=255)
    ordered_by = forms.CharField(label=_("Ordered by"), max_length=120)
    ordered_at = forms.DateTimeField(
        label=_("Ordered at"),
        widget=AdminDateTimeInput,
        help_text=_("The deadline of each site begins with it."),
    )
    source_url = forms.URLField(
        label=_("Address of the original"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("A page that names it as its source answers the order by itself."),
    )
    wanted = forms.CharField(
        label=_("What is asked for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    target = forms.CharField(
        label=_("Whom it concerns"),
        required=False,
        max_length=200,
        help_text=_("Sector or region. Empty: the names of the groups."),
    )
    groups: Any = _GroupsField(
        label=_("Distribution groups"),
        queryset=_NONE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sites: Any = forms.ModelMultipleChoiceField(
        label=_("Single sites"),
        queryset=_NONE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A site that is in a group as well is told once."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        records = RepostOrder._meta.get_field("site").related_model._default_manager
        issuing = sites_set_up(user)
        fields: Any = self.fields
        fields["site"].queryset = (
            records.all() if issuing is None else records.filter(pk__in=issuing)
        )
        groups = DistributionGroup.objects.select_related("site").prefetch_related("sites")
        fields["groups"].queryset = groups if issuing is None else groups.filter(site__in=issuing)
        below = {pk for own in issuing or () for pk in sites_below(own)}
        fields["sites"].queryset = (
            records.all() if issuing is None else records.filter(pk__in=below)
        )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        site, targets = told.get("site"), told.get("sites")
        if site and targets and not {row.pk for row in targets} <= sites_below(site.pk):
            self.add_error("sites", _("Orders are handed on to the own site and those below it."))
        groups = told.get("groups") or ()
        problem = services.problem_of_groups(site.pk, groups) if site and groups else ""
        if problem:
            self.add_error("groups", problem)
        if not targets and not groups and not self.errors.keys() & {"sites", "groups"}:
            self.add_error("sites", _("Name the sites that it concerns."))
        return told


class NewOrderScreen(Screen):
    template_name = "reposting/admin/form.html"
    page_title = _("New order to repost")
    header_icon = "plus"
    needs = "set_up"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OrderForm(user=request.user, initial={"ordered_at": timezone.localtime()})
        return self._show(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = OrderForm(request.POST, user=request.user)
        if form.is_valid():
            told = form.cleaned_data
            site, sites, groups = told.pop("site"), told.pop("sites"), told.pop("groups")
            try:
                order = services.hand_on(
                    site_pk=site.pk,
                    targets={row.pk for row in sites},
                    groups={row.pk for row in groups},
                    by=request.user,
                    **told,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, gettext("Handed on. Each site sees it in its list."))
                return HttpResponseRedirect(reverse("reposting_order", args=[order.pk]))
        return self._show(form, status=422)

    def _show(self, form: OrderForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, button=_("Hand on"))
        context["media"] = context["media"] + form.media
        return self.render_to_response(context, status=status)


class OrderScreen(Screen):
    """One order with the state of each site; each site's people answer for theirs."""

    template_name = "reposting/admin/order.html"
    page_title = _("Order to repost")
    header_icon = "clipboard-list"
    needs = "orders"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row: RepostOrder = get_object_or_404(
            RepostOrder.objects.select_related("site"), pk=kwargs["pk"]
        )
        if not may_see_order(request.user, self.row):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def part(self) -> OrderSite:
        pk = number_in(self.request.POST.get("part")) or 0
        return get_object_or_404(OrderSite, pk=pk, order=self.row.pk)

    def do_receive(self, request: HttpRequest) -> str:
        services.receive(part_pk=self.part().pk, by=request.user)
        return gettext("The receipt is confirmed.")

    def do_done(self, request: HttpRequest) -> str:
        typed = request.POST.get("page", "").strip()
        url = request.POST.get("url", "").strip()
        page = None
        if typed:
            page = Page.objects.filter(pk=number_in(typed) or 0).first()
            if page is None:
                raise RepostingError(gettext("There is no such page."))
        elif url and not url.startswith(("https://", "http://")):
            raise RepostingError(gettext("The address is no web address."))
        services.report_done(part_pk=self.part().pk, by=request.user, page=page, url=url)
        return gettext("Reported as reposted.")

    def do_excuse(self, request: HttpRequest) -> str:
        services.excuse(part_pk=self.part().pk, by=request.user, note=request.POST.get("note", ""))
        return gettext("Reported; the office reads the reason.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = cast("Any", self.request.user)
        # A site that was handed the order sees its own part; the office sees all.
        parts: Any = list(self.row.parts.select_related("site", "clock", "page"))
        is_office = may_set_up(user, self.row.site_id)
        if not is_office:
            parts = [part for part in parts if may_answer(user, part)]
        for part in parts:
            part.words = clocks.words(part.clock) if part.clock else None
            part.may_answer = part.state in OrderSite.OPEN and may_answer(user, part)
        return context | {
            "row": self.row,
            "parts": parts,
            "groups": _groups(self.row, parts) if is_office else [],
        }


def _groups(order: RepostOrder, parts: list[OrderSite]) -> list[dict[str, Any]]:
    """How far each group is that the order went to; a site in two of them counts in both."""
    found = []
    for group in order.groups:
        held = set(group["sites"])
        states = [part.state for part in parts if part.site_id in held]
        found.append(
            {
                "name": group["name"],
                "all": len(states),
                "done": states.count(OrderState.DONE),
                "excused": states.count(OrderState.EXCUSED),
                "open": sum(state in OrderSite.OPEN for state in states),
            }
        )
    return found

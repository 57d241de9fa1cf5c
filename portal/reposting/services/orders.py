"""Orders of a higher office: handed on to the sites, and what each made of it (R-PUB-11)."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import site_of_path, take_turn
from portal.reposting import deadlines
from portal.reposting.known_again import link_key
from portal.reposting.models import DistributionGroup, OrderSite, OrderState, RepostOrder
from portal.reposting.permissions import may_answer, may_hand_on, may_set_up, sites_below

from .errors import RepostingError
from .queue import name_of


@transaction.atomic
def hand_on(
    *, site_pk: int, targets: Collection[int], by: Any, title: str, ordered_by: str,
    ordered_at: datetime.datetime, source_url: str = "", wanted: str = "", target: str = "",
    groups: Collection[int] = (),
) -> RepostOrder:  # fmt: skip
    """Hand an order on to the sites that it concerns; each one's clock begins with the order.

    It goes to ``targets`` and to the sites that ``groups`` hold at this moment.

    Raises:
        PermissionDenied: this account may not do it for these sites.
        RepostingError: no site was named, a group is of another site or holds one that lies
            elsewhere, or the order lies in the future.
    """
    if not may_set_up(by, site_pk):
        raise PermissionDenied
    chosen = list(DistributionGroup.objects.filter(pk__in=groups).prefetch_related("sites"))
    problem = problem_of_groups(site_pk, chosen)
    if problem:
        raise RepostingError(problem)
    kept = [{"name": row.name, "sites": sorted(site.pk for site in row.sites.all())}
            for row in chosen]  # fmt: skip
    targets = set(targets).union(*(group["sites"] for group in kept))
    if not targets:
        raise RepostingError(_("Name the sites that it concerns."))
    if not may_hand_on(by, site_pk, targets):
        raise PermissionDenied
    if ordered_at > timezone.now():
        raise RepostingError(_("The order lies in the future."))
    take_turn()
    order = RepostOrder(
        site_id=site_pk,
        title=title,
        ordered_by=ordered_by,
        ordered_at=ordered_at,
        source_url=source_url,
        wanted=wanted,
        target=target.strip() or "、".join(row.name for row in chosen)[:200],
        groups=kept,
        issued_by=by,
        issued_by_name=name_of(by),
    )
    order.full_clean(exclude=["issued_by"])
    order.save()
    for pk in sorted(targets):
        part = OrderSite.objects.create(order=order, site_id=pk)
        part.clock = deadlines.start_order(part, by)
        part.save(update_fields=["clock"])
    return order


def problem_of_groups(site_pk: int, groups: Iterable[DistributionGroup]) -> str:
    """Why a site cannot hand on to these groups; "" where it can. Their sites are read."""
    below = sites_below(site_pk)
    for group in groups:
        if group.site_id != site_pk:
            return _("The group “%(group)s” belongs to another site.") % {"group": group.name}
        outside = [site.short_name for site in group.sites.all() if site.pk not in below]
        if outside:
            return _(
                "The group “%(group)s” holds sites that are not below the one that hands on: "
                "%(sites)s. Take them out of the group first."
            ) % {"group": group.name, "sites": "、".join(outside)}
    return ""


@transaction.atomic
def receive(*, part_pk: int, by: Any) -> OrderSite:
    part = _locked(part_pk, by)
    if part.state != OrderState.ISSUED:
        raise RepostingError(_("The receipt is confirmed already."))
    return _moved(part, OrderState.RECEIVED, by)


@transaction.atomic
def report_done(*, part_pk: int, by: Any, page: Page | None = None, url: str = "") -> OrderSite:
    """The site reposted it: with its page, or its address where that is elsewhere.

    Raises:
        RepostingError: neither was named, the page is not public or not of this site.
    """
    part = _locked(part_pk, by)
    if part.state not in OrderSite.OPEN:
        raise RepostingError(_("This part of the order is over."))
    if page is not None:
        if not page.live or site_of_path(page.path) != part.site_id:
            raise RepostingError(_("Choose a public page of this site."))
        part.page, url = page, page.full_url or ""
    if not url:
        raise RepostingError(_("Name the page or the address of the repost."))
    part.url = url[:1000]
    deadlines.stop(part.clock, "reposted", by)
    return _moved(part, OrderState.DONE, by)


@transaction.atomic
def excuse(*, part_pk: int, by: Any, note: str) -> OrderSite:
    """It does not concern this site; the office reads why.

    Raises:
        RepostingError: no reason was given.
    """
    part = _locked(part_pk, by)
    if part.state not in OrderSite.OPEN:
        raise RepostingError(_("This part of the order is over."))
    if not note.strip():
        raise RepostingError(_("Say why it does not concern this site."))
    part.note = note.strip()[:300]
    deadlines.stop(part.clock, "excused", by)
    return _moved(part, OrderState.EXCUSED, by)


def follow_public(*, pages: Iterable[int]) -> int:
    """A public page that names the ordered original as its source answers the site's part."""
    done = 0
    for page in Page.objects.filter(pk__in=list(pages), live=True).specific():
        key = link_key(str(getattr(page, "source_url", "") or ""))
        site = site_of_path(page.path)
        if not key or site is None:
            continue
        parts = (
            OrderSite.objects.filter(site=site, state__in=OrderSite.OPEN)
            .exclude(order__source_url="")
            .select_related("order")
        )
        for part in parts:
            if link_key(part.order.source_url) == key:
                done += _answered(part.pk, page)
    return done


@transaction.atomic
def _answered(part_pk: int, page: Page) -> bool:
    part = OrderSite.objects.select_for_update(of=("self",)).select_related("clock").get(pk=part_pk)
    if part.state not in OrderSite.OPEN:
        return False
    part.page, part.url = page, (page.full_url or "")[:1000]
    deadlines.stop(part.clock, "reposted")
    _moved(part, OrderState.DONE, None)
    return True


def _locked(pk: int, by: Any) -> OrderSite:
    part = (
        OrderSite.objects.select_for_update(of=("self",))
        .select_related("order", "clock")
        .get(pk=pk)
    )
    if not may_answer(by, part):
        raise PermissionDenied
    return part


def _moved(part: OrderSite, state: OrderState, by: Any) -> OrderSite:
    part.state, part.changed_at, part.changed_by_name = state, timezone.now(), name_of(by)
    part.save()
    return part

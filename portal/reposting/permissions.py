"""Who may do what here. Every rule on a single object is in this module.

- Who writes and changes pages of a site (editors, site administrators) works on its queue, compares
  its reposts and submits upward.
- Who sets a site up (site administrators) keeps its sources, channels and distribution groups, and
  hands orders on: to the own site and to those below it.
- A site's part of an order is answered by who works on that site.
- Who reads a site's records sees the report and the log of the channels.
"""

from typing import Any

from django.db.models import Q, QuerySet

from portal.plugin_api import Action, is_enabled, just_seen, may, sites_allowing

from .models import OrderSite, RepostOrder, RepostWatch, Submission, UpstreamItem

SLUG = "reposting"


def _on(sites: set[int] | None, site_pk: int) -> bool:
    return (sites is None or site_pk in sites) and is_enabled(SLUG, site_pk)


def _somewhere(sites: set[int] | None) -> bool:
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)


def known_sites(sites: set[int] | None) -> list[int]:
    """Those of them where the plugin is on; None: all. No query."""
    pks = just_seen().records if sites is None else sites
    return [pk for pk in pks if is_enabled(SLUG, pk)]


# --- the queue ------------------------------------------------------------------------------------
def sites_worked_on(user: Any) -> set[int] | None:
    adds = sites_allowing(user, Action.PAGE_ADD)
    changes = sites_allowing(user, Action.PAGE_CHANGE)
    if adds is None:
        return changes
    return adds if changes is None else adds & changes


def works_somewhere(user: Any) -> bool:
    return _somewhere(sites_worked_on(user))


def may_work(user: Any, site_pk: int) -> bool:
    return _on(sites_worked_on(user), site_pk)


def may_work_on(user: Any, row: UpstreamItem | RepostWatch | Submission) -> bool:
    return may_work(user, row.site_id)


# --- sources, channels, orders --------------------------------------------------------------------
def sites_set_up(user: Any) -> set[int] | None:
    return sites_allowing(user, Action.SITE_SETTINGS)


def sets_up_somewhere(user: Any) -> bool:
    return _somewhere(sites_set_up(user))


def may_set_up(user: Any, site_pk: int) -> bool:
    return may(user, Action.SITE_SETTINGS, site_pk) and is_enabled(SLUG, site_pk)


def sites_below(site_pk: int) -> set[int]:
    """A site and all below it. No query."""
    records = just_seen().records
    found, grows = {site_pk}, True
    while grows:
        more = {pk for pk, record in records.items() if record.parent_id in found} - found
        grows, found = bool(more), found | more
    return found


def may_hand_on(user: Any, site_pk: int, targets: set[int]) -> bool:
    """Hand an order on from a site: to it and to what lies below it."""
    return may_set_up(user, site_pk) and targets <= sites_below(site_pk)


def sees_orders_somewhere(user: Any) -> bool:
    return works_somewhere(user) or sets_up_somewhere(user)


def visible_orders(user: Any) -> QuerySet[RepostOrder]:
    """Those that the own sites handed on, and those that they were handed."""
    issuing, working = sites_set_up(user), sites_worked_on(user)
    if issuing is None or working is None:
        return RepostOrder.objects.all()
    told = OrderSite.objects.filter(site__in=working).values("order")
    return RepostOrder.objects.filter(Q(site__in=issuing) | Q(pk__in=told))


def may_see_order(user: Any, order: RepostOrder) -> bool:
    return is_enabled(SLUG, order.site_id) and visible_orders(user).filter(pk=order.pk).exists()


def may_answer(user: Any, part: OrderSite) -> bool:
    return may_work(user, part.site_id)


# --- the records ----------------------------------------------------------------------------------
def sites_read(user: Any) -> set[int] | None:
    """Whose report and log an account sees."""
    found: set[int] = set()
    for sites in (
        sites_worked_on(user),
        sites_set_up(user),
        sites_allowing(user, Action.PUBLICATION_RECORD),
    ):
        if sites is None:
            return None
        found |= sites
    return found


def reads_somewhere(user: Any) -> bool:
    return _somewhere(sites_read(user))

"""Who may do what here. Every rule on a single object is in this module.

- Contributors see their own contributions and fees, nobody else's.
- Site administrators see those of their site, set rates and settle fees, never their own.
- Who writes and changes pages of a site (editors, administrators) issues its tasks.
- The accounts of a unit see and answer the tasks of that unit, whatever site issued them.
"""

from typing import Any

from django.db.models import Q, QuerySet

from portal.plugin_api import Action, is_enabled, may, sites_allowing

from .models import Contribution, FeeSheet, UnitTask

SLUG = "editorial"


def _on(sites: set[int] | None, site_pk: int) -> bool:
    return (sites is None or site_pk in sites) and is_enabled(SLUG, site_pk)


# --- contributions and fees -----------------------------------------------------------------------
def sites_managed(user: Any) -> set[int] | None:
    """The sites whose contributors and fees an account looks after; None: all of them."""
    return sites_allowing(user, Action.MEMBERS)


def may_manage(user: Any, site_pk: int) -> bool:
    return may(user, Action.MEMBERS, site_pk) and is_enabled(SLUG, site_pk)


def manages_somewhere(user: Any) -> bool:
    sites = sites_managed(user)
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)


def managed_contributions(user: Any) -> QuerySet[Contribution]:
    sites = sites_managed(user)
    rows = Contribution.objects.all()
    return rows if sites is None else rows.filter(site__in=sites)


def may_settle(user: Any, site_pk: int, beneficiary_pk: int | None) -> bool:
    """Whoever runs the site; nobody for the own fees."""
    return may_manage(user, site_pk) and (beneficiary_pk is None or beneficiary_pk != user.pk)


def may_settle_sheet(user: Any, sheet: FeeSheet) -> bool:
    return may_settle(user, sheet.site_id, sheet.user_id)


# --- tasks ----------------------------------------------------------------------------------------
def sites_issuing(user: Any) -> set[int] | None:
    """The sites whose tasks an account issues; None: all of them."""
    adds = sites_allowing(user, Action.PAGE_ADD)
    changes = sites_allowing(user, Action.PAGE_CHANGE)
    if adds is None:
        return changes
    return adds if changes is None else adds & changes


def may_issue(user: Any, site_pk: int) -> bool:
    return _on(sites_issuing(user), site_pk)


def issues_somewhere(user: Any) -> bool:
    sites = sites_issuing(user)
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)


def issued_tasks(user: Any) -> QuerySet[UnitTask]:
    """What the sites of an account have issued."""
    sites = sites_issuing(user)
    tasks = UnitTask.objects.all()
    return tasks if sites is None else tasks.filter(site__in=sites)


def unit_tasks(user: Any) -> QuerySet[UnitTask]:
    """What the unit of an account is asked for."""
    unit = getattr(user, "organisation_id", None)
    return UnitTask.objects.filter(unit=unit) if unit else UnitTask.objects.none()


def visible_tasks(user: Any) -> QuerySet[UnitTask]:
    """Of the own sites, of the own unit; the lead unit sees the parts of others, and they the
    task that theirs belongs to."""
    sites = sites_issuing(user)
    if sites is None:
        return UnitTask.objects.all()
    unit = getattr(user, "organisation_id", None)
    wanted = Q(site__in=sites)
    if unit:
        own_parents = UnitTask.objects.filter(unit=unit, parent__isnull=False).values("parent")
        wanted |= Q(unit=unit) | Q(parent__unit=unit) | Q(pk__in=own_parents)
    return UnitTask.objects.filter(wanted)


def may_see(user: Any, task: UnitTask) -> bool:
    return is_enabled(SLUG, task.site_id) and visible_tasks(user).filter(pk=task.pk).exists()


def may_answer(user: Any, task: UnitTask) -> bool:
    """Confirm the receipt and deliver: accounts of the unit that is asked."""
    unit = getattr(user, "organisation_id", None)
    return bool(unit) and unit == task.unit_id and user.is_active and _on(None, task.site_id)


def may_direct(user: Any, task: UnitTask) -> bool:
    """Close and cancel: who runs the site, who issued the task, and colleagues of that office."""
    if not may_issue(user, task.site_id):
        return False
    if may_manage(user, task.site_id) or task.issued_by_id == user.pk:
        return True
    unit = getattr(user, "organisation_id", None)
    return unit is not None and unit == task.issuing_unit_id


def may_judge(user: Any, task: UnitTask) -> bool:
    """Accept and return: as above, and the lead unit for the parts of others. Nobody judges what
    he delivered himself."""
    if task.delivered_by_id is not None and task.delivered_by_id == user.pk:
        return False
    if may_direct(user, task):
        return True
    return task.parent is not None and may_answer(user, task.parent)

"""Who may do what with guides, beyond the rights on pages. Every rule on one object is here.

- Accounts of the handling office, and who edits pages of the site, say whether the text is what
  the counter uses.
- Who edits pages of the site settles what was reported.
- Who runs a site (its settings) keeps its service figures.
- The word lists belong to the platform.
- Who adds pages in a column brings files of guides into it.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from portal.plugin_api import (
    Action,
    ColumnPage,
    is_enabled,
    may,
    pages_to_add_below,
    site_of_path,
    sites_allowing,
)

from .models import GuideImport, GuidePage

SLUG = "services"


def _site_on(page: GuidePage) -> int | None:
    site = site_of_path(page.path)
    return site if site is not None and is_enabled(SLUG, site) else None


def may_confirm(user: Any, page: GuidePage) -> bool:
    site = _site_on(page)
    if site is None or not getattr(user, "is_active", False):
        return False
    unit = getattr(user, "organisation_id", None)
    of_the_office = unit is not None and unit == page.owner_unit_id
    return of_the_office or may(user, Action.PAGE_CHANGE, site)


def may_settle(user: Any, page: GuidePage) -> bool:
    site = _site_on(page)
    return site is not None and may(user, Action.PAGE_CHANGE, site)


def sites_overseen(user: Any) -> set[int] | None:
    """The sites whose guides an account looks after; None: all of them."""
    return sites_allowing(user, Action.PAGE_CHANGE)


def sees_oversight(user: Any) -> bool:
    """Who works on pages somewhere, and accounts of a unit: they see the guides of their unit."""
    sites = sites_overseen(user)
    return sites is None or bool(sites) or bool(getattr(user, "organisation_id", None))


def sites_with_figures(user: Any) -> set[int] | None:
    """The sites whose service figures an account keeps; None: all of them."""
    return sites_allowing(user, Action.SITE_SETTINGS)


# --- files of guides ------------------------------------------------------------------------------
def sees_exchange(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_ADD)
    return sites is None or bool(sites)


def may_bring_into(user: Any, column: Page) -> bool:
    """``column`` as its own class."""
    site = site_of_path(column.path)
    if site is None or not is_enabled(SLUG, site) or not getattr(user, "is_active", False):
        return False
    rights = column.permissions_for_user(user)
    return (
        may(user, Action.PAGE_ADD, site)
        and GuidePage.can_create_at(column)
        and rights.can_add_subpage()
    )


def columns_for(user: Any) -> list[Page]:
    """The columns into which an account may bring guides, by site and order of the tree."""
    found = ColumnPage.objects.filter(pk__in=pages_to_add_below(user).values("pk")).order_by("path")
    return [column for column in found if may_bring_into(user, column)]


def imports_for(user: Any) -> QuerySet[GuideImport]:
    found = GuideImport.objects.select_related("site", "column", "started_by").defer("data")
    sites = sites_allowing(user, Action.PAGE_ADD)
    return found if sites is None else found.filter(site__in=sites)

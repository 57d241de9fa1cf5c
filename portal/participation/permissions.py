"""Who may do what here. Every rule on a single object is in this module.

Who changes pages of a site works on its activities: reads what came in with names and contacts,
decides, runs interviews. Nobody of another site does. Limits, teams and yearly numbers are
settings: of the site, the last of the platform.
"""

from typing import Any

from django.db.models import QuerySet

from portal.plugin_api import Action, is_enabled, may, sites_allowing

from .deadlines import SLUG
from .models import Activity


def may_work_on(user: Any, activity: Activity) -> bool:
    site = activity.site_id
    return site is not None and may(user, Action.PAGE_CHANGE, site) and is_enabled(SLUG, site)


def works_somewhere(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)


def workable_by(user: Any) -> QuerySet[Activity]:
    """The activities of the own sites."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    rows = Activity.objects.filter(site__isnull=False)
    if sites is None:
        return rows
    return rows.filter(site__in=[pk for pk in sites if is_enabled(SLUG, pk)])


def may_go_on_air(user: Any, activity: Activity) -> bool:
    """What is posted on air is public without reviews: who may publish opens and ends it."""
    return may_work_on(user, activity) and may(user, Action.PAGE_PUBLISH, activity.site_id)

"""Who has to do with foreign sections at all; asked on each page of the admin."""

from typing import Any

from portal.foreign.models import TeamMember
from portal.plugin_api import Action, is_enabled, sites_allowing


def sees_boards(user: Any) -> bool:
    """Whether an account works in the team of some section, or runs a site that may have one.

    One query at most.
    """
    sites = sites_allowing(user, Action.MEMBERS)
    if sites is None:
        return True
    if any(is_enabled("foreign", site) for site in sites):
        return True
    if not getattr(user, "is_active", False):
        return False
    held = TeamMember.objects.filter(user=user, active=True).values_list("section__site", flat=True)
    return any(is_enabled("foreign", site) for site in held.distinct())

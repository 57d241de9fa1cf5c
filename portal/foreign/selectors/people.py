"""Who has to do with foreign sections at all; asked on each page of the admin."""

from typing import Any

from django.http import HttpRequest

from portal.foreign.models import TeamMember
from portal.plugin_api import Action, is_enabled, sites_allowing

_KEPT = "_foreign_sees_boards"


def shows_boards(request: HttpRequest) -> bool:
    """``sees_boards``, asked once for a request: menus ask twice on each page of the admin."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, sees_boards(request.user))
    return bool(getattr(request, _KEPT))


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

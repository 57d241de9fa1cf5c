"""Who has to do with foreign sections at all; asked on each page of the admin."""

from typing import Any

from django.http import HttpRequest

from portal.foreign.permissions import reach_for, reach_of
from portal.plugin_api import Action, is_enabled, sites_allowing


def shows_boards(request: HttpRequest) -> bool:
    """Whether the visitor of the admin works in the team of some section, or runs a site that may
    have one. Menus ask twice on each page; memberships are read once for all who ask."""
    return _runs_a_site(request.user) or bool(reach_for(request).memberships)


def sees_boards(user: Any) -> bool:
    """The same of an account, outside of a request."""
    return _runs_a_site(user) or bool(reach_of(user).memberships)


def _runs_a_site(user: Any) -> bool:
    sites = sites_allowing(user, Action.MEMBERS)
    return sites is None or any(is_enabled("foreign", site) for site in sites)

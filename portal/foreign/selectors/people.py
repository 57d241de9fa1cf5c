"""Who has to do with foreign sections at all; asked on each page of the admin."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from portal.foreign.models import TeamMember, TeamRole
from portal.foreign.permissions import reach_for, reach_of
from portal.plugin_api import Action, is_enabled, sites_allowing

_LANGUAGE_WORK = (TeamRole.TRANSLATOR, TeamRole.LANGUAGE_REVIEWER)


def shows_boards(request: HttpRequest) -> bool:
    """Whether the visitor of the admin works in the team of some section, or runs a site that may
    have one. Menus ask twice on each page; memberships are read once for all who ask."""
    return _runs_a_site(request.user) or bool(reach_for(request).memberships)


def sees_boards(user: Any) -> bool:
    """The same of an account, outside of a request."""
    return _runs_a_site(user) or bool(reach_of(user).memberships)


class SectionTeams:
    """``portal.plugin_api.LanguageTeams``."""

    def languages_of(self, user: Any) -> Collection[tuple[int, str]]:
        if not getattr(user, "is_active", False):
            return ()
        held = TeamMember.objects.filter(user=user, active=True, role__in=_LANGUAGE_WORK)
        pairs = held.values_list("section__site", "section__locale__language_code")
        return {(site, code) for site, code in pairs if is_enabled("foreign", site)}


def _runs_a_site(user: Any) -> bool:
    sites = sites_allowing(user, Action.MEMBERS)
    return sites is None or any(is_enabled("foreign", site) for site in sites)

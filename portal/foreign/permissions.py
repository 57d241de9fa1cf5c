"""Who may do what in which language: the team's membership decides, then columns.

A role of the site alone (translator, language reviewer, partner) opens no language: an active
entry in the team of a section does, and only for the columns that it names. Site administrators
run the sections of their site; they translate and review only as members of a team.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from portal.plugin_api import Action, is_enabled, sites_allowing

from .models import ForeignSection, PageTranslation, TeamMember, TeamRole
from .selectors.columns import place_path


@dataclass(frozen=True, slots=True)
class Membership:
    """One entry in a team. ``paths`` are those of its columns; None: the whole section."""

    section: int
    role: str
    paths: tuple[str, ...] | None

    def reaches(self, path: str) -> bool:
        return self.paths is None or bool(path and path.startswith(self.paths))


@dataclass(frozen=True, slots=True)
class Reach:
    """All that an account may do in foreign sections, read once: for lists of many rows."""

    everything: bool
    memberships: tuple[Membership, ...]

    def has(self, roles: Iterable[str], section_pk: int, path: str) -> bool:
        return any(
            held.role in roles and held.section == section_pk and held.reaches(path)
            for held in self.memberships
        )

    def may(self, roles: Iterable[str], translation: PageTranslation) -> bool:
        if self.everything:
            return True
        wanted = set(roles)
        mine = [held for held in self.memberships if held.section == translation.section_id]
        mine = [held for held in mine if held.role in wanted]
        if not mine:
            return False
        if any(held.paths is None for held in mine):
            return True
        path = place_path(translation)
        return any(held.reaches(path) for held in mine)


NOTHING = Reach(False, ())


_KEPT = "_foreign_reach"


def reach_for(request: HttpRequest) -> Reach:
    """``reach_of`` whoever asks, read once for a request: menus ask on every page."""
    found: Reach | None = getattr(request, _KEPT, None)
    if found is None:
        found = reach_of(request.user)
        setattr(request, _KEPT, found)
    return found


def reach_of(user: Any) -> Reach:
    """The memberships of an account: active ones, in sections of sites where the plugin is on."""
    if not getattr(user, "is_active", False):
        return NOTHING
    if user.is_superuser:
        return Reach(True, ())
    rows = TeamMember.objects.filter(user=user, active=True).select_related("section")
    found = []
    for row in rows.prefetch_related("columns__page"):
        if not is_enabled("foreign", row.section.site_id):
            continue
        paths = tuple(column.page.path for column in row.columns.all())
        found.append(Membership(row.section_id, row.role, paths or None))
    return Reach(False, tuple(found))


def sections_of(user: Any) -> "QuerySet[ForeignSection]":
    """The sections that an account works in or administers."""
    objects = ForeignSection.objects.select_related("site", "locale")
    sites = sites_allowing(user, Action.MEMBERS)
    if sites is None:
        return objects
    mine = {held.section for held in reach_of(user).memberships}
    return objects.filter(Q(pk__in=mine) | Q(site__in=sites))


def may_manage(user: Any, section_or_site: Any) -> bool:
    """Whether an account runs the sections of a site: makes, staffs, opens and closes them.

    Args:
        section_or_site: a section, a site record or the primary key of one.
    """
    if isinstance(section_or_site, ForeignSection):
        site_pk = section_or_site.site_id
    else:
        site_pk = getattr(section_or_site, "pk", section_or_site)
    sites = sites_allowing(user, Action.MEMBERS)
    return (sites is None or site_pk in sites) and is_enabled("foreign", site_pk)


def may_see(user: Any, section: ForeignSection) -> bool:
    """Whether an account may look at a section's boards: its team and who runs it."""
    reach = reach_of(user)
    return (
        may_manage(user, section)
        or reach.everything
        or any(held.section == section.pk for held in reach.memberships)
    )


def may_translate(user: Any, translation: PageTranslation, *, reach: Reach | None = None) -> bool:
    return (reach or reach_of(user)).may((TeamRole.TRANSLATOR, TeamRole.LEAD), translation)


def may_review_language(
    user: Any, translation: PageTranslation, *, reach: Reach | None = None
) -> bool:
    """That the reviewer is another person than the translator is for the workflow to see to."""
    return (reach or reach_of(user)).may((TeamRole.LANGUAGE_REVIEWER,), translation)


def may_review_content(
    user: Any, translation: PageTranslation, *, reach: Reach | None = None
) -> bool:
    return (reach or reach_of(user)).may((TeamRole.CONTENT_REVIEWER,), translation)


def may_release(user: Any, translation: PageTranslation, *, reach: Reach | None = None) -> bool:
    """The last step: the head of the language team."""
    return (reach or reach_of(user)).may((TeamRole.LEAD,), translation)

"""How a site takes each kind of letter: its own row, else what holds everywhere."""

from dataclasses import dataclass
from typing import Any

from portal.plugin_api import SiteLike, clock_kinds, site_pk

from .deadlines import ERROR_CENTRAL, ERROR_OWN, LEADER, OPINION, SIMPLE
from .models import LetterKind, LetterProfile

DEFAULT_CLOCKS: dict[str, str] = {
    LetterKind.CONSULTATION: SIMPLE,
    LetterKind.SUGGESTION: OPINION,
    LetterKind.COMPLAINT: OPINION,
    LetterKind.REPORT: OPINION,
    LetterKind.HELP: OPINION,
    LetterKind.LEADER: LEADER,
    LetterKind.ERROR: ERROR_OWN,
    LetterKind.ERROR_CENTRAL: ERROR_CENTRAL,
}
# Reported by people who write to the central column, not by visitors of the site.
NOT_WRITTEN_HERE = (LetterKind.ERROR_CENTRAL,)
KEEP_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Profile:
    """What holds for a kind at a site. ``unit`` is proposed when a letter is assigned."""

    kind: str
    is_open: bool
    clock_kind: str
    unit: Any = None
    intro: str = ""
    keep_months: int = KEEP_MONTHS


def profile_of(site: SiteLike, kind: str) -> Profile:
    row = LetterProfile.objects.filter(site=site_pk(site), kind=kind).select_related("unit").first()
    return _profile(site, kind, row)


def profiles_of(site: SiteLike) -> list[Profile]:
    """Those of all kinds, in the order in which visitors are offered them."""
    rows = LetterProfile.objects.filter(site=site_pk(site)).select_related("unit")
    by_kind = {row.kind: row for row in rows}
    return [_profile(site, str(kind), by_kind.get(kind)) for kind in LetterKind]


def open_kinds(site: SiteLike) -> list[str]:
    """What visitors of a site can write at present."""
    return [
        profile.kind
        for profile in profiles_of(site)
        if profile.is_open and profile.kind not in NOT_WRITTEN_HERE
    ]


def _profile(site: SiteLike, kind: str, row: LetterProfile | None) -> Profile:
    usual = DEFAULT_CLOCKS[kind]
    if row is None:
        return Profile(kind, True, usual)
    # A kind of a plugin that is gone would leave letters without a deadline.
    known = row.clock_kind and clock_kinds.get(row.clock_kind, site) is not None
    return Profile(
        kind, row.is_open, row.clock_kind if known else usual, row.unit, row.intro, row.keep_months
    )

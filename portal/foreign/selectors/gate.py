"""The gate before a language opens (R-FOR-02): a staffed team and enough that is up to date."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.foreign.models import ForeignSection, TeamMember, TeamRole

from .coverage import coverage
from .sections import root_of


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that keeps a section closed: what, and what to do about it."""

    code: str
    message: str


def lacks_of(section: ForeignSection) -> list[Lack]:
    """Everything that keeps a section from being opened; empty: it may open."""
    found = [*_people(section), *_content(section)]
    if section.site.state != section.site.State.RUNNING:
        found.append(Lack("site", _("The site itself is not running.")))
    if root_of(section) is None:
        found.append(Lack("root", _("The section's home page is gone. Make the section again.")))
    return found


def may_open(section: ForeignSection) -> bool:
    return not lacks_of(section)


def _people(section: ForeignSection) -> Iterable[Lack]:
    team = [
        member
        for member in section.team.select_related("user")
        if member.active and member.user.is_active
    ]
    held: dict[str, set[int]] = {}
    for member in team:
        held.setdefault(member.role, set()).add(member.user_id)
    if not held.get(TeamRole.LEAD):
        yield Lack("lead", _("Nobody heads the language team."))
    translators = held.get(TeamRole.TRANSLATOR, set())
    if not translators:
        yield Lack("translator", _("The team has no translator."))
    reviewers = held.get(TeamRole.LANGUAGE_REVIEWER, set())
    if not reviewers:
        yield Lack("language_reviewer", _("The team has no language reviewer."))
    elif translators and len(reviewers | translators) < 2:
        yield Lack(
            "other_person",
            _("The only language reviewer is the only translator: another person must review."),
        )
    if not held.get(TeamRole.CONTENT_REVIEWER):
        yield Lack("content_reviewer", _("The team has no secrecy and content reviewer."))
    yield from _proofs(team)


def _proofs(team: list[TeamMember]) -> Iterable[Lack]:
    """Who translates or reviews the language is qualified for it, and it is on record how."""
    asked = (TeamRole.TRANSLATOR, TeamRole.LANGUAGE_REVIEWER)
    without = sorted({str(m.user) for m in team if m.role in asked and not m.qualification.strip()})
    if without:
        yield Lack(
            "qualification",
            _("No qualification is entered for: %(names)s.") % {"names": ", ".join(without)},
        )


def _content(section: ForeignSection) -> Iterable[Lack]:
    if not section.columns.exists():
        yield Lack("columns", _("The section has no columns."))
    if not section.translations.exists():
        yield Lack("core", _("No core content is declared for the section, so nothing is owed."))
        return
    share = coverage(section)
    if share < section.minimum_coverage:
        yield Lack(
            "coverage",
            _("%(share)d %% of the core content is up to date; the section asks for %(wanted)d %%.")
            % {"share": share, "wanted": section.minimum_coverage},
        )

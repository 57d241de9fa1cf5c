"""What a kind of deadline is: its name, and what holds where a site has not said otherwise."""

from dataclasses import dataclass

from portal.core import roles
from portal.plugins.metadata import Text

from .worktime import Limit, Unit

# How many of each a site can have; the screen has as many rows.
MOST_STEPS = 3
REMINDER_UNITS = (Unit.WORKING_DAYS, Unit.HALF_DAYS, Unit.HOURS, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom a deadline is shown to that was missed: a role of the site, so long after it.

    Raises:
        ValueError: sites have no such role.
    """

    after: Limit
    role: str

    def __post_init__(self) -> None:
        if self.role not in {role.key for role in roles.SITE_ROLES}:
            raise ValueError(f"sites have no role {self.role!r}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a kind at a site.

    Attributes:
        limit: how long there is.
        extension: the most that it may be extended by, once; None: it may not be.
        reminders: how long before the end those who work on it are reminded.
        escalations: who learns of it, how long after the end.
    """

    limit: Limit
    extension: Limit | None = None
    reminders: tuple[Limit, ...] = ()
    escalations: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockKind:
    """A kind of deadline, with the terms of sites that have not set their own.

    Attributes:
        label: what administrators call it, such as "Reply to a letter".
        due_label: what visitors read before the date, such as "Reply by".
        terms: the defaults; see ``known_limit`` for those of laws and notices.
        may_restart: a rule says that the limit can begin anew.
        basis: the law or notice behind the default.
        verified: the default was compared with the text of its basis.

    Raises:
        ValueError: a limit of nothing, too many steps, or reminders in months.
    """

    label: Text
    due_label: Text
    terms: Terms
    may_restart: bool = False
    basis: Text = ""
    verified: bool = True

    def __post_init__(self) -> None:
        terms = self.terms
        if not terms.limit.amount or (terms.extension and not terms.extension.amount):
            raise ValueError("a limit of nothing is none")
        if max(len(terms.reminders), len(terms.escalations)) > MOST_STEPS:
            raise ValueError(f"at most {MOST_STEPS} reminders and {MOST_STEPS} escalations")
        if any(r.unit not in REMINDER_UNITS or not r.amount for r in terms.reminders):
            raise ValueError("reminders come working days, half days, hours or days before")

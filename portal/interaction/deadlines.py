"""The deadlines of letters: their kinds, and starting and stopping them.

Limits, reminders and escalations are each site's settings (Settings → Deadlines); which kind holds
for which letters is in ``profiles``.
"""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    Clock,
    ClockKind,
    Escalation,
    Limit,
    Terms,
    Unit,
    clocks,
    known_limit,
)

from .models import Letter

# Stored with every clock.
OPINION = "interaction.opinion"
SIMPLE = "interaction.simple"
LEADER = "interaction.leader"
ERROR_OWN = "interaction.error_own"
ERROR_OTHER = "interaction.error_other"
ERROR_CENTRAL = "interaction.error_central"
ERROR_CENTRAL_DRAFT = "interaction.error_central_draft"

_DAY = Limit(1, Unit.WORKING_DAYS)
_ESCALATIONS = (
    Escalation(Limit(0, Unit.WORKING_DAYS), "letters_reviewer"),
    Escalation(_DAY, "letters_releaser"),
    Escalation(Limit(3, Unit.WORKING_DAYS), "site_admin"),
)
_ANSWER_BY = _("Answer by")


def _kind(
    label: Any, limit: str, extension: str = "", reminders: tuple[int, ...] = ()
) -> ClockKind:
    known = known_limit(limit)
    return ClockKind(
        label=label,
        due_label=_ANSWER_BY,
        terms=Terms(
            limit=known.limit,
            extension=known_limit(extension).limit if extension else None,
            reminders=tuple(Limit(days, Unit.WORKING_DAYS) for days in reminders),
            escalations=_ESCALATIONS,
        ),
        basis=known.basis,
        verified=known.verified,
    )


def _quick(label: Any, limit: str, due_label: Any = _ANSWER_BY) -> ClockKind:
    """Of half a day or one: told in half days."""
    known = known_limit(limit)
    half = Limit(1, Unit.HALF_DAYS)
    return ClockKind(
        label=label,
        due_label=due_label,
        terms=Terms(
            limit=known.limit,
            reminders=() if known.limit.unit is Unit.HALF_DAYS else (half,),
            escalations=(
                Escalation(Limit(0, Unit.HALF_DAYS), "letters_reviewer"),
                Escalation(half, "site_admin"),
            ),
        ),
        basis=known.basis,
        verified=known.verified,
    )


CLOCK_KINDS: dict[str, ClockKind] = {
    OPINION: _kind(
        _("Answer to an opinion, complaint or report"),
        "opinion_reply",
        "opinion_reply_extension",
        (2, 1),
    ),
    SIMPLE: _kind(_("Answer to a simple question"), "simple_question_reply", reminders=(2, 1)),
    LEADER: _kind(
        _("Answer from the leader's mailbox"),
        "opinion_reply",
        "opinion_reply_extension",
        (3, 2, 1),
    ),
    ERROR_OWN: _kind(_("Answer to an error report"), "error_report_own", reminders=(1,)),
    ERROR_OTHER: _kind(
        _("Answer to an error report, where another notice sets the time"),
        "error_report_other",
        reminders=(1,),
    ),
    ERROR_CENTRAL: _quick(
        _("Answer to an error report of the central column"), "error_report_central_reply"
    ),
    ERROR_CENTRAL_DRAFT: _quick(
        _("Opinion on an error report of the central column, to the office"),
        "error_report_central_draft",
        _("Opinion by"),
    ),
}


def subject_of(letter: Letter) -> str:
    return f"letter:{letter.pk}"


def start(
    letter: Letter, kind: str, *, at: datetime.datetime, by: Any = None, limit: Limit | None = None
) -> Clock:
    """Begin a deadline of a letter. Its label has the number only: lists of deadlines are read by
    people who do not read letters."""
    return clocks.start(
        kind=kind,
        subject=subject_of(letter),
        site=letter.site_id,
        label=letter.number,
        limit=limit,
        started_at=at,
        parameters={"letter": letter.pk},
        by=by,
    )


def stop(letter: Letter, kind: str, outcome: str, *, at: datetime.datetime, by: Any) -> None:
    """End a deadline of a letter, where it runs."""
    running = clocks.open(kind, subject_of(letter))
    if running is not None:
        clocks.stop(clock=running, outcome=outcome, by=by, at=at)


def stop_all(letter: Letter, outcome: str, *, at: datetime.datetime, by: Any) -> Clock | None:
    """End all that runs for a letter; the clock of its answer as it is then."""
    for clock in list(clocks.of(subject_of(letter))):
        if clock.is_open:
            clocks.stop(clock=clock, outcome=outcome, by=by, at=at)
    if letter.clock_id is None:
        return None
    letter.clock = Clock.objects.get(pk=letter.clock_id)
    return letter.clock

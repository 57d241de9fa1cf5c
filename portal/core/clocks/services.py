"""Starting, pausing, extending and stopping clocks. The one place that writes them.

Each call is one transaction, adds one line to the history and computes the due moment anew from all
of it. ``at`` is the moment from which something counts (by default now): a letter that was posted
yesterday pauses from yesterday. It is never before what happened last, and never in the future.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.models import Clock, ClockEntry, ClockTerms, Organisation, SiteRecord
from portal.plugins.sites import SiteLike, site_pk

from . import alarms, terms
from .kinds import ClockKind, Terms
from .reckoning import Reckoned, Verb, reckon
from .wording import limit_text
from .worktime import Limit


class ClockError(ValidationError):
    """What was asked for cannot be done; the message says why, for the person who asked."""


@transaction.atomic
def start(
    *,
    kind: str,
    subject: str,
    site: SiteLike,
    label: str = "",
    url: str = "",
    unit: Organisation | None = None,
    limit: Limit | None = None,
    started_at: datetime.datetime | None = None,
    parameters: dict[str, Any] | None = None,
    by: Any = None,
) -> Clock:
    """Begin a deadline.

    Args:
        kind: key in ``clock_kinds``, such as ``letters.reply``.
        subject: names the thing and stays the same, such as ``page:17``.
        site: whose calendar, office hours and terms hold.
        label: what people call the thing; ``url``: where they work on it in the admin.
        unit: who has to act; empty: everybody who works for the site.
        limit: in place of the site's setting, where the case itself decides.
        started_at: the receipt; it may lie in the past.
        parameters: whatever the plugin wants to find again; must be JSON.

    Raises:
        ClockError: there is no such kind at the site, the limit is nothing, the start lies in the
            future, or a clock of this kind runs for the subject already.
    """
    pk = site_pk(site)
    entry = terms.kind_of(kind, pk) if pk is not None else None
    if pk is None or entry is None:
        raise ClockError(_("This site has no deadlines of the kind “%(kind)s”.") % {"kind": kind})
    now = timezone.now()
    began = started_at or now
    if began > now:
        raise ClockError(_("A deadline cannot begin in the future."))
    held = terms.terms_at(entry, pk)
    promised = limit or held.limit
    if not promised.amount:
        raise ClockError(_("A limit of nothing is none."))
    if open_clock(kind, subject) is not None:
        raise ClockError(_already_running())
    clock = Clock(
        kind=kind,
        subject=subject,
        label=label,
        url=url,
        site_id=pk,
        unit=unit,
        started_at=began,
        due_at=began,
        limit_amount=promised.amount,
        limit_unit=promised.unit.value,
        extension_amount=held.extension.amount if held.extension else None,
        extension_unit=held.extension.unit.value if held.extension else "",
        parameters=parameters or {},
    )
    try:
        with transaction.atomic():
            clock.save()
    except IntegrityError as error:  # another was faster; anything else is a fault of ours
        if open_clock(kind, subject) is None:
            raise
        raise ClockError(_already_running()) from error
    return _record(clock, Verb.STARTED, at=began, limit=promised, by=by)


@transaction.atomic
def pause(
    *, clock: Clock, reason: str, by: Any = None, at: datetime.datetime | None = None
) -> Clock:
    """Stop counting, such as while a third party is heard.

    Raises:
        ClockError: it does not run, is overdue, or no reason is given.
    """
    found, moment = _locked(clock, at)
    _demand_reason(reason)
    if found.state != Clock.State.RUNNING:
        raise ClockError(_("Only a deadline that runs can be paused."))
    if found.is_overdue(moment):
        raise ClockError(_("This deadline has passed already; a pause would change nothing."))
    return _record(found, Verb.PAUSED, at=moment, reason=reason, by=by)


@transaction.atomic
def resume(
    *, clock: Clock, reason: str = "", by: Any = None, at: datetime.datetime | None = None
) -> Clock:
    """Go on counting. The due moment is later by the working time of the pause.

    Raises:
        ClockError: it is not paused.
    """
    found, moment = _locked(clock, at)
    if found.state != Clock.State.PAUSED:
        raise ClockError(_("This deadline is not paused."))
    return _record(found, Verb.RESUMED, at=moment, reason=reason, by=by)


@transaction.atomic
def extend(
    *,
    clock: Clock,
    reason: str,
    notice: str,
    limit: Limit | None = None,
    by: Any = None,
    at: datetime.datetime | None = None,
) -> Clock:
    """Extend the limit, once. ``notice`` is what the person who waits is told.

    Args:
        limit: by how much; at most, and by default, the extension that held when the clock began.

    Raises:
        ClockError: it was extended already, may not be, is over or overdue, the limit is larger
            than allowed, or reason or notice are missing.
    """
    found, moment = _locked(clock, at)
    _demand_reason(reason)
    if not notice.strip():
        raise ClockError(_("An extension needs a notice to the person who waits."))
    if not found.is_open:
        raise ClockError(_("This deadline is over."))
    if found.is_extended:
        raise ClockError(_("This deadline has been extended already. It can be extended once."))
    if found.extension is None:
        raise ClockError(_("Deadlines of this kind cannot be extended."))
    if found.is_overdue(moment):
        raise ClockError(_("This deadline has passed already; it can no longer be extended."))
    by_how_much = limit or found.extension
    if by_how_much.unit is not found.extension.unit or not (
        0 < by_how_much.amount <= found.extension.amount
    ):
        raise ClockError(
            _("It can be extended by %(limit)s at most.") % {"limit": limit_text(found.extension)}
        )
    return _record(
        found, Verb.EXTENDED, at=moment, limit=by_how_much, reason=reason, notice=notice, by=by
    )


@transaction.atomic
def restart(
    *,
    clock: Clock,
    reason: str,
    limit: Limit | None = None,
    by: Any = None,
    at: datetime.datetime | None = None,
) -> Clock:
    """Begin the limit anew, where a rule says so: pauses and the extension before count no more.

    Args:
        limit: another limit for the new beginning; by default the promised one.

    Raises:
        ClockError: kinds of this kind do not begin anew, it is over, or no reason is given.
    """
    found, moment = _locked(clock, at)
    _demand_reason(reason)
    entry = terms.kind_of(found.kind, found.site_id)
    if entry is None or not entry.item.may_restart:
        raise ClockError(_("Deadlines of this kind do not begin anew."))
    if not found.is_open:
        raise ClockError(_("This deadline is over."))
    promised = limit or found.limit
    if not promised.amount:
        raise ClockError(_("A limit of nothing is none."))
    return _record(found, Verb.RESTARTED, at=moment, limit=promised, reason=reason, by=by)


@transaction.atomic
def stop(
    *,
    clock: Clock,
    outcome: str,
    reason: str = "",
    by: Any = None,
    at: datetime.datetime | None = None,
) -> Clock:
    """End a deadline: what was owed is done, or is no longer owed (``outcome`` says which).

    Raises:
        ClockError: it is over already.
    """
    found, moment = _locked(clock, at)
    if not found.is_open:
        raise ClockError(_("This deadline is over."))
    found.outcome = outcome[:60]
    return _record(found, Verb.STOPPED, at=moment, reason=reason or outcome, by=by)


def recount(*, site: SiteLike = None, by: Any = None) -> int:
    """Compute open clocks anew after the calendar, office hours or rules have changed.

    Args:
        site: only this site's; without one, all of them.

    Returns:
        How many due moments have moved; each is noted in its history.
    """
    clocks = Clock.objects.exclude(state=Clock.State.STOPPED)
    if (pk := site_pk(site)) is not None:
        clocks = clocks.filter(site_id=pk)
    moved = 0
    for clock in list(clocks.order_by("pk").only("pk")):
        with transaction.atomic():
            found = Clock.objects.select_for_update().get(pk=clock.pk)
            if not found.is_open:
                continue
            if _reckoned(found).due_at != found.due_at:
                _record(found, Verb.RECOUNTED, at=timezone.now(), by=by)
                moved += 1
            else:
                found.look_at = alarms.next_look(found)
                found.save(update_fields=["look_at"])
    return moved


@transaction.atomic
def set_terms(*, site: SiteRecord, kind: str, held: Terms, default: ClockKind) -> ClockTerms | None:
    """Store what a site sets for a kind; what equals the default is not stored.

    Clocks that run keep the limit that was promised; their reminders follow the new terms.

    Returns:
        The row; None where the defaults hold now.
    """
    rows = ClockTerms.objects.filter(site=site, kind=kind)
    row: ClockTerms | None = None
    if held == default.terms:
        rows.delete()
    else:
        row, _created = ClockTerms.objects.update_or_create(
            site=site, kind=kind, defaults=terms.row_values(held)
        )
    for clock in Clock.objects.filter(site=site, kind=kind, state=Clock.State.RUNNING):
        clock.look_at = alarms.next_look(clock)
        clock.save(update_fields=["look_at"])
    return row


def open_clock(kind: str, subject: str) -> Clock | None:
    """The clock of a kind that runs or is paused for a subject."""
    found: Clock | None = (
        Clock.objects.filter(kind=kind, subject=subject).exclude(state=Clock.State.STOPPED).first()
    )
    return found


def _already_running() -> str:
    return _("A deadline of this kind runs for it already.")


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ClockError(_("Give a reason; it is kept with the deadline."))


def _locked(clock: Clock, at: datetime.datetime | None) -> tuple[Clock, datetime.datetime]:
    """The clock as it is stored now, for us alone, and the moment that is meant.

    Raises:
        ClockError: the moment lies in the future, or before what happened last.
    """
    found = Clock.objects.select_for_update().get(pk=clock.pk)
    now = timezone.now()
    moment = at or now
    if moment > now:
        raise ClockError(_("The moment lies in the future."))
    last = found.entries.exclude(verb=Verb.RECOUNTED).last()
    if last is not None and moment < last.at:
        raise ClockError(_("The moment lies before what happened last to this deadline."))
    return found, moment


def _record(
    clock: Clock,
    verb: Verb,
    *,
    at: datetime.datetime,
    limit: Limit | None = None,
    reason: str = "",
    notice: str = "",
    by: Any = None,
) -> Clock:
    """Add a line to the history and bring the row up to date with it."""
    line = ClockEntry(
        clock=clock,
        verb=verb.value,
        at=at,
        by=by if getattr(by, "pk", None) else None,
        reason=reason.strip(),
        notice=notice.strip(),
        amount=limit.amount if limit else None,
        unit=limit.unit.value if limit else "",
    )
    reckoned = _reckoned(clock, line)
    line.due_at = reckoned.due_at
    line.save()
    clock.due_at = reckoned.due_at
    clock.is_extended = reckoned.extended
    if verb is Verb.STOPPED:
        clock.state, clock.stopped_at = Clock.State.STOPPED, at
        clock.paused_at = reckoned.paused_at
    else:
        clock.paused_at = reckoned.paused_at
        clock.state = Clock.State.PAUSED if reckoned.paused_at else Clock.State.RUNNING
    clock.look_at = alarms.next_look(clock)
    clock.save()
    return clock


def _reckoned(clock: Clock, line: ClockEntry | None = None) -> Reckoned:
    steps = [entry.step for entry in clock.entries.all()]
    if line is not None:
        steps.append(line.step)
    return reckon(steps, terms.work_time(clock.site_id))

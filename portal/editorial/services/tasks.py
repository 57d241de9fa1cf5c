"""A task's way: issued, receipt confirmed, delivered, accepted or returned, closed, cancelled.

Each verb is one transaction with its line of the history and its clocks.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.editorial import deadlines
from portal.editorial.models import (
    DeliverableKind,
    RecurringTask,
    TaskEntry,
    TaskFile,
    UnitTask,
    split_parts,
)
from portal.editorial.permissions import may_answer, may_direct, may_issue, may_judge
from portal.editorial.selectors.contributors import name_of
from portal.plugin_api import Limit, Unit

State, Verb = UnitTask.State, TaskEntry.Verb
LARGEST_FILE = 50 * 1024 * 1024
MOST_FILES = 20
# Nothing that a browser would run.
_TEXTS = (".doc", ".docx", ".wps", ".pdf", ".ofd", ".txt", ".rtf", ".odt", ".ppt", ".pptx")
_TABLES = (".xls", ".xlsx", ".et", ".csv", ".ods")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff")
_MEDIA = (".mp3", ".wav", ".m4a", ".mp4", ".mov", ".avi")
_ARCHIVES = (".zip", ".rar", ".7z")
SUFFIXES = frozenset(_TEXTS + _TABLES + _PICTURES + _MEDIA + _ARCHIVES)


@dataclass(frozen=True, slots=True)
class Cooperation:
    """What a cooperating unit does for a task. ``wanted`` empty: the same as the whole."""

    unit: Any
    person: str
    wanted: str = ""


@transaction.atomic
def issue(
    *,
    site_pk: int,
    title: str,
    wanted: str,
    unit: Any,
    person: str,
    by: Any,
    kind: DeliverableKind | None = None,
    column: Page | None = None,
    due_on: datetime.date | None = None,
    link: str = "",
    cooperations: Iterable[Cooperation] = (),
    files: Iterable[Any] = (),
    template: RecurringTask | None = None,
    template_day: datetime.date | None = None,
    limit_days: int | None = None,
    at: datetime.datetime | None = None,
) -> UnitTask:
    """Ask a unit for something, with parts for units that cooperate.

    Args:
        due_on: the last day; without one ``limit_days``, the kind's working days, or the site's
            setting hold.
        at: when it was told to the unit, where that was before now.

    Raises:
        PermissionDenied: ``by`` does not issue tasks of the site.
        ValidationError: a unit is named twice, a file may not be, the day is not to come.
    """
    if not may_issue(by, site_pk):
        raise PermissionDenied
    told = list(cooperations)
    units = [unit.pk, *(part.unit.pk for part in told)]
    if len(set(units)) != len(units):
        raise ValidationError(_("Each unit takes part once: the lead unit, or a cooperating one."))
    limit = _limit(site_pk, due_on, limit_days or (kind.limit_days if kind else None))
    common = {
        "site_id": site_pk,
        "title": title,
        "kind": kind,
        "form": kind.form if kind else "",
        "required_parts": split_parts(kind.parts) if kind else [],
        "column": column,
        "link": link,
        "issued_by": by,
        "issued_by_name": name_of(by),
        "issuing_unit": getattr(by, "organisation", None),
        "issued_at": at or timezone.now(),
        "template": template,
        "template_day": template_day,
    }
    task = UnitTask(**common, unit=unit, person=person, wanted=wanted)
    _begin(task, limit, by)
    for part in told:
        share = UnitTask(
            # Ticking the parts of the whole is for the lead unit.
            **common | {"required_parts": []},
            parent=task,
            unit=part.unit,
            person=part.person,
            wanted=part.wanted or wanted,
        )
        _begin(share, limit, by)
    _add_files(task, files, by, is_delivery=False)
    return task


@transaction.atomic
def confirm_receipt(*, task: UnitTask, by: Any) -> UnitTask:
    """The unit has seen it (签收).

    Raises:
        PermissionDenied: ``by`` is not of the unit.
        ValidationError: it was confirmed already, or has ended.
    """
    found = _locked(task)
    if not may_answer(by, found):
        raise PermissionDenied
    if found.state != State.ISSUED:
        raise ValidationError(_("The receipt is confirmed already, or the task has ended."))
    _receive(found, by)
    found.state = State.RECEIVED
    found.save()
    return found


@transaction.atomic
def deliver(
    *,
    task: UnitTask,
    by: Any,
    page: Page | None = None,
    note: str = "",
    parts: Iterable[str] = (),
    files: Iterable[Any] = (),
) -> UnitTask:
    """The unit delivers: a page of the site, files, or what the note says.

    Raises:
        PermissionDenied: ``by`` is not of the unit.
        ValidationError: it is not the unit's turn, nothing is delivered, a required part is
            missing, or a file may not be.
    """
    found = _locked(task)
    if not may_answer(by, found):
        raise PermissionDenied
    if found.state not in UnitTask.WITH_UNIT:
        raise ValidationError(_("There is nothing to deliver now."))
    given = list(files)
    if page is None and not note.strip() and not given:
        raise ValidationError(_("Link a page, add a file, or say in the note what is delivered."))
    ticked = set(parts)
    missing = [part for part in found.required_parts if part not in ticked]
    if missing:
        raise ValidationError(
            _("These parts are required and not ticked: %(parts)s.") % {"parts": ", ".join(missing)}
        )
    _add_files(found, given, by, is_delivery=True)
    if found.received_at is None:
        _receive(found, by)
    deadlines.stop(found.clock, "delivered", by)
    found.state, found.delivered_at, found.delivered_by = State.DELIVERED, timezone.now(), by
    found.page, found.note, found.reason = page, note.strip(), ""
    found.delivered_parts = [part for part in found.required_parts if part in ticked]
    found.save()
    _note(found, Verb.DELIVERED, by, found.note)
    return found


@transaction.atomic
def give_back(
    *, task: UnitTask, reason: str, by: Any, due_on: datetime.date | None = None
) -> UnitTask:
    """Return a delivery to the unit, with the reason and a new last day.

    Raises:
        PermissionDenied: ``by`` may not judge it, or delivered it.
        ValidationError: nothing was delivered, no reason is given, the day is not to come.
    """
    found = _judged(task, by)
    if not reason.strip():
        raise ValidationError(_("Say what is missing: the unit reads it."))
    limit = _limit(found.site_id, due_on, None)
    found.state, found.reason = State.RETURNED, reason.strip()
    found.clock = deadlines.start_delivery(found, limit, by)
    found.save()
    _note(found, Verb.RETURNED, by, found.reason)
    return found


@transaction.atomic
def accept(*, task: UnitTask, by: Any) -> UnitTask:
    """What was delivered is what was wanted.

    Raises:
        PermissionDenied: ``by`` may not judge it, or delivered it.
        ValidationError: nothing was delivered, or a cooperating unit has not finished.
    """
    found = _judged(task, by)
    unfinished = found.parts_of_it.filter(state__in=UnitTask.UNFINISHED).select_related("unit")
    waiting = [str(part.unit) for part in unfinished]
    if waiting:
        raise ValidationError(
            _("Still with: %(units)s. Accept or cancel these parts first.")
            % {"units": ", ".join(waiting)}
        )
    found.state = State.ACCEPTED
    found.save(update_fields=["state"])
    _note(found, Verb.ACCEPTED, by)
    return found


@transaction.atomic
def close(*, task: UnitTask, by: Any) -> UnitTask:
    """File an accepted task, with its parts.

    Raises:
        PermissionDenied: ``by`` does not direct it.
        ValidationError: it is not accepted.
    """
    found = _directed(task, by)
    if found.state != State.ACCEPTED:
        raise ValidationError(_("Only an accepted task is closed; cancel one that is not needed."))
    for one in (found, *found.parts_of_it.filter(state=State.ACCEPTED)):
        one.state = State.CLOSED
        one.save(update_fields=["state"])
        _note(one, Verb.CLOSED, by)
    return found


@transaction.atomic
def cancel(*, task: UnitTask, reason: str, by: Any) -> UnitTask:
    """It is no longer wanted; the parts of cooperating units neither.

    Raises:
        PermissionDenied: ``by`` does not direct it.
        ValidationError: it has ended, or no reason is given.
    """
    found = _directed(task, by)
    if found.state in UnitTask.ENDED:
        raise ValidationError(_("This task has ended already."))
    if not reason.strip():
        raise ValidationError(_("Say why: the unit reads it."))
    for one in (found, *found.parts_of_it.exclude(state__in=UnitTask.ENDED)):
        deadlines.stop(one.clock, "cancelled", by)
        deadlines.stop(one.receipt_clock, "cancelled", by)
        one.state, one.reason = State.CANCELLED, reason.strip()
        one.save(update_fields=["state", "reason"])
        _note(one, Verb.CANCELLED, by, one.reason)
    return found


@transaction.atomic
def amend(
    *,
    task: UnitTask,
    reason: str,
    by: Any,
    person: str = "",
    due_on: datetime.date | None = None,
) -> UnitTask:
    """Give a task another last day, another responsible person, or both; the reason is kept.

    Raises:
        PermissionDenied: ``by`` does not direct it.
        ValidationError: the unit does not work on it now, nothing changes, no reason is given, or
            the day is not to come.
    """
    found = _directed(task, by)
    if found.state not in UnitTask.WITH_UNIT:
        raise ValidationError(_("Only what a unit works on can be changed."))
    if not reason.strip():
        raise ValidationError(_("Say why: the unit reads it."))
    person = person.strip()
    told = []
    if person and person != found.person:
        told.append(f"{found.person} → {person}")
        found.person = person
    if due_on is not None:
        limit = _limit(found.site_id, due_on, None)
        before = found.clock
        deadlines.stop(before, "another day", by)
        found.clock = deadlines.start_delivery(found, limit, by)
        days = (clock.due_at for clock in (before, found.clock) if clock is not None)
        told.append(" → ".join(f"{timezone.localdate(day):%Y-%m-%d}" for day in days))
    if not told:
        raise ValidationError(_("Nothing was changed."))
    found.save(update_fields=["person", "clock"])
    _note(found, Verb.CHANGED, by, "\n".join((*told, reason.strip())))
    return found


@transaction.atomic
def note_reminder(*, task_pk: int, alarm_pk: int, text: str) -> None:
    """A deadline reminded of a task: kept with its history, once for each alarm."""
    task = UnitTask.objects.filter(pk=task_pk).first()
    if task is None:
        return
    TaskEntry.objects.get_or_create(
        task=task,
        alarm=alarm_pk,
        defaults={"verb": Verb.REMINDED, "at": timezone.now(), "note": text},
    )


# --- parts ----------------------------------------------------------------------------------------
def _locked(task: UnitTask) -> UnitTask:
    """As it is stored now, for us alone."""
    return UnitTask.objects.select_for_update(of=("self",)).select_related("parent").get(pk=task.pk)


def _directed(task: UnitTask, by: Any) -> UnitTask:
    found = _locked(task)
    if not may_direct(by, found):
        raise PermissionDenied
    return found


def _judged(task: UnitTask, by: Any) -> UnitTask:
    found = _locked(task)
    if not may_judge(by, found):
        raise PermissionDenied
    if found.state != State.DELIVERED:
        raise ValidationError(_("Nothing waits to be accepted here."))
    return found


def _limit(site_pk: int, due_on: datetime.date | None, days: int | None) -> Limit | None:
    if due_on is not None:
        try:
            return deadlines.limit_until(site_pk, due_on)
        except ValueError as error:
            raise ValidationError(_("The last day lies after today.")) from error
    return Limit(days, Unit.WORKING_DAYS) if days else None


def _begin(task: UnitTask, limit: Limit | None, by: Any) -> None:
    task.save()
    task.clock = deadlines.start_delivery(task, limit, by, at=task.issued_at)
    task.receipt_clock = deadlines.start_receipt(task, by, at=task.issued_at)
    task.save(update_fields=["clock", "receipt_clock"])
    _note(task, Verb.ISSUED, by)


def _receive(task: UnitTask, by: Any) -> None:
    """Who delivers has received."""
    deadlines.stop(task.receipt_clock, "receipt confirmed", by)
    task.received_at, task.received_by_name = timezone.now(), name_of(by)
    _note(task, Verb.RECEIVED, by)


def _add_files(task: UnitTask, files: Iterable[Any], by: Any, *, is_delivery: bool) -> None:
    given = list(files)
    held = task.files.filter(is_delivery=is_delivery).count() if given else 0
    if held + len(given) > MOST_FILES:
        raise ValidationError(_("A task holds %(count)d files at most.") % {"count": MOST_FILES})
    for upload in given:
        name = PurePath(str(upload.name)).name[-150:]
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise ValidationError(
                _("“%(name)s” is no kind of file that is taken.") % {"name": name}
            )
        if upload.size > LARGEST_FILE:
            raise ValidationError(_("“%(name)s” is larger than 50 MB.") % {"name": name})
    for upload in given:
        name = PurePath(str(upload.name)).name[-150:]
        row = TaskFile(task=task, is_delivery=is_delivery, name=name, added_by=by)
        # The stored name tells nothing and cannot be guessed from the shown one.
        row.file.save(f"{task.pk}{PurePath(name).suffix.lower()}", File(upload), save=False)
        row.save()


def _note(task: UnitTask, verb: str, by: Any, note: str = "") -> None:
    TaskEntry.objects.create(
        task=task,
        verb=verb,
        at=task.issued_at if verb == Verb.ISSUED else timezone.now(),
        by=by if getattr(by, "pk", None) else None,
        by_name=name_of(by),
        unit_name=str(getattr(by, "organisation", None) or "")[:120],
        note=note,
    )

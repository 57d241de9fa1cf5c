"""What people do about gaps: assign, take up, close, dismiss, merge, split, and take that back.

Each act is written down with what it replaced. Rights are looked at here, once more than in views.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from assistant.portal_plugin.models import Gap, GapEvent, GapQuestion, QuestionPage
from assistant.portal_plugin.selectors.gaps import may_decide, may_work_on
from assistant.portal_plugin.selectors.knowledge import current_entries
from portal.plugin_api import take_turn

from .gap_examining import count, examine

_STATE, _KIND = Gap.State, GapEvent.Kind
# What an act may change, and what taking it back restores.
_FIELDS = (
    "state", "owner_unit_id", "owner_is_guess", "assignee_id", "opened_at", "closed_at",
    "closed_by_id", "reason", "merged_into_id", "title", "language",
)  # fmt: skip
_MOMENTS = frozenset({"opened_at", "closed_at"})
SHORTEST_REASON = 4


class NotDone(Exception):
    """A sentence for whoever asked for it; nothing has changed."""


# --- acts -----------------------------------------------------------------------------------------
@transaction.atomic
def assign(*, gap: Gap, unit: Any, person: Any = None, user: Any) -> Gap:
    """Say which unit, and who in it, is to write the answer.

    Raises:
        PermissionDenied: the account does not decide about gaps of the site.
        NotDone: the gap is not open, or the person may not work at its site.
    """
    row = _locked(gap, user, decides=True)
    _must_be_active(row)
    if person is not None and not may_work_on(person, row):
        raise NotDone(_("This person may not change pages of the site."))
    names = ", ".join(str(one) for one in (unit, person) if one)
    event = _event(row, _KIND.ASSIGNED, user, text=names)
    row.owner_unit, row.owner_is_guess, row.assignee = unit, unit is None, person
    row.state = _STATE.ASSIGNED if unit or person else _STATE.OPEN
    return _done(row, event)


@transaction.atomic
def take_up(*, gap: Gap, user: Any) -> Gap:
    """Say that one is at work on it.

    Raises:
        PermissionDenied: the account changes no pages of the site.
        NotDone: the gap is not open.
    """
    row = _locked(gap, user)
    _must_be_active(row)
    event = _event(row, _KIND.STARTED, user)
    row.state, row.assignee = _STATE.IN_WORK, user
    return _done(row, event)


@transaction.atomic
def close(*, gap: Gap, entry: QuestionPage, user: Any) -> Gap:
    """Close a gap with an entry that answers its questions.

    Raises:
        PermissionDenied: the account changes no pages of the site.
        NotDone: the gap is not open, or the entry is not public and in force.
    """
    row = _locked(gap, user)
    _must_be_active(row)
    if not current_entries().filter(pk=entry.pk).exists():
        raise NotDone(_("The entry is not public and in force."))
    event = _event(row, _KIND.CLOSED, user, text=entry.title)
    row.state, row.closed_by, row.closed_at = _STATE.CLOSED, entry, timezone.now()
    return _done(row, event)


@transaction.atomic
def dismiss(*, gap: Gap, reason: str, user: Any) -> Gap:
    """Decide that nothing is to be written; it is not opened again by itself.

    Raises:
        PermissionDenied: the account does not decide about gaps of the site.
        NotDone: the gap is not open, or a reason is missing.
    """
    row = _locked(gap, user, decides=True)
    _must_be_active(row)
    said = " ".join(reason.split())[:300]
    if len(said) < SHORTEST_REASON:
        raise NotDone(_("Say why nothing is to be written: the next editor will ask."))
    event = _event(row, _KIND.DISMISSED, user, text=said)
    row.state, row.reason, row.closed_at = _STATE.DISMISSED, said, timezone.now()
    return _done(row, event)


@transaction.atomic
def reopen(*, gap: Gap, user: Any) -> Gap:
    """Open a gap again that was closed or dismissed.

    Raises:
        PermissionDenied: the account changes no pages of the site.
        NotDone: it is open, or part of another one.
    """
    row = _locked(gap, user)
    if row.state not in (_STATE.CLOSED, _STATE.DISMISSED):
        raise NotDone(_("This gap is not closed."))
    event = _event(row, _KIND.REOPENED, user)
    _open(row)
    return _done(row, event)


@transaction.atomic
def merge(*, gap: Gap, others: Iterable[Gap], user: Any) -> Gap:
    """Make gaps of one site one: ``gap`` stays, and keeps its number.

    Raises:
        PermissionDenied: the account does not decide about gaps of the site.
        NotDone: nothing to merge, another site's, or one that is part of another already.
    """
    row = _locked(gap, user, decides=True)
    _must_be_active(row)
    absorbed = [_locked(other, user, decides=True) for other in others if other.pk != row.pk]
    if not absorbed:
        raise NotDone(_("Choose another gap."))
    if any(other.site_id != row.site_id for other in absorbed):
        raise NotDone(_("Only gaps of one site can be merged."))
    if any(other.state == _STATE.MERGED for other in absorbed):
        raise NotDone(_("One of them is part of another gap already."))
    moved = GapQuestion.objects.filter(gap__in=absorbed)
    event = _event(
        row,
        _KIND.MERGED,
        user,
        text=", ".join(f"{other.pk}" for other in absorbed),
        also=absorbed,
        questions=dict(moved.values_list("pk", "gap_id")),
    )
    moved.update(gap=row)
    for other in absorbed:
        other.state, other.merged_into, other.closed_at = _STATE.MERGED, row, timezone.now()
        other.save()
    _recount([row, *absorbed])
    return _done(row, event)


@transaction.atomic
def split(*, gap: Gap, questions: Iterable[int], user: Any) -> Gap:
    """Make a gap of its own of some questions; the new one.

    Raises:
        PermissionDenied: the account does not decide about gaps of the site.
        NotDone: no question is chosen, or all are.
    """
    row = _locked(gap, user, decides=True)
    rows = _chosen(row, questions)
    event = _event(row, _KIND.SPLIT, user, questions={question.pk: row.pk for question in rows})
    made = Gap.objects.create(
        site_id=row.site_id,
        title=rows[0].text,
        language=rows[0].language,
        owner_unit_id=row.owner_unit_id,
        owner_is_guess=row.owner_is_guess,
        topic_id=row.topic_id,
        column_id=row.column_id,
        opened_at=timezone.now(),
    )
    GapQuestion.objects.filter(pk__in=[question.pk for question in rows]).update(gap=made)
    GapEvent.objects.create(gap=made, kind=_KIND.SPLIT, by=user, text=str(row.pk))
    event.text = str(made.pk)
    event.before["made"] = made.pk
    _recount([row, made])
    _done(row, event)
    return made


@transaction.atomic
def take_out(*, gap: Gap, questions: Iterable[int], user: Any) -> int:
    """Say that some questions do not belong here; they join no gap by themselves any more.

    Raises:
        PermissionDenied: the account changes no pages of the site.
        NotDone: no question is chosen, or all are.
    """
    row = _locked(gap, user)
    rows = _chosen(row, questions)
    event = _event(row, _KIND.TAKEN_OUT, user, questions={question.pk: row.pk for question in rows})
    found = GapQuestion.objects.filter(pk__in=[question.pk for question in rows])
    found.update(gap=None, is_apart=True)
    _recount([row])
    _done(row, event)
    return len(rows)


@transaction.atomic
def undo(*, event: GapEvent, user: Any) -> Gap:
    """Take back the last act about a gap.

    Raises:
        PermissionDenied: the account may not do what is to be taken back.
        NotDone: something was done since, it is taken back already, or nothing can be.
    """
    take_turn()
    event = GapEvent.objects.select_for_update().select_related("gap").get(pk=event.pk)
    gap = event.gap
    decides = event.kind not in (_KIND.STARTED, _KIND.TAKEN_OUT, _KIND.CLOSED, _KIND.REOPENED)
    _locked(gap, user, decides=decides)
    last = gap.events.filter(undone_at=None).exclude(kind=_KIND.UNDONE).order_by("-pk").first()
    if not event.before or last is None or last.pk != event.pk:
        raise NotDone(_("Only what was done last can be taken back."))
    restored = _restore(event)
    event.undone_at = timezone.now()
    event.save(update_fields=["undone_at"])
    GapEvent.objects.create(gap=gap, kind=_KIND.UNDONE, by=user, text=str(event.get_kind_display()))
    _recount(restored)
    gap.refresh_from_db()
    return gap


def note_draft(*, gap: Gap, draft: QuestionPage, user: Any) -> None:
    """That an entry is being written for a gap: it is in work. In the caller's transaction."""
    row = _locked(gap, user)
    _must_be_active(row)
    event = _event(row, _KIND.DRAFTED, user, text=draft.title)
    row.draft, row.state, row.assignee = draft, _STATE.IN_WORK, user
    _done(row, event, "draft")


# --- following entries ----------------------------------------------------------------------------
@transaction.atomic
def follow_entries(*, page_pks: Sequence[int]) -> int:
    """Close the gaps whose drafts are public now, open those whose entries no longer are.

    For the outbox: safe to be told twice. How many changed.
    """
    take_turn()
    changed = 0
    drafted = Gap.objects.filter(draft__in=page_pks, state__in=Gap.ACTIVE)
    closed = Gap.objects.filter(closed_by__in=page_pks, state=_STATE.CLOSED)
    pages = {gap.draft_id for gap in drafted} | {gap.closed_by_id for gap in closed}
    public = set(current_entries().filter(pk__in=pages).values_list("pk", flat=True))
    for gap in drafted:
        # Opened again after its entry was published: then that entry has not closed it.
        if gap.draft_id in public and gap.closed_by_id != gap.draft_id:
            event = _event(gap, _KIND.CLOSED, None, text=gap.draft.title)  # type: ignore[union-attr]
            gap.state, gap.closed_by_id, gap.closed_at = _STATE.CLOSED, gap.draft_id, timezone.now()
            _done(gap, event)
            changed += 1
    for gap in closed:
        if gap.closed_by_id not in public:
            event = _event(gap, _KIND.REOPENED, None, text=_("its entry is no longer in force"))
            _open(gap)
            gap.closed_by = None
            _done(gap, event)
            changed += 1
    return changed


# --- parts ----------------------------------------------------------------------------------------
def _locked(gap: Gap, user: Any, *, decides: bool = False) -> Gap:
    """The row as it is stored, after the turn and the right to change it."""
    take_turn()
    row = Gap.objects.select_for_update().get(pk=gap.pk)
    allowed = may_decide(user, row) if decides else may_work_on(user, row)
    if not allowed:
        raise PermissionDenied
    return row


def _must_be_active(gap: Gap) -> None:
    if not gap.is_active:
        raise NotDone(_("Somebody has closed this gap meanwhile."))


def _open(gap: Gap) -> None:
    gap.state = _STATE.OPEN
    gap.opened_at, gap.closed_at, gap.reason = timezone.now(), None, ""
    gap.reopened += 1


def _event(
    gap: Gap,
    kind: str,
    user: Any,
    *,
    text: str = "",
    also: Iterable[Gap] = (),
    questions: Mapping[int, int | None] | None = None,
) -> GapEvent:
    """What is about to be done, with the state before it."""
    before = {
        "gaps": {
            str(row.pk): {name: getattr(row, name) for name in _FIELDS} for row in (gap, *also)
        },
        "questions": {str(pk): was for pk, was in (questions or {}).items()},
    }
    return GapEvent(gap=gap, kind=kind, by=user, text=text[:300], before=before)


def _done(gap: Gap, event: GapEvent, *more: str) -> Gap:
    gap.save(update_fields=[*_FIELDS, "reopened", *more])
    event.save()
    return gap


def _chosen(gap: Gap, questions: Iterable[int]) -> list[GapQuestion]:
    rows = list(gap.questions.filter(pk__in=list(questions)).order_by("-at", "-pk"))
    if not rows:
        raise NotDone(_("Choose at least one question."))
    if len(rows) == gap.questions.count():
        raise NotDone(_("Leave at least one question in the gap."))
    return rows


def _restore(event: GapEvent) -> list[Gap]:
    touched = []
    for pk, values in event.before["gaps"].items():
        row = Gap.objects.filter(pk=pk).first()
        if row is None:
            continue
        for name, value in values.items():
            is_text = name in _MOMENTS and isinstance(value, str)
            setattr(row, name, parse_datetime(value) if is_text else value)
        row.save(update_fields=list(_FIELDS))
        touched.append(row)
    for pk, was in event.before["questions"].items():
        GapQuestion.objects.filter(pk=pk).update(gap=was, is_apart=False)
    made = Gap.objects.filter(pk=event.before.get("made") or 0).first()
    if made is not None:
        if made.questions.exists():  # others joined it meanwhile
            made.questions.update(gap=event.gap)
        made.delete()
    return touched


def _recount(gaps: Sequence[Gap]) -> None:
    count(Gap.objects.filter(pk__in=[gap.pk for gap in gaps]))
    for gap in gaps:
        gap.refresh_from_db(fields=["size"])
        if gap.state != _STATE.MERGED and gap.size:
            examine(gap)


def must_be_of_site(gap: Gap, site: int | None) -> None:
    """Raises:
    NotDone: a page of another site is to be written for the gap.
    """
    if gap.site_id != site:
        raise NotDone(_("This column lies in another site."))

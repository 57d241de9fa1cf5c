"""What happens to a contribution, noted. Reviews themselves are Wagtail's; this only follows them.

Each verb may come twice: what says nothing new changes nothing.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.editorial.models import Contribution, ContributionStep, ItemKind
from portal.editorial.permissions import SLUG, may_settle
from portal.editorial.selectors.contributors import capacity_of, name_of
from portal.editorial.selectors.texts import measured
from portal.plugin_api import is_enabled, site_of_path, tree_language

State = Contribution.State


@transaction.atomic
def submit(*, page: Page, by: Any, at: datetime.datetime | None = None) -> Contribution | None:
    """A page was handed in for review.

    Returns:
        The contribution; None where nobody who contributes wrote or submits it, where the page was
        public before (a change is no new item), where it stands in a foreign language (that work
        is on the sheets of the language), or where the plugin is off.
    """
    site_pk = site_of_path(page.path)
    if site_pk is None or not is_enabled(SLUG, site_pk):
        return None
    if tree_language(page.path) != settings.LANGUAGE_CODE:
        return None
    now = at or timezone.now()
    row = Contribution.objects.select_for_update().filter(page=page.pk).first()
    if row is not None:
        if row.state == State.ACCEPTED:
            return row
        draft = page.get_latest_revision_as_object()
        row.title = draft.title
        _measure(row, draft)
        _step(row, State.SUBMITTED, by=by, at=now)
        return row
    if page.live:
        return None
    author, capacity = page.owner, capacity_of(page.owner, site_pk, timezone.localdate(now))
    if capacity is None and by is not None and by != author:
        author, capacity = by, capacity_of(by, site_pk, timezone.localdate(now))
    if capacity is None:
        return None
    draft = page.get_latest_revision_as_object()
    column = page.get_parent()
    found = measured(draft, capacity.kind)
    row = Contribution(
        page=page,
        title=draft.title,
        site_id=site_pk,
        column=column,
        column_title=column.title,
        user=author,
        person=name_of(author),
        unit=capacity.unit,
        unit_name=str(capacity.unit or ""),
        capacity=capacity.kind,
        kind=found.kind,
        words=found.words,
        minutes=found.minutes,
        submitted_at=now,
    )
    _step(row, State.SUBMITTED, by=by, at=now)
    return row


@transaction.atomic
def submit_again(*, page_pk: int, by: Any) -> None:
    """A returned page goes on with its review."""
    row = _open_row(page_pk)
    if row is not None and row.state == State.RETURNED:
        _step(row, State.SUBMITTED, by=by)


@transaction.atomic
def pass_step(*, page_pk: int, by: Any) -> None:
    """One of several reviews approved it."""
    row = _open_row(page_pk)
    if row is not None and row.state in (State.SUBMITTED, State.RETURNED):
        _step(row, State.IN_REVIEW, by=by)


@transaction.atomic
def approve(*, page_pk: int, by: Any) -> None:
    """All reviews approved it; it becomes public now, or at the time that is set."""
    row = _open_row(page_pk)
    if row is not None:
        _step(row, State.APPROVED, by=by)


@transaction.atomic
def give_back(*, page_pk: int, reason: str, by: Any) -> None:
    """A review returned it to its author, with the reason."""
    row = _open_row(page_pk)
    if row is None:
        return
    if row.state == State.RETURNED and (row.reason or not reason):
        return
    if row.state == State.RETURNED:
        # The same return, told a second time, now with its reason.
        row.steps.filter(state=State.RETURNED).order_by("-pk")[:1].get().delete()
        row.state = State.SUBMITTED
    _step(row, State.RETURNED, by=by, reason=reason)


@transaction.atomic
def withdraw(*, page_pk: int, by: Any, reason: str = "") -> None:
    """Its author or a reviewer took it out of the review, or the page was deleted."""
    row = _open_row(page_pk)
    if row is not None:
        _step(row, State.WITHDRAWN, by=by, reason=reason)


@transaction.atomic
def follow_public(*, page_pks: Iterable[int]) -> int:
    """What became public is accepted, whatever way it went; how many were accepted.

    Words are counted anew: it is paid as it was published.
    """
    rows = (
        Contribution.objects.select_for_update(of=("self",))
        .filter(page__in=list(page_pks), page__live=True)
        .exclude(state=State.ACCEPTED)
        .select_related("page")
    )
    done = 0
    for row in rows:
        page = row.page
        if page is None:
            continue
        row.title = page.title
        _measure(row, page.specific)
        row.accepted_at = page.last_published_at or timezone.now()
        _step(row, State.ACCEPTED, by=None)
        done += 1
    return done


@transaction.atomic
def correct(
    *, contribution: Contribution, kind: str, words: int, minutes: int, reason: str, by: Any
) -> Contribution:
    """Say otherwise what an item is paid as and how long it is, with the reason.

    Raises:
        PermissionDenied: ``by`` does not run the site, or wrote it.
        ValidationError: no reason, nothing changes, or a sheet holds it already.
    """
    row = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if not may_settle(by, row.site_id, row.user_id):
        raise PermissionDenied
    if row.sheet_id is not None:
        raise ValidationError(
            _("A confirmed fee sheet holds this item. Take the sheet back first.")
        )
    if not reason.strip():
        raise ValidationError(_("Say why it is corrected."))
    if (row.kind, row.words, row.minutes) == (kind, words, minutes):
        raise ValidationError(_("Nothing was changed."))
    told = _("%(before)s → %(after)s: %(reason)s") % {
        "before": _told(row.kind, row.words, row.minutes),
        "after": _told(kind, words, minutes),
        "reason": reason.strip(),
    }
    row.kind, row.words, row.minutes = kind, words, minutes
    row.changed_at = timezone.now()
    row.save(update_fields=["kind", "words", "minutes", "changed_at"])
    _note(row, row.state, by=by, at=row.changed_at, reason=told)
    return row


def _told(kind: str, words: int, minutes: int) -> str:
    return _("%(kind)s, %(words)d words, %(minutes)d minutes") % {
        "kind": ItemKind(kind).label,
        "words": words,
        "minutes": minutes,
    }


def _open_row(page_pk: int) -> Contribution | None:
    found: Contribution | None = (
        Contribution.objects.select_for_update()
        .filter(page=page_pk, state__in=Contribution.OPEN)
        .first()
    )
    return found


def _measure(row: Contribution, page: Page) -> None:
    """Count anew. The kind stays: somebody may have said what it is."""
    found = measured(page, row.capacity)
    row.words, row.minutes = found.words, found.minutes


def _step(
    row: Contribution,
    state: str,
    *,
    by: Any,
    at: datetime.datetime | None = None,
    reason: str = "",
) -> None:
    now = at or timezone.now()
    if row.pk and row.state == state:
        row.save()
        return
    row.state, row.changed_at, row.reason = state, now, reason.strip()
    row.save()
    _note(row, state, by=by, at=now, reason=row.reason)


def _note(
    row: Contribution, state: str, *, by: Any, at: datetime.datetime, reason: str = ""
) -> None:
    ContributionStep.objects.create(
        contribution=row,
        state=state,
        at=at,
        by=by if getattr(by, "pk", None) else None,
        by_name=name_of(by),
        reason=reason,
    )

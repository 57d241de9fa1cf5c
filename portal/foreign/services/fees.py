"""Setting rates, correcting sheets and settling them. Nobody does so for the own work."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.foreign.models import FeeRate, FeeSettlement, ForeignSection, WorkKind, WorkRecord
from portal.foreign.permissions import may_manage
from portal.foreign.selectors.fees import month_of, records_in, sheets
from portal.plugin_api import take_turn

from .work_records import person_name


@transaction.atomic
def set_rate(
    *,
    section: ForeignSection,
    kind: str,
    made_by: str,
    amount: Decimal,
    valid_from: datetime.date,
    by: Any,
) -> FeeRate:
    """Set what a thousand words are paid with from a day on; that of the same day is replaced.

    What was settled keeps its amount.

    Raises:
        PermissionDenied: ``by`` does not run the section.
    """
    _demand_manager(by, section)
    rate: FeeRate
    rate, _created = FeeRate.objects.update_or_create(
        section=section,
        kind=kind,
        made_by=made_by,
        valid_from=valid_from,
        defaults={"amount": amount},
    )
    return rate


@transaction.atomic
def correct(
    *, section: ForeignSection, user: Any, month: datetime.date, words: int, reason: str, by: Any
) -> WorkRecord:
    """Add words to a sheet or take some off, with the reason.

    Raises:
        PermissionDenied: ``by`` does not run the section, or it is the own sheet.
        ValidationError: no words, no reason, a month to come.
    """
    _demand_manager(by, section)
    _refuse_own(by, user)
    if not words:
        raise ValidationError(_("Say by how many words."))
    if not reason.strip():
        raise ValidationError(_("Say why the sheet is corrected."))
    now = timezone.now()
    today = timezone.localdate(now)
    if month > today:
        raise ValidationError(_("This month has not begun."))
    if month_of(today) != month:
        at = timezone.make_aware(datetime.datetime.combine(month, datetime.time(12)))
    else:
        at = now
    return WorkRecord.objects.create(
        user=user,
        person=person_name(user),
        section=section,
        title=_("Correction"),
        kind=WorkKind.CORRECTION,
        words=words,
        note=reason.strip()[:300],
        at=at,
    )


@transaction.atomic
def settle(*, section: ForeignSection, user: Any, month: datetime.date, by: Any) -> FeeSettlement:
    """Settle what is open on a sheet: from now on it can no longer change.

    Raises:
        PermissionDenied: ``by`` does not run the section, or it is the own sheet.
        ValidationError: nothing is open, or a rate is missing.
    """
    _demand_manager(by, section)
    _refuse_own(by, user)
    take_turn()
    records = records_in(section, month).filter(user=user, settlement=None)
    pks = list(records.select_for_update().values_list("pk", flat=True))
    found = sheets(section, month, user)
    if not pks or not found:
        raise ValidationError(_("Nothing is open on this sheet."))
    sheet = found[0]
    if sheet.lacks_rate:
        kinds = sorted({str(line.kind.label) for line in sheet.lines if line.rate is None})
        raise ValidationError(_("Set a rate first for: %(kinds)s.") % {"kinds": "，".join(kinds)})
    settlement = FeeSettlement.objects.create(
        section=section,
        user=user,
        person=person_name(user),
        month=month,
        words=sheet.words,
        amount=sheet.amount,
        lines=[
            {
                "kind": line.kind,
                "made_by": line.made_by,
                "pieces": line.pieces,
                "words": line.words,
                "rate": str(line.rate),
                "amount": str(line.amount),
            }
            for line in sheet.lines
        ],
        settled_by=by,
    )
    WorkRecord.objects.filter(pk__in=pks).update(settlement=settlement)
    return settlement


@transaction.atomic
def take_settlement_back(*, settlement: FeeSettlement, reason: str, by: Any) -> None:
    """Open a sheet again that was settled by mistake; the settlement stays on record.

    Raises:
        PermissionDenied: ``by`` does not run the section, or it is the own sheet.
        ValidationError: no reason, or it was taken back already.
    """
    _demand_manager(by, settlement.section)
    _refuse_own(by, settlement.user)
    found = FeeSettlement.objects.select_for_update().get(pk=settlement.pk)
    if found.taken_back_at is not None:
        raise ValidationError(_("This was taken back already."))
    if not reason.strip():
        raise ValidationError(_("Say why it is taken back."))
    found.taken_back_at, found.taken_back_by = timezone.now(), by
    found.reason = reason.strip()[:300]
    found.save()
    found.records.update(settlement=None)


def _demand_manager(user: Any, section: ForeignSection) -> None:
    if not may_manage(user, section):
        raise PermissionDenied


def _refuse_own(by: Any, user: Any) -> None:
    if user is not None and by.pk == user.pk:
        raise PermissionDenied

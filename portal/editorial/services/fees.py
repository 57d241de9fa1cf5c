"""Confirming sheets, noting that they are paid, taking them back. Never for the own work."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.editorial.models import Contribution, FeeLine, FeeSheet
from portal.editorial.permissions import may_settle, may_settle_sheet
from portal.editorial.selectors.contributors import name_of
from portal.editorial.selectors.fees import accepted_in, month_of, sheets
from portal.plugin_api import take_turn


@transaction.atomic
def confirm(*, site_pk: int, user: Any, month: datetime.date, by: Any) -> FeeSheet:
    """Fix what is open on a person's sheet of a month: from now on it changes no more.

    Raises:
        PermissionDenied: ``by`` does not run the site, or it is the own sheet.
        ValidationError: nothing is open, or a rate is missing.
    """
    if not may_settle(by, site_pk, user.pk):
        raise PermissionDenied
    take_turn()
    open_rows = accepted_in(site_pk, month).filter(user=user, sheet=None)
    list(open_rows.select_for_update().values_list("pk", flat=True))
    found = sheets(site_pk, month, user)
    if not found or not found[0].lines:
        raise ValidationError(_("Nothing is open on this fee sheet."))
    open_sheet = found[0]
    if open_sheet.lacks_rate:
        missing = {
            str(line.contribution.get_kind_display())
            for line in open_sheet.lines
            if line.rate is None
        }
        raise ValidationError(
            _("There is no rate for: %(kinds)s. Set it first.")
            % {"kinds": ", ".join(sorted(missing))}
        )
    sheet = FeeSheet.objects.create(
        site_id=site_pk,
        user=user,
        person=open_sheet.person,
        unit_name=open_sheet.unit_name,
        month=month_of(month),
        amount=open_sheet.amount,
        confirmed_by=by,
        confirmed_by_name=name_of(by),
        confirmed_at=timezone.now(),
    )
    lines = []
    for line in open_sheet.lines:
        assert line.rate is not None
        row = line.contribution
        lines.append(
            FeeLine(
                sheet=sheet,
                contribution=row,
                title=row.title,
                capacity=row.capacity,
                kind=row.kind,
                words=row.words,
                minutes=row.minutes,
                accepted_on=line.accepted_on,
                basis=line.rate.basis,
                rate=line.rate.amount,
                amount=line.amount,
            )
        )
    FeeLine.objects.bulk_create(lines)
    Contribution.objects.filter(pk__in=[line.contribution.pk for line in open_sheet.lines]).update(
        sheet=sheet
    )
    return sheet


@transaction.atomic
def mark_paid(*, sheet: FeeSheet, on: datetime.date, by: Any) -> FeeSheet:
    """Note the day on which a confirmed sheet was paid.

    Raises:
        PermissionDenied: ``by`` does not run the site, or it is the own sheet.
        ValidationError: it is paid or taken back already, or the day lies in the future or before
            the confirmation.
    """
    found = _locked(sheet, by)
    if found.state != FeeSheet.State.CONFIRMED:
        raise ValidationError(_("Only a confirmed sheet that is not paid yet can be paid."))
    if on > timezone.localdate():
        raise ValidationError(_("The day of payment lies in the future."))
    if on < timezone.localdate(found.confirmed_at):
        raise ValidationError(_("The day of payment lies before the confirmation."))
    found.state, found.paid_on, found.paid_by_name = FeeSheet.State.PAID, on, name_of(by)
    found.save(update_fields=["state", "paid_on", "paid_by_name"])
    return found


@transaction.atomic
def take_back(*, sheet: FeeSheet, reason: str, by: Any) -> FeeSheet:
    """Open a confirmed sheet again; it stays on record with the reason.

    Raises:
        PermissionDenied: ``by`` does not run the site, or it is the own sheet.
        ValidationError: it is paid or taken back already, or there is no reason.
    """
    found = _locked(sheet, by)
    if found.state != FeeSheet.State.CONFIRMED:
        raise ValidationError(_("Only a confirmed sheet that is not paid yet can be taken back."))
    if not reason.strip():
        raise ValidationError(_("Say why the sheet is taken back."))
    found.state = FeeSheet.State.TAKEN_BACK
    found.taken_back_at, found.taken_back_by_name = timezone.now(), name_of(by)
    found.reason = reason.strip()[:300]
    found.save(update_fields=["state", "taken_back_at", "taken_back_by_name", "reason"])
    Contribution.objects.filter(sheet=found).update(sheet=None)
    return found


def _locked(sheet: FeeSheet, by: Any) -> FeeSheet:
    found = FeeSheet.objects.select_for_update().get(pk=sheet.pk)
    if not may_settle_sheet(by, found):
        raise PermissionDenied
    return found

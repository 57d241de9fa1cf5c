"""What counters say of guides: that the text is what they use, or that it is not (R-SVC-07)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import take_turn
from portal.services.models import CounterConfirmation, GuidePage, GuideRecord
from portal.services.permissions import may_confirm, may_settle


@transaction.atomic
def confirm(*, page: GuidePage, digest: str, by: Any) -> CounterConfirmation:
    """The public text is what the counter uses. Settles what was reported before.

    Args:
        digest: of the text that was compared: another one is not confirmed by it.

    Raises:
        PermissionDenied: not an account of the handling office, nor an editor of the site.
        ValidationError: the text has changed meanwhile, or is not public.
    """
    _demand(page, digest, by)
    now, name = timezone.now(), _name(by)
    CounterConfirmation.objects.filter(page=page, agrees=False, settled_at=None).update(
        settled_at=now, settled_by_name=name
    )
    return CounterConfirmation.objects.create(
        page=page, digest=digest, agrees=True, by=by, by_name=name, at=now
    )


@transaction.atomic
def report_difference(*, page: GuidePage, digest: str, note: str, by: Any) -> CounterConfirmation:
    """The counter uses something else. Stays open until it is settled or the text confirmed.

    Raises: as ``confirm``; a ``ValidationError`` also without a note.
    """
    if not note.strip():
        raise ValidationError({"note": _("Say what differs, so that somebody can mend it.")})
    _demand(page, digest, by)
    return CounterConfirmation.objects.create(
        page=page,
        digest=digest,
        agrees=False,
        note=note.strip(),
        by=by,
        by_name=_name(by),
        at=timezone.now(),
    )


@transaction.atomic
def settle(*, confirmation: CounterConfirmation, by: Any) -> None:
    """A reported difference is dealt with. Twice does no harm.

    Raises:
        PermissionDenied: not an editor of the site.
    """
    if not may_settle(by, confirmation.page):
        raise PermissionDenied
    CounterConfirmation.objects.filter(pk=confirmation.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by_name=_name(by)
    )


def _demand(page: GuidePage, digest: str, by: Any) -> None:
    if not may_confirm(by, page):
        raise PermissionDenied
    take_turn()
    record = GuideRecord.objects.filter(page=page).first()
    if record is None:
        raise ValidationError(_("Only what is public can be compared."))
    if record.digest != digest:
        raise ValidationError(_("The text has changed since you opened it. Compare it once more."))


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())[:150]

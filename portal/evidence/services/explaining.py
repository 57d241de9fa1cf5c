"""What people decide about a finding."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log as log_action

from portal.evidence.models import Entry, Finding

from .log import append
from .sealing import draft_of, sources, states_of

EXPLAINED = "evidence.explained"
ITEM_CODES = frozenset({"changed", "gone", "not-in-log"})


@transaction.atomic
def explain(*, finding: Finding, user: Any, reason: str) -> Finding:
    """Accept something as it is, with a reason. An item is entered in the log as it stands now.

    Raises:
        ValidationError: without a reason, or it is decided already.
    """
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if finding.status != Finding.Status.OPEN:
        raise ValidationError(_("This finding is decided already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this is as it should be.")})
    if finding.code in ITEM_CODES:
        _accept(finding)
    finding.status, finding.decided_at = Finding.Status.EXPLAINED, timezone.now()
    finding.decided_by, finding.reason = user, reason.strip()[:500]
    finding.save()
    log_action(finding, EXPLAINED, user=user, data={"place": finding.place})
    # The other fields of the same item stand as they are now, too.
    if finding.code in ITEM_CODES:
        others = Finding.objects.filter(
            place=finding.place, code__in=ITEM_CODES, status=Finding.Status.OPEN
        )
        others.update(
            status=Finding.Status.EXPLAINED, decided_at=finding.decided_at, decided_by=user,
            reason=finding.reason,
        )  # fmt: skip
    return finding


def _accept(finding: Finding) -> None:
    table, _hash, pk = finding.place.partition(" #")
    source = next((one for one in sources() if one.table == table), None)
    if source is None or not pk.isdecimal():
        return
    item = next(iter(source.present([int(pk)])), None)
    state = states_of(source.kind, [int(pk)]).get(int(pk))
    draft = draft_of(source.kind, int(pk), item, state, action=Entry.Action.ACCEPTED)
    if draft is not None:
        append([draft])

"""A person says why something that was warned of is public all the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.proofreading.models import Reason
from portal.proofreading.selectors.findings import PageScan
from portal.text.detectors import Grade

LOG_REASON = "proofreading.reason"
_SHORTEST, _LONGEST = 4, 300


@transaction.atomic
def give_reasons(*, page: Page, scan: PageScan, reasons: dict[str, str], user: Any) -> list[Reason]:
    """Keep a reason for each finding that is named by its key; only warnings have any.

    Raises:
        ValidationError: a reason says nothing.
    """
    found = {placed.key: placed for placed in scan.graded(Grade.WARNING)}
    given = []
    for key, text in reasons.items():
        placed, text = found.get(key), " ".join(text.split())
        if placed is None or not text:
            continue
        if len(text) < _SHORTEST or len(set(text)) < 2:
            raise ValidationError(
                _("“%(words)s”: write in a few words why it may be public.")
                % {"words": placed.words}
            )
        given.append(
            Reason.objects.create(
                page_id=page.pk,
                page_title=page.title[:255],
                key=key,
                kind=placed.finding.kind,
                words=placed.words[:80],
                reason=text[:_LONGEST],
                revision=page.latest_revision_id,
                user=user,
                user_name=(user.get_full_name() or user.get_username())[:160],
            )
        )
    if given:
        log(
            instance=page,
            action=LOG_REASON,
            user=user,
            data={"reasons": [{"words": one.words, "reason": one.reason} for one in given]},
        )
    return given

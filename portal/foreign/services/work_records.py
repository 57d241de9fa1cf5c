"""Recording what was translated and reviewed, for the sheets by which it is paid."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.foreign.models import MadeBy, PageTranslation, WorkRecord
from portal.foreign.models.fees import WorkKind


@transaction.atomic
def record_work(
    *,
    user: Any,
    translation: PageTranslation,
    kind: str,
    words: int,
    text: str = "",
    made_by: str = MadeBy.HUMAN,
) -> WorkRecord | None:
    """Note a piece of work; None where nothing was done, or by nobody, or it is on record already.

    Args:
        kind: of ``WorkKind``.
        words: of the source text, as ``PageTranslation.words`` counts them.
        text: names the text and its version (such as path, position and hash of the source): it
            is counted once for each kind of work, however often it is saved. Without one, each
            call counts.
        made_by: ``machine`` where a machine's draft was worked on.
    """
    if words <= 0 or not getattr(user, "is_authenticated", False):
        return None
    key = hashlib.sha256(text.encode()).hexdigest() if text else ""
    values = {
        "user": user,
        "person": person_name(user),
        "section_id": translation.section_id,
        "title": translation.source.title[:255],
        "made_by": MadeBy.HUMAN if made_by == MadeBy.HUMAN else MadeBy.MACHINE,
        "words": words,
        "at": timezone.now(),
    }
    kind = WorkKind(kind)
    if not key:
        return WorkRecord.objects.create(translation=translation, kind=kind, **values)
    record, created = WorkRecord.objects.get_or_create(
        translation=translation, kind=kind, key=key, defaults=values
    )
    return record if created else None


def person_name(user: Any) -> str:
    """The name on the sheet; it stays when the account goes."""
    return (user.get_full_name() or user.get_username())[:150]

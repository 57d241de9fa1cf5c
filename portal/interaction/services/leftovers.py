"""Files without a letter: a process that dies after storing them takes its rows along, not them."""

import datetime
import time
from pathlib import Path

from django.utils import timezone

from portal.interaction.models import LetterFile, ReplyFile
from portal.interaction.models.files import letter_files

# A younger one may belong to a transaction that has not ended.
OLD_ENOUGH = 3_600
_KINDS: tuple[tuple[type[LetterFile | ReplyFile], str], ...] = (
    (LetterFile, ""), (ReplyFile, "replies/"),
)  # fmt: skip


def clear_left_behind() -> int:
    """Remove files of this month and the last that belong to no row; how many."""
    storage, limit, gone = letter_files(), time.time() - OLD_ENOUGH, 0
    this_month = timezone.localdate().replace(day=1)
    last_month = (this_month - datetime.timedelta(days=1)).replace(day=1)
    for model, start in _KINDS:
        lying = [
            f"{start}{month:%Y/%m}/{path.name}"
            for month in (last_month, this_month)
            for path in Path(storage.location, f"{start}{month:%Y/%m}").glob("*")
            if path.stat().st_mtime < limit
        ]
        if not lying:
            continue
        # A day more than two months: the folder's name was made by a clock on the wall.
        since = timezone.now() - datetime.timedelta(days=63)
        owned = set(
            model._default_manager.filter(added_at__gte=since).values_list("file", flat=True)
        )
        for name in set(lying) - owned:
            storage.delete(name)
            gone += 1
    return gone

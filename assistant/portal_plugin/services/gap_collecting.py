"""Reads what people did not find into ``GapQuestion``s: by increments, told twice counts once."""

import datetime
from collections.abc import Iterable
from functools import partial
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assistant.dialogue.routing import route
from assistant.dialogue.scope import is_outside
from assistant.portal_plugin.models import AnswerRecord, GapQuestion, GapSource
from portal.plugin_api import GapSignal, GapSignalSource, gap_signals

OWN = "assistant.unanswered"
_BATCH = 200
# What a source was late with is read the next night.
_OVERLAP = datetime.timedelta(hours=26)
_LONGEST_KEY = 120


def collect(site: int, *, now: datetime.datetime | None = None) -> int:
    """Read every source from where it was read to; how many questions are new.

    Each batch is a transaction of its own: who is interrupted goes on from there.
    """
    until = now or timezone.now()
    made = 0
    for entry in gap_signals.entries(site):
        known = GapSource.objects.filter(site=site, name=entry.key).first()
        since = known.until - _OVERLAP if known else until - _kept()
        work = partial(_read, site=site, since=since, until=until)
        read: list[GapSignal] | None = entry.run(work, None)
        if read is None:
            continue  # it failed, which is logged; the next night reads the same time again
        for some in batched(read, _BATCH):
            made += _store(site, entry.key, some)
        GapSource.objects.update_or_create(site_id=site, name=entry.key, defaults={"until": until})
    return made


def _read(
    source: GapSignalSource, /, *, site: int, since: datetime.datetime, until: datetime.datetime
) -> list[GapSignal]:
    return list(source.gap_signals(site=site, since=since, until=until))


def _kept() -> datetime.timedelta:
    return datetime.timedelta(days=settings.ASSISTANT_RETENTION_DAYS)


@transaction.atomic
def _store(site: int, source: str, signals: Iterable[GapSignal]) -> int:
    rows = [row for signal in signals if (row := _row(site, source, signal)) is not None]
    keys = [row.key for row in rows]
    there = set(
        GapQuestion.objects.filter(source=source, key__in=keys).values_list("key", flat=True)
    )
    fresh = {row.key: row for row in rows if row.key not in there}
    if source == OWN:
        # Forgotten meanwhile: then nothing of it may come back.
        answers = set(AnswerRecord.objects.filter(pk__in=fresh).values_list("pk", flat=True))
        fresh = {key: row for key, row in fresh.items() if key in answers}
    GapQuestion.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return len(fresh)


def _row(site: int, source: str, signal: GapSignal) -> GapQuestion | None:
    """A question as it is kept; None for what is no matter of ours.

    Words of other plugins are scrubbed like a visitor's: what they promise is not believed.
    """
    routed = route(signal.text)
    if routed.status is not None or is_outside(routed.question):
        return None
    kinds = GapQuestion.Kind
    return GapQuestion(
        source=source,
        key=signal.key[:_LONGEST_KEY],
        kind=signal.kind if signal.kind in kinds.values else kinds.OTHER,
        text=routed.question[:500],
        language=signal.language[:12],
        site_id=site,
        asker=signal.asker[:64],
        at=signal.at,
        url=signal.url[:500] if signal.url.startswith("/") else "",
        answer_id=signal.key if source == OWN else None,
    )

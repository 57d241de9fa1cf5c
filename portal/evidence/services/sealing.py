"""From the outbox into the log: what became public, changed, or is public no longer."""

import logging
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from django.db import transaction

from portal.evidence.leaves import digest_of
from portal.evidence.models import Action, Entry, Log, State
from portal.plugin_api import EvidenceItem, EvidenceSource, OutboxEvent, evidence_sources

from .log import Draft, append, the_log

logger = logging.getLogger(__name__)

_SHORT = 12
PORTION = 200


def sources() -> list[EvidenceSource]:
    """What is entered, in the one order."""
    return [entry.item for entry in evidence_sources.entries()]


def short(values: dict[str, str]) -> dict[str, str]:
    """Hashes that only say where a difference lies."""
    return {place: found[:_SHORT] for place, found in values.items()}


def event_kinds() -> list[str]:
    return sorted({kind for source in sources() for kind in source.events})


def seal(events: Sequence[OutboxEvent]) -> int:
    """Enter what these events changed; how many entries. Seen again, they change nothing."""
    drafts: list[Draft] = []
    by_kind = sorted(events, key=lambda event: event.kind)
    for source in sources():
        # Primary key → the fields that may differ (None: any), and the newest event.
        wanted: dict[int, tuple[frozenset[str] | None, int]] = {}
        for kind, group in groupby(by_kind, key=lambda event: event.kind):
            if kind not in source.events:
                continue
            mine = list(group)
            free = source.events[kind]
            for pk in source.concerned(mine):
                known = wanted.get(pk)
                allowed = free
                if known is not None:
                    allowed = None if free is None or known[0] is None else free | known[0]
                newest = max(event.pk for event in mine)
                wanted[pk] = (allowed, max(newest, known[1] if known else 0))
        keys = sorted(wanted)
        for start in range(0, len(keys), PORTION):
            part = {pk: wanted[pk] for pk in keys[start : start + PORTION]}
            drafts += _drafts(source, part)
    return len(append(drafts)) if drafts else 0


def _drafts(
    source: EvidenceSource, wanted: dict[int, tuple[frozenset[str] | None, int]]
) -> Iterable[Draft]:
    items = {item.pk: item for item in source.present(list(wanted))}
    states = states_of(source.kind, wanted)
    for pk, (allowed, event) in wanted.items():
        draft = draft_of(source.kind, pk, items.get(pk), states.get(pk), event=event)
        if draft is None:
            continue
        state = states.get(pk)
        if allowed is not None and state is not None and not _within(state, draft, allowed):
            # Something else differs too: not entered, so that the check finds it.
            logger.warning("%s differs in more than its event says", draft.key)
            continue
        yield draft


def _within(state: State, draft: Draft, allowed: frozenset[str]) -> bool:
    if not state.fields or not draft.digest:
        return not state.fields
    return differing(state.fields, draft.fields) <= allowed


def differing(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Places whose hashes are not the same, or that are on one side only."""
    return {place for place in before.keys() | now.keys() if before.get(place) != now.get(place)}


def states_of(kind: str, pks: Iterable[int]) -> dict[int, State]:
    rows = State.objects.filter(kind=kind, object_pk__in=list(pks))
    return {state.object_pk: state for state in rows}


def draft_of(
    kind: str,
    pk: int,
    item: EvidenceItem | None,
    state: State | None,
    *,
    action: Action | None = None,
    event: int | None = None,
) -> Draft | None:
    """What is to be entered of an item as it stands; None where the log says so already."""
    known = state.digest if state is not None else ""
    if item is None:
        if not known:
            return None
        return Draft(kind, pk, action or Entry.Action.REMOVED, "", event=event)
    digest = digest_of(item.fields)
    if digest == known and state is not None and state.fields:
        return None
    told = action or (Entry.Action.CHANGED if known else Entry.Action.ADDED)
    return Draft(kind, pk, told, digest, short(dict(item.fields)), short(dict(item.details)), event)


# --- what was there before ------------------------------------------------------------------------
def take_baseline(say: Callable[[str], None] | None = None) -> int:
    """Take in what is public and not in the log yet, kind by kind; how many items.

    For a portal that was there before the log, and for kinds that a new plugin brings. In portions
    with a commit each: interrupted, it goes on with what is missing. A kind that was taken in once
    is left alone: what comes without an event after that is a finding.
    """
    done = 0
    for source in sources():
        log = the_log()
        if source.kind in log.baselines:
            continue
        after = number = 0
        while pks := list(source.keys(after=after, limit=PORTION)):
            after = pks[-1]
            number += _take_in(source, pks)
            if say is not None:
                say(f"{source.kind}: {number} (…{after})")
        with transaction.atomic():
            log = Log.objects.select_for_update().get(pk=log.pk)
            log.baselines[source.kind] = number
            log.save(update_fields=["baselines"])
        done += number
    return done


@transaction.atomic
def _take_in(source: EvidenceSource, pks: Sequence[int]) -> int:
    known = states_of(source.kind, pks)
    new = [pk for pk in pks if pk not in known]
    drafts = [
        draft
        for item in source.present(new)
        if (draft := draft_of(source.kind, item.pk, item, None, action=Entry.Action.BASELINE))
    ]
    return len(append(drafts)) if drafts else 0


def missing_baselines() -> list[str]:
    """Kinds whose state of before the log has not been taken in."""
    log = the_log()
    return [source.kind for source in sources() if source.kind not in log.baselines]

"""What is public now against what the log says of it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from portal.evidence.leaves import digest_of
from portal.evidence.models import Entry, State
from portal.plugin_api import EvidenceItem, EvidenceSource, OutboxCursor, OutboxEvent

from .findings import Found, last_check_before
from .following import catch_up
from .repairing import repair_page
from .sealing import differing, event_kinds, short, sources, states_of
from .stages import Stage, Step

PORTION = 100
_TRIES = 3


def stages() -> list[Stage]:
    """One for each kind."""
    return [Stage(f"items-{source.kind}", partial(_items, source)) for source in sources()]


def _items(source: EvidenceSource, place: dict[str, Any], repair: bool) -> Iterator[Step]:
    good = last_check_before()
    while not place.get("end"):
        after = place.get("after", 0)
        public = list(source.keys(after=after, limit=PORTION))
        is_last = len(public) < PORTION
        known = State.objects.filter(kind=source.kind, object_pk__gt=after)
        if not is_last:
            known = known.filter(object_pk__lte=public[-1])
        logged = list(
            known.exclude(digest="")
            .order_by("object_pk")
            .values_list("object_pk", flat=True)[: PORTION * 4]
        )
        if len(logged) == PORTION * 4:  # more that is public no longer than what is
            public = [pk for pk in public if pk <= logged[-1]]
            is_last = False
        pks = sorted({*public, *logged})
        step = Step(checked=len(pks), says=str(pks[-1]) if pks else "")
        found = _look(source, pks, set(public))
        step.findings += [_repaired(source, pk, one, good, repair) for pk, one in found]
        place["after"] = pks[-1] if pks else after
        place["end"] = is_last
        yield step


def _look(source: EvidenceSource, pks: Sequence[int], public: set[int]) -> list[tuple[int, Found]]:
    """What differs, looked at again after the log has followed what happened meanwhile."""
    wrong: list[tuple[int, Found]] = []
    looked_at = list(pks)
    for attempt in range(_TRIES):
        wrong = _compare(source, looked_at, public)
        if not wrong:
            return []
        looked_at = sorted({pk for pk, _found in wrong})
        if attempt < _TRIES - 1:
            catch_up()
            here = set(source.keys(after=min(looked_at) - 1, limit=PORTION * 4))
            public = (public - set(looked_at)) | (here & set(looked_at))
    if wrong and (behind := _behind()):
        # What differs may be what the log has not followed yet: told as one finding.
        return [(wrong[0][0], Found("log-behind", OutboxCursor._meta.db_table, "evidence", behind))]
    return wrong


def _behind() -> str:
    """Why the log has not followed what happened, and says nothing of the present; "" if it has."""
    cursor = OutboxCursor.objects.filter(consumer="evidence").first()
    position = cursor.position if cursor is not None else 0
    if not OutboxEvent.objects.filter(pk__gt=position, kind__in=event_kinds()).exists():
        return ""
    return (cursor.last_error if cursor is not None else "") or "events wait"


@transaction.atomic
def _compare(
    source: EvidenceSource, pks: Sequence[int], public: set[int]
) -> list[tuple[int, Found]]:
    states = states_of(source.kind, pks)
    items = {item.pk: item for item in source.present(list(pks))}
    entries = Entry.objects.in_bulk([state.seq for state in states.values()])
    wrong: list[tuple[int, Found]] = []
    for pk in pks:
        place = f"{source.table} #{pk}"
        state, item = states.get(pk), items.get(pk)
        if state is not None and not _is_entry(entries.get(state.seq), state):
            where = f"{State._meta.db_table} {state.key}"
            wrong.append((pk, Found("state-changed", where, "digest", f"entry {state.seq}")))
        if state is None or not state.digest:
            if item is not None and pk in public:
                detail = "public, and no publication is on record for it"
                wrong.append((pk, Found("not-in-log", place, "", detail, source.advice(pk))))
        elif item is None:
            if pk in public or not getattr(source, "may_vanish", False):
                detail = f"it should be public since entry {state.seq}"
                wrong.append((pk, Found("gone", place, "", detail, source.advice(pk))))
        elif digest_of(item.fields) != state.digest:
            for name, detail in _places(state, item):
                wrong.append((pk, Found("changed", place, name, detail, source.advice(pk))))
        elif state.fields and state.fields != short(dict(item.fields)):
            where = f"{State._meta.db_table} {state.key}"
            wrong.append((pk, Found("state-changed", where, "fields")))
        elif state.fields and state.details != short(dict(item.details)):
            where = f"{State._meta.db_table} {state.key}"
            wrong.append((pk, Found("state-changed", where, "details")))
    return wrong


def _is_entry(entry: Entry | None, state: State) -> bool:
    return entry is not None and (entry.key, entry.digest) == (state.key, state.digest)


def _places(state: State, item: EvidenceItem) -> list[tuple[str, str]]:
    """Where an item differs: the field, and the block, clause or portion where that is known."""
    if not state.fields:
        return [("", "which field is not known: its entry was taken over from the file")]
    fields = differing(state.fields, short(dict(item.fields)))
    finer = differing(state.details, short(dict(item.details)))
    found: list[tuple[str, str]] = []
    for name in sorted(fields):
        inside = sorted(place for place in finer if place.startswith(f"{name}/"))
        if not inside:
            found.append((name, ""))
        elif name.endswith(" on disk"):
            offsets = sorted(int(place.rpartition("/")[2]) for place in inside)
            found.append((name, f"from byte {offsets[0]} on, portions: {len(offsets)}"))
        else:
            places = [place.removeprefix(f"{name}/") for place in inside]
            found += [(f"{name}/{place}", "") for place in places[:5]]
    return found or [("", "")]


def _repaired(source: EvidenceSource, pk: int, found: Found, good: Any, repair: bool) -> Found:
    restored = ""
    if repair and source.kind == "page" and found.code == "changed" and repair_page(pk):
        restored = "The row was restored from the live version."
    state = State.objects.filter(kind=source.kind, object_pk=pk).first()
    entry = Entry.objects.filter(seq=state.seq).first() if state is not None else None
    if entry is not None and (good is None or entry.at > good):
        good = entry.at
    return Found(found.code, found.place, found.field, found.detail, found.advice, good, restored)

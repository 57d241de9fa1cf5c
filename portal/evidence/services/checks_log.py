"""The log against itself: file, table, chain, tree, signed roots, keys."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from portal.evidence import merkle
from portal.evidence.leaves import FIRST_CHAIN, chained
from portal.evidence.log_file import Line
from portal.evidence.merkle import Peaks
from portal.evidence.models import Entry, Root, SigningKey, State, Subtree
from portal.evidence.places import log_file
from portal.evidence.selectors.tree import stored_height

from . import signing
from .findings import Found, last_check_before
from .log import leaf_of, the_log
from .stages import Stage, Step

PORTION = 1000
_ENTRIES = Entry._meta.db_table
_ADVICE = (
    "Compare table and file with a copy of both that is kept elsewhere; restore the changed one."
)


class _Lines:
    """The file's lines by number, whatever somebody did to their order."""

    def __init__(self, offset: int) -> None:
        self.path = str(log_file().path)
        self.offset = offset
        self._lines = log_file().lines(offset) if log_file().path.exists() else iter(())
        self._next: Line | None = None

    def take(self, seq: int, found: list[Found]) -> Line | None:
        """The line of an entry; what stands before it and does not belong there is told."""
        while True:
            line = self._next or next(self._lines, None)
            self._next = line
            if line is None:
                return None
            values = line.values()
            number = values["seq"] if values is not None else seq  # unreadable: taken for this one
            if number > seq:
                return None
            self._next, self.offset = None, line.end
            if number == seq:
                return line
            detail = f"line {number} at byte {line.offset} stands where {seq} is expected"
            found.append(Found("log-line-extra", self.path, f"byte {line.offset}", detail, _ADVICE))


def _log(place: dict[str, Any], repair: bool) -> Iterator[Step]:
    """Each entry once, in order, in the table and in the file."""
    if place.get("end"):
        return
    good = last_check_before()
    peaks = Peaks(place.get("seq", 0), [bytes.fromhex(one) for one in place.get("peaks", ())])
    chain = place.get("chain", FIRST_CHAIN)
    lines = _Lines(place.get("offset", 0))
    while True:
        step = Step()
        seq = peaks.size
        rows = list(Entry.objects.filter(seq__gte=seq).order_by("seq")[:PORTION])
        if not rows:
            break
        found = step.findings
        if rows[0].seq < seq:
            break
        by_seq = {row.seq: row for row in rows}
        nodes: list[tuple[int, int, bytes]] = []
        roots: dict[int, str] = {}
        for number in range(seq, rows[-1].seq + 1):
            row, line = by_seq.get(number), lines.take(number, found)
            leaf, chain = _compare(number, row, line, chain, lines.path, found)
            nodes += [node for node in peaks.add(leaf) if stored_height(node[0])]
            roots[peaks.size] = peaks.root().hex()
        _compare_nodes(nodes, found)
        _compare_roots(roots, found)
        _compare_states(rows, found)
        step.findings = [_dated(one, good) for one in found]
        step.checked = len(rows)
        step.says = str(peaks.size)
        place.update(
            seq=peaks.size, chain=chain, offset=lines.offset,
            peaks=[one.hex() for one in peaks.peaks],
        )  # fmt: skip
        yield step
    place["end"] = True
    late = Root.objects.filter(size__gt=peaks.size)
    step = Step(checked=0)
    for root in late:
        detail = f"{root.size} entries were signed, {peaks.size} are there"
        step.findings.append(
            Found("root-beyond", Root._meta.db_table, str(root.day), detail, _ADVICE, good)
        )
    yield step


def _dated(found: Found, good: Any) -> Found:
    return Found(found.code, found.place, found.field, found.detail, found.advice, good)


def _compare(
    seq: int, row: Entry | None, line: Line | None, chain: str, path: str, found: list[Found]
) -> tuple[bytes, str]:
    """One entry in both places; the leaf's hash and the chain to go on with."""
    place = f"{_ENTRIES} #{seq}"
    row_leaf = leaf_of(row) if row is not None else b""
    row_hash = merkle.leaf_hash(row_leaf)
    row_good = row is not None and row.chain == chained(chain, row_hash.hex())
    line_good = line is not None and line.follows(chain)
    if row is None:
        found.append(Found("entry-missing", place, detail="not in the table", advice=_ADVICE))
    elif row.leaf != row_hash.hex():
        detail = f"the columns of {row.key} do not give the hash that stands beside them"
        found.append(Found("entry-changed", place, "leaf", detail, _ADVICE))
    elif not row_good:
        detail = f"{row.key} does not continue the entry before it"
        found.append(Found("entry-changed", place, "chain", detail, _ADVICE))
    if line is None:
        found.append(Found("log-line-missing", path, f"line of {seq}", "", _ADVICE))
    elif not line_good:
        detail = f"the line of {seq} does not continue the one before it"
        found.append(Found("log-line-changed", path, f"byte {line.offset}", detail, _ADVICE))
    elif row_good and row is not None and (line.leaf, line.chain) != (row_leaf, row.chain):
        detail = f"the line of {seq} at byte {line.offset} is not what the table says"
        found.append(Found("log-line-changed", path, f"byte {line.offset}", detail, _ADVICE))
    if row_good and row is not None:
        return row_hash, row.chain
    if line_good and line is not None:
        return merkle.leaf_hash(line.leaf), line.chain
    return row_hash, row.chain if row is not None else chain


def _compare_nodes(nodes: list[tuple[int, int, bytes]], found: list[Found]) -> None:
    for height, index, value in nodes:
        row = Subtree.objects.filter(height=height, index=index).first()
        if row is None or row.hash != value.hex():
            place = f"{Subtree._meta.db_table} {height}/{index}"
            found.append(Found("subtree-changed", place, "hash", "", _ADVICE))


def _compare_roots(roots: dict[int, str], found: list[Found]) -> None:
    if not roots:
        return
    for root in Root.objects.filter(size__gte=min(roots), size__lte=max(roots)):
        if roots[root.size] != root.root:
            detail = f"the first {root.size} entries do not give the root that was signed"
            found.append(Found("root-differs", Root._meta.db_table, str(root.day), detail, _ADVICE))


def _compare_states(rows: list[Entry], found: list[Found]) -> None:
    """Each item that the log knows has its state, at least as new as its entries."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        kind, _colon, pk = row.key.partition(":")
        if pk.isdecimal():
            wanted.setdefault(kind, set()).add(int(pk))
    newest: dict[str, tuple[int, str]] = {}
    for kind, pks in wanted.items():
        states = State.objects.filter(kind=kind, object_pk__in=pks)
        for number, seq, digest in states.values_list("object_pk", "seq", "digest"):
            newest[f"{kind}:{number}"] = (seq, digest)
    for row in rows:
        known, said = newest.get(row.key, (-1, ""))
        if known < row.seq or (known == row.seq and said != row.digest):
            detail = f"what the log says last of {row.key} is entry {row.seq}"
            place = f"{State._meta.db_table} {row.key}"
            found.append(Found("state-changed", place, "seq", detail, _ADVICE))


def _signatures(place: dict[str, Any], repair: bool) -> Iterator[Step]:
    """Each signed root and each key, as it was signed."""
    identity = the_log().identity
    good = last_check_before()
    step = Step()
    keys = (
        []
        if place.get("keys")
        else list(SigningKey.objects.select_related("before").order_by("began_at", "pk"))
    )
    for number, key in enumerate(keys):
        step.checked += 1
        held = signing.key_holds(key, identity)
        if held is False or (number > 0 and key.before is None):
            detail = "the key before it did not hand over to it"
            step.findings.append(
                Found(
                    "key-changed", f"{SigningKey._meta.db_table} #{key.pk}", "public_key", detail,
                    _ADVICE, good,
                )
            )  # fmt: skip
    if not place.get("keys"):
        place["keys"] = True
        yield step
    after = place.get("after", 0)
    roots = Root.objects.select_related("key").order_by("pk")
    while portion := list(islice(roots.filter(pk__gt=after), PORTION)):
        step = Step(checked=len(portion), says=str(portion[-1].day))
        for root in portion:
            held = signing.root_holds(root, identity)
            if held:
                continue
            code = "signature-unknown" if held is None else "signature-wrong"
            detail = f"signed by {root.key.algorithm} {root.key.fingerprint[:16]}"
            step.findings.append(
                Found(code, Root._meta.db_table, str(root.day), detail, _ADVICE, good)
            )
        after = place["after"] = portion[-1].pk
        yield step


STAGES = (Stage("log", _log), Stage("signatures", _signatures))

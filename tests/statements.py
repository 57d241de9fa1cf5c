"""Which statements each test makes, so that a second database runs each of them in few tests.

A run with ``--record-statements=FOLDER`` writes a line for each test that touches the database; one
with ``--each-statement=FOLDER`` then runs the tests that together make every statement that was
seen. Always run: tests that commit (locks, threads and processes are where databases differ most),
and tests that the record does not know or that did not pass, such as those of the other database.
"""

import functools
import heapq
import json
import math
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends import utils

# How many values a statement carries does not make it another one.
_VALUES = re.compile(r"\((?:%s|NULL|DEFAULT|\d+|, |\(|\))+\)")
_ROWS = re.compile(r"\(…\)(?:, \(…\))+")
_NUMBER = re.compile(r"\b\d+\b")
_OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")


@dataclass(frozen=True)
class Made:
    """What one test did: seconds of processor, and its statements without their values."""

    test: str
    seconds: float
    statements: frozenset[str]


@functools.lru_cache(maxsize=8192)  # most are made again and again
def shape(sql: str) -> str:
    """A statement without its values."""
    return _NUMBER.sub("0", _ROWS.sub("(…)", _VALUES.sub("(…)", sql)))


@contextmanager
def seen() -> Iterator[set[str]]:
    """The shapes of all statements that this process makes meanwhile, in whichever thread."""
    found: set[str] = set()
    one, many = utils.CursorWrapper._execute, utils.CursorWrapper._executemany  # type: ignore[attr-defined]

    def note(sql: Any) -> None:
        if isinstance(sql, str) and not sql.startswith(_OF_TRANSACTIONS):
            found.add(shape(sql))

    def execute(self: Any, sql: Any, *rest: Any) -> Any:
        note(sql)
        return one(self, sql, *rest)

    def executemany(self: Any, sql: Any, *rest: Any) -> Any:
        note(sql)
        return many(self, sql, *rest)

    utils.CursorWrapper._execute = execute  # type: ignore[attr-defined]
    utils.CursorWrapper._executemany = executemany  # type: ignore[attr-defined]
    try:
        yield found
    finally:
        utils.CursorWrapper._execute = one  # type: ignore[attr-defined]
        utils.CursorWrapper._executemany = many  # type: ignore[attr-defined]


class Recorder:
    """One for each test process; the processes write side by side."""

    def __init__(self, folder: Path, worker: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{worker or 'main'}-{os.getpid()}.jsonl"
        # Numbers instead of texts: each statement is written once.
        self._numbers: dict[str, int] = {}

    @contextmanager
    def of(self, test: str) -> Iterator[None]:
        began = time.process_time()
        with seen() as found:
            yield
        if not found:
            return  # skipped, perhaps: unknown, as the tests of another database are
        new = {
            one: len(self._numbers) + n
            for n, one in enumerate(sorted(found - self._numbers.keys()))
        }
        self._numbers |= new
        row = {
            "test": test,
            "seconds": round(time.process_time() - began, 3),
            "new": list(new),
            "statements": sorted(self._numbers[one] for one in found),
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read(folder: Path) -> list[Made]:
    """What all processes of a run recorded; of a test that ran twice what it did both times."""
    found: dict[str, Made] = {}
    for path in sorted(folder.glob("*.jsonl")):
        texts: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts += row["new"]
            made = frozenset(texts[number] for number in row["statements"])
            before = found.get(row["test"], Made(row["test"], 0, frozenset()))
            seconds = max(before.seconds, row["seconds"])
            found[row["test"]] = Made(row["test"], seconds, before.statements | made)
    return list(found.values())


def covering(record: Collection[Made], always: Collection[str] = ()) -> set[str]:
    """The names of tests that together make every statement, cheap ones first; ``always`` go along,
    and what they make is made."""
    chosen, covered = set(always), set[str]()
    rest = []
    for made in record:
        if made.test in chosen:
            covered |= made.statements
        else:
            rest.append(made)

    def cost(made: Made) -> float:
        """Of each statement that the test would add."""
        new = len(made.statements - covered)
        return (made.seconds + 0.02) / new if new else math.inf

    # A test never becomes cheaper: the first whose cost is still what it was is the cheapest.
    heap = [(cost(made), made.test, made) for made in rest]
    heapq.heapify(heap)
    while heap and heap[0][0] != math.inf:
        known, name, made = heap[0]
        now = cost(made)
        if now > known:
            heapq.heapreplace(heap, (now, name, made))
            continue
        heapq.heappop(heap)
        chosen.add(name)
        covered |= made.statements
    return chosen

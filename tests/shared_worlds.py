"""The small city is built once for many tests, inside a transaction that stays open around them.

Building it costs more than most tests do. Each test gets its own copy of the objects, and the
database forgets what the test did with the test's own savepoint. Tests that commit, and those that
need an empty database, close the transaction first; ``sort_items`` keeps the kinds together. Tests
marked ``own_world`` build theirs at their own time.
"""

import copy
import datetime
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test import TestCase, TransactionTestCase

from portal.core import structure
from portal.core.structure import Structure
from tests.factories import World, make_world
from tests.foreign.factories import make_section

BUILT_AT = datetime.datetime(2020, 1, 6, 1, 0, tzinfo=datetime.UTC)
WORLDS: dict[str, Callable[[], World]] = {
    "world": make_world,
    "provisioned_world": lambda: make_world(provisioned=True),
}


@dataclass(frozen=True)
class Extension:
    """What a fixture of the same name adds to a world; ``folder`` has that fixture's conftest."""

    folder: str
    world: str
    add: Callable[[World], object]


EXTENSIONS = {
    "english": Extension("tests/foreign", "world", make_section),
    "provisioned_english": Extension("tests/foreign", "provisioned_world", make_section),
}


def commits(item: pytest.Item) -> bool:
    """Whether a test really commits what it writes."""
    mark = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"}
    test_class = getattr(item, "cls", None) or object
    return (
        (mark is not None and bool(mark.kwargs.get("transaction") or mark.args))
        or not asked.isdisjoint(getattr(item, "fixturenames", ()))
        or (issubclass(test_class, TransactionTestCase) and not issubclass(test_class, TestCase))
    )


def kind_of(item: pytest.Item) -> str:
    """Which world a test may share: the name of its fixture, or "" for none."""
    names = getattr(item, "fixturenames", ())
    own_class = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    if commits(item) or own_class or item.get_closest_marker("own_world"):
        return ""
    kinds = (*EXTENSIONS, *reversed(WORLDS))
    return next((kind for kind in kinds if kind in names and _is_ours(item, kind)), "")


def _is_ours(item: pytest.Item, kind: str) -> bool:
    """A module may have a world of its own under the same name."""
    homes = {"", "tests"} | ({EXTENSIONS[kind].folder} if kind in EXTENSIONS else set())
    found = item._fixtureinfo.name2fixturedefs.get(kind, ())  # type: ignore[attr-defined]
    return all(definition.baseid in homes for definition in found)


def build(kind: str) -> dict[str, object]:
    """The objects of each fixture that comes with a kind of world."""
    if kind in WORLDS:
        return {kind: WORLDS[kind]()}
    extension = EXTENSIONS[kind]
    world = WORLDS[extension.world]()
    return {extension.world: world, kind: extension.add(world)}


def sort_items(items: list[pytest.Item]) -> None:
    """Each kind of world by itself. Browser tests come first: a world that is open would have to be
    closed for them."""
    order = ["", *WORLDS, *EXTENSIONS]
    items.sort(
        key=lambda item: (item.get_closest_marker("e2e") is None, order.index(kind_of(item)))
    )


class SharedWorlds:
    """What is open now; one for each test process."""

    def __init__(self) -> None:
        self.kind = ""
        self.pristine: dict[str, object] = {}
        self.structure: Structure | None = None
        self._stack = ExitStack()

    def open(self, kind: str) -> None:
        """Have the world of a kind in the database, or none for ""."""
        if kind == self.kind:
            return
        self.close()
        if not kind:
            return
        block = transaction.atomic()
        # As Django's own test case does: code that must not be nested takes it for the outside.
        block._from_testcase = True  # type: ignore[attr-defined]
        block.__enter__()
        self._stack.callback(block.__exit__, None, None, None)
        self._stack.callback(transaction.set_rollback, True)
        # Django's test case closes the connection when it is done, and the transaction with it.
        # On the connection itself: what `connection` names here is a proxy with a dictionary of its own.
        mine = connections[DEFAULT_DB_ALIAS]
        mine.close = lambda: None  # type: ignore[method-assign]
        self._stack.callback(mine.__dict__.pop, "close")
        # Long public, at whatever time a test then plays.
        with time_machine.travel(BUILT_AT, tick=True):
            self.pristine = build(kind)
            self.structure = structure.current()
        self.kind = kind
        connection.run_on_commit.clear()

    def close(self) -> None:
        self._stack.close()
        self.kind, self.pristine, self.structure = "", {}, None

    def copy(self, fixture: str) -> Any:
        """The test's own objects; None where the test has to make them itself."""
        return copy.deepcopy(self.pristine.get(fixture))

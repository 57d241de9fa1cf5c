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

import pytest
import time_machine
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test import TransactionTestCase

from tests.factories import World, make_world

BUILT_AT = datetime.datetime(2020, 1, 6, 1, 0, tzinfo=datetime.UTC)
BUILDERS: dict[str, Callable[[], World]] = {
    "world": make_world,
    "provisioned_world": lambda: make_world(provisioned=True),
}


def kind_of(item: pytest.Item) -> str:
    """Which world a test may share: the name of its fixture, or "" for none."""
    names = getattr(item, "fixturenames", ())
    mark = item.get_closest_marker("django_db")
    commits = (
        (mark is not None and (mark.kwargs.get("transaction") or mark.args))
        or not {"transactional_db", "live_server", "django_db_reset_sequences"}.isdisjoint(names)
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    )
    if commits or item.get_closest_marker("own_world"):
        return ""
    return next((name for name in reversed(BUILDERS) if name in names and _is_ours(item, name)), "")


def _is_ours(item: pytest.Item, name: str) -> bool:
    """A module may have a world of its own under the same name."""
    found = item._fixtureinfo.name2fixturedefs.get(name, ())  # type: ignore[attr-defined]
    return all(definition.baseid in ("", "tests") for definition in found)


def sort_items(items: list[pytest.Item]) -> None:
    order = ["", *BUILDERS]
    items.sort(key=lambda item: order.index(kind_of(item)))


class SharedWorlds:
    """What is open now; one for each test process."""

    def __init__(self) -> None:
        self.kind = ""
        self.pristine: World | None = None
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
            self.pristine = BUILDERS[kind]()
        self.kind = kind
        connection.run_on_commit.clear()

    def close(self) -> None:
        self._stack.close()
        self.kind, self.pristine = "", None

    def copy(self, kind: str) -> World | None:
        """The test's own objects; None where the test has to build its world itself."""
        return copy.deepcopy(self.pristine) if kind == self.kind else None

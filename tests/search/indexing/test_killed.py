"""kill -9 in the middle of commits, beside processes that read: no failed search, nothing lost."""

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest

from portal.search.engine.contract import EngineUnavailable, Field, Term
from portal.search.engine.tantivy_schema import schema_hash
from portal.search.indexing import indexer as indexer_module
from portal.search.indexing.folder import FolderStore
from portal.search.indexing.indexer import Indexer
from portal.search.indexing.plan import Identity, Plan
from portal.search.indexing.replica import ReplicaEngine
from portal.search.models import Document
from tests.search.scratch import ask

ROWS = 1200
KEYS = 400  # each is changed three times
KILLS = 8
_fork = multiprocessing.get_context("fork")


def row(seq: int) -> Document:
    """The change with a number: of key seq % KEYS, to a text that names the number."""
    key = f"page:{seq % KEYS}"
    return Document(
        key=key, whole=key, seq=seq, kind="article", language="en", title=f"all change{seq}"
    )


@pytest.fixture(autouse=True)
def rows_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def after(position: int, count: int) -> list[Document]:
        return [row(seq) for seq in range(position + 1, min(head(), position + count) + 1)]

    def head() -> int:
        """The rest comes when the first index is in use: it is followed, not built."""
        return ROWS if (tmp_path / "search" / "current").exists() else 100

    plan = Plan(Identity(schema_hash(), "1-x", "0" * 32, 1), frozenset(), 0)
    monkeypatch.setattr(indexer_module, "_rows_after", after)
    monkeypatch.setattr(indexer_module, "_last_seq", head)
    monkeypatch.setattr(indexer_module, "BATCH", 40)
    monkeypatch.setattr(indexer_module, "current_plan", lambda: plan)


def index(folder: Path) -> None:
    indexer = Indexer(FolderStore(folder, "killed"))
    while indexer.position() < ROWS:
        indexer.step()
    indexer.close()


def read(folder: Path, stop: Event, told: Any) -> None:
    engine = ReplicaEngine(folder)
    searches, failed, fewer, most = 0, 0, 0, 0
    while not stop.is_set():
        try:
            total = ask(engine, Term(Field.TITLE, "all"), facets=("kind",)).total
        except EngineUnavailable:
            failed += 1
            continue
        searches += 1
        fewer += total < most
        most = max(most, total)
    told.put((searches, failed, fewer, most))


def test_readers_notice_nothing_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    first = _fork.Process(target=index, args=(folder,))
    first.start()
    deadline = time.monotonic() + 20
    while not (folder / "current").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stop, told = _fork.Event(), _fork.Queue()
    readers = [_fork.Process(target=read, args=(folder, stop, told)) for _ in range(2)]
    for reader in readers:
        reader.start()
    chance = random.Random(9)
    running = first
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.02, 0.3))
        assert running.pid is not None
        if running.is_alive():
            os.kill(running.pid, signal.SIGKILL)
        running.join()
        running = _fork.Process(target=index, args=(folder,))
        running.start()
    running.join(60)
    assert running.exitcode == 0
    stop.set()
    results = [told.get(timeout=20) for _ in readers]
    for reader in readers:
        reader.join()
    for searches, failed, fewer, most in results:
        assert searches > 20
        assert failed == 0
        assert fewer == 0  # what was found once is found from then on
        assert most == KEYS
    engine = ReplicaEngine(folder)
    assert engine.size() == KEYS
    for seq in chance.sample(range(1, ROWS + 1), 200):
        is_last = seq + KEYS > ROWS
        assert ask(engine, Term(Field.TITLE, f"change{seq}")).total == is_last

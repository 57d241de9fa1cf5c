"""Indexes follow the rows; another is made beside the one in use; whatever breaks is mended."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portal.plugin_api import SearchEntry
from portal.search.engine.contract import EngineUnavailable, SearchEngine
from portal.search.engine.tantivy_writer import TantivyWriter
from portal.search.indexing import indexer as indexer_module
from portal.search.indexing import plan, replicas, rows
from portal.search.indexing.cutting_pool import CuttingPool
from portal.search.indexing.folder import COMPLAINT, POINTER, FolderStore, pointed_at
from portal.search.indexing.indexer import Indexer
from portal.search.indexing.replica import ReplicaEngine
from portal.search.models import Document
from tests.search.scratch import ask, keys

from .conftest import until_idle

pytestmark = pytest.mark.django_db


def entry(key: str, title: str = "居住证", **facts: Any) -> SearchEntry:
    values = {"kind": "article", "language": "zh-hans", "url": "/x/", "title": title}
    return SearchEntry(key=key, **values | facts)


def write(*titles: str, word: str = "page") -> None:
    found = [entry(f"{word}:{n}", title) for n, title in enumerate(titles)]
    rows.store([one.key for one in found], found)


def found(engine: SearchEngine) -> set[str]:
    return set(keys(engine, count=200))


@pytest.fixture
def indexer(make_indexer: Callable[[], Indexer]) -> Iterator[Indexer]:
    made = make_indexer()
    yield made
    made.close()


@pytest.fixture
def engine(folder: Path) -> ReplicaEngine:
    return ReplicaEngine(folder)


def test_a_fresh_machine_has_an_index_at_once(indexer: Indexer, engine: ReplicaEngine) -> None:
    with pytest.raises(EngineUnavailable):
        engine.size()
    until_idle(indexer)
    assert engine.size() == 0
    write("一", "二")
    until_idle(indexer)
    assert found(engine) == {"page:0", "page:1"}


def test_changes_and_removals_follow(indexer: Indexer, engine: ReplicaEngine) -> None:
    write("居住证办理", "医保报销")
    until_idle(indexer)
    assert keys(engine, "医保") == ["page:1"]
    rows.store(["page:0", "page:1"], [entry("page:0", "医保转移")])
    until_idle(indexer)
    assert keys(engine, "医保") == ["page:0"]
    assert engine.size() == 1


def test_the_next_process_goes_on_where_the_last_one_was(
    indexer: Indexer, engine: ReplicaEngine, make_indexer: Callable[[], Indexer]
) -> None:
    write("一")
    until_idle(indexer)
    generation = engine.generation
    indexer.close()
    write("一", "二")
    with closing(make_indexer()) as following:
        until_idle(following)
        assert found(engine) == {"page:0", "page:1"}
        assert engine.generation == generation


def test_of_two_indexers_one_writes_and_the_other_takes_over(
    indexer: Indexer, engine: ReplicaEngine, make_indexer: Callable[[], Indexer]
) -> None:
    until_idle(indexer)
    with closing(make_indexer()) as second:
        write("一")
        assert second.step().state == "another process writes this index"
        assert second.step().followed == 0
        indexer.close()
        until_idle(second)
        assert found(engine) == {"page:0"}


def test_new_words_make_a_new_index_while_the_old_one_answers(
    indexer: Indexer, engine: ReplicaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "BATCH", 10)
    monkeypatch.setattr(indexer_module, "BUILDING_SECONDS", 0.0)
    write(*(f"题{n}" for n in range(60)))
    until_idle(indexer)
    first = engine.generation
    assert plan.change_words(["云湖市数据局", " 数据局 "])
    assert not plan.change_words(["数据局", "云湖市数据局"])
    indexer.plan_changed()
    steps = 0
    while engine.generation == first:
        step = indexer.step()
        steps += 1
        assert step.state.startswith("an index is being made") or not step.state
        assert len(found(engine)) >= 60  # at no moment is there less
        write(*(f"题{n}" for n in range(60)), f"新{steps}")  # and what is new is found meanwhile
        assert steps < 50
    assert steps > 3
    assert engine.analyser.words == {"云湖市数据局", "数据局"}
    until_idle(indexer)
    assert engine.size() == 61


def test_an_interrupted_build_goes_on(
    indexer: Indexer,
    engine: ReplicaEngine,
    make_indexer: Callable[[], Indexer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(indexer_module, "BATCH", 10)
    monkeypatch.setattr(indexer_module, "BUILDING_SECONDS", 0.0)
    monkeypatch.setattr(indexer_module, "COMMIT_EVERY", 20)
    write(*(f"题{n}" for n in range(60)))
    for _ in range(3):
        indexer.step()
    indexer.close()
    with closing(make_indexer()) as following:
        built = 0
        while following.live is None:
            built += following.step().built
        assert built == 40  # of 60, 20 were committed
    assert engine.size() == 60


def test_cutting_with_several_processes_makes_the_same_index(
    indexer: Indexer, engine: ReplicaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_module, "POOL_ABOVE", 2)
    monkeypatch.setattr(indexer_module, "CuttingPool", partial(CuttingPool, processes=2))
    plan.change_words(["云湖市数据局"])
    write("居住证办理", "医保报销", "云湖市数据局的通知")
    until_idle(indexer)
    assert keys(engine, "居住证") == ["page:0"]
    assert keys(engine, "云湖市数据局") == ["page:2"]
    assert engine.size() == 3


@pytest.mark.parametrize("processes", [1, 2])
def test_what_a_failed_write_takes_along_is_written_again(
    processes: int, indexer: Indexer, engine: ReplicaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a build nothing is committed for long: a write that fails drops all that came before it.
    monkeypatch.setattr(indexer_module, "BATCH", 5)
    monkeypatch.setattr(indexer_module, "POOL_ABOVE", 2 if processes > 1 else 5_000)
    monkeypatch.setattr(indexer_module, "CuttingPool", partial(CuttingPool, processes=processes))
    now = [0.0]
    indexer._clock = lambda: now[0]
    add, calls = TantivyWriter.add, []

    def failing(self: TantivyWriter, *args: Any, **named: Any) -> None:
        calls.append(1)
        add(self, *args, **named)
        if len(calls) == 2:
            with self._dropped_on_error():
                raise EngineUnavailable("no space left")

    monkeypatch.setattr(TantivyWriter, "add", failing)
    write(*(f"题{n}" for n in range(60)))
    while indexer.live is None:
        indexer.step()
        now[0] += 60.0
        assert len(calls) < 50
    assert len(calls) > 3
    assert engine.size() == 60


def test_processes_that_die_are_done_without() -> None:
    pool = CuttingPool(frozenset(), processes=2)
    document = {"title": "居住证", "body": "", "language": "zh-hans", "aliases": [], "number": ""}
    try:
        before = pool.start([document, document])()
        assert pool._pool is not None
        for process in list(pool._pool._processes.values()):
            process.kill()
        assert pool.start([document] * 3)() == [before[0]] * 3
    finally:
        pool.close()


def test_the_old_folder_goes_when_nobody_can_be_reading_it(
    folder: Path, engine: ReplicaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("portal.search.indexing.folder.time.monotonic", lambda: now[0])
    store = FolderStore(folder, "test")
    with closing(Indexer(store, clock=lambda: now[0])) as indexer:
        until_idle(indexer)
        old = folder / engine.generation
        plan.make_anew()
        now[0] += 10
        until_idle(indexer)
        assert engine.generation != old.name
        assert old.is_dir()
        now[0] += 70
        until_idle(indexer)
        assert not old.exists()
        assert (folder / engine.generation).is_dir()


class TestDamage:
    @pytest.fixture
    def index(self, indexer: Indexer, folder: Path) -> Path:
        write("居住证办理", "医保报销")
        until_idle(indexer)
        index = pointed_at(folder)
        assert index is not None
        return index

    @staticmethod
    def mended(indexer: Indexer, engine: ReplicaEngine) -> bool:
        now = [0.0]
        indexer._clock = lambda: now[0]
        indexer._pause_until = 0.0
        indexer._plan = None
        for _ in range(30):
            now[0] += 60
            step = indexer.step()
            if step.is_idle and not step.state:
                return found(engine) == {"page:0", "page:1"}
        return False

    @pytest.mark.parametrize("ending", ["*.store", "*.term", "*.idx", "*.fast", "meta.json"])
    @pytest.mark.parametrize("harm", ["truncated", "garbage", "gone"])
    def test_a_damaged_file_is_told_honestly_and_mended(
        self, ending: str, harm: str, index: Path, folder: Path, make_indexer: Any, indexer: Indexer
    ) -> None:
        indexer.close()
        for path in index.glob(ending):
            if harm == "gone":
                path.unlink()
            else:
                path.write_bytes(b"" if harm == "truncated" else b"\x7fnonsense" * 40)
        engine = ReplicaEngine(folder)
        with pytest.raises(EngineUnavailable):
            ask(engine, "居住证", facets=("kind",))
        with closing(make_indexer()) as next_one:
            assert self.mended(next_one, engine)

    def test_a_reader_tells_a_running_indexer(
        self, index: Path, folder: Path, indexer: Indexer
    ) -> None:
        for path in index.glob("*.store"):
            path.write_bytes(b"\x7fnonsense" * 40)
        engine = ReplicaEngine(folder)
        with pytest.raises(EngineUnavailable):
            ask(engine, "居住证")
        assert self.mended(indexer, engine)
        assert not (folder / COMPLAINT).exists()

    def test_a_complaint_without_a_reason_to_be_seen_is_believed_once(
        self, index: Path, folder: Path, indexer: Indexer
    ) -> None:
        engine = ReplicaEngine(folder)
        first = engine.generation
        (folder / COMPLAINT).write_text(f"{first}\ntoo many open files")
        until_idle(indexer)
        second = engine.generation
        assert second != first
        (folder / COMPLAINT).write_text(f"{second}\ntoo many open files")
        until_idle(indexer)
        assert engine.generation == second
        assert found(engine) == {"page:0", "page:1"}

    @pytest.mark.parametrize("pointer", ["", "../../etc", "gone.7", "\x00"])
    def test_a_damaged_pointer(
        self, pointer: str, index: Path, folder: Path, indexer: Indexer, make_indexer: Any
    ) -> None:
        indexer.close()
        (folder / POINTER).write_text(pointer)
        engine = ReplicaEngine(folder)
        with pytest.raises(EngineUnavailable):
            ask(engine, "居住证")
        with closing(make_indexer()) as next_one:
            assert self.mended(next_one, engine)

    def test_everything_is_gone(
        self, index: Path, folder: Path, indexer: Indexer, make_indexer: Any
    ) -> None:
        engine = ReplicaEngine(folder)
        assert engine.size() == 2
        indexer.close()
        shutil.rmtree(folder)
        with pytest.raises(EngineUnavailable):
            ask(engine, "居住证")
        with closing(make_indexer()) as next_one:
            assert self.mended(next_one, engine)

    def test_an_index_of_another_schema_is_not_asked(
        self, index: Path, folder: Path, indexer: Indexer, make_indexer: Any
    ) -> None:
        indexer.close()
        manifest = index / "generation.json"
        schema = plan.current_plan().identity.schema
        manifest.write_text(manifest.read_text().replace(schema, "00000000"))
        engine = ReplicaEngine(folder)
        with pytest.raises(EngineUnavailable, match="another version"):
            engine.size()
        with closing(make_indexer()) as next_one:
            assert self.mended(next_one, engine)


class TestFullDisk:
    @pytest.fixture
    def no_room(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
        def set_full(full: bool) -> None:
            monkeypatch.setattr(FolderStore, "has_room", lambda self: not full)

        return set_full

    def test_it_waits_says_so_and_loses_nothing(
        self,
        indexer: Indexer,
        engine: ReplicaEngine,
        no_room: Callable[[bool], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        now = [0.0]
        indexer._clock = lambda: now[0]
        write("一")
        until_idle(indexer)
        generation = engine.generation
        live = indexer.live
        assert live is not None
        no_room(True)

        def full(*_args: object) -> None:
            raise EngineUnavailable("No space left on device (os error 28)")

        with monkeypatch.context() as patch:
            patch.setattr(live, "commit", full)
            write("一", "二")
            for _ in range(10):
                now[0] += 60
                assert indexer.step().state == "the disk is full"
                assert found(engine) == {"page:0"}  # what is there is found
        no_room(False)
        now[0] += 60
        until_idle(indexer)
        assert found(engine) == {"page:0", "page:1"}
        assert engine.generation == generation

    def test_no_index_is_begun_without_room(
        self, indexer: Indexer, folder: Path, no_room: Callable[[bool], None]
    ) -> None:
        no_room(True)
        assert indexer.step().state == "the disk is full"
        assert not list(folder.glob("*.1"))


class TestDatabase:
    def test_an_older_database_was_put_back(self, indexer: Indexer, engine: ReplicaEngine) -> None:
        write("一", "二", "三")
        until_idle(indexer)
        Document.objects.filter(key="page:2").delete()
        rows.Sequence.objects.update(last=2)
        until_idle(indexer)
        assert found(engine) == {"page:0", "page:1"}
        assert indexer.position() == 2

    def test_a_clock_that_jumps_changes_nothing(
        self, indexer: Indexer, engine: ReplicaEngine
    ) -> None:
        write("一")
        until_idle(indexer)
        for days in (-4000, 4000):
            with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
                write("一", f"二{days}")
                until_idle(indexer)
                assert engine.size() == 2
                assert replicas.seconds_behind(0) >= 0

    def test_removed_rows_are_forgotten_when_every_index_has_passed_them(
        self, indexer: Indexer, engine: ReplicaEngine, make_indexer: Callable[[], Indexer]
    ) -> None:
        write("一", "二")
        until_idle(indexer)
        rows.store(["page:1"], [])
        last = replicas.last_seq()
        replicas.report("here", position=last, generation="", state="")
        replicas.report("slow", position=last - 1, generation="", state="")
        assert replicas.forget_old() == 0  # it is not old yet
        Document.objects.filter(is_removed=True).update(
            changed_at=timezone.now() - datetime.timedelta(days=8)
        )
        assert replicas.forget_old() == 0
        replicas.report("slow", position=last, generation="", state="")
        assert replicas.forget_old() == 1
        # The index here has not heard of it: it is made anew, and then it is right.
        assert found(engine) == {"page:0", "page:1"}
        until_idle(indexer)
        assert found(engine) == {"page:0"}
        until_idle(indexer)
        assert indexer.step().is_idle

"""An index in a document store: a real PostgreSQL with the extension ``vector``."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.retrieval import pool, store
from assistant.retrieval.contract import Decision, Query
from assistant.retrieval.embedders import Embedders
from assistant.retrieval.pgvector import PgvectorStore
from assistant.retrieval.pool import PoolRetriever
from assistant.retrieval.reading import READING
from assistant.retrieval.source import MemorySource
from tests.assistant.models import SmallModel
from tests.assistant.retrieval.entries import entries, entry, retriever_of, with_vectors

pgserver = pytest.importorskip("pgserver", reason="no wheel for this platform")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pgserver.get_server(tmp_path_factory.mktemp("vectors"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def model() -> SmallModel:
    return SmallModel()


@pytest.fixture
def shared(address: str, model: SmallModel) -> PgvectorStore:
    found = PgvectorStore(address, model.model.dimensions)
    found.clear()
    return found


@pytest.fixture
def source(model: SmallModel) -> MemorySource:
    return with_vectors(MemorySource(entries()), model)


def fill(source: MemorySource, shared: store.Store, model: SmallModel) -> int:
    return store.sync(source, shared, {model.space: model.model}, READING)


def over(source: MemorySource, shared: store.Store, model: SmallModel) -> PoolRetriever:
    return PoolRetriever(source, shared, Embedders([model]), READING)


def ranked(retriever: PoolRetriever, text: str, **asked: object) -> list[str]:
    found = retriever.retrieve(Query(text, "zh-hans", **asked))  # type: ignore[arg-type]
    return [hit.entry for hit in found.ranked]


def test_what_is_found_is_what_the_files_find(
    source: MemorySource, shared: PgvectorStore, model: SmallModel
) -> None:
    fill(source, shared, model)
    files = retriever_of(source, [model])
    for text in ("孩子上户口", "公积金怎么提", "养老金发放时间", "窗口办理"):
        one = over(source, shared, model).retrieve(Query(text, "zh-hans"))
        other = files.retrieve(Query(text, "zh-hans"))
        assert [hit.entry for hit in one.ranked] == [hit.entry for hit in other.ranked]
        assert one.decision is other.decision
        assert one.confidence == pytest.approx(other.confidence, abs=0.01)


def test_the_store_puts_forward_what_the_sample_lacks(
    shared: PgvectorStore, model: SmallModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "SAMPLE", 2)
    monkeypatch.setattr(pool, "FORWARD", 3)
    many = [entry(number, f"第{number}类车辆年检怎么预约？") for number in range(100, 160)]
    source = with_vectors(MemorySource([*many, *entries()]), model)
    fill(source, shared, model)

    assert ranked(over(source, shared, model), "公积金怎么提取")[0] == "3"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"at": 6_000.0}, {"1", "2", "3"}),
        ({"at": 12_000.0}, {"1", "2", "3", "over"}),
        ({"at": 11_999.0}, {"1", "2", "3"}),
        ({"at": 24_000.0}, {"1", "2", "3"}),
        ({"at": 6_000.0, "sites": frozenset({7})}, {"1", "2"}),
        ({"at": 6_000.0, "audience": frozenset({"families"})}, {"1", "3"}),
        ({"at": 6_000.0, "languages": frozenset({"en"})}, set()),
    ],
)
def test_filters_are_part_of_the_query(
    shared: PgvectorStore, model: SmallModel, asked: dict[str, object], expected: set[str]
) -> None:
    source = MemorySource([
        entry(1, "补贴一怎么领？"),
        entry(2, "补贴二怎么领？", site=7, audience=("elderly", "businesses")),
        entry(3, "补贴三怎么领？", site=8, audience=("families",)),
    ])  # fmt: skip
    ended = entry(4, "补贴四怎么领？", valid_from=12_000.0, valid_until=24_000.0)
    source.put(dataclasses.replace(ended, id="over"))
    with_vectors(source, model)
    fill(source, shared, model)
    query = Query("补贴怎么领", "zh-hans", **asked)  # type: ignore[arg-type]
    vector = READING.aim(
        model.space, "question", Embedders([model]).question(query.text)[model.space]
    )

    put_forward = shared.closest(vector, store.filters_of(query), 50)

    assert expected <= set(put_forward)
    assert set(put_forward) - expected <= {"over"}, "to the minute, generously"
    assert set(ranked(over(source, shared, model), query.text, **asked)) == expected


def test_changes_count_before_the_store_knows_them(
    source: MemorySource, shared: PgvectorStore, model: SmallModel
) -> None:
    fill(source, shared, model)
    retriever = over(source, shared, model)
    assert ranked(retriever, "居住证怎么办理？")[0] == "2"
    source.put(entry(99, "护照怎么申请？"))
    source.remove("2")

    assert ranked(retriever, "护照怎么申请？")[0] == "99"
    assert "2" not in ranked(retriever, "居住证怎么办理？")
    assert store.is_behind(source, shared)

    with_vectors(source, model)
    fill(source, shared, model)
    assert not store.is_behind(source, shared)
    assert ranked(over(source, shared, model), "护照怎么申请？")[0] == "99"
    assert not shared.entries({"operator": "AND", "conditions": [store.equals("entry", "2")]})


def test_a_known_question_is_put_forward_by_itself(
    source: MemorySource, shared: PgvectorStore, model: SmallModel
) -> None:
    fill(source, shared, model)
    answer = over(source, shared, model).retrieve(Query(" 居住证，怎么办理 ", "zh-hans"))
    assert answer.decision is Decision.ANSWER
    assert answer.ranked[0].entry == "2"


def test_filling_goes_on_where_it_was_interrupted(
    shared: PgvectorStore, model: SmallModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_BATCH", 3)
    source = with_vectors(MemorySource(entries()), model)
    models = {model.space: model.model}
    first = store.sync(source, shared, models, READING, seconds=0)
    rest = store.sync(source, shared, models, READING)

    assert (first, rest) == (3, len(entries()) - 3)
    assert not store.is_behind(source, shared)


_FILLER = """
import sys
from assistant.retrieval import store
from assistant.retrieval.pgvector import PgvectorStore
from assistant.retrieval.reading import READING
from assistant.retrieval.source import MemorySource
from tests.assistant.models import SmallModel
from tests.assistant.retrieval.entries import entry, with_vectors

store._BATCH = 5
model = SmallModel()
source = MemorySource(entry(n, f"第{n}个问题怎么办？") for n in range(60))
source._epoch = "one"
with_vectors(source, model)
shared = PgvectorStore(sys.argv[1], model.model.dimensions)
store.sync(source, shared, {model.space: model.model}, READING, lambda line: print(line, flush=True))
"""


def test_a_filler_that_is_killed_loses_nothing(
    address: str, shared: PgvectorStore, model: SmallModel
) -> None:
    """Signal 9 in the middle of the work: what was noted as done is there, the next one goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", _FILLER, address],
        stdout=subprocess.PIPE,
        cwd=Path.cwd(),
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"5 / 60\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    reached = int(shared.state()["seq"])
    assert 5 <= reached < 60
    everything = {"operator": "AND", "conditions": [store.equals("everyone", True)]}
    assert {str(number) for number in range(reached)} <= set(shared.entries(everything))

    source = MemorySource(entry(number, f"第{number}个问题怎么办？") for number in range(60))
    source._epoch = "one"
    written = fill(with_vectors(source, model), shared, model)

    assert written == 60 - reached
    assert not store.is_behind(source, shared)
    assert len(shared.entries(everything)) == 60


def test_what_had_no_vectors_is_looked_at_again(shared: PgvectorStore, model: SmallModel) -> None:
    source = MemorySource(entries())
    fill(source, shared, model)
    assert store.is_behind(source, shared)
    fill(with_vectors(source, model), shared, model)
    assert not store.is_behind(source, shared)


def test_another_reading_or_source_fills_it_anew(
    source: MemorySource, shared: PgvectorStore, model: SmallModel
) -> None:
    fill(source, shared, model)
    another = with_vectors(MemorySource([entry(7, "护照怎么申请？")]), model)
    fill(another, shared, model)
    everything = {"operator": "AND", "conditions": [store.equals("everyone", True)]}
    assert shared.entries(everything) == ["7"]


def test_threads_ask_at_once(
    source: MemorySource, shared: PgvectorStore, model: SmallModel
) -> None:
    fill(source, shared, model)
    retriever = over(source, shared, model)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(ranked(retriever, "居住证怎么办理？")[0]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["2"] * 8


def test_a_store_that_is_away_says_so_without_its_address(
    model: SmallModel, tmp_path: Path
) -> None:
    away = PgvectorStore(f"postgresql://name:secret@/x?host={tmp_path}", model.model.dimensions)
    with pytest.raises(store.StoreFailed) as failure:
        away.state()
    assert "secret" not in str(failure.value)

"""An index that stays true: increments, bases from files, faults."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval import files, live
from assistant.retrieval.contract import Entry
from assistant.retrieval.live import LiveIndex, is_due, make_base
from assistant.retrieval.reading import READING
from assistant.retrieval.source import MemorySource
from tests.assistant.models import SmallModel
from tests.assistant.retrieval.entries import entries, entry, found, retriever_of, with_vectors


@pytest.fixture
def model() -> SmallModel:
    return SmallModel()


@pytest.fixture
def source(model: SmallModel) -> MemorySource:
    return with_vectors(MemorySource(entries()), model)


def build(source: MemorySource, model: SmallModel, directory: Path) -> Path:
    made = make_base(source, {model.space: model.model}, READING, directory)
    assert made is not None
    return made


@pytest.mark.parametrize("has_base", [False, True])
def test_changes_are_seen_with_the_next_question(
    source: MemorySource, model: SmallModel, tmp_path: Path, has_base: bool
) -> None:
    if has_base:
        build(source, model, tmp_path)
    retriever = retriever_of(source, [model], directory=tmp_path)
    assert found(retriever, "居住证怎么办理？")[0] == "2"

    source.put(entry(2, "居住证在哪里延期？", answer="到街道延期。"))
    source.put(entry(99, "护照怎么申请？"))
    source.remove("1")

    assert found(retriever, "居住证延期")[0] == "2"
    assert found(retriever, "护照怎么申请？")[0] == "99"
    ranking = found(retriever, "新生儿怎么上户口？")
    assert "1" not in ranking
    assert sorted(ranking) == sorted({"2", "3", "4", "5", "6", "7", "8", "99"})


def test_with_a_base_from_files_all_is_as_without(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    build(source, model, tmp_path)
    from_files = retriever_of(source, [model], directory=tmp_path)
    in_memory = retriever_of(source, [model])

    for text in ("孩子上户口", "公积金", "养老金发放时间", "窗口办理", "完全无关"):
        one, other = (
            [(hit.entry, hit.score) for hit in found_all(retriever, text)]
            for retriever in (from_files, in_memory)
        )
        assert [name for name, _score in one] == [name for name, _score in other]
        assert [s for _name, s in one] == pytest.approx([s for _name, s in other], abs=1e-4)


def found_all(retriever, text):  # type: ignore[no-untyped-def]
    from assistant.retrieval.contract import Query

    return retriever.retrieve(Query(text, "zh-hans")).ranked


def test_after_many_changes_a_worker_and_a_new_one_agree(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    build(source, model, tmp_path)
    old = retriever_of(source, [model], directory=tmp_path)
    random = np.random.default_rng(3)
    for step in range(60):
        number = int(random.integers(1, 15))
        if random.random() < 0.3:
            source.remove(str(number))
        else:
            source.put(entry(number, f"第{number}类事项第{step}次修改怎么办？"))
        if step == 30:
            build(source, model, tmp_path)
        assert sorted(found(old, "事项修改", top=50)) == sorted(one.id for one in source.entries())
    new = retriever_of(source, [model], directory=tmp_path)
    assert found(old, "第三类事项怎么修改") == found(new, "第三类事项怎么修改")


# --- bases ----------------------------------------------------------------------------------------
def damage(folder: Path, how: str) -> None:
    victim = folder / "words.answer.rows.npy"
    if how == "torn":
        victim.write_bytes(victim.read_bytes()[:-3])
    elif how == "flipped":
        content = bytearray(victim.read_bytes())
        content[-1] ^= 0xFF
        victim.write_bytes(content)
    elif how == "missing":
        victim.unlink()
    elif how == "no manifest":
        (folder / files.MANIFEST).unlink()
    elif how == "half a manifest":
        manifest = folder / files.MANIFEST
        manifest.write_text(manifest.read_text()[:200])
    elif how == "older format":
        manifest = folder / files.MANIFEST
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    elif how == "other source":
        manifest = folder / files.MANIFEST
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"epoch": "another"}))
    elif how == "other reading":
        manifest = folder / files.MANIFEST
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"reading": "0"}))


DAMAGES = [
    "torn", "flipped", "missing", "no manifest", "half a manifest", "older format", "other source",
    "other reading",
]  # fmt: skip


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_base_costs_nothing(
    source: MemorySource, model: SmallModel, tmp_path: Path, how: str
) -> None:
    damage(build(source, model, tmp_path), how)
    retriever = retriever_of(source, [model], directory=tmp_path)

    assert found(retriever, "居住证怎么办理？")[0] == "2"
    assert is_due(source, {model.space: model.model}, READING, tmp_path) or how in {
        "torn", "flipped", "missing", "no manifest", "half a manifest", "older format",
    }  # fmt: skip
    build(source, model, tmp_path)
    assert not is_due(source, {model.space: model.model}, READING, tmp_path)
    assert found(retriever, "公积金提取")[0] == "3"


def test_many_entries_without_a_base_are_found_by_their_words_meanwhile(
    source: MemorySource, model: SmallModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FEW", 3)
    waiting: list[object] = []
    retriever = retriever_of(source, [model], directory=tmp_path, background=waiting.append)
    from assistant.retrieval.contract import Query

    before = retriever.retrieve(Query("居住证怎么办", "zh-hans"))
    assert (before.mode, before.ranked[0].entry) == ("lexical", "2")

    waiting[0]()  # type: ignore[operator]

    after = retriever.retrieve(Query("居住证怎么办", "zh-hans"))
    assert (after.mode, after.ranked[0].entry) == ("full", "2")
    assert found(retriever, "第2号窗口")  # answers are searched again


def test_one_process_at_a_time_makes_a_base(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    with files.building(tmp_path) as mine:
        assert mine
        assert make_base(source, {model.space: model.model}, READING, tmp_path) is None
    build(source, model, tmp_path)


def test_what_a_killed_builder_left_is_swept_and_old_bases_go(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    left = tmp_path / ".new-0123"
    left.mkdir()
    (left / "ids.npy").write_bytes(b"half")
    for _ in range(4):
        build(source, model, tmp_path)

    assert not left.exists()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["3", "4"]


def test_a_mapped_base_is_read_on_after_it_was_removed(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    build(source, model, tmp_path)
    snapshot = LiveIndex(source, {model.space: model.model}, READING, tmp_path).snapshot()
    for _ in range(3):
        build(source, model, tmp_path)

    assert snapshot.words("居住证", "question").argmax() == 1


def test_vectors_of_another_model_are_no_vectors(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    build(source, model, tmp_path)
    newer = SmallModel(version="2")
    retriever = retriever_of(source, [newer], directory=tmp_path)
    from assistant.retrieval.contract import Query

    answer = retriever.retrieve(Query("居住证怎么办", "zh-hans"))

    assert (answer.mode, answer.ranked[0].entry) == ("lexical", "2")
    assert is_due(source, {newer.space: newer.model}, READING, tmp_path)


def test_many_threads_ask_while_much_changes(
    source: MemorySource, model: SmallModel, tmp_path: Path
) -> None:
    build(source, model, tmp_path)
    retriever = retriever_of(source, [model], directory=tmp_path)
    problems: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        try:
            while not stop.is_set():
                ranking = found(retriever, "公积金怎么提取？")
                assert ranking[0] == "3", ranking
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(100, 140):
        source.put(entry(number, f"第{number}类证照怎么换发？"))
        if number % 20 == 0:
            build(source, model, tmp_path)
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


def test_an_index_larger_than_one_read_is_read_whole(model: SmallModel, tmp_path: Path) -> None:
    source = MemorySource([entry(0, "开始")])
    retriever = retriever_of(source, [])
    found(retriever, "开始")
    for number in range(1, 451):
        source.put(Entry(str(number), "zh-hans", f"第{number}个问题", "答案。"))

    assert len(found(retriever, "问题", top=1000)) == 451

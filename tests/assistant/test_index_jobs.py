"""The index in the background and by command: vectors, bases, rebuilding, evaluation, health."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from wagtail.models import Page

from assistant.portal_plugin.index import compaction, embedding, readiness, services, serving
from assistant.portal_plugin.index.source import DatabaseSource, entry_of
from assistant.portal_plugin.index.tasks import embed_draft
from assistant.portal_plugin.models import (
    IndexedEntry,
    IndexGeneration,
    QuestionPage,
    TextVector,
)
from assistant.retrieval import files, live
from assistant.retrieval.contract import Query
from assistant.retrieval.embedders import Embedders
from assistant.retrieval.source import Model
from assistant.retrieval.texts import texts_of
from tests.assistant.factories import make_question
from tests.assistant.models import SmallModel


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(serving, "directory", lambda: tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> SmallModel:
    found = SmallModel()
    monkeypatch.setattr(serving, "_configured", lambda: [found])
    serving.forget()
    return found


@pytest.fixture
def pages(column: Page) -> list[QuestionPage]:
    questions = ("新生儿怎么上户口？", "居住证怎么办理？", "公积金怎么提取？")
    return [
        make_question(column, question, key=f"q{number}", phrasings=[])
        for number, question in enumerate(questions, 1)
    ]


def ask(text: str) -> list[str]:
    ranked = serving.retriever().retrieve(Query(text, "zh-hans")).ranked
    return [hit.entry for hit in ranked]


def test_rebuilding_mends_rows_vectors_and_base(
    pages: list[QuestionPage], model: SmallModel, directory: Path
) -> None:
    IndexedEntry.objects.filter(pk=pages[0].pk).delete()
    IndexedEntry.objects.filter(pk=pages[1].pk).update(question="损坏")
    IndexedEntry.objects.create(page=987_654, key="nobody", seq=1, question="不存在的问题")
    out = StringIO()

    call_command("rebuild_index", "assistant", stdout=out)

    assert "assistant: 3 looked at" in out.getvalue()
    live_rows = IndexedEntry.objects.filter(live=True)
    assert set(live_rows.values_list("pk", flat=True)) == {page.pk for page in pages}
    assert embedding.incomplete() == 0
    base = files.newest(directory)
    assert base is not None
    assert len(base.segment) == 3
    assert ask("居住证怎么办理？")[0] == str(pages[1].pk)


def test_a_new_base_is_taken_without_an_outage(
    pages: list[QuestionPage], model: SmallModel, directory: Path
) -> None:
    embedding.complete()
    before = ask("居住证怎么办理？")
    assert compaction.make_base()
    assert ask("居住证怎么办理？") == before

    pages[1].unpublish()

    assert str(pages[1].pk) not in ask("居住证怎么办理？")


def test_the_clock_asks_for_what_is_missing(
    pages: list[QuestionPage],
    model: SmallModel,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(live, "FEW", 1)
    cache.clear()

    with django_capture_on_commit_callbacks(execute=True):
        compaction.keep(1)
        compaction.keep(2)  # each site asks

    assert embedding.incomplete() == 0
    assert files.newest(directory) is not None


def test_traces_are_swept_and_who_was_away_reads_anew(
    pages: list[QuestionPage], model: SmallModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("居住证")  # a worker that then sleeps
    monkeypatch.setattr(compaction, "_TRACES", 0)
    pages[0].unpublish()

    compaction.make_base()

    generation = IndexGeneration.objects.get()
    assert generation.floor == generation.seq
    assert not IndexedEntry.objects.filter(live=False).exists()
    assert sorted(ask("居住证")) == sorted(str(page.pk) for page in pages[1:])


def test_many_rows_at_once_are_as_one_by_one(pages: list[QuestionPage], model: SmallModel) -> None:
    one_by_one = list(IndexedEntry.objects.order_by("pk").values())
    IndexedEntry.objects.all().delete()

    services.follow_many(rows=[services.row_of(page) for page in pages])

    at_once = list(IndexedEntry.objects.order_by("pk").values())
    for rows in (one_by_one, at_once):
        for row in rows:
            del row["seq"], row["embedded"]
    assert at_once == one_by_one
    assert ask("公积金怎么提取？")[0] == str(pages[2].pk)


def test_few_queries_for_each_question(
    pages: list[QuestionPage], model: SmallModel, django_assert_num_queries: Any
) -> None:
    ask("居住证")

    with django_assert_num_queries(1):
        ask("公积金")


def test_ten_thousand_keys_are_looked_up(pages: list[QuestionPage], model: SmallModel) -> None:
    embedding.complete()
    source = DatabaseSource()
    keys = [number.to_bytes(16, "big") for number in range(10_000)]

    assert source.missing(model.model, keys) == set(keys)
    assert source.vectors(model.model, keys) == {}


def test_vectors_that_nobody_uses_are_removed_and_drafts_keep_theirs(
    pages: list[QuestionPage], column: Page, model: SmallModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_question(column, "护照怎么申请？", live=False, phrasings=[])
    embed_draft.func(draft.pk)
    embedding.complete()
    before = TextVector.objects.count()
    monkeypatch.setattr(model, "model", Model("small", "0", 64))
    embedding.complete()
    monkeypatch.undo()
    monkeypatch.setattr(serving, "_configured", lambda: [model])
    pages[0].unpublish()
    pages[0].delete()
    cache.clear()

    embedding.forget_unused(1)

    assert TextVector.objects.count() == before - 1  # its question; the answer is said by others
    assert embedding.embed_texts([texts_of(entry_of(services.row_of(draft)))]) == 0


# --- health ---------------------------------------------------------------------------------------
def test_readiness_says_by_what_entries_are_found(
    pages: list[QuestionPage], model: SmallModel
) -> None:
    assert readiness.index_ready().detail.endswith("3 wait for vectors")
    embedding.complete()
    ready = readiness.index_ready()
    assert (ready.ok, ready.critical) == (True, False)
    assert "wait" not in ready.detail


@pytest.mark.parametrize(("named", "ok"), [(["service"], False), ([], True)])
def test_readiness_says_that_no_model_is_there(
    pages: list[QuestionPage], settings: Any, monkeypatch: pytest.MonkeyPatch, named: Any, ok: bool
) -> None:
    monkeypatch.setattr(serving, "embedders", lambda: Embedders([]))
    settings.ASSISTANT_EMBEDDERS = named

    ready = readiness.index_ready()

    assert (ready.ok, ready.critical) == (ok, False)
    assert "words alone" in ready.detail


# --- portal evaluate ------------------------------------------------------------------------------
def evaluate(path: Path, *arguments: str) -> str:
    out = StringIO()
    call_command("evaluate", str(path), *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    rows = [
        {"id": "a", "text": "孩子上户口", "language": "zh-hans", "relevant": ["q1"]},
        {"id": "b", "text": "公积金怎么提取？", "language": "zh-Hant", "relevant": ["q3"]},
        {"id": "c", "text": "今天天气如何", "language": "zh-hans", "relevant": []},
    ]
    path = tmp_path / "queries.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_evaluation_reports_by_the_ids_of_the_import(
    pages: list[QuestionPage], model: SmallModel, queries: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"

    out = evaluate(queries, "--report", str(report), "--top", "2")

    found = json.loads(report.read_text())
    assert found["metrics"]["recall@1"] == 1.0
    assert "recall@1" in out
    first, second, third = found["queries"]
    assert first["ranked"][0]["entry"] == "q1"
    assert len(first["ranked"]) == 2
    assert second["status"] == "answered"
    assert third["ranked"]  # also where it is declined
    assert embedding.incomplete() == 0


def test_evaluation_counts_a_translation_as_its_source(
    pages: list[QuestionPage], column: Page, model: SmallModel, tmp_path: Path
) -> None:
    make_question(
        column, "How do I register a newborn?", language="en", translation_of=pages[0], key="q1-en",
        phrasings=[],
    )  # fmt: skip
    path, report = tmp_path / "queries.jsonl", tmp_path / "report.json"
    row = {"id": "a", "text": "register newborn", "language": "en", "relevant": ["q1"]}
    path.write_text(json.dumps(row))

    evaluate(path, "--report", str(report))

    assert json.loads(report.read_text())["queries"][0]["ranked"][0]["entry"] == "q1"


def test_evaluation_by_words_asks_no_model(
    pages: list[QuestionPage], model: SmallModel, queries: Path
) -> None:
    evaluate(queries, "--lexical")

    assert model.asked == []


def test_evaluation_lists_what_it_refused(
    pages: list[QuestionPage], queries: Path, tmp_path: Path
) -> None:
    queries.write_text(queries.read_text() + "\nno json\n")

    with pytest.raises(SystemExit) as ended:
        evaluate(queries)

    assert ended.value.code == 1
    with pytest.raises(CommandError):
        evaluate(tmp_path / "missing.jsonl")

"""What is found: filters, translations, known questions, order."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from haystack import tracing
from haystack.tracing.tracer import NullSpan, Span, Tracer

from assistant.retrieval import components
from assistant.retrieval.contract import Decision, Query
from assistant.retrieval.source import MemorySource
from tests.assistant.models import SmallModel
from tests.assistant.retrieval.entries import (
    QUESTIONS,
    entries,
    entry,
    found,
    retriever_of,
    with_vectors,
)


def test_filters_are_asked_before_the_top_is_cut() -> None:
    here = [entry(number, "居住证怎么办理？", site=1) for number in range(100, 400)]
    there = entry(1, "居住证在哪里办？", site=2)
    retriever = retriever_of(MemorySource([*here, there]))

    assert found(retriever, "居住证怎么办理？", sites=frozenset({2}), top=3) == ["1"]


def test_an_entry_of_all_sites_is_found_at_each() -> None:
    retriever = retriever_of(MemorySource([entry(1, "居住证怎么办？"), entry(2, "居住证", site=7)]))

    assert found(retriever, "居住证", sites=frozenset({3})) == ["1"]


def test_validity_is_asked_at_the_moment_of_the_question() -> None:
    retriever = retriever_of(
        MemorySource([entry(1, "补贴怎么领？", valid_from=100.0, valid_until=200.0)])
    )

    assert found(retriever, "补贴", at=99.0) == []
    assert found(retriever, "补贴", at=100.0) == ["1"]
    assert found(retriever, "补贴", at=200.0) == []
    assert found(retriever, "补贴") == []  # now


def test_an_audience_finds_its_own_and_what_is_for_everyone() -> None:
    retriever = retriever_of(
        MemorySource([
            entry(1, "补贴一", audience=("elderly",)),
            entry(2, "补贴二", audience=("families", "businesses")),
            entry(3, "补贴三"),
            entry(4, "补贴四", audience=("everyone", "elderly")),
        ])
    )  # fmt: skip

    assert sorted(found(retriever, "补贴", audience=frozenset({"businesses"}))) == ["2", "3", "4"]
    assert len(found(retriever, "补贴")) == 4


def test_of_translations_one_is_ranked_in_the_language_asked_for() -> None:
    chinese = entry(1, "居住证怎么办理？")
    english = entry(2, "How do I get a residence permit?", language="en", group="1")
    model = SmallModel()
    source = with_vectors(MemorySource([chinese, english, entry(3, "公积金怎么提取？")]), model)
    retriever = retriever_of(source, [model])

    assert found(retriever, "How do I get a residence permit?", "en")[0] == "2"
    assert found(retriever, "How do I get a residence permit?", "zh-hans")[0] == "1"
    assert found(retriever, "居住证怎么办理？", "en")[0] == "2"
    assert found(retriever, "居住证怎么办理？", "ko")[0] == "1"
    assert len(found(retriever, "居住证怎么办理？", "en")) == 2
    only_english = found(retriever, "居住证怎么办理？", "zh-hans", languages=frozenset({"en"}))
    assert only_english == ["2"]


def test_a_known_question_is_answered_whatever_its_punctuation() -> None:
    retriever = retriever_of(MemorySource(entries()))

    answer = retriever.retrieve(Query(" 居住证，怎么办理 ", "zh-hans"))

    assert answer.decision is Decision.ANSWER
    assert answer.ranked[0].entry == "2"


def test_an_entry_without_a_question_is_found_by_its_answer() -> None:
    retriever = retriever_of(MemorySource([*entries(), entry(50, answer="游泳馆周一闭馆检修。")]))

    assert found(retriever, "游泳馆什么时候闭馆")[0] == "50"


def test_an_entry_without_vectors_is_found_among_those_that_have_them() -> None:
    model = SmallModel()
    source = with_vectors(MemorySource(entries()), model)
    retriever = retriever_of(source, [model])

    source.put(entry(60, "游泳馆什么时候闭馆？"))

    assert found(retriever, "游泳馆闭馆时间")[0] == "60"


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 500, "\u202e抄反", "<b>'; DROP TABLE"])
def test_whatever_is_asked_there_is_an_answer(text: str) -> None:
    model = SmallModel()
    retriever = retriever_of(with_vectors(MemorySource(entries()), model), [model])

    assert len(retriever.retrieve(Query(text, "zh-hans")).ranked) == len(entries())


def test_nothing_to_answer_with_is_declined() -> None:
    answer = retriever_of(MemorySource()).retrieve(Query("居住证", "zh-hans"))

    assert (answer.decision, list(answer.ranked)) == (Decision.DECLINE, [])


def test_a_very_large_index_ranks_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    models = [SmallModel("e5"), SmallModel("use")]
    many = [entry(number, f"第{number}类证照怎么办理？") for number in range(400)]
    source = MemorySource([*many, *(entry(1000 + n, q) for n, q in enumerate(QUESTIONS))])
    for model in models:
        with_vectors(source, model)
    retriever = retriever_of(source, models)
    asked = ("孩子报户口", "公积金取出来", "驾照换证", "第77类证照")
    whole = [found(retriever, text, top=3)[0] for text in asked]

    monkeypatch.setattr(components, "MANY", 10)
    monkeypatch.setattr(components, "_SAMPLE", 40)
    monkeypatch.setattr(components, "_FORWARD", 20)

    assert [found(retriever, text, top=3)[0] for text in asked] == whole


def test_where_pipelines_are_traced_each_step_is_told_and_the_answer_is_the_same() -> None:
    retriever = retriever_of(MemorySource(entries()), [SmallModel()])
    untraced = retriever.retrieve(Query("居住证怎么办", "zh-hans"))
    seen: list[str] = []
    tracing.enable_tracing(Listening(seen))
    try:
        traced = retriever.retrieve(Query("居住证怎么办", "zh-hans"))
    finally:
        tracing.disable_tracing()

    assert traced.ranked == untraced.ranked
    assert traced.decision is untraced.decision
    assert sorted(seen) == sorted(["words", "embedder", "meanings", "filter", "fusion", "decider"])


class Listening(Tracer):
    """Notes which components are run."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen

    @contextlib.contextmanager
    def trace(
        self,
        operation_name: str,
        tags: dict[str, Any] | None = None,
        parent_span: Span | None = None,
    ) -> Iterator[Span]:
        if tags and (name := tags.get("haystack.component.name")):
            self._seen.append(name)
        yield NullSpan()

    def current_span(self) -> Span | None:
        return None

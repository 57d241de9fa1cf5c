import json

import pytest

from assistant.evaluation.metrics import Outcome, metrics, metrics_by, out_of_scope_at_coverage
from assistant.evaluation.questions import Question, parse_questions, read_questions
from assistant.evaluation.runner import report, run
from assistant.retrieval.contract import Decision, Hit, Query, Retrieval


def line(**fields) -> str:
    return json.dumps(
        {"id": "a", "text": "怎么办？", "language": "zh-hans", "relevant": []} | fields
    )


class TestReading:
    def test_every_field(self):
        (question,), refused = parse_questions(
            [line(relevant=["e1", "e2"], language="zh-Hant", kind="letter")]
        )
        assert question == Question("a", "怎么办？", "zh-hant", ("e1", "e2"), "letter")
        assert question.in_scope
        assert refused == []

    def test_the_development_sets_say_lang(self):
        (question,), _ = parse_questions(['{"id": "q", "text": "x", "lang": "en", "relevant": []}'])
        assert question.language == "en"
        assert not question.in_scope

    @pytest.mark.parametrize(
        ("bad", "word"),
        [
            ("{", "JSON"),
            ("[]", "object"),
            (line(id=""), "id"),
            (line(text=7), "text"),
            (line(relevant="e1"), "relevant"),
            (line(relevant=None), "relevant"),
            (line(kind=3), "kind"),
        ],
    )
    def test_a_bad_line_is_named_and_the_rest_is_read(self, bad, word):
        questions, (refusal,) = parse_questions(
            [line(id="first"), "", bad, line(id="last")], "f.jsonl"
        )
        assert [question.id for question in questions] == ["first", "last"]
        assert word in refusal.reason
        assert str(refusal).startswith("f.jsonl:3: ")

    def test_the_same_id_twice(self):
        questions, (refusal,) = parse_questions([line(), line(text="b")])
        assert [question.text for question in questions] == ["怎么办？"]
        assert refusal.line == 2

    def test_a_file_of_a_spreadsheet_program(self, tmp_path):
        path = tmp_path / "q.jsonl"
        path.write_text(line() + "\r\n", encoding="utf-8-sig")
        questions, refused = read_questions(path)
        assert [question.id for question in questions] == ["a"]
        assert refused == []


def outcome(relevant, ranked, decision=Decision.ANSWER, language="zh-hans", took_ms=1.0) -> Outcome:
    question = Question(f"q{id(ranked)}", "?", language, tuple(relevant))
    return Outcome(question, decision, [(entry, 1.0) for entry in ranked], 0.5, took_ms)


class TestMetrics:
    def test_recall_and_reciprocal_rank(self):
        found = metrics(
            [
                outcome(["a"], ["a", "b"]),
                outcome(["b", "x"], ["a", "b"]),
                outcome(["e"], ["a", "b", "c", "d", "e"]),
                outcome(["z"], ["a"]),
            ]
        )
        assert found["recall@1"] == 0.25
        assert found["recall@3"] == 0.5
        assert found["recall@5"] == 0.75
        assert found["mrr@10"] == pytest.approx((1 + 1 / 2 + 1 / 5) / 4, abs=1e-4)

    def test_beyond_the_tenth_place_counts_nothing(self):
        assert metrics([outcome(["z"], [*"abcdefghij", "z"])])["mrr@10"] == 0

    def test_decisions_inside_and_outside(self):
        found = metrics(
            [
                outcome(["a"], ["a"], Decision.ANSWER),
                outcome(["a"], ["b"], Decision.ANSWER),
                outcome(["a"], ["b", "c", "a"], Decision.ASK_BACK),
                outcome(["a"], ["a"], Decision.DECLINE),
                outcome([], ["a"], Decision.ANSWER),
                outcome([], ["a"], Decision.DECLINE),
            ]
        )
        assert found["answered_in_scope"] == 0.5
        assert found["clarified_in_scope"] == 0.25
        assert found["declined_in_scope"] == 0.25
        assert found["answered_out_of_scope"] == 0.5
        assert found["declined_out_of_scope"] == 0.5
        assert found["answered_right"] == 0.5
        assert found["clarified_right"] == 1

    def test_nothing_to_take_a_share_of(self):
        found = metrics([])
        assert found["questions"] == 0
        assert found["recall@1"] is None
        assert found["latency_ms_p95"] is None

    def test_groups(self):
        found = metrics_by(
            [outcome(["a"], ["a"], language="ja"), outcome(["a"], ["b"], language="en")],
            lambda question: question.language,
        )
        assert list(found) == ["en", "ja"]
        assert [found[name]["recall@1"] for name in found] == [0, 1]

    def test_threshold_for_a_coverage(self):
        inside, outside = [i / 100 for i in range(100)], [0.05, 0.15, 0.5]
        threshold, answered = out_of_scope_at_coverage(inside, outside, 0.9)
        assert threshold == pytest.approx(0.099, abs=0.001)
        assert answered == pytest.approx(2 / 3)
        with pytest.raises(ValueError, match="both sides"):
            out_of_scope_at_coverage(inside, [], 0.9)


class Parrot:
    """Ranks what the question says, answers where it says anything."""

    def __init__(self):
        self.asked: list[Query] = []

    def retrieve(self, query: Query) -> Retrieval:
        self.asked.append(query)
        hits = [Hit(word, 1 / place) for place, word in enumerate(query.text.split(), 1)]
        decision = Decision.ANSWER if hits[0].entry != "no" else Decision.DECLINE
        return Retrieval(hits, decision, 0.75)


class TestRun:
    def test_report(self):
        parrot, told = Parrot(), []
        questions = [
            Question("q1", "a b", "en", ("a",), "plain"),
            Question("q2", "no", "ja", (), "chit-chat"),
        ]
        outcomes = run(
            parrot, questions, top=1, on_progress=lambda done, of: told.append((done, of))
        )
        found = report(outcomes)
        assert told == [(1, 2), (2, 2)]
        assert [(query.language, query.top) for query in parrot.asked] == [("en", 1), ("ja", 1)]
        assert found["metrics"]["recall@1"] == 1
        assert found["metrics"]["declined_out_of_scope"] == 1
        assert set(found["by_kind"]) == {"plain", "chit-chat"}
        first, second = found["queries"]
        assert first.pop("took_ms") >= 0
        assert first == {
            "id": "q1",
            "status": "answered",
            "ranked": [{"entry": "a", "score": 1.0}],
            "confidence": 0.75,
        }
        assert second["status"] == "declined_no_source"
        assert second["ranked"]
        json.dumps(found)

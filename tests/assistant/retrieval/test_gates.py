import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval import gates, ranking
from assistant.retrieval.contract import Decision


def scene(first=0.9, others=0.6, count=40, words=20.0):
    """Fields of a knowledge base in which the first entry is this close, the others that close."""
    spread = np.linspace(0, 0.05, count - 1, dtype=np.float32)
    close = np.append(np.float32(first), np.float32(others) - spread)
    said = np.append(np.float32(words), np.full(count - 1, 2, np.float32))
    return {
        "e5_question": close,
        "e5_answer": close / 2,
        "use_question": close - 0.2,
        "use_answer": close / 2,
        "bm25_question": said,
        "bm25_answer": said / 2,
    }


def judge(fields, text="居住证怎么办理？", **options):
    fused = ranking.rank(fields, text)
    order = np.argsort(-fused, kind="stable")[:10]
    return gates.judge(fields, fused, order, text, **options)


class TestJudge:
    def test_a_clear_first_is_the_answer(self):
        verdict = judge(scene())
        assert verdict.decision is Decision.ANSWER
        assert verdict.confidence > 0.8
        assert verdict.close == 0

    def test_two_that_words_and_meaning_do_not_agree_on_are_asked_back(self):
        fields = scene(0.84, 0.835, words=2)
        fields["bm25_question"][1] = 4
        fields["use_question"][1] += 0.01
        verdict = judge(fields)
        assert verdict.decision is Decision.ASK_BACK
        assert verdict.close in (2, 3)

    def test_what_is_close_to_nothing_is_declined(self):
        verdict = judge(scene(0.5, 0.45, words=0))
        assert verdict.decision is Decision.DECLINE
        assert verdict.confidence < gates.gates().with_question.ask

    def test_what_is_closer_to_small_talk_is_declined(self):
        assert judge(scene(0.85), elsewhere=0.8).decision is Decision.ANSWER
        verdict = judge(scene(0.85), elsewhere=0.9)
        assert verdict.decision is Decision.DECLINE
        assert verdict.confidence < gates.gates().with_question.ask

    def test_a_known_question_is_answered_whatever_the_scores(self):
        verdict = judge(scene(0.3, 0.29, words=0), known=True, elsewhere=1.0)
        assert verdict == gates.Verdict(Decision.ANSWER, 1.0, 0)

    @pytest.mark.parametrize("text", ["", "？！", "👍👍👍", "\x00\u202e"])
    def test_nothing_said_is_declined(self, text):
        assert judge(scene(), text) == gates.Verdict(Decision.DECLINE, 0.0, 0)

    def test_no_candidates(self):
        nothing = np.zeros(0, np.int64)
        verdict = gates.judge({}, np.zeros(0, np.float32), nothing, "居住证怎么办理")
        assert verdict.decision is Decision.DECLINE

    def test_one_entry_is_never_asked_back(self):
        fields = {name: scores[:1] for name, scores in scene(0.75, words=3).items()}
        assert judge(fields).decision is not Decision.ASK_BACK

    def test_answers_alone_have_their_own_model(self):
        fields = scene(0.75, 0.3)
        fields = {name: fields[name] for name in ("e5_answer", "use_answer", "bm25_answer")}
        fields["e5_answer"] = fields["e5_answer"] * 2
        assert judge(fields).decision is Decision.ANSWER
        # Closeness to an answer is not measured against the sample of questions.
        assert judge(fields, elsewhere=0.9).decision is Decision.ANSWER

    def test_confidence_grows_with_closeness(self):
        confidences = [judge(scene(first)).confidence for first in (0.66, 0.75, 0.85, 0.95)]
        assert confidences == sorted(confidences)


class TestWordsAlone:
    def words(self, *scores):
        return {"bm25_question": np.array(scores, np.float32)}

    def test_clearly_the_best_by_words(self):
        verdict = judge(self.words(30, 5, 2), mode="lexical")
        assert verdict.decision is Decision.ANSWER
        assert verdict.confidence < 1

    def test_two_alike_are_asked_back(self):
        verdict = judge(self.words(30, 28, 2), mode="lexical")
        assert verdict.decision is Decision.ASK_BACK
        assert verdict.close == 3

    def test_few_words_are_declined(self):
        assert judge(self.words(2, 1, 0), mode="lexical").decision is Decision.DECLINE

    def test_vectors_of_other_models_are_not_judged_by_closeness(self):
        fields = self.words(30, 5, 2) | {"service_question": np.array([0.1, 0.9, 0.1], np.float32)}
        assert judge(fields).decision is not Decision.DECLINE


class TestFile:
    def test_shipped_gates_are_for_the_shipped_models(self):
        assert gates.calibrated_for(["multilingual-e5-small", "use-multilingual-3", "another"])
        assert not gates.calibrated_for(["multilingual-e5-small"])

    def test_gates_for_other_features_are_refused(self):
        told = {"models": [], "features": ["question"], "with_question": {}, "answer_only": {}}
        with pytest.raises(ValueError, match="calibrate them anew"):
            gates.parse_gates(json.dumps(told))

    def test_a_missing_weight_is_refused(self):
        one = {"weights": [1], "centres": [0], "scales": [1], "bias": 0}
        one |= {"floor": 0, "answer": 0.6, "ask": 0.2}
        told = {"models": [], "features": list(gates.FEATURES)}
        with pytest.raises(ValueError, match="each feature"):
            gates.parse_gates(json.dumps(told | {"with_question": one, "answer_only": one}))

    def test_thresholds_decide(self):
        shipped = gates.gates()
        strict = replace(shipped.with_question, answer=1.1, ask=1.1)
        found = gates.features(scene(), np.arange(40.0, 0, -1), np.arange(10), "居住证")
        assert gates.decide(shipped, found, 3).decision is Decision.ANSWER
        strict_gates = replace(shipped, with_question=strict)
        assert gates.decide(strict_gates, found, 3).decision is Decision.DECLINE


class TestElsewhere:
    def test_a_sentence_of_the_sample_is_as_close_as_can_be(self):
        with np.load(Path(gates.__file__).with_name("gates.npz")) as arrays:
            vector = arrays["e5"][7].astype(np.float32)
        assert gates.elsewhere("e5", vector) == pytest.approx(1, abs=1e-3)

    def test_other_spaces_have_no_sample(self):
        assert gates.elsewhere("service", np.ones(8, np.float32)) == 0

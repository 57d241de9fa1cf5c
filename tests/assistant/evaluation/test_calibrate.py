import json

import numpy as np
import pytest

from assistant.evaluation import calibrate
from assistant.retrieval import gates


def observations(count=120, seed=1):
    """Rankings where a high closeness of the first entry means that it is right."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count * 2):
        features = random.normal(size=len(gates.FEATURES)) * 0.1
        right = number % 2 == 0
        features[0] = (0.9 if right else 0.6) + random.normal() * 0.05
        features[gates.FEATURES.index("no_question")] = number // 2 % 2
        features[gates.FEATURES.index("highest")] = features[0]
        found.append(calibrate.Observation(tuple(features.tolist()), right, right))
    return found


def test_what_is_fitted_can_be_read_and_tells_right_from_wrong():
    fitted = calibrate.fit(observations(), ["one", "two"])
    read = gates.parse_gates(json.dumps(fitted))
    assert read.models == {"one", "two"}
    unseen = observations(seed=2)
    sure = [read.of(one.features).confidence(one.features) for one in unseen]
    right = np.array([one.right for one in unseen])
    assert np.mean((np.array(sure) > 0.5) == right) > 0.95


def test_confidence_is_for_visitors_who_mostly_ask_what_has_an_answer():
    same = [calibrate.Observation((0.0,) * 17, right, right) for right in (True, False) * 60]
    half = [
        calibrate.Observation((*one.features[:4], 1.0, *one.features[5:]), one.right, one.in_scope)
        for one in same
    ]
    read = gates.parse_gates(json.dumps(calibrate.fit([*same, *half], [])))
    assert read.with_question.confidence((0.0,) * 17) == pytest.approx(0.75, abs=0.01)


def test_too_few_are_refused():
    with pytest.raises(ValueError, match="with_question"):
        calibrate.fit(observations(10), [])


def test_observing_with_and_without_the_answers():
    fields = {"e5_question": np.array([0.9, 0.5, 0.4], np.float32)}
    inside, without = calibrate.observe(fields, "居住证", [0])
    assert (inside.right, inside.in_scope) == (True, True)
    assert (without.right, without.in_scope) == (False, False)
    assert inside.features[0] == pytest.approx(0.9)
    assert without.features[0] == pytest.approx(0.5)
    (outside,) = calibrate.observe(fields, "居住证", [])
    assert (outside.right, outside.in_scope) == (False, False)


def test_the_command(tmp_path):
    told = []
    source, target = tmp_path / "observations.jsonl", tmp_path / "gates.json"
    lines = [
        {"features": one.features, "right": one.right, "in_scope": one.in_scope}
        for one in observations()
    ]
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert calibrate.main([str(source), "--out", str(target), "--models", "a,b"], told.append) == 0
    assert gates.parse_gates(target.read_text(encoding="utf-8")).models == {"a", "b"}
    source.write_text('{"features": [1]}', encoding="utf-8")
    assert calibrate.main([str(source), "--out", str(target)], told.append) == 1
    assert "line 1" in told[-1]


def test_a_translation_is_no_competitor():
    """Two entries of one group: what is seen is as if there were one."""
    twins = {"e5_question": np.array([0.9, 0.88, 0.4], np.float32)}
    (alone, _), (as_one, without) = (
        calibrate.observe({"e5_question": np.array([0.9, 0.4], np.float32)}, "居住证", [0]),
        calibrate.observe(twins, "居住证", [0, 1], groups=["1", "1", "2"]),
    )
    (as_two, _) = calibrate.observe(twins, "居住证", [0, 1])
    crowd, lead = gates.FEATURES.index("crowd"), gates.FEATURES.index("lead")
    assert as_one.features[crowd] == pytest.approx(alone.features[crowd])
    assert as_one.features[lead] == pytest.approx(alone.features[lead])
    assert as_two.features[lead] < as_one.features[lead] / 2
    assert without.features[0] == pytest.approx(0.4)


def test_the_model_of_a_kind_without_observations_is_kept(tmp_path):
    kept = calibrate.fit(observations(), ["one"])
    no_question = gates.FEATURES.index("no_question")
    asked = [one for one in observations(seed=3) if not one.features[no_question]]
    fitted = calibrate.fit(asked, ["one"], kept)
    assert fitted["answer_only"] == kept["answer_only"]
    assert fitted["with_question"] != kept["with_question"]
    with pytest.raises(ValueError, match="answer_only"):
        calibrate.fit(asked, ["one"])

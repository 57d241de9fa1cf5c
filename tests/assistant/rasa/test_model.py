"""The model that is trained from the tree: valid, decides as told, understands what was held out."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.rasa_host.places import FILES, PROJECT_DIR, Places

from .conftest import in_rasa

pytestmark = [pytest.mark.one_database, pytest.mark.long]
HERE = Path(__file__).parent


def test_rasa_finds_nothing_wrong_with_its_files(rasa_places: Places) -> None:
    done = in_rasa(
        "rasa", "data", "validate", "--domain", "domain.yml", "--data", "data", "--config", "config.yml",
        stubs=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout + done.stderr
    assert "Traceback" not in told
    assert "conflict" not in told.lower() or "No story structure conflicts" in told


def test_stories_go_as_they_are_told(rasa_places: Places, tmp_path: Path) -> None:
    done = in_rasa(
        "rasa", "test", "core", "--model", str(rasa_places.model.resolve()), "--no-plot",
        "--stories", str(HERE / "stories.yml"), "--out", str(tmp_path), "--fail-on-prediction-errors",
        stubs=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "story_report.json").read_text())
    stories = yaml.safe_load((HERE / "stories.yml").read_text("utf-8"))["stories"]
    assert report["conversation_accuracy"]["total"] == len(stories)
    assert report["conversation_accuracy"]["accuracy"] == 1.0


@pytest.fixture(scope="module", params=["held_out.jsonl", "held_out_2.jsonl"])
def report(
    request: pytest.FixtureRequest, rasa_places: Places, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Of the set that the training data grew beside, and of the fresh one."""
    path = tmp_path_factory.mktemp("held-out") / "report.json"
    done = in_rasa(
        "addons.evaluate",
        str(rasa_places.model),
        str(HERE / request.param),
        "--report",
        str(path),
    )
    assert path.exists(), done.stderr
    return json.loads(path.read_text())


def test_what_was_held_out_is_understood(report: dict[str, Any]) -> None:
    assert report["all"]["sentences"] >= 1000
    assert report["all"]["right"] >= 0.96, report["all"]


def test_hardly_anything_is_begun_that_nobody_asked_for(report: dict[str, Any]) -> None:
    assert report["all"]["wrongly_started"] <= 0.005, report["all"]


def test_no_intent_and_no_language_is_left_behind(report: dict[str, Any]) -> None:
    """A good average must not hide that one of them does not work."""
    for group in ("intents", "languages"):
        weak = {name: row["right"] for name, row in report[group].items() if row["right"] < 0.85}
        assert weak == {}, group


def test_skills_of_plugins_become_part_of_the_model(rasa_places: Places, tmp_path: Path) -> None:
    """What ``portal export_skills`` writes for a skill with a form is trained and understood."""
    skills = tmp_path / "skills"
    skills.mkdir()
    examples = "".join(
        f"- 我要借{thing}\n- 想借一下{thing}\n" for thing in ("雨伞", "轮椅", "充电宝")
    )
    slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    content = {
        "nlu.yml": {"nlu": [{"intent": "skill_lend", "examples": examples}]},
        "domain.yml": {
            "intents": [{"skill_lend": {"use_entities": []}}],
            "slots": {"skill_lend__thing": slot},
            "forms": {"skill_lend_form": {"required_slots": ["skill_lend__thing"]}},
            "actions": ["action_begin_skill_lend", "action_submit_skill_lend"],
            "responses": {"utter_ask_skill_lend__thing": [{"text": "thing"}]},
        },
        "rules.yml": {
            "rules": [
                {
                    "rule": "lend",
                    "steps": [{"intent": "skill_lend"}, {"action": "action_begin_skill_lend"}],
                }
            ]
        },
    }
    for name, data in content.items():
        (skills / name).write_text(
            yaml.safe_dump({"version": "3.1", **data}, allow_unicode=True), encoding="utf-8"
        )
    kept = {"RASA_VECTORS": str(rasa_places.state / "vectors.npz")}  # of the first training
    done = in_rasa("addons.train", str(tmp_path / "model.tar.gz"), str(skills), environ=kept)
    assert done.returncode == 0, done.stderr
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        json.dumps({"text": "我想借个轮椅用", "intent": "skill_lend", "language": "zh-hans"}) + "\n"
    )
    done = in_rasa("addons.evaluate", str(tmp_path / "model.tar.gz"), str(asked))
    assert done.returncode == 0, done.stdout


def test_a_component_that_is_left_out_says_so() -> None:
    """What stands in for TensorFlow lets Rasa be imported, and is not taken for it."""
    script = (
        "from addons import starting\n"
        "from rasa.utils.tensorflow.models import RasaModel\n"
        "try:\n    RasaModel()\nexcept Exception as error:\n    print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [str(PROJECT_DIR / ".venv-rasa" / "bin" / "python"), "-c", script],
        cwd=FILES, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "NotInstalled RasaModel needs a package that is not installed" in done.stdout, (
        done.stderr
    )

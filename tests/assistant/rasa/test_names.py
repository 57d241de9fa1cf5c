"""Rasa's files and the portal's code name the same things; the training sentences say enough."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.dialogue.contract import ASIDE, ENTITIES, SLOTS, Action, Form, Said
from assistant.dialogue.intents import (
    HANDING_OVER,
    SKILL_PREFIX,
    STARTABLE,
    WRITING,
    Command,
    Intent,
)
from assistant.rasa_host.places import FILES

pytestmark = pytest.mark.one_database


def load(name: str) -> Any:
    return yaml.safe_load((FILES / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return load("domain.yml")


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return load("data/rules.yml")["rules"]


@pytest.fixture(scope="module")
def sentences() -> list[tuple[str, str]]:
    """(intent, sentence) of all training files."""
    return [
        (block["intent"], line.removeprefix("- "))
        for path in sorted((FILES / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


def name_of(entry: Any) -> str:
    return entry if isinstance(entry, str) else next(iter(entry))


def constant(path: Path, name: str) -> Any:
    """A constant of a module of Rasa's environment, which cannot be imported here."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            value = node.value
            return ast.literal_eval(value.args[0] if isinstance(value, ast.Call) else value)
    raise AssertionError(f"{path.name} has no {name}")


# --- names ------------------------------------------------------------------------------------
def test_the_domain_has_exactly_the_intents_of_the_portal(domain: dict[str, Any]) -> None:
    assert {name_of(one) for one in domain["intents"]} == {*Intent, *Command}
    assert set(domain["entities"]) == set(ENTITIES)


def test_the_domain_has_exactly_the_actions_and_responses_of_the_portal(
    domain: dict[str, Any],
) -> None:
    assert set(domain["actions"]) == set(Action)
    asked = {f"utter_ask_{slot}" for slots in SLOTS.values() for slot in slots}
    assert set(domain["responses"]) == {*Said, *asked}


def test_forms_ask_in_the_order_of_the_portal_and_have_their_validation(
    domain: dict[str, Any],
) -> None:
    forms = {Form(name): tuple(form["required_slots"]) for name, form in domain["forms"].items()}
    assert forms == SLOTS
    for form in Form:
        assert f"validate_{form}" in domain["actions"]


def test_only_the_portal_fills_slots_and_none_of_them_decides(domain: dict[str, Any]) -> None:
    named = {slot for part in (SLOTS, ASIDE) for slots in part.values() for slot in slots}
    assert set(domain["slots"]) == named
    for slot in domain["slots"].values():
        assert slot["mappings"] == [{"type": "custom"}]
        assert slot["influence_conversation"] is False


def test_nothing_is_carried_into_the_next_session(domain: dict[str, Any]) -> None:
    assert domain["session_config"] == {
        "session_expiration_time": 30,
        "carry_over_slots_to_new_session": False,
    }


def test_every_intent_leads_somewhere_and_every_form_ends_in_its_submission(
    rules: list[dict[str, Any]],
) -> None:
    begun = {
        rule["steps"][0]["intent"]: rule["steps"][1]["action"]
        for rule in rules
        if "intent" in rule["steps"][0]
    }
    assert set(begun) == {*Intent, *Command}
    assert begun[Intent.LEAVE_LETTER] == Action.BEGIN_LETTER
    assert begun[Intent.ASK_QUESTION] == Action.ANSWER
    ends = {
        rule["condition"][0]["active_loop"]: rule["steps"][-1]["action"]
        for rule in rules
        if "condition" in rule
    }
    assert ends == {
        Form.LETTER: Action.SUBMIT_LETTER,
        Form.REPORT: Action.SUBMIT_REPORT,
        Form.STATUS: Action.SHOW_STATUS,
    }


def test_no_rule_submits_outside_of_its_form(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        actions = [step["action"] for step in rule["steps"] if "action" in step]
        if set(actions) & {Action.SUBMIT_LETTER, Action.SUBMIT_REPORT}:
            assert rule["condition"]
            assert actions[0] == rule["condition"][0]["active_loop"]


def test_the_channel_takes_the_buttons_of_the_portal_and_no_others() -> None:
    channel = FILES / "addons" / "portal_channel.py"
    assert set(constant(channel, "COMMANDS")) == {*Command, *STARTABLE}
    assert constant(channel, "SKILL") == SKILL_PREFIX
    assert set(constant(channel, "ENTITIES")) == set(ENTITIES)


def test_what_writes_or_hands_over_has_to_be_clearer_than_the_rest() -> None:
    caution = load("config.yml")["pipeline"][-1]
    named = {*WRITING, *HANDING_OVER, f"{SKILL_PREFIX}*"}
    assert set(caution["thresholds"]) == named
    assert min(caution["thresholds"].values()) > caution["threshold"]
    assert caution["otherwise"] == Intent.ASK_QUESTION
    starts = constant(FILES / "addons" / "evaluate.py", "STARTS")
    assert set(starts) == {*WRITING, *HANDING_OVER}


@pytest.mark.parametrize("name", ["endpoints.yml", "credentials.yml"])
def test_variables_are_written_where_rasa_reads_them(name: str) -> None:
    """Between quotes Rasa leaves ``${NAME}`` as it is, and every call is refused."""
    text = (FILES / name).read_text("utf-8")
    assert re.search(r"\$\{\w+\}", text)
    assert not re.search(r"""["'][^"'\n]*\$\{""", text)


# --- sentences --------------------------------------------------------------------------------
def plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def test_every_intent_has_enough_sentences_and_no_command_has_any(
    sentences: list[tuple[str, str]],
) -> None:
    counts = Counter(intent for intent, _ in sentences)
    assert set(counts) == set(Intent)
    assert min(counts.values()) >= 60
    assert counts[Intent.ASK_QUESTION] >= 100


def test_no_sentence_stands_twice_or_means_two_things(sentences: list[tuple[str, str]]) -> None:
    meant = defaultdict(list)
    for intent, text in sentences:
        meant[plain(text)].append((intent, text))
    assert [found for found in meant.values() if len(found) > 1] == []


def test_no_sentence_names_an_entity_or_is_a_command(sentences: list[tuple[str, str]]) -> None:
    for _, text in sentences:
        assert text == text.strip()
        assert plain(text)
        assert not re.search(r"[\[\]{}]|^/", text)


SCRIPTS = {"Japanese": r"[぀-ヿ]", "Korean": r"[가-힯]", "Russian": r"[Ѐ-ӿ]", "Arabic": r"[؀-ۿ]"}


@pytest.mark.parametrize("intent", list(Intent))
def test_every_intent_is_said_in_every_script(
    sentences: list[tuple[str, str]], intent: Intent
) -> None:
    texts = [text for said, text in sentences if said == intent]
    for language, script in SCRIPTS.items():
        assert sum(bool(re.search(script, text)) for text in texts) >= 3, language
    assert sum(text.isascii() for text in texts) >= 10
    assert sum(bool(re.search(r"[一-鿿]", text)) for text in texts) >= 15

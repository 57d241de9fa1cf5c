"""Skills of plugins: offered where the plugin is on, led through, done once and only with a yes."""

from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from portal_dummy.models import Note
from portal_dummy.skills import TakeNote

from assistant.dialogue.prompts import PromptKind
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import action_named
from assistant.portal_plugin.flows.saying import form_asking
from portal.plugin_api import SkillField, SkillReply, dialogue_skills
from portal.testing import disable_plugin, enable_plugin
from tests.factories import World

from .talking import Talk

INTENT = "skill_dummy_take_note"


def up_to_review(talk: Talk) -> None:
    talk.press(f"/{INTENT}")
    talk.write("蓝色" if talk.language != "en" else "blue", INTENT)
    talk.write("buy milk", "ask_question")
    talk.press("/skip")


@pytest.fixture
def english(talk: Talk) -> Talk:
    talk.language = "en"
    return talk


def test_the_skill_is_offered_led_through_and_done_with_a_yes(world: World, english: Talk) -> None:
    with enable_plugin("dummy", world.site.pk):
        assert f"/{INTENT}" in english.write("what can you do", "help").payloads
        up_to_review(english)
        assert english.prompt is not None
        assert english.prompt.kind is PromptKind.CONFIRM
        assert [line.value for line in english.prompt.review] == ["blue", "buy milk", ""]
        assert not Note.objects.exists()
        done = english.press("/confirm")
    assert done.record.text == "It is noted down."
    assert done.links == ["/dummy/"]
    assert [note.text for note in Note.objects.all()] == ["blue: buy milk"]


def test_without_the_yes_nothing_is_done(world: World, english: Talk) -> None:
    with enable_plugin("dummy", world.site.pk):
        up_to_review(english)
        english.press("/stop_form")
        english.press("/confirm")
    assert not Note.objects.exists()


def test_the_plugins_own_check_refuses_with_its_reason(world: World, english: Talk) -> None:
    with enable_plugin("dummy", world.site.pk):
        english.press(f"/{INTENT}")
        english.press('/choose{"value": "yellow"}')
        reply = english.write("Lorem ipsum dolor")
    assert reply.record.text == "The text is filler text."
    assert reply.prompt is not None
    assert reply.prompt.field == f"{INTENT}__text"


def test_where_the_plugin_is_off_the_sentence_is_a_question(world: World, english: Talk) -> None:
    with disable_plugin("dummy"):
        assert f"/{INTENT}" not in english.write("what can you do", "help").payloads
        typed = english.write("take a note", INTENT)
        assert typed.record.status == Status.DECLINED_NO_SOURCE
        pressed = english.press(f"/{INTENT}")
        assert pressed.record.status == Status.SMALLTALK
    assert english.form == ""


def test_a_plugin_that_is_switched_off_in_the_middle_ends_the_form(
    world: World, english: Talk
) -> None:
    with enable_plugin("dummy", world.site.pk):
        up_to_review(english)
    with disable_plugin("dummy"):
        reply = english.press("/confirm")
    assert not Note.objects.exists()
    assert english.form == ""
    assert reply.payloads


@pytest.mark.usefixtures("failing_plugins")
def test_a_skill_that_fails_is_told_of(
    world: World, english: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_values: object) -> SkillReply:
        raise RuntimeError("broken")

    monkeypatch.setattr(TakeNote, "act", fail)
    with enable_plugin("dummy", world.site.pk):
        up_to_review(english)
        reply = english.press("/confirm")
    assert reply.record.status == Status.UNAVAILABLE
    assert "/human" in reply.payloads


class AtOnce:
    """A skill that asks nothing."""

    title = "The time"
    examples = {"en": ("what time is it in [Yunhu](city)", "tell me the time")}
    fields = ()
    confirms = False

    def check(self, field: str, value: str, **_values: object) -> str:
        return ""

    def act(self, values: object, **_values: object) -> SkillReply:
        return SkillReply("Noon.")


def test_a_skill_that_asks_nothing_acts_at_once(world: World, english: Talk) -> None:
    with dialogue_skills.temporarily(AtOnce(), plugin="assistant", name="the_time"):
        action = action_named("action_begin_skill_assistant_the_time")
        assert action is not None
        english._turn = ("what time is it", "skill_assistant_the_time", ())
        outcome = action(english._now())
    assert outcome.record is not None
    assert outcome.record.text == "Noon."
    assert outcome.then == ""


# --- names ----------------------------------------------------------------------------------------
def test_a_slot_leads_to_its_form() -> None:
    form = form_asking(f"{INTENT}__text")
    assert form is not None
    assert form.name == f"{INTENT}_form"
    assert form_asking("skill_dummy_take_note__nothing") is None
    assert action_named("action_submit_skill_dummy_nothing") is None


@pytest.mark.parametrize("name", ["Take", "take-note", "take__note", "t" * 31])
def test_names_of_which_no_intent_can_be_made_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no name|not a name"):
        dialogue_skills.register(name, TakeNote())


def test_a_field_is_asked_once() -> None:
    class Twice(TakeNote):
        fields = (SkillField("text", label="a", ask="a"), SkillField("text", label="b", ask="b"))

    with pytest.raises(ValueError, match="twice"):
        dialogue_skills.register("twice", Twice())


# --- training data --------------------------------------------------------------------------------
def read(folder: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((folder / name).read_text("utf-8"))
    return found


def test_the_export_is_what_rasa_reads(tmp_path: Path) -> None:
    call_command("export_skills", str(tmp_path), verbosity=0)
    [nlu] = read(tmp_path, "nlu.yml")["nlu"]  # type: ignore[misc, attr-defined]
    lines = nlu["examples"].splitlines()  # type: ignore[has-type]
    assert nlu["intent"] == INTENT  # type: ignore[has-type]
    assert "- 帮我记一条便签" in lines
    assert all(line.startswith("- ") for line in lines)
    domain = read(tmp_path, "domain.yml")
    slots = [f"{INTENT}__{name}" for name in ("colour", "text", "place", "confirmed")]
    assert domain["forms"] == {f"{INTENT}_form": {"required_slots": slots}}
    assert list(domain["slots"]) == slots  # type: ignore[call-overload]
    assert list(domain["responses"]) == [f"utter_ask_{slot}" for slot in slots]  # type: ignore[call-overload]
    rules = read(tmp_path, "rules.yml")["rules"]
    assert [rule["steps"][-1]["action"] for rule in rules] == [  # type: ignore[attr-defined]
        f"action_begin_{INTENT}",
        f"action_submit_{INTENT}",
    ]


def test_every_action_of_the_export_is_there(tmp_path: Path) -> None:
    call_command("export_skills", str(tmp_path), verbosity=0)
    for name in read(tmp_path, "domain.yml")["actions"]:  # type: ignore[attr-defined]
        assert action_named(name) is not None, name


def test_the_same_skills_give_the_same_files_and_gone_ones_leave_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("export_skills", str(tmp_path), verbosity=0)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    call_command("export_skills", str(tmp_path), verbosity=0)
    assert first == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(dialogue_skills, "contributions", list)
    call_command("export_skills", str(tmp_path), verbosity=0)
    assert list(tmp_path.iterdir()) == []


def test_marks_of_entities_are_only_signs_in_examples(tmp_path: Path) -> None:
    with dialogue_skills.temporarily(AtOnce(), plugin="assistant", name="the_time"):
        call_command("export_skills", str(tmp_path), verbosity=0)
    text = (tmp_path / "nlu.yml").read_text("utf-8")
    assert "what time is it in （Yunhu）(city)" in text
    rules = read(tmp_path, "rules.yml")["rules"]
    assert len(rules) == 3  # type: ignore[arg-type]

"""Conversations led as Rasa leads them: its own rules, read from its files, without Rasa.

What Rasa 3.6 does with a form is little: it lets ``validate_<form>`` take the message, asks the
next slot that is empty, and is over when none is, or when ``requested_slot`` is set to nothing.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import assistant.portal_plugin.flows  # noqa: F401 - enters the actions
from assistant.dialogue.commands import payload_of
from assistant.dialogue.contract import SLOTS
from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action_named
from assistant.portal_plugin.flows.saying import say
from assistant.portal_plugin.flows.sealed import seal
from assistant.portal_plugin.models import AnswerRecord, Conversation
from assistant.portal_plugin.selectors.skills import all_skills
from assistant.portal_plugin.services.answers import Question

RASA = Path(__file__).resolve().parents[3] / "assistant" / "rasa"


@cache
def rules() -> tuple[dict[str, str], dict[str, str]]:
    """(intent → action, form → action when it is over), skills of plugins among them."""
    read = yaml.safe_load((RASA / "data" / "rules.yml").read_text("utf-8"))["rules"]
    begins: dict[str, str] = {}
    ends: dict[str, str] = {}
    for rule in read:
        [*_, last] = rule["steps"]
        if "condition" in rule:
            ends[rule["condition"][0]["active_loop"]] = last["action"]
        else:
            begins[rule["steps"][0]["intent"]] = last["action"]
    for skill in all_skills():
        begins[skill.intent] = f"action_begin_{skill.intent}"
        ends[skill.form] = f"action_submit_{skill.intent}"
    return begins, ends


def slots_of(form: str) -> tuple[str, ...]:
    known = {str(name): slots for name, slots in SLOTS.items()}
    return known.get(form) or next(skill.slots for skill in all_skills() if skill.form == form)


@dataclass
class Reply:
    """What a message brought: everything that was said, the last thing that is waited for."""

    records: list[AnswerRecord] = field(default_factory=list)
    prompt: Prompt | None = None

    @property
    def text(self) -> str:
        return "\n".join(record.text for record in self.records)

    @property
    def record(self) -> AnswerRecord:
        return self.records[0]

    @property
    def payloads(self) -> list[str]:
        return [button.payload for button in self.prompt.buttons] if self.prompt else []

    @property
    def links(self) -> list[str]:
        return [
            action["url"] for record in self.records for action in record.content.get("actions", ())
        ]


class Talk:
    """One conversation of one visitor."""

    def __init__(
        self, *, site: int | None = None, language: str = "zh-hans", page: str = ""
    ) -> None:
        self.site, self.language, self.page = site, language, page
        self.conversation = Conversation.objects.create(site_id=site, language=language)
        self.slots: dict[str, Any] = {}
        self.form = ""
        self.asked = ""
        self.answers: list[str] = []
        self.prompt: Prompt | None = None
        self.heard: list[str] = []

    def write(self, text: str, intent: str = "ask_question") -> Reply:
        """Type something that the model takes for an intent."""
        if self.prompt is not None and self.prompt.secret:
            text = seal(text)
        return self._message(text, intent, {})

    def press(self, payload: str) -> Reply:
        """Press a button."""
        pressed = payload_of(payload)
        assert pressed is not None, f"{payload} is no button that is let through"
        return self._message(payload, pressed.name, pressed.values)

    # --- as Rasa does it --------------------------------------------------------------------------
    def _message(self, text: str, intent: str, entities: dict[str, str]) -> Reply:
        self.heard.append(text)
        self._turn = (text, intent, tuple(entities.items()))
        reply = Reply()
        if self.form:
            self._form_goes_on(reply)
        else:
            begins, _ends = rules()
            self._do(begins.get(intent, "action_answer"), reply)
        self.prompt = reply.prompt
        shown = "" if text.startswith(("/", "sealed:")) else text
        for record in reply.records[:1]:
            record.conversation = self.conversation
            record.question = shown
            record.content["prompt"] = reply.prompt.to_json() if reply.prompt else None
            record.save(force_insert=True)
            self.answers.append(record.pk)
        return reply

    def _form_goes_on(self, reply: Reply, *, opens: bool = False) -> None:
        self.asked = "" if opens else self.asked
        outcome = self._run(action_named(f"validate_{self.form}"), reply)
        empty = [slot for slot in slots_of(self.form) if self.slots.get(slot) is None]
        if outcome.stop_form or not empty:
            _begins, ends = rules()
            ended, self.form, self.asked = self.form, "", ""
            self._do(ends[ended], reply)
            return
        self.asked = empty[0]
        self._take(say(f"utter_ask_{self.asked}", self._now()), reply)

    def _do(self, name: str, reply: Reply) -> None:
        if name.startswith("utter_"):
            self._take(say(name, self._now()), reply)
            return
        outcome = self._run(action_named(name), reply)
        if outcome.then:
            assert outcome.then.endswith("_form")
            self.form = outcome.then
            self._form_goes_on(reply, opens=True)

    def _run(self, function: Any, reply: Reply) -> Outcome:
        assert function is not None
        outcome: Outcome = function(self._now())
        self.slots |= outcome.slots
        self._take(outcome, reply)
        return outcome

    def _take(self, outcome: Outcome, reply: Reply) -> None:
        if outcome.record is not None:
            reply.records.append(outcome.record)
        if outcome.prompt is not None:
            reply.prompt = outcome.prompt
        self.language = outcome.language or self.language

    def _now(self) -> Turn:
        text, intent, entities = self._turn
        return Turn(
            Question(
                text,
                language=self.language,
                site=self.site,
                main_site=self.site,
                conversation=str(self.conversation.pk),
                asked_from=self.page,
            ),
            intent=intent,
            confidence=0.9,
            entities=entities,
            slots=dict(self.slots),
            form=self.form,
            asked=self.asked if self.form else "",
            answers=tuple(self.answers),
        )

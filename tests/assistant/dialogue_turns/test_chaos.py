"""Whatever happens to Rasa: an answer within the budget, nothing lost, nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from wagtail.models import Page

from assistant.dialogue.statuses import Status, Words
from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.dialogue import asking, callbacks, client, listener
from assistant.portal_plugin.dialogue.registration import dialogue_ready
from assistant.portal_plugin.models import AnswerRecord
from assistant.portal_plugin.services import turns
from assistant.portal_plugin.services.conversing import Dialogue
from assistant.retrieval.contract import Decision

from ..asking import FakeRetriever
from ..factories import make_question
from .conftest import CALLBACK_TOKEN, TOKEN, Visitor
from .fake_rasa import Behaviour, FakeRasa

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("actions")]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch, column: Page) -> FakeRetriever:
    fake = FakeRetriever([make_question(column)])
    monkeypatch.setattr(finding, "_retriever", lambda: fake)
    return fake


class RasaProcess:
    """The small Rasa as a process that can be stopped and killed."""

    def __init__(self, about: dict[str, Any], trackers: Path) -> None:
        self._about, self._trackers = about, trackers
        self.start()

    def start(self) -> None:
        host, port = self._about["callback_bind"]
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "tests.assistant.dialogue_turns.fake_rasa",
                "--port", self._about["url"].rpartition(":")[2],
                "--portal", f"http://{host}:{port}", "--trackers", str(self._trackers),
            ],
            cwd=ROOT,
            env={**os.environ, "RASA_TOKEN": TOKEN, "RASA_CALLBACK_TOKEN": CALLBACK_TOKEN},
        )  # fmt: skip
        ends = time.monotonic() + 30
        while not client.is_there(url=self._about["url"], budget=1):
            assert self.process.poll() is None
            assert time.monotonic() < ends

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def process(dialogue: dict[str, Any], tmp_path: Path) -> Iterator[RasaProcess]:
    started = RasaProcess(dialogue, tmp_path / "trackers.json")
    yield started
    started.kill()


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    found = work()
    return found, time.monotonic() - began


# --- Rasa -----------------------------------------------------------------------------------------
def test_absent_each_question_is_answered_by_itself_and_told(
    knows: FakeRetriever, dialogue: dict[str, Any], visitor: Visitor
) -> None:
    for _number in range(5):
        reply, seconds = timed(lambda: visitor.says("小孩咋落户"))
        assert reply.record.status == Status.ANSWERED
        assert reply.dialogue is Dialogue.SINGLE_TURN
        assert "single_turn" in reply.record.content["notes"]
        assert seconds < 2
    assert AnswerRecord.objects.count() == 5
    ready = dialogue_ready()
    assert (ready.ok, ready.critical) == (False, False)
    assert "does not answer" in ready.detail


def test_it_leads_as_soon_as_it_is_there(
    knows: FakeRetriever, make_rasa: Callable[..., FakeRasa], visitor: Visitor
) -> None:
    for _number in range(4):
        assert visitor.says("小孩咋落户").dialogue is Dialogue.SINGLE_TURN
    make_rasa()
    assert visitor.says("小孩咋落户").dialogue is Dialogue.RASA
    assert dialogue_ready().ok


@pytest.mark.parametrize("kind", ["empty", "garbage", "error"])
def test_answers_that_are_none(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, kind: str
) -> None:
    rasa.behaviour = Behaviour(kind)
    for _number in range(asking.FAILURES + 2):
        reply = visitor.says("小孩咋落户")
        assert (reply.record.status, reply.dialogue.value) == ("answered", "single-turn")
    assert len(rasa.received) == asking.FAILURES  # then it is left alone for a while
    assert not dialogue_ready().ok


def test_hung_answers_go_on_within_the_budget_and_rasa_leads_again(
    knows: FakeRetriever,
    dialogue: dict[str, Any],
    process: RasaProcess,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "PAUSE", 0.5)
    dialogue["budget"] = 1.0
    assert visitor.says("小孩咋落户").dialogue is Dialogue.RASA
    process.signal(signal.SIGSTOP)
    reply, seconds = timed(lambda: visitor.says("小孩咋落户"))
    assert (reply.record.status, reply.dialogue.value) == ("answered", "single-turn")
    assert seconds < 3
    reply, seconds = timed(lambda: visitor.says("小孩咋落户"))
    assert reply.record.status == Status.ANSWERED
    assert seconds < 1  # nobody waits again for what hangs
    process.signal(signal.SIGCONT)
    ends = time.monotonic() + 20
    while visitor.says("小孩咋落户").dialogue is not Dialogue.RASA:
        assert time.monotonic() < ends
    asked = AnswerRecord.objects.values_list("turn", flat=True)
    assert len(asked) == len(set(asked))


def test_killed_in_the_middle_of_a_form_the_form_goes_on(
    knows: FakeRetriever, process: RasaProcess, visitor: Visitor
) -> None:
    visitor.presses("/leave_letter")
    assert visitor.says("路灯").prompt.field == "letter_text"  # type: ignore[union-attr]
    process.kill()
    kept = visitor.says("门前的路灯三天不亮")
    assert kept.record.words == Words.FORM_WAITS
    assert not kept.given.is_kept
    assert kept.record.question == "门前的路灯三天不亮"
    assert kept.prompt is not None
    assert kept.prompt.field == "letter_text"
    aside = visitor.says("小孩咋落户？")
    assert aside.record.status == Status.ANSWERED
    assert aside.record.content["notes"][-1] == "form_open"
    assert aside.prompt == kept.prompt
    process.start()
    assert visitor.says("门前的路灯三天不亮").prompt.field == "letter_confirmed"  # type: ignore[union-attr]
    assert visitor.presses("/confirm").record.text == "路灯:门前的路灯三天不亮"


def test_slow_the_message_is_answered_by_itself_and_what_comes_late_changes_nothing(
    knows: FakeRetriever, dialogue: dict[str, Any], rasa: FakeRasa, visitor: Visitor
) -> None:
    visitor.presses("/leave_letter")
    dialogue["budget"] = 0.4
    rasa.behaviour = Behaviour(seconds=1.0)
    reply = visitor.says("路灯")
    assert reply.record.words == Words.FORM_WAITS
    ends = time.monotonic() + 10
    while not any(status == 409 for _name, status in rasa.calls):
        assert time.monotonic() < ends
        time.sleep(0.02)
    assert rasa.known[visitor.conversation]["slots"].get("letter_subject") is None
    assert AnswerRecord.objects.count() == 1
    rasa.behaviour, dialogue["budget"] = Behaviour(), 4.0
    asking.forget()
    assert visitor.says("路灯").prompt.field == "letter_text"  # type: ignore[union-attr]


def test_given_up_after_it_answered_its_answer_is_the_one(
    knows: FakeRetriever, dialogue: dict[str, Any], rasa: FakeRasa, visitor: Visitor
) -> None:
    """Rasa wrote the answer and then hung: it is given, and not a second one."""
    dialogue["budget"] = 0.5
    rasa.behaviour = Behaviour(after_call=lambda path, name: time.sleep(1.5))
    reply = visitor.says("小孩咋落户")
    assert reply.dialogue is Dialogue.RASA
    assert AnswerRecord.objects.count() == 1


# --- the portal's own side ------------------------------------------------------------------------
def test_call_backs_that_fail_leave_the_answer(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*anything: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(callbacks.turns, "is_open", down)
    reply = visitor.says("小孩咋落户")
    assert (reply.record.status, reply.dialogue.value) == ("answered", "single-turn")
    assert [status for _name, status in rasa.calls] == [503]


def test_nobody_listens_for_call_backs(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*anything: Any) -> Any:
        raise OSError("in use")

    monkeypatch.setattr(listener, "Listener", taken)
    reply = visitor.says("小孩咋落户")
    assert (reply.record.status, reply.dialogue.value) == ("answered", "single-turn")
    assert rasa.received == []
    assert "cannot listen" in dialogue_ready().detail


def test_a_database_that_takes_no_writes(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(**anything: Any) -> Any:
        raise OperationalError("readonly")

    monkeypatch.setattr(turns, "open_turn", down)
    monkeypatch.setattr(AnswerRecord, "save", lambda *a, **k: down())
    reply = visitor.says("小孩咋落户")
    assert reply.record.status == Status.ANSWERED
    assert not reply.given.is_kept


def test_a_database_that_is_gone(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.services import conversing

    def down(*anything: Any) -> Any:
        raise OperationalError("gone")

    visitor.says("小孩咋落户")
    monkeypatch.setattr(conversing, "standing_of", down)
    reply = visitor.says("小孩咋落户，打13812345678")
    assert reply.record.status == Status.UNAVAILABLE
    assert reply.record.question == "小孩咋落户，打***"


# --- step by step ---------------------------------------------------------------------------------
def test_each_layer_that_goes_shows(
    knows: FakeRetriever, rasa: FakeRasa, visitor: Visitor, column: Page
) -> None:
    """Model, vectors, index and dialogue: each step down has a line of its own, with an answer."""
    text = "新生儿怎么办理户口登记？"
    full = visitor.says(text)
    assert (full.dialogue, full.record.content["notes"]) == (Dialogue.RASA, [])
    knows.mode = "lexical"  # neither model nor vectors
    words = visitor.says(text)
    assert words.record.content["notes"] == ["lexical"]
    knows.fails = RuntimeError("the index is broken")
    database = visitor.says(text)
    assert "database" in database.record.content["notes"]
    rasa.behaviour = Behaviour("error")
    alone = visitor.says(text)
    assert {"database", "single_turn"} <= set(alone.record.content["notes"])
    assert {reply.record.status for reply in (full, words, database, alone)} <= {
        Status.ANSWERED, Status.CLARIFY,
    }  # fmt: skip


def test_a_button_without_rasa(
    knows: FakeRetriever, dialogue: dict[str, Any], visitor: Visitor
) -> None:
    assert visitor.presses("/call_human").record.status == Status.HANDED_OVER
    assert visitor.presses("/confirm").record.words == Words.NOT_NOW
    knows.decision = Decision.ANSWER
    looked_up = visitor.presses("/office_hours")
    assert looked_up.record.status == Status.ANSWERED
    assert not knows.asked[-1].text.startswith("/")

"""Places for messages: bounded, forms first."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from assistant.portal_plugin.dialogue import gate
from assistant.portal_plugin.dialogue.gate import Gate


class Caller:
    """A message in a thread of its own: ``got`` is None while it waits."""

    def __init__(self, gate: Gate, *, form: bool) -> None:
        self.got: bool | None = None
        self.leave = threading.Event()
        self._gate, self._form = gate, form
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._gate.place(form=self._form) as got:
            self.got = got
            if got:
                self.leave.wait(5)

    def join(self) -> None:
        self._thread.join(5)
        assert not self._thread.is_alive()


def eventually(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < ends
        threading.Event().wait(0.005)


@pytest.fixture
def long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FORM_WAITS", 5.0)
    monkeypatch.setattr(gate, "QUESTION_WAITS", 5.0)


def test_no_more_than_the_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "QUESTION_WAITS", 0.01)
    found = Gate(2, 1)
    with ExitStack() as stack:
        assert stack.enter_context(found.place(form=False))
        assert stack.enter_context(found.place(form=False))
        assert not stack.enter_context(found.place(form=False))
    with found.place(form=False) as got:
        assert got


def test_a_place_is_given_back_after_an_error() -> None:
    found = Gate(1, 0)
    with pytest.raises(ZeroDivisionError), found.place(form=True):
        raise ZeroDivisionError
    with found.place(form=True) as got:
        assert got


@pytest.mark.usefixtures("long_waits")
def test_a_form_takes_the_waiting_place_of_a_question() -> None:
    found = Gate(1, 1)
    inside = Caller(found, form=False)
    eventually(lambda: inside.got is True)
    question = Caller(found, form=False)
    eventually(lambda: found._questions == 1)
    form = Caller(found, form=True)
    question.join()
    assert question.got is False
    assert form.got is None
    inside.leave.set()
    eventually(lambda: form.got is True)
    form.leave.set()
    form.join()


@pytest.mark.usefixtures("long_waits")
def test_a_form_that_waits_goes_before_a_question_that_comes() -> None:
    found = Gate(1, 2)
    inside = Caller(found, form=False)
    eventually(lambda: inside.got is True)
    form = Caller(found, form=True)
    eventually(lambda: found._forms == 1)
    question = Caller(found, form=False)
    eventually(lambda: found._questions == 1)
    inside.leave.set()
    eventually(lambda: form.got is True)
    assert question.got is None
    form.leave.set()
    eventually(lambda: question.got is True)
    question.leave.set()
    question.join()


@pytest.mark.usefixtures("long_waits")
def test_one_that_was_sent_away_sends_no_later_one_away() -> None:
    found = Gate(1, 1)
    inside = Caller(found, form=False)
    eventually(lambda: inside.got is True)
    first = Caller(found, form=False)
    eventually(lambda: found._questions == 1)
    form = Caller(found, form=True)
    first.join()
    inside.leave.set()
    eventually(lambda: form.got is True)
    later = Caller(found, form=False)
    eventually(lambda: found._questions == 1)
    assert later.got is None
    form.leave.set()
    eventually(lambda: later.got is True)
    later.leave.set()
    later.join()


def test_many_threads_never_more_than_the_places() -> None:
    found, most, lock = Gate(3, 4), [0, 0], threading.Lock()

    def visit(number: int) -> None:
        for _time in range(30):
            with found.place(form=number % 3 == 0) as got:
                if not got:
                    continue
                with lock:
                    most[0] += 1
                    most[1] = max(most)
                with lock:
                    most[0] -= 1

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most[1] <= 3
    assert (found._inside, found._forms, found._questions) == (0, 0, 0)

"""How many messages of this process are with Rasa at a time, and who goes first in a rush.

Each of them holds a thread of the web process while Rasa thinks. Half of the threads may do that;
one more may wait for its turn; the others go on serving pages. Whoever fills in a form goes first:
without Rasa a form cannot go on, while a question is answered from the knowledge base as well.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FORM_WAITS = 2.0
QUESTION_WAITS = 0.4


class Gate:
    """``places``: messages at a time; ``waiting``: those that may wait for a place."""

    def __init__(self, places: int, waiting: int) -> None:
        self._places, self._most_waiting = places, waiting
        self._changed = threading.Condition()
        self._inside = self._forms = self._questions = 0
        self._sent_away = 0

    @property
    def is_crowded(self) -> bool:
        """Whether others are there, as seen by one that has a place."""
        waiting = self._forms + self._questions
        return waiting > 0 or 1 < self._places <= self._inside

    @contextmanager
    def place(self, *, form: bool) -> Iterator[bool]:
        """A place as long as the block runs; False where there is none, soon."""
        got = self._enter(form=form)
        try:
            yield got
        finally:
            if got:
                with self._changed:
                    self._inside -= 1
                    self._changed.notify_all()

    def _enter(self, *, form: bool) -> bool:
        with self._changed:
            if self._inside < self._places and not self._forms:
                self._inside += 1
                return True
            if self._forms + self._questions >= self._most_waiting:
                if not form or not self._questions:
                    return False
                # A question that waits makes room for a form.
                self._sent_away += 1
                self._changed.notify_all()
            return self._wait_for_form() if form else self._wait_for_question()

    def _wait_for_form(self) -> bool:
        self._forms += 1
        free = self._changed.wait_for(lambda: self._inside < self._places, FORM_WAITS)
        self._forms -= 1
        self._inside += free
        self._changed.notify_all()
        return free

    def _wait_for_question(self) -> bool:
        self._questions += 1
        ends = time.monotonic() + QUESTION_WAITS
        free = False
        while not free and not self._sent_away and (rest := ends - time.monotonic()) > 0:
            self._changed.wait(rest)
            free = self._inside < self._places and not self._forms
        self._questions -= 1
        self._sent_away = min(self._sent_away - (not free), self._questions)
        self._sent_away = max(self._sent_away, 0)
        self._inside += free
        return free

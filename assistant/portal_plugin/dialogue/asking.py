"""Asking Rasa: how many at a time, how long, and when not at all."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from assistant.dialogue.breaker import Breaker
from assistant.portal_plugin.answering import generator

from . import client, listener
from .client import Outgoing, RasaAway, RasaFailed
from .gate import Gate

logger = logging.getLogger(__name__)

FAILURES, PAUSE = 3, 5.0
PROBE = 0.3
# Of the budget, where all places are taken: who is alone waits for the answer, a crowd does not.
_SHARE_IN_A_RUSH = 0.5


class NotLed(Exception):
    """The message is not led by Rasa."""


class RasaAbsent(NotLed):
    """Rasa does not answer, now or for a while."""


class RasaBusy(NotLed):
    """Too many messages are with Rasa already."""


@dataclass(slots=True)
class _Rasa:
    """What the threads of a process know together of one Rasa."""

    gate: Gate
    breaker: Breaker
    is_failing: bool = False


def is_set_up() -> bool:
    return bool(settings.ASSISTANT_DIALOGUE)


def ask(outgoing: Outgoing, *, form: bool) -> list[dict[str, Any]]:
    """Send a message to Rasa; ``form``: it belongs to a form, and goes before questions.

    Raises:
        NotLed: in one of its kinds; whether Rasa has read the message is unknown then.
    """
    about = settings.ASSISTANT_DIALOGUE
    rasa = here()
    if rasa.breaker.rests or not listener.listen():
        raise RasaAbsent
    with rasa.gate.place(form=form) as has_place:
        if not has_place:
            raise RasaBusy
        if not rasa.breaker.enter():
            raise RasaAbsent
        if not rasa.breaker.is_closed and not _answers(PROBE):
            rasa.breaker.failed(at_once=True)  # no visitor waits for what does not even say hello
            raise RasaAbsent
        try:
            said = client.send(
                outgoing, url=about["url"], token=about["token"], budget=_budget(rasa, form=form)
            )
        except RasaFailed as error:
            _note(rasa, error)
            raise RasaAbsent from error
    rasa.breaker.succeeded()
    if rasa.is_failing:
        logger.warning("Rasa leads the dialogue again")
        rasa.is_failing = False
    return said


def state() -> tuple[bool, str]:
    """Whether Rasa answers now, and a sentence for ``/readyz``."""
    if not is_set_up():
        return True, "no RASA_URL: each question is answered by itself"
    if not listener.listen():
        return False, "cannot listen for Rasa's call backs; see the log"
    if not _answers(PROBE):
        return False, "Rasa does not answer; each question is answered by itself"
    if here().is_failing:
        return False, "Rasa answers, but messages to it fail; see the log"
    return True, "Rasa leads the dialogue"


def here() -> _Rasa:
    about = settings.ASSISTANT_DIALOGUE
    return _made(about["url"], about["in_flight"], about["threads"])


@cache
def _made(url: str, in_flight: int, threads: int) -> _Rasa:
    return _Rasa(Gate(in_flight, max(0, threads - 1 - in_flight)), Breaker(FAILURES, PAUSE))


def forget() -> None:
    """For tests: what this process knows of Rasa."""
    _made.cache_clear()


def _answers(seconds: float) -> bool:
    return client.is_there(url=settings.ASSISTANT_DIALOGUE["url"], budget=seconds)


def _budget(rasa: _Rasa, *, form: bool) -> float:
    budget: float = settings.ASSISTANT_DIALOGUE["budget"]
    if generator.generator() is not None:
        budget += generator.TIMEOUT  # the action that answers may have to wait for the model
    return budget if form or not rasa.gate.is_crowded else budget * _SHARE_IN_A_RUSH


def _note(rasa: _Rasa, error: RasaFailed) -> None:
    if not rasa.is_failing:
        logger.warning("%s; messages are answered without the dialogue meanwhile", error)
    rasa.is_failing = True
    if isinstance(error, RasaAway):
        return  # told in no time, and over as soon as Rasa is there
    # One message may be slow for reasons of its own; a Rasa that does not say hello hangs.
    rasa.breaker.failed(at_once=error.waited and not _answers(PROBE))

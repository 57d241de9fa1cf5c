"""Real web processes: messages that wait for Rasa never keep its call backs from being served."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from wagtail.models import Page

from assistant.portal_plugin.models import AnswerRecord

from ..processes import Web, web
from .conftest import CALLBACK_TOKEN, TOKEN, free_port
from .fake_rasa import Behaviour, FakeRasa

THREADS = 3
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rasa() -> Iterator[tuple[FakeRasa, int]]:
    """Rasa, and the port on which it calls back."""
    bind = free_port()
    fake = FakeRasa(
        TOKEN,
        CALLBACK_TOKEN,
        f"http://127.0.0.1:{bind}",
        behaviour=Behaviour(before_call=lambda path, name: time.sleep(0.3)),
    ).start()
    yield fake, bind
    fake.stop()


@pytest.fixture
def portal(column: Page, rasa: tuple[FakeRasa, int], tmp_path: Path) -> Iterator[Web]:
    """gunicorn as ``portal serve`` starts it: one process, all threads of which may wait for Rasa."""
    fake, bind = rasa
    environment = {
        "PORTAL_WEB_THREADS": str(THREADS),
        "RASA_MAX_IN_FLIGHT": str(THREADS),
        "RASA_URL": fake.url,
        "RASA_TOKEN": TOKEN,
        "RASA_CALLBACK_TOKEN": CALLBACK_TOKEN,
        "RASA_CALLBACK_BIND": f"127.0.0.1:{bind}",
    }
    with web(tmp_path, **environment) as served:
        yield served


def test_all_threads_wait_and_the_call_backs_are_served(
    portal: Web, rasa: tuple[FakeRasa, int]
) -> None:
    """As many messages at once as there are threads, each called back twice: with call backs on the
    same threads all of them would wait for the budget and be answered without Rasa."""
    address = "/api/v1/assistant/messages"
    assert portal.ask("POST", address, {"text": "你好"})[0] == 200  # everything is loaded
    messages = [{"text": "你好", "turn": f"turn-{number}"} for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda message: portal.ask("POST", address, message), messages))
    assert [status for status, _body in answers] == [200] * THREADS
    replies = [json.loads(body) for _status, body in answers]
    assert [reply["dialogue"] for reply in replies] == ["rasa"] * THREADS
    assert {reply["turn"] for reply in replies} == {message["turn"] for message in messages}
    assert AnswerRecord.objects.count() == THREADS + 1
    fake, _bind = rasa
    assert {status for _name, status in fake.calls} == {200}

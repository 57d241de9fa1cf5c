"""Real web processes: messages that wait for Rasa never keep its call backs from being served."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Page

from assistant.portal_plugin.models import AnswerRecord

from .conftest import CALLBACK_TOKEN, TOKEN, free_port
from .fake_rasa import Behaviour, FakeRasa

ROOT = Path(__file__).parents[3]
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
def portal(column: Page, rasa: tuple[FakeRasa, int], tmp_path: Path) -> Iterator[int]:
    """gunicorn as ``portal serve`` starts it: one process, all threads of which may wait for Rasa."""
    fake, bind = rasa
    port = free_port()
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        user, host = database["USER"], database["HOST"] or "127.0.0.1"
        secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        address = f"postgres://{user}{secret}@{host}:{database['PORT'] or 5432}/{database['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PORTAL_ENV": "dev",
        "DATABASE_URL": address,
        "ASSISTANT_EMBEDDERS": "none",
        "PORTAL_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        "PORTAL_WEB_THREADS": str(THREADS),
        "RASA_MAX_IN_FLIGHT": str(THREADS),
        "RASA_URL": fake.url,
        "RASA_TOKEN": TOKEN,
        "RASA_CALLBACK_TOKEN": CALLBACK_TOKEN,
        "RASA_CALLBACK_BIND": f"127.0.0.1:{bind}",
        "PORTAL_DATA_DIR": str(tmp_path),
    }
    log = (tmp_path / "web.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:portal.gunicorn_conf", "portal.wsgi:application"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _await(port, process, tmp_path / "web.log")
        yield port
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + 90
    while True:
        assert process.poll() is None, log.read_text()[-2000:]
        assert time.monotonic() < ends, log.read_text()[-2000:]
        try:
            if _ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)


def _ask(port: int, method: str, path: str, content: Any = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        body = None if content is None else json.dumps(content)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_all_threads_wait_and_the_call_backs_are_served(
    portal: int, rasa: tuple[FakeRasa, int]
) -> None:
    """As many messages at once as there are threads, each called back twice: with call backs on the
    same threads all of them would wait for the budget and be answered without Rasa."""
    address = "/api/v1/assistant/messages"
    assert _ask(portal, "POST", address, {"text": "你好"})[0] == 200  # everything is loaded
    messages = [{"text": "你好", "turn": f"turn-{number}"} for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda message: _ask(portal, "POST", address, message), messages))
    assert [status for status, _body in answers] == [200] * THREADS
    replies = [json.loads(body) for _status, body in answers]
    assert [reply["dialogue"] for reply in replies] == ["rasa"] * THREADS
    assert {reply["turn"] for reply in replies} == {message["turn"] for message in messages}
    assert AnswerRecord.objects.count() == THREADS + 1
    fake, _bind = rasa
    assert {status for _name, status in fake.calls} == {200}

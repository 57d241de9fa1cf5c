"""One message to Rasa: whatever it does, there is an answer or a named failure within the budget."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from assistant.portal_plugin.dialogue import client
from assistant.portal_plugin.dialogue.client import (
    Outgoing,
    RasaAway,
    RasaBroken,
    RasaFailed,
    RasaSlow,
    send,
)

from .fake_rasa import Behaviour, FakeRasa

MESSAGE = Outgoing("a" * 36, message="居住证怎么办", metadata={"turn": "x"})


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    fake = FakeRasa("there", "back", "http://127.0.0.1:1").start()
    yield fake
    fake.stop()


def ask(rasa: FakeRasa, budget: float = 5.0, token: str = "there") -> object:
    return send(MESSAGE, url=rasa.url, token=token, budget=budget)


def test_what_is_sent_and_what_comes_back(rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "handle", lambda body: [{"custom": {"answer": "1"}}])
    assert ask(rasa) == [{"custom": {"answer": "1"}}]
    assert rasa.received == [
        {
            "sender": "a" * 36,
            "message": "居住证怎么办",
            "payload": "",
            "metadata": {"turn": "x"},
        }
    ]


@pytest.mark.parametrize("kind", ["empty", "garbage", "error", "endless"])
def test_nothing_that_can_be_used(rasa: FakeRasa, kind: str) -> None:
    rasa.behaviour = Behaviour(kind)
    with pytest.raises(RasaBroken):
        ask(rasa)


def test_a_wrong_token(rasa: FakeRasa) -> None:
    with pytest.raises(RasaBroken):
        ask(rasa, token="other")


@pytest.mark.parametrize(
    "behaviour", [Behaviour("slow", 3.0), Behaviour("silent", 3.0), Behaviour("drops")]
)
def test_never_longer_than_the_budget(rasa: FakeRasa, behaviour: Behaviour) -> None:
    """Also where something comes now and then: each drop would begin a time-out anew."""
    rasa.behaviour = behaviour
    began = time.monotonic()
    with pytest.raises(RasaSlow) as failed:
        ask(rasa, 0.3)
    assert time.monotonic() - began < 1.5
    assert failed.value.waited


def test_one_that_does_not_run_is_told_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(RasaAway):
        send(MESSAGE, url=url, token="t", budget=5)
    assert time.monotonic() - began < 0.5
    assert not client.is_there(url=url, budget=0.3)


def test_one_that_hangs_up_in_the_middle() -> None:
    def hang_up(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{")

    with serving(hang_up) as url, pytest.raises(RasaBroken):
        send(MESSAGE, url=url, token="t", budget=5)


def test_failures_say_nothing_of_the_message(rasa: FakeRasa) -> None:
    rasa.behaviour = Behaviour("error")
    with pytest.raises(RasaFailed) as failed:
        ask(rasa)
    assert "居住证" not in f"{failed.value!r}{MESSAGE!r}"


class serving:  # noqa: N801 - used like a function
    """A server that answers one connection as it is told."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self._answer = answer

    def __enter__(self) -> str:
        import threading

        self._socket = socket.create_server(("127.0.0.1", 0))

        def run() -> None:
            connection, _address = self._socket.accept()
            with connection:
                self._answer(connection)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *error: object) -> None:
        self._socket.close()
        self._thread.join(2)

"""Servers elsewhere that answer slowly, or a byte at a time: none of them holds a worker."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from portal.core.outside import OutsideError, ask_outside

type Answer = Callable[[socket.socket, threading.Event], None]
_WHOLE = 1.0
_ENOUGH = 4.0  # a busy machine is slow, a worker that is held is slower


def _never(connection: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def _dribbled_head(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        connection.sendall(b"x")


def _dribbled_body(connection: socket.socket, over: threading.Event) -> None:
    """To the end of the connection, as a server says that was asked to close it."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b"x")


def _dribbled_length(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.05):
        connection.sendall(b"x")


def _dribbled_chunks(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    while not over.wait(0.05):
        connection.sendall(b"1\r\nx\r\n")


def _quick(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nready"
    )


@pytest.fixture
def server() -> Iterator[Callable[[Answer], str]]:
    """Starts a real server that answers one question in the given way; its address."""
    over, opened = threading.Event(), []

    def start(answer: Answer) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)

        def serve() -> None:
            connection, _address = listening.accept()
            with connection:
                try:
                    connection.recv(4096)
                    answer(connection, over)
                except OSError:
                    return  # whoever asked has hung up: that is what is wanted

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield start
    over.set()
    for listening in opened:
        listening.close()


@pytest.mark.parametrize(
    "answer",
    [_never, _dribbled_head, _dribbled_body, _dribbled_length, _dribbled_chunks],
    ids=["silence", "head", "body", "body-of-a-length", "chunks"],
)
def test_the_time_is_for_the_question_as_a_whole(
    server: Callable[[Answer], str], answer: Answer
) -> None:
    started = time.monotonic()
    with pytest.raises(OutsideError, match="does not answer"):
        ask_outside("GET", server(answer), allow_private=True, seconds=_WHOLE)
    assert time.monotonic() - started < _ENOUGH


def test_looking_a_name_up_is_part_of_the_time(server: Callable[[Answer], str]) -> None:
    address = server(_quick)

    def slowly(*args: object, **kwargs: object) -> object:
        time.sleep(0.3)
        return socket.getaddrinfo(*args, **kwargs)  # type: ignore[arg-type]

    with pytest.raises(OutsideError, match="does not answer"):
        ask_outside("GET", address, allow_private=True, seconds=0.2, resolve=slowly)


def test_a_connection_that_takes_all_the_time_is_given_up(
    server: Callable[[Answer], str],
) -> None:
    """The time ends while the connection is being made, before there is anything to cut."""

    def slowly(place: tuple[str, int], seconds: float) -> socket.socket:
        made = socket.create_connection(place, seconds)
        time.sleep(0.5)
        return made

    started = time.monotonic()
    with pytest.raises(OutsideError, match="does not answer"):
        ask_outside("GET", server(_dribbled_body), allow_private=True, seconds=0.3, connect=slowly)
    assert time.monotonic() - started < _ENOUGH


def test_who_answers_in_time_is_heard(server: Callable[[Answer], str]) -> None:
    answer = ask_outside("GET", server(_quick), allow_private=True, seconds=5)
    assert (answer.status, answer.content_type, answer.body) == (200, "text/plain", b"ready")

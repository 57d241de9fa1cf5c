"""The door to a database: one attempt at a time while the server is away."""

import threading

import pytest

from portal.core.connecting import Door
from portal.core.sqlite import base as sqlite_base


class Away(Exception):
    pass


class Server:
    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0
        self.now = 0.0

    def connect(self) -> str:
        self.asked += 1
        if self.is_away:
            raise Away("refused")
        return "connection"

    def door(self) -> Door:
        return Door(longest=4.0, pause=1.0, clock=lambda: self.now)


def test_a_server_that_is_there_is_asked_each_time() -> None:
    server = Server()
    door = server.door()
    assert [door.through(server.connect, Away) for _ in range(3)] == ["connection"] * 3
    assert server.asked == 3


def test_while_it_is_away_it_is_asked_once_in_a_second() -> None:
    server = Server()
    server.is_away = True
    door = server.door()
    for second in range(3):
        server.now = second * 1.1
        for _ in range(10):
            with pytest.raises(Away, match="refused"):
                door.through(server.connect, Away)
    assert server.asked == 3


def test_it_is_back_with_the_first_attempt_that_succeeds() -> None:
    server = Server()
    server.is_away = True
    door = server.door()
    with pytest.raises(Away):
        door.through(server.connect, Away)
    server.is_away, server.now = False, 1.1
    assert [door.through(server.connect, Away) for _ in range(3)] == ["connection"] * 3


def test_others_do_not_wait_for_the_one_that_looks() -> None:
    server = Server()
    server.is_away = True
    door = server.door()
    with pytest.raises(Away):
        door.through(server.connect, Away)
    server.now = 1.1
    looking, told = threading.Event(), threading.Event()

    def hangs() -> str:
        looking.set()
        assert told.wait(20)
        raise Away("timed out")

    def look() -> None:
        with pytest.raises(Away, match="timed out"):
            door.through(hangs, Away)

    thread = threading.Thread(target=look)
    thread.start()
    assert looking.wait(20)
    with pytest.raises(Away, match="refused"):
        door.through(server.connect, Away)
    told.set()
    thread.join(20)
    assert server.asked == 1


def test_one_that_looks_and_never_comes_back_blocks_nobody_for_ever() -> None:
    server = Server()
    server.is_away = True
    door = server.door()
    with pytest.raises(Away):
        door.through(server.connect, Away)
    server.now = 1.1

    def dies() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        door.through(dies, Away)
    server.is_away, server.now = False, 6.0
    assert door.through(server.connect, Away) == "connection"


def test_serving_processes_make_no_file(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "portal.sqlite3"
    values = {"NAME": str(file), "OPTIONS": {}, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": True,
              "CONN_MAX_AGE": None, "AUTOCOMMIT": True}  # fmt: skip
    wrapper = sqlite_base.DatabaseWrapper(values)
    params = wrapper.get_connection_params()
    monkeypatch.setattr(sqlite_base, "_is_serving", True)
    with pytest.raises(wrapper.Database.OperationalError, match="missing"):
        wrapper.get_new_connection(params)
    assert not file.exists()
    monkeypatch.setattr(sqlite_base, "_is_serving", False)
    wrapper.get_new_connection(params).close()  # a command makes it
    assert wrapper.is_usable()
    file.unlink()
    assert not wrapper.is_usable()
    with pytest.raises(wrapper.Database.OperationalError, match="missing"):
        wrapper.get_new_connection(params)  # but not a second time
    assert not file.exists()

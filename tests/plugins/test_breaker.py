import threading

import pytest
from django.db import OperationalError
from django.http import Http404

from portal.plugins.breaker import Breaker, Policy


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def fail():
    raise ValueError("no")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(lambda: Policy(failure_limit=3, cool_down=60), clock)


def test_success_passes_through(breaker):
    assert breaker.call("p", "slot:x", lambda: 5, 0) == 5
    assert breaker.state() == []


def test_a_failure_is_answered_by_the_default_and_logged(breaker, caplog):
    assert breaker.call("p", "slot:x", fail, "nothing") == "nothing"
    assert "Plugin p failed at slot:x" in caplog.text
    [state] = breaker.state("p")
    assert (state.total, state.is_open, state.last_error) == (1, False, "ValueError: no")


def test_after_failures_in_a_row_it_is_left_out_then_tried_once(breaker, clock):
    calls = []

    def work():
        calls.append(1)
        raise ValueError

    for _ in range(10):
        breaker.call("p", "x", work, None)
    assert len(calls) == 3
    assert breaker.is_open("p", "x")
    clock.now = 61
    breaker.call("p", "x", work, None)
    breaker.call("p", "x", work, None)
    assert len(calls) == 4  # one trial, and out again


def test_one_success_closes_it(breaker, clock):
    for _ in range(3):
        breaker.call("p", "x", fail, None)
    clock.now = 61
    assert breaker.call("p", "x", lambda: 1, 0) == 1
    breaker.call("p", "x", fail, None)
    assert not breaker.is_open("p", "x")


def test_failures_must_be_in_a_row(breaker):
    for _ in range(10):
        breaker.call("p", "x", fail, None)
        breaker.call("p", "x", lambda: 1, None)
        assert not breaker.is_open("p", "x")


def test_circuits_are_apart(breaker):
    for _ in range(3):
        breaker.call("p", "x", fail, None)
    assert breaker.call("p", "y", lambda: 1, 0) == 1
    assert breaker.call("q", "x", lambda: 1, 0) == 1
    assert [state.point for state in breaker.state() if state.is_open] == ["x"]


def test_answers_are_no_failures(breaker):
    def answer():
        raise Http404

    with pytest.raises(Http404):
        breaker.call("p", "x", answer, None, passes=(Http404,))
    assert breaker.state() == []


def test_in_tests_failures_surface(clock):
    breaker = Breaker(lambda: Policy(reraise=True), clock)
    with pytest.raises(ValueError, match="no"):
        breaker.call("p", "x", fail, None)


def test_telling_of_a_failure_cannot_fail(breaker):
    breaker.report_to(lambda plugin, point, error: fail())
    assert breaker.call("p", "x", fail, "ok") == "ok"


def test_it_does_not_swallow_the_end_of_the_process(breaker):
    def leave():
        raise SystemExit(1)

    with pytest.raises(SystemExit):
        breaker.call("p", "x", leave, None)


def test_many_threads_count_right(clock):
    breaker = Breaker(lambda: Policy(failure_limit=10_000), clock)

    def work():
        for _ in range(100):
            breaker.call("p", "x", fail, None)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.state()[0].total == 800


@pytest.mark.django_db
def test_isolated_work_cannot_spoil_the_transaction(breaker):
    from django.db import connection

    def broken_query():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    assert breaker.call("p", "x", broken_query, "default", isolate=True) == "default"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def away():
    raise OperationalError("connection refused")


def test_a_database_that_is_away_is_no_failure_of_a_plugin(breaker):
    told = []
    breaker.report_to(lambda *failure: told.append(failure))
    for _ in range(10):
        assert breaker.call("p", "x", away, "nothing") == "nothing"
    assert breaker.state() == told == []
    assert breaker.call("p", "x", lambda: 5, "nothing") == 5


def test_whoever_watches_hears_of_each_default(breaker):
    seen = []
    breaker.watch(lambda plugin, point: seen.append((plugin, point)))
    breaker.call("p", "x", lambda: 5, 0)
    assert seen == []
    for _ in range(4):  # the last is left out without a try
        breaker.call("p", "x", fail, 0)
    breaker.call("p", "y", away, 0)
    assert seen == [("p", "x")] * 4 + [("p", "y")]

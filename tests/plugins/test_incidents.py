import pytest

from portal.plugins.incidents import IncidentLog, describe, store
from portal.plugins.models import PluginIncident


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def error(text="名字：张三"):
    try:
        raise ValueError(text)
    except ValueError as caught:
        return caught


def test_one_write_in_each_interval_carries_the_count():
    written, clock = [], Clock()
    log = IncidentLog(lambda *row: written.append(row), clock=clock, interval=60)
    for _ in range(5):
        log.record("p", "x", error())
    clock.now = 61
    log.record("p", "x", error())
    log.record("p", "y", error())
    assert [(row[0], row[1], row[3]) for row in written] == [("p", "x", 1), ("p", "x", 5),
                                                            ("p", "y", 1)]  # fmt: skip


def test_a_failing_write_is_kept_for_later():
    written, clock, broken = [], Clock(), [True]

    def write(*row):
        if broken[0]:
            raise OSError("disk full")
        written.append(row)

    log = IncidentLog(write, clock=clock, interval=60)
    log.record("p", "x", error())
    broken[0], clock.now = False, 61
    log.record("p", "x", error())
    assert written[0][3] == 2


def test_what_people_typed_is_not_stored():
    told = describe(error())
    assert "张三" not in told
    assert told.startswith("ValueError at plugins/test_incidents.py:")


def test_an_error_without_a_traceback_is_named():
    assert describe(KeyError("x")) == "KeyError"


@pytest.mark.django_db
def test_rows_are_one_for_each_point(django_capture_on_commit_callbacks):
    for count in (1, 4):
        with django_capture_on_commit_callbacks(execute=True):
            store("p", "x", "boom", count)
    row = PluginIncident.objects.get()
    assert (row.count, row.message) == (5, "boom")
    assert row.first_at <= row.last_at

"""The clock: what is due when, and that nothing stops it."""

import datetime
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from portal.core import schedule
from portal.core.schedule import JOBS, Job, Memory, Run, read_memory, tick, write_memory

# Jobs end by closing old connections, which needs leave to touch the database.
pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime.time(3, 10)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Counter:
    """A job's work that counts, and fails when told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs = 0
        self.error = error

    def __call__(self) -> None:
        self.runs += 1
        if self.error:
            raise self.error


def test_a_job_of_every_minute_runs_once_in_each_minute() -> None:
    work, memory = Counter(), Memory()
    jobs = [Job(name="a", work=work)]
    for moment in ("2026-11-02 08:59:58", "2026-11-02 08:59:59", "2026-11-02 09:00:00"):
        tick(jobs, memory, at(moment))
    assert work.runs == 2


def test_a_clock_set_back_does_not_stop_the_minute_jobs() -> None:
    work, memory = Counter(), Memory()
    jobs = [Job(name="a", work=work)]
    tick(jobs, memory, at("2026-11-02 09:00:00"))
    tick(jobs, memory, at("2026-11-02 07:00:00"))
    assert work.runs == 2


def test_night_work_begins_tonight_and_runs_once_a_day_over_restarts(tmp_path: Path) -> None:
    work, path = Counter(), tmp_path / "clock.json"
    jobs = [Job(name="n", work=work, at=NIGHT)]
    counts = []
    for moment in (
        "2026-11-02 14:00:00",  # set up in the afternoon: not at once
        "2026-11-03 03:09:00",
        "2026-11-03 03:10:00",  # now
        "2026-11-03 03:11:00",
        "2026-11-03 23:59:00",
        "2026-11-04 08:00:00",  # was off at night: made up for in the morning
        "2026-11-04 08:01:00",
    ):
        memory = read_memory(path)
        tick(jobs, memory, at(moment))
        write_memory(path, memory)
        counts.append(work.runs)
    assert counts == [0, 0, 1, 1, 1, 2, 2]


def test_night_work_survives_a_clock_that_was_in_the_future() -> None:
    work = Counter()
    jobs = [Job(name="n", work=work, at=NIGHT)]
    memory = Memory(runs={"n": Run(at("2036-01-01 00:00:00").timestamp())})
    tick(jobs, memory, at("2026-11-02 14:00:00"))
    tick(jobs, memory, at("2026-11-03 03:10:00"))
    assert work.runs == 1


def test_a_failing_job_stops_neither_the_clock_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good, bad, memory = Counter(), Counter(OSError(28, "No space left on device")), Memory()
    jobs = [Job(name="bad", work=bad), Job(name="good", work=good)]
    assert tick(jobs, memory, at("2026-11-02 09:00:00")) == ["bad", "good"]
    assert (memory.runs["bad"].ok, memory.runs["good"].ok) == (False, True)
    assert "The job bad failed; the clock goes on" in caplog.text
    bad.error = None
    tick(jobs, memory, at("2026-11-02 09:01:00"))
    assert memory.runs["bad"].ok


@pytest.mark.parametrize("content", ["", "{", "[]", '{"looked_at": "x", "runs": 3}', "null"])
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(content)
    assert read_memory(path) == Memory()


def test_a_memory_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_memory(tmp_path / "file" / "clock.json", Memory())


def test_the_next_look_is_on_the_full_minute() -> None:
    assert schedule.seconds_to_next_minute(120.0) == 60.0
    assert schedule.seconds_to_next_minute(179.5) == 0.5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_of_the_table_runs(job: Job, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    job.work()


@pytest.mark.django_db(transaction=True)
def test_the_command_does_what_is_due_and_remembers_it(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    call_command("run_clock", once=True)
    memory = read_memory(tmp_path / "run" / "clock.json")
    assert memory.runs["publish_scheduled"].ok
    assert abs(memory.looked_at - time.time()) < 60


def test_a_signal_ends_the_wait_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, threading\n"
        "from portal.core.management.commands.run_clock import Command\n"
        "stopped = threading.Event()\n"
        "Command._stop_on_signal(stopped)\n"
        "print('waiting', flush=True)\n"
        "sys.exit(0 if stopped.wait(60) else 1)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", BOOT + script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"waiting\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.stdout.close()


BOOT = "import django; from django.conf import settings; settings.configure(); django.setup()\n"


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_sqlite_gets_statistics_of_tables_that_nobody_asked() -> None:
    schedule.optimise_database()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'wagtailcore_page'")
        assert cursor.fetchone()[0] > 0

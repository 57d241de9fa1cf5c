"""What the clock process does when: the table of jobs, and its memory of the last runs.

No job may stop the clock or another job. The memory is a file under ``var/run``: a restart neither
skips the night's work nor does it twice, and ``/readyz`` reads it.
"""

import contextlib
import datetime
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.db import close_old_connections, connection

logger = logging.getLogger(__name__)

FILE_NAME = "clock.json"
MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that is due each minute (``at`` is None) or once a day after a time of day."""

    name: str
    work: Callable[[], object]
    at: datetime.time | None = None

    def due(self, now: datetime.datetime, last: datetime.datetime | None) -> bool:
        """Whether it should run now.

        Args:
            now: with the time zone that ``at`` is meant in.
            last: when it ran the last time, or when the clock first knew of it.
        """
        if self.at is None:
            # On the full minute: what is to appear at 9:00 appears then. "Not the same" rather
            # than "later", so that a clock set back does not stop publishing for as long.
            return last is None or _minute(now) != _minute(last)
        if last is None:
            return False
        time_today = datetime.datetime.combine(now.date(), self.at, tzinfo=now.tzinfo)
        return last < time_today <= now


@dataclass(slots=True)
class Run:
    """The last run of a job."""

    at: float
    ok: bool = True
    seconds: float = 0.0


@dataclass(slots=True)
class Memory:
    """What the clock remembers over a restart."""

    looked_at: float = 0.0
    runs: dict[str, Run] = field(default_factory=dict)


def optimise_database() -> None:
    """SQLite keeps its statistics and its journal small only when it is asked to."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Of each index so many rows: without statistics the planner takes the wrong one among
            # several. (``PRAGMA optimize`` only looks at what this very connection has asked.)
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tell_mode_changes() -> None:
    # The clock's table is read before the models are there.
    from .mode_switches import tell_changes

    tell_changes()


def _recount_clocks() -> None:
    from .clocks import services

    services.recount()


def _raise_alarms() -> None:
    from .clocks import alarms

    alarms.run()


def _follow_calendar() -> None:
    from .validity import follow_calendar

    follow_calendar()


def _settle_withheld_files() -> None:
    from .withheld_files import go_on

    go_on()


def _seal_audit_log() -> None:
    from .audit import sealing

    sealing.seal()
    sealing.note_head()


def _close_accounts() -> None:
    from .staff.closing import close_accounts

    close_accounts()


def _prune_audit_log() -> None:
    from .audit import sealing

    sealing.prune()


JOBS: tuple[Job, ...] = (
    Job(name="publish_scheduled", work=lambda: call_command("publish_scheduled")),
    Job(name="tell_mode_changes", work=_tell_mode_changes),
    Job(name="remind_of_deadlines", work=_raise_alarms),
    Job(name="follow_calendar", work=_follow_calendar),
    Job(name="settle_withheld_files", work=_settle_withheld_files),
    # What a killed process left without its link; and the end of the chain, outside the database.
    Job(name="seal_audit_log", work=_seal_audit_log),
    Job(name="close_accounts", work=_close_accounts, at=datetime.time(0, 10)),
    Job(name="prune_audit_log", work=_prune_audit_log, at=datetime.time(3, 16)),
    Job(
        name="clearsessions",
        work=lambda: call_command("clearsessions"),
        at=datetime.time(3, 5),
    ),
    Job(
        name="prune_task_results",
        work=lambda: call_command(
            "prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0
        ),
        at=datetime.time(3, 10),
    ),
    Job(
        name="prune_sign_in_log",
        # The law asks for at least six months of sign-in records.
        work=lambda: call_command("axes_reset_logs", age=400, verbosity=0),
        at=datetime.time(3, 15),
    ),
    # What a new version's notice or a lost task has left as it was.
    Job(name="recount_deadlines", work=_recount_clocks, at=datetime.time(3, 18)),
    Job(name="optimise_database", work=optimise_database, at=datetime.time(3, 20)),
)


def tick(jobs: Sequence[Job], memory: Memory, now: datetime.datetime) -> list[str]:
    """Run what is due. The names of the jobs that ran; failures are logged and remembered."""
    ran = []
    for job in jobs:
        last = _last_run(memory, job, now)
        if job.due(now, last):
            ran.append(job.name)
            memory.runs[job.name] = _run(job, now)
    memory.looked_at = now.timestamp()
    return ran


def seconds_to_next_minute(now: float) -> float:
    return MINUTE - now % MINUTE


def _last_run(memory: Memory, job: Job, now: datetime.datetime) -> datetime.datetime | None:
    run = memory.runs.get(job.name)
    if run is None and job.at is not None:
        # A new set-up begins its night work tonight, not in the middle of its first start.
        run = memory.runs[job.name] = Run(now.timestamp())
    if run is None:
        return None
    last = datetime.datetime.fromtimestamp(run.at, tz=now.tzinfo)
    if last > now and job.at is not None:  # the machine's clock was set back
        run.at = now.timestamp()
        return now
    return last


def _run(job: Job, now: datetime.datetime) -> Run:
    started = time.monotonic()
    ok = True
    close_old_connections()
    try:
        job.work()
    except Exception:
        logger.exception("The job %s failed; the clock goes on", job.name)
        ok = False
    finally:
        with contextlib.suppress(Exception):  # a lost connection must not lose the clock
            close_old_connections()
    return Run(now.timestamp(), ok, round(time.monotonic() - started, 3))


def _minute(moment: datetime.datetime) -> int:
    return int(moment.timestamp() // MINUTE)


# --- the memory -------------------------------------------------------------------------------
def read_memory(path: Path) -> Memory:
    """The memory, or an empty one when the file is missing or damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Memory(
            looked_at=float(data["looked_at"]),
            runs={
                name: Run(float(run["at"]), bool(run["ok"]), float(run["seconds"]))
                for name, run in data["runs"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def write_memory(path: Path, memory: Memory) -> None:
    """Replace the file in one step; a full disk costs the memory, not the clock."""
    temporary = path.with_suffix(".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(asdict(memory), indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        logger.warning("The clock's memory cannot be written: %s", error.strerror)

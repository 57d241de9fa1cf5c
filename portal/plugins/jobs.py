"""Jobs of plugins: what they run on a schedule, and how the clock runs it.

scheduled_jobs.register(                                        # a plugin's components.py
    "forget_old_letters",
    ScheduledJob(label=_("Each night: …"), work=forget_old_letters, at=datetime.time(3, 30)),
)

The last run of each job at each site is a row in the database. A run is claimed by changing that
row from what was read, so that two clocks never begin the same run, and what was missed while the
portal was down is made up for once.
"""

import datetime
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from . import registry, switches
from .breaker import breaker
from .incidents import describe
from .metadata import Level, Text
from .sites import site_records
from .slots import Entry, Registry

if TYPE_CHECKING:
    from .models import JobRun

logger = logging.getLogger(__name__)

MINUTE = datetime.timedelta(minutes=1)
# A daily job that failed is tried again after this, and as often as said, before its next day.
RETRY_AFTER = datetime.timedelta(minutes=15)
RETRIES = 3
# A run that was not finished after this long is taken for dead, whatever happened to its process.
LONGEST = datetime.timedelta(hours=6)
INTERRUPTED = "interrupted: the process ended"
NOT_CALLED = "could not be called"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledJob:
    """Work that a plugin wants done on a schedule, for each site where the plugin is on.

    Args:
        label: what it does and when, in the very words of one sentence in ``PluginMeta.jobs``.
        work: called with the site's primary key; None for plugins of the platform.
        every: whole minutes between two beginnings; or
        at: the time of day, in the portal's time zone, after which it runs once a day.
    """

    label: Text
    work: Callable[[int | None], object]
    every: datetime.timedelta | None = None
    at: datetime.time | None = None

    def __post_init__(self) -> None:
        if (self.every is None) == (self.at is None):
            raise ValueError("a job has either 'every' or 'at'")
        if self.every is not None and (self.every < MINUTE or self.every % MINUTE):
            raise ValueError("'every' is one or more whole minutes")
        if self.at is not None and self.at.tzinfo is not None:
            raise ValueError("'at' is meant in the portal's time zone and names none")

    def due(self, now: datetime.datetime, last: datetime.datetime, failures: int = 0) -> bool:
        """Whether it should begin now.

        Args:
            now: in the portal's time zone.
            last: when it last began, or when the clock first knew of it.
            failures: how often it has failed in a row.
        """
        if self.every is not None:
            # Counted in minutes of the clock on the wall: seconds of delay do not add up.
            passed = now.replace(second=0, microsecond=0) - last.replace(second=0, microsecond=0)
            return passed >= self.every
        assert self.at is not None
        today = datetime.datetime.combine(now.date(), self.at, tzinfo=now.tzinfo)
        if last < today <= now:
            return True
        return 0 < failures <= RETRIES and now - last >= RETRY_AFTER


scheduled_jobs: Registry[ScheduledJob] = Registry(
    "scheduled_jobs",
    ScheduledJob,
    doc="""
    Work on a schedule, run by the clock for each site where the plugin is on, never twice at the
    same time. ``label`` must be one of the sentences in ``PluginMeta.jobs``, which were confirmed
    when the plugin was switched on; a job that was not declared does not run.
    """,
)


def is_declared(slug: str, job: ScheduledJob) -> bool:
    """Tell whether the plugin names the job in its ``PluginMeta``."""
    plugin = registry.installed().get(slug)
    with override(None):
        declared = [] if plugin is None else [str(line) for line in plugin.jobs]
        return str(job.label) in declared


def places() -> Iterator[tuple[Entry[ScheduledJob], int | None]]:
    """Yield each declared job with each site where it has to run; None is the platform."""
    sites: list[int] | None = None
    for entry in scheduled_jobs.entries():
        plugin = registry.installed().get(entry.plugin)
        if plugin is None or not is_declared(entry.plugin, entry.item):
            continue
        if plugin.level is Level.PLATFORM:
            yield entry, None
            continue
        if sites is None:
            sites = [site.pk for site in site_records()]
        for site in sites:
            if switches.is_enabled(plugin.slug, site):
                yield entry, site


def run_due(now: datetime.datetime | None = None) -> list[str]:
    """Run what is due, one after the other; the keys of what was begun.

    A job that fails is logged, noted as an incident and counted by the circuit breaker like any
    other call into its plugin; the others run. While the breaker leaves the plugin's jobs out,
    they stay due.
    """
    began: list[str] = []
    for entry, site in places():
        if breaker.is_open(entry.plugin, scheduled_jobs.title):
            continue
        moment = now or timezone.localtime()
        if (run := _claim(entry, site, moment)) is not None:
            began.append(entry.key)
            _perform(entry, site, run)
    return began


def forget_interrupted() -> int:
    """Note the runs that ended with their process as failed; called when the clock starts."""
    from .models import JobRun

    return JobRun.objects.unfinished().update(
        finished_at=timezone.now(), error=INTERRUPTED, failures=F("failures") + 1
    )


def _claim(entry: Entry[ScheduledJob], site: int | None, now: datetime.datetime) -> "JobRun | None":
    """Return the row of the run that begins now; None when nothing is due or another has it."""
    from .models import JobRun

    name = entry.key.partition(".")[2]
    run = _row(entry.plugin, name, site, now)
    last = run.started_at or run.known_since
    if last > now:  # the machine's clock was set back
        rows = JobRun.objects.filter(pk=run.pk, started_at=run.started_at)
        rows.update(started_at=now if run.started_at else None, known_since=now)
        return None
    running = run.started_at is not None and run.finished_at is None
    if running and now - last < LONGEST:
        return None
    if not entry.item.due(now, timezone.localtime(last, now.tzinfo), run.failures):
        return None
    claimed = JobRun.objects.filter(pk=run.pk, started_at=run.started_at).update(
        started_at=now, finished_at=None
    )
    return run if claimed else None


def _row(slug: str, name: str, site: int | None, now: datetime.datetime) -> "JobRun":
    from .models import JobRun

    found = JobRun.objects.filter(slug=slug, name=name, site_id=site).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return JobRun.objects.create(slug=slug, name=name, site_id=site, known_since=now)
    except IntegrityError:  # another clock was faster
        return JobRun.objects.get(slug=slug, name=name, site_id=site)


def _perform(entry: Entry[ScheduledJob], site: int | None, run: "JobRun") -> None:
    error = NOT_CALLED
    started = time.monotonic()

    def work() -> None:
        nonlocal error
        try:
            entry.item.work(site)
        except Exception as failure:
            error = describe(failure)
            raise
        error = ""

    try:
        breaker.call(entry.plugin, scheduled_jobs.title, work, None)
    finally:
        if not connection.in_atomic_block:  # a job that lost its connection is noted all the same
            close_old_connections()
        _finish(run, error, time.monotonic() - started)


def _finish(run: "JobRun", error: str, seconds: float) -> None:
    from .models import JobRun

    JobRun.objects.filter(pk=run.pk).update(
        finished_at=timezone.now(),
        seconds=round(seconds, 3),
        error=error,
        failures=F("failures") + 1 if error else 0,
    )

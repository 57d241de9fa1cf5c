"""``/healthz`` and ``/readyz``: whether the process lives, and whether the portal can work.

``/healthz`` asks nothing of anybody. ``/readyz`` reports each part. Only a *critical* part that is
not well makes the answer 503 (``unavailable``): without the database nobody can be served. The rest
makes it ``degraded`` with 200, because reading goes on and a load balancer must not take the portal
away from visitors when a worker died or the disk is full; monitoring looks at ``status``.

Answers are public. Details are short sentences written here: never an exception's text, which may
hold an address or a password.
"""

import datetime
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from portal.plugins.jobs import places
from portal.plugins.models import JobRun
from portal.supervisor.paths import RUN_FOLDER
from portal.supervisor.state import FILE_NAME, ProcessState, read_state

from . import extension_points, schedule
from .extension_points import Readiness
from .mail import is_on
from .models import OutboxCursor, OutboxEvent

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# Below this a photograph, a log or the database's journal may not fit any more.
LEAST_FREE_BYTES = 200 * MEGABYTE
OUTBOX_LATE_SECONDS = 300
TASK_LATE_SECONDS = 600
CLOCK_LATE_SECONDS = 300
JOB_LATE_SECONDS = 3600


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. No database, no disk, no session."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Each part of the portal; 503 when visitors cannot be served."""
    parts = report()
    status = overall(parts)
    return JsonResponse(
        {
            "status": status,
            "parts": {name: asdict(part) for name, part in parts.items()},
        },
        status=503 if status == "unavailable" else 200,
    )


class HealthMiddleware:
    """Answers the two addresses before host names, redirects and sessions are looked at.

    A probe from a load balancer or a monitor asks by number (``http://10.0.0.5/healthz``) and over
    plain HTTP; the rules for visitors would refuse or redirect it.
    """

    VIEWS: Mapping[str, Callable[[HttpRequest], HttpResponse]] = {
        "/healthz": healthz,
        "/readyz": readyz,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.VIEWS.get(request.path_info)
        return view(request) if view else self.get_response(request)


def overall(parts: Mapping[str, Readiness]) -> str:
    """``ready``, ``degraded`` or ``unavailable``."""
    unwell = [part for part in parts.values() if not part.ok]
    if any(part.critical for part in unwell):
        return "unavailable"
    return "degraded" if unwell else "ready"


def report() -> dict[str, Readiness]:
    """Ask every part. A check that fails is a part that is not well, never an error page."""
    parts = {"database": _ask("database", database, critical=True)}
    if parts["database"].ok:
        parts["migrations"] = _ask("migrations", migrations, critical=True)
    if all(part.ok for part in parts.values()):
        parts["outbox"] = _ask("outbox", outbox)
        parts["tasks"] = _ask("tasks", tasks)
        parts["jobs"] = _ask("jobs", plugin_jobs)
    parts["disk"] = _ask("disk", disk)
    parts["processes"] = _ask("processes", processes)
    parts["clock"] = _ask("clock", clock)
    parts["mail"] = _ask("mail", mail)
    if parts["database"].ok:
        parts |= _contributed()
    return parts


def _ask(name: str, check: Callable[[], Readiness], *, critical: bool = False) -> Readiness:
    try:
        return check()
    except Exception:
        logger.exception("The readiness check %r failed", name)
        return Readiness(ok=False, detail="the check failed; see the log", critical=critical)


def _contributed() -> dict[str, Readiness]:
    """The parts that plugins report. Theirs are never critical to the portal as a whole."""
    unknown = Readiness(ok=False, detail="the check failed; see the log", critical=False)
    try:
        entries = list(extension_points.readiness_checks.entries())
    except Exception:
        logger.exception("The plugins' readiness checks cannot be listed")
        return {"plugins": unknown}
    return {entry.key: entry.run(lambda check: check(), unknown) for entry in entries}


# --- the parts --------------------------------------------------------------------------------
def database() -> Readiness:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Readiness(ok=True, detail=f"{(time.perf_counter() - started) * 1000:.0f} ms")


_all_applied = False


def migrations() -> Readiness:
    """Whether the tables are those that the code expects.

    Code does not change under a running process and tables only move forward, so a "yes" is kept:
    the comparison reads several hundred files.
    """
    global _all_applied
    if not _all_applied:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return Readiness(ok=False, detail=f"{missing} to apply: portal migrate")
        _all_applied = True
    return Readiness(ok=True)


def outbox() -> Readiness:
    """How long the oldest event waits that some consumer has not read."""
    behind = OutboxCursor.objects.order_by("position").first()
    if behind is None:
        return Readiness(ok=True, detail="nothing reads it yet", critical=False)
    waiting = OutboxEvent.objects.filter(pk__gt=behind.position).order_by("pk").first()
    if waiting is None:
        return Readiness(ok=True, critical=False)
    seconds = (timezone.now() - waiting.created_at).total_seconds()
    failing = OutboxCursor.objects.filter(failures__gt=0).count()
    return Readiness(
        ok=seconds < OUTBOX_LATE_SECONDS,
        detail=f"{seconds:.0f} s behind, {failing} consumers failing",
        critical=False,
    )


def tasks() -> Readiness:
    """How long the oldest background task waits that could have been begun."""
    waiting = DBTaskResult.objects.ready().order_by("enqueued_at").first()
    if waiting is None:
        return Readiness(ok=True, critical=False)
    now = timezone.now()
    # A task without a time of its own has one in the far future.
    since = waiting.run_after if waiting.run_after <= now else waiting.enqueued_at
    seconds = (now - since).total_seconds()
    return Readiness(
        ok=seconds < TASK_LATE_SECONDS,
        detail=f"oldest waits {seconds:.0f} s",
        critical=False,
    )


def plugin_jobs() -> Readiness:
    """Which jobs of plugins failed at their last run, or have been running for too long."""
    runs = {(f"{run.slug}.{run.name}", run.site_id): run for run in JobRun.objects.all()}
    failing, slow = set(), set()
    limit = timezone.now() - datetime.timedelta(seconds=JOB_LATE_SECONDS)
    for entry, site in places():
        run = runs.get((entry.key, site))
        if run is None or run.started_at is None:
            continue
        if run.is_running and run.started_at < limit:
            slow.add(entry.key)
        elif run.error and not run.is_running:
            failing.add(entry.key)
    told = []
    if failing:
        told.append(f"failing: {', '.join(sorted(failing))}")
    if slow:
        told.append(f"running for long: {', '.join(sorted(slow))}")
    return Readiness(ok=not told, detail="; ".join(told), critical=False)


def disk() -> Readiness:
    """Room in the data folder: database, uploads, logs."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    return Readiness(
        ok=free >= LEAST_FREE_BYTES,
        detail=f"{free // MEGABYTE} MB free",
        critical=False,
    )


def processes() -> Readiness:
    """What ``portal serve`` says of the processes that it looks after."""
    state = read_state(Path(settings.DATA_DIR) / RUN_FOLDER / FILE_NAME)
    if state is None:
        return Readiness(ok=True, detail="not run by portal serve", critical=False)
    unwell = [_sentence(row) for row in state.processes if row.phase in {"waiting", "stopped"}]
    return Readiness(
        ok=not unwell,
        detail="; ".join(unwell) or f"{len(state.processes)} run",
        critical=False,
    )


def _sentence(row: ProcessState) -> str:
    reason = f" ({row.last_exit.reason})" if row.last_exit else ""
    return f"{row.name} is down{reason}, {row.restarts} restarts"


def clock() -> Readiness:
    """When the clock last looked at its jobs, and which of them failed."""
    memory = schedule.read_memory(Path(settings.DATA_DIR) / RUN_FOLDER / schedule.FILE_NAME)
    if not memory.looked_at:
        return Readiness(ok=True, detail="has not run here", critical=False)
    seconds = time.time() - memory.looked_at
    failing = sorted(name for name, run in memory.runs.items() if not run.ok)
    detail = f"last seen {max(seconds, 0):.0f} s ago"
    if failing:
        detail += f"; failing: {', '.join(failing)}"
    return Readiness(ok=seconds < CLOCK_LATE_SECONDS and not failing, detail=detail, critical=False)


def mail() -> Readiness:
    """Whether the portal writes to people. Off is a choice, said here; the server is not asked."""
    detail = "" if is_on() else "off: EMAIL_URL is not set"
    return Readiness(ok=True, detail=detail, critical=False)

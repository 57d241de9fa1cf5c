"""``/healthz`` and ``/readyz``: what they say when parts of the portal are not well."""

import datetime
import json
import os
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.core import extension_points, health, schedule
from portal.core.extension_points import Readiness
from portal.core.models import OutboxCursor, OutboxEvent
from portal.supervisor.state import FILE_NAME, LastExit, ProcessState, SupervisorState, write_state
from portal.testing import disable_plugin

SECRET = "postgres://portal:hunter2@db.internal/portal"


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(health, "_all_applied", False)
    (tmp_path / "run").mkdir()
    return tmp_path


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_healthz_asks_nobody(client: Client) -> None:
    # No database mark: a query here would fail the test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_probes_by_number_and_over_http_are_answered_before_the_rules_for_visitors() -> None:
    def visitors_only(request: HttpRequest) -> HttpResponse:
        raise AssertionError("the request went on")

    middleware = health.HealthMiddleware(visitors_only)
    request = RequestFactory().get("/healthz", headers={"host": "10.9.8.7"})
    assert middleware(request).status_code == 200
    with pytest.raises(AssertionError):
        middleware(RequestFactory().get("/healthz/"))


@pytest.mark.django_db
def test_a_portal_that_is_well_is_ready(client: Client) -> None:
    with disable_plugin("search"):  # has a process of its own, which does not run here
        status, body = ready(client)
    assert (status, body["status"]) == (200, "ready")
    assert {"database", "migrations", "outbox", "tasks", "disk", "processes", "clock"} <= set(
        body["parts"]
    )
    assert all(set(part) == {"ok", "detail", "critical"} for part in body["parts"].values())


def test_without_the_database_nobody_can_be_served_and_nothing_secret_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Readiness:
        raise OperationalError(f"could not connect to {SECRET}")

    monkeypatch.setattr(health, "database", refuse)
    status, body = ready(client)
    assert (status, body["status"]) == (503, "unavailable")
    assert body["parts"]["database"] == {
        "ok": False,
        "detail": "the check failed; see the log",
        "critical": True,
    }
    assert "migrations" not in body["parts"]
    assert "hunter2" not in json.dumps(body)


@pytest.mark.django_db
def test_tables_that_do_not_fit_the_code_are_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda self, targets: [("a", False)] * 3
    )
    status, body = ready(client)
    assert status == 503
    assert body["parts"]["migrations"]["detail"] == "3 to apply: portal migrate"


@pytest.mark.django_db
def test_migrations_are_compared_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(client)

    def compare(*args: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(health, "MigrationExecutor", compare)
    assert ready(client)[1]["parts"]["migrations"]["ok"]


@pytest.mark.django_db
def test_a_full_disk_is_told_while_reading_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        health.shutil, "disk_usage", lambda path: usage(10**9, 10**9, 3 * 1024 * 1024)
    )
    status, body = ready(client)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["disk"] == {"ok": False, "detail": "3 MB free", "critical": False}


@pytest.mark.django_db
def test_an_outbox_that_is_not_read_is_told(client: Client) -> None:
    event = OutboxEvent.objects.create(kind="page.published", key="1", payload={})
    OutboxCursor.objects.create(consumer="search", position=event.pk, failures=0)
    assert ready(client)[1]["parts"]["outbox"]["ok"]
    late = OutboxEvent.objects.create(kind="page.published", key="2", payload={})
    OutboxEvent.objects.filter(pk=late.pk).update(
        created_at=timezone.now() - datetime.timedelta(hours=1)
    )
    OutboxCursor.objects.update(failures=2)
    status, body = ready(client)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["outbox"]["detail"].endswith("s behind, 1 consumers failing")


def supervised(folder: Path, *processes: ProcessState, pid: int = 0) -> None:
    state = SupervisorState(pid=pid or os.getpid(), address="http://x/", started_at=time.time())
    state.processes = list(processes)
    assert write_state(folder / "run" / FILE_NAME, state)


@pytest.mark.django_db
def test_a_dead_worker_is_told_with_its_reason(client: Client, own_data_dir: Path) -> None:
    down = ProcessState(name="worker", purpose="tasks", phase="waiting", restarts=4)
    down.last_exit = LastExit("was ended by SIGKILL", time.time(), 3.0)
    supervised(own_data_dir, ProcessState(name="web", purpose="w", phase="running", pid=1), down)
    status, body = ready(client)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["processes"]["detail"] == (
        "worker is down (was ended by SIGKILL), 4 restarts"
    )


@pytest.mark.django_db
def test_what_a_dead_supervisor_left_is_not_believed(client: Client, own_data_dir: Path) -> None:
    supervised(own_data_dir, ProcessState(name="web", purpose="w", phase="stopped"), pid=2**22 - 7)
    assert ready(client)[1]["parts"]["processes"] == {
        "ok": True,
        "detail": "not run by portal serve",
        "critical": False,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("looked_at", "job_ok", "well"),
    [(0, True, True), (-400, True, False), (0, False, False)],
)
def test_a_clock_that_stands_still_or_fails_is_told(
    client: Client, own_data_dir: Path, looked_at: int, job_ok: bool, well: bool
) -> None:
    now = time.time()
    memory = schedule.Memory(now + looked_at, {"publish_scheduled": schedule.Run(now, job_ok)})
    schedule.write_memory(own_data_dir / "run" / schedule.FILE_NAME, memory)
    part = ready(client)[1]["parts"]["clock"]
    assert part["ok"] is well
    assert ("failing: publish_scheduled" in part["detail"]) is not job_ok


@pytest.mark.django_db
def test_a_failing_registry_of_checks_is_a_part_that_is_not_well(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(site: object = None) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(extension_points.readiness_checks, "entries", fail)
    status, body = ready(client)
    assert (status, body["parts"]["plugins"]["ok"]) == (200, False)
    assert "hunter2" not in json.dumps(body)

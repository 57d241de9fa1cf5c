"""Gunicorn's settings, the same under ``portal serve`` and under systemd.

Started as ``python -m gunicorn --config python:portal.gunicorn_conf …``. Values that a
machine may want to change come from the environment; ``docs/administrators/environment.md`` lists
them.
"""

import gc
import os
from pathlib import Path
from typing import Any


def _number(variable: str, default: int) -> int:
    """A whole number above zero; anything else stops the start with one line."""
    value = os.environ.get(variable) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise SystemExit(f"{variable}: {value!r} is not a number above 0")
    return int(value)


bind = os.environ.get("PORTAL_BIND") or "127.0.0.1:8000"
workers = _number("WEB_CONCURRENCY", max(2, min(os.cpu_count() or 2, 8)))
# Threads, because a visitor on a slow line must not hold a whole process.
worker_class = "gthread"
threads = _number("PORTAL_WEB_THREADS", 4)
# The application is loaded once, before the workers are forked: half the memory, and a start that
# fails at once and says why instead of once in every worker.
preload_app = True
timeout = 60
graceful_timeout = 6
keepalive = 5
# Fresh workers now and then: what leaks in a library does not grow for months.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers tell the master that they live through a file; on a full or slow disk that must not fail.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
errorlog = "-"
loglevel = "warning"
accesslog = None
capture_output = False
control_socket_disable = True
proc_name = "portal-web"
# Only a web server on this machine may say which address a visitor came from.
forwarded_allow_ips = os.environ.get("PORTAL_TRUSTED_PROXIES") or "127.0.0.1,::1"


def post_worker_init(worker: Any) -> None:
    """In each worker, when it is ready to answer: plugins load what a visitor would wait for."""
    from portal.core import web_start

    web_start.begin()


def when_ready(server: Any) -> None:
    """Before the workers are forked: load what the first visitor would wait for, then set it apart.

    Frozen objects are left alone by the garbage collector, so the workers go on sharing their
    memory, and a stop is not held up by every worker sweeping through all of it.
    """
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loading them is the purpose
    gc.collect()
    gc.freeze()

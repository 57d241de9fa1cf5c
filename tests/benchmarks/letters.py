"""Letters, guides and taking part, with few and with many: what every screen costs then.

Run by ``subject`` with the portal's environment, as ``inprocess`` is. Arguments are the numbers of
letters of the two worlds (a tenth of the second as many guides, at least as many as in the first;
as many comments, opinions and sheets as letters); the last line of the output is one JSON object::

    {"few": 1000, "many": 100000, "guides": [1000, 10000], "figures": {"received": …},
     "screens": {"ledger": {"few": {"queries": 7, "cpu_ms": 20.1}, "many": {…}, "bar": 12}, …},
     "cold": {"services entrance": {"few_ms": 31.0, "many_ms": 410.2}, …}}

``cold`` is the first view after public content has changed, when nothing is kept. On PostgreSQL the
processor time of the server's process is part of ``cpu_ms``. The figures of the ledger are counted
again from the exported steps, and the run ends where they differ.
"""

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from .cpu import cpu_seconds
from .inprocess import bench_user
from .operating import as_operator

# As often as gives a median, but not longer than this for one screen.
_LEAST, _MOST, _ENOUGH_SECONDS = 3, 15, 0.5
_COLD = 3
# The first view of these after a change of public content is measured too.
COLD = ("services entrance", "services, words", "ledger", "alike, while writing", "letters hub",
        "guide", "solicitation")  # fmt: skip


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with as_operator():
        print(json.dumps(_run(*map(int, arguments or ["1000", "100000"]))))
    return 0


def _run(few: int, many: int) -> dict[str, Any]:
    from django.utils import timezone

    from .letters_guides import fill_guides, fill_participation
    from .letters_screens import looked_at, screens
    from .letters_world import World, fill

    world = World(timezone.now().replace(microsecond=0))
    answer: dict[str, Any] = {"few": few, "many": many, "guides": [], "screens": {}, "cold": {}}
    done, at = _letters_there(), None
    for name, letters, guides in (("few", few, few), ("many", many, max(few, many // 10))):
        started = time.monotonic()
        fill(world, done, letters)
        done = max(done, letters)
        answer["guides"].append(fill_guides(guides))
        fill_participation(letters)
        _settle()
        answer[f"{name}_filled_s"] = round(time.monotonic() - started)
        print(f"  {letters:,} letters in {answer[f'{name}_filled_s']} s", file=sys.stderr)
        at = at or looked_at()
        for screen in screens(at):
            cost = _measure(screen)
            row = answer["screens"].setdefault(screen.key, {"bar": screen.queries})
            row[name] = {"queries": cost.queries, "cpu_ms": cost.cpu_ms}
            if screen.key in COLD:
                answer["cold"].setdefault(screen.key, {})[f"{name}_ms"] = _cold(screen)
    answer["figures"] = _figures_agree()
    return answer


def _letters_there() -> int:
    """How many of the bulk's letters there are: an interrupted run is continued."""
    from portal.interaction.models import Letter

    return Letter.objects.filter(digest__startswith="0" * 40).count()


def _settle() -> None:
    """The planner's statistics, as a server that has run a night has them."""
    from django.db import connection

    from portal.core.schedule import optimise_database

    optimise_database()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


# --- one screen -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cost:
    queries: int
    cpu_ms: float


_addresses = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(200), repeat=3))


def _asking(screen: Any) -> Callable[[], object]:
    """What is timed: one request, or a piece of work."""
    if screen.work is not None:
        return screen.work
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    if screen.who:
        client.force_login(_account(screen.who), "portal.core.staff.backend.StaffBackend")

    def ask() -> object:
        given = {"secure": True, "headers": screen.headers}
        if not screen.who:  # limits count by visitor
            given["REMOTE_ADDR"] = next(_addresses)
        if screen.json is not None:
            response = client.post(
                screen.path, screen.json(), content_type="application/json", **given
            )
        elif screen.post is not None:
            response = client.post(screen.path, screen.post, **given)
        else:
            response = client.get(screen.path, **given)
        # Nothing forwarded has that number, which is as much work.
        if response.status_code not in ((404,) if "forwarded" in screen.path else (200, 201)):
            where = response.headers.get("Location", "")
            raise SystemExit(f"{screen.key}: {screen.path} said {response.status_code} {where}")
        return response

    return ask


def _account(name: str) -> Any:
    from django.contrib.auth import get_user_model

    if name == "bench":
        return bench_user()
    return get_user_model()._default_manager.get(username=name)


def _measure(screen: Any) -> Cost:
    """One to warm up, one to count the queries, some to time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask = _asking(screen)
    _do(screen, ask)
    with CaptureQueriesContext(connection) as captured:
        _do(screen, ask)
    queries = len(captured)  # now: the next request empties the log
    times: list[float] = []
    before = _server_seconds()
    while len(times) < _LEAST or (len(times) < _MOST and sum(times) < _ENOUGH_SECONDS):
        started = time.process_time()
        _do(screen, ask)
        times.append(time.process_time() - started)
    there = (_server_seconds() - before) / len(times)
    return Cost(queries, round(1000 * (statistics.median(times) + there), 2))


def _do(screen: Any, ask: Callable[[], object]) -> None:
    """``undone``: what it writes is rolled back."""
    from django.db import transaction

    with ExitStack() as stack:
        if screen.undone:
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, True)
        ask()


def _server_seconds() -> float:
    """Processor time that the database's own process has used for this connection."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return cpu_seconds(connection.connection.info.backend_pid) or 0.0


def _cold(screen: Any) -> float:
    """The same when nothing is kept; the median of a few."""
    from portal.plugin_api import touch_content

    ask = _asking(screen)
    ask()
    times = []
    for _round in range(_COLD):
        touch_content()
        before, started = _server_seconds(), time.process_time()
        ask()
        times.append(time.process_time() - started + _server_seconds() - before)
    return round(1000 * statistics.median(times), 1)


def _figures_agree() -> dict[str, Any]:
    """The ledger's figures, counted again from the exported steps of every site.

    Raises:
        SystemExit: they differ.
    """
    import datetime
    from dataclasses import asdict

    from django.utils import timezone

    from portal.interaction.selectors import figures

    rows = figures.export_events(
        site=None, first=datetime.date(2000, 1, 1), last=timezone.localdate()
    )
    kept, counted = figures.summary(site=None), figures.recompute(rows)
    if kept != counted:
        raise SystemExit(f"The figures differ:\n{kept}\n{counted}")
    return asdict(kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

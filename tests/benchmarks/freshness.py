"""How long after a commit a page can be found, and after its withdrawal it cannot: with the real processes.

Run by ``subject`` with the portal's environment, as ``search_engine`` is. The argument is a number
of changes; the last line of the output is one JSON object, seconds of the clock on the wall::

    {"findable": {"p50": 0.7, "p95": 1.2, "most": 1.4}, "gone": {…}, "burst": {…}, "changes": 60}

Asked is the index itself, in a process of its own as the web's: that what was withdrawn is not shown
meanwhile, because shown hits are looked up in the database, does not help here. ``burst`` are pages
that many hands publish one directly after the other.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .operating import as_operator

_BURST = 20
_LOOK_SECONDS = 0.02
_PATIENCE = 60.0
_START_PATIENCE = 300.0


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with _processes(), as_operator():
        _await_start()
        print(json.dumps(_measured(int(arguments[0]))))
    return 0


@contextmanager
def _processes() -> Iterator[None]:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "portal", name],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name in ("run_outbox", "run_indexer")
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def _await_start() -> None:
    """Until both are level with what was there before."""
    from portal.core import outbox

    page = _published("新鲜度测量开始")
    _until(lambda: _finds(page), _START_PATIENCE)
    _until(lambda: not outbox.lag() or max(outbox.lag().values()) == 0, _START_PATIENCE)


def _measured(changes: int) -> dict[str, Any]:
    chance = random.Random(9)
    findable, gone, pages = [], [], []
    for number in range(changes):
        # At any moment of the processes' own rhythm.
        time.sleep(chance.uniform(0.0, 1.0))
        if pages and number % 2:
            page = pages.pop(chance.randrange(len(pages)))
            page.unpublish()
            gone.append(_until(lambda page=page: not _finds(page)))
        else:
            page = _published(f"新鲜度测量第{number}页")
            findable.append(_until(lambda page=page: _finds(page)))
            pages.append(page)
    burst = []
    committed = [
        (_published(f"新鲜度连发第{number}页"), time.perf_counter()) for number in range(_BURST)
    ]
    for page, at in committed:
        _until(lambda page=page: _finds(page))
        burst.append(time.perf_counter() - at)
    return {
        "findable": _figures(findable),
        "gone": _figures(gone),
        "burst": _figures(burst),
        "changes": changes,
    }


def _published(title: str) -> Any:
    from portal.core import structure
    from portal.pages.models import ArticlePage, ColumnPage

    home = structure.current().records[structure.current().main_site_pk].root_page
    column = ColumnPage.objects.live().descendant_of(home).first()
    mark = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=16))
    body = [("paragraph", f"<p>{mark}。云湖市位于云水之滨，办事请带证件。</p>")]
    page = ArticlePage(title=f"{title}{mark}", source="云湖", body=body)
    column.add_child(instance=page)
    page.save_revision().publish()
    page.mark = mark
    return page


def _finds(page: Any) -> bool:
    import datetime

    from portal.search.engine.contract import EngineQuery, EngineUnavailable, Field, Filters, Term
    from portal.search.services.engines import current_engine

    at = datetime.datetime.now(datetime.UTC)
    try:
        query = EngineQuery(node=Term(Field.BODY, page.mark), filters=Filters(at=at))
        return bool(current_engine().search(query).hits)
    except EngineUnavailable:
        return False  # none was made yet


def _until(true: Any, patience: float = _PATIENCE) -> float:
    begun = time.perf_counter()
    while not true():
        if time.perf_counter() - begun > patience:
            raise SystemExit(f"It did not happen within {patience:.0f} seconds")
        time.sleep(_LOOK_SECONDS)
    return time.perf_counter() - begun


def _figures(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "p50": round(cuts[49], 2),
        "p95": round(cuts[94], 2),
        "most": round(max(seconds), 2),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

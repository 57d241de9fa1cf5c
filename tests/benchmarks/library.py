"""The library with few and with many records: what its screens and a search for duplicates cost.

    PORTAL_DATA_DIR=/tmp/bench python -m tests.benchmarks.library 1000 100000

with a data folder that has a portal (``portal migrate``, ``portal load_demo`` or ``create_portal``).
Brings the library to each number in turn with ``generate_content`` and the texts' prints; the last
line of the output is one JSON object::

    {"1000": {"screens": {"list": {"queries": 21, "cpu_ms": 48.0}, …}, "duplicates_ms": 12.0,
     "publish_ms": 30.1}, "100000": {…}, "worst_ratio": 1.2}

The bars: every screen within 1.5 times, one search for duplicates under 500 ms.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.benchmarks.operating import as_operator

_REPEATS = 9
BAR_RATIO = 1.5
BAR_DUPLICATES_MS = 500
_SCREENS = {
    "list": "/admin/library/",
    "list by type": "/admin/library/?record_type=article",
    "list by theme": "/admin/library/?theme=22",
    "list by site": "/admin/library/?site={site}",
    "list by words": "/admin/library/?q=政务服务",
    "list by rare words": "/admin/library/?q=绝无仅有之词",
    "list, page 9": "/admin/library/?p=9",
    "quality": "/admin/library/quality/",
    "near-duplicates": "/admin/library/quality/pairs/",
    "dead links": "/admin/library/quality/links/",
    "dead links of a site": "/admin/library/quality/links/?site={site}",
    "list of a check": "/admin/library/?check=no_theme",
    "record": "/admin/library/records/{record}/",
    "requests": "/admin/library/requests/",
    "intake": "/admin/library/intakes/",
}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with as_operator():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    answer: dict[str, Any] = {}
    for wanted in [int(value) for value in arguments] or [1000, 100_000]:
        seconds = _fill(wanted)
        answer[str(wanted)] = _measure() | {"filled_in_s": round(seconds, 1)}
        print(json.dumps({wanted: answer[str(wanted)]}), flush=True)
    first, last = next(iter(answer.values())), list(answer.values())[-1]
    answer["worst_ratio"] = round(
        max(
            last["screens"][name]["cpu_ms"] / max(first["screens"][name]["cpu_ms"], 1)
            for name in _SCREENS
        ),
        2,
    )
    print(json.dumps(answer))
    return int(answer["worst_ratio"] > BAR_RATIO or last["duplicates_ms"] > BAR_DUPLICATES_MS)


def _fill(wanted: int) -> float:
    from django.core.management import call_command

    from portal.core import structure
    from portal.library.models import LibraryRecord
    from portal.library.services import links, pairs, prints, quality

    started = time.monotonic()
    missing = wanted - LibraryRecord.objects.count()
    there = LibraryRecord.objects.filter(page__slug__startswith="synthetic-1-").count()
    if missing > 0:
        call_command("generate_content", articles=there + missing, processes=1)
    while done := prints.missing():
        print(f"  {done} texts", flush=True)
    for site in structure.current().records:
        while done := links.read_missing(site):
            print(f"  links of {done} pages", flush=True)
        links.check_inside(site)
        pairs.compare_missing(site, seconds=60)
        quality.check_site(site)
    _spoil()
    quality.count_facets(None)
    return time.monotonic() - started


def _spoil() -> None:
    """So many dead links and pairs to decide on that the screens have something to show."""
    from portal.library.models import LibraryRecord, Link, NearDuplicate, Problem

    keys = list(LibraryRecord.objects.filter(page__live=True).values_list("pk", flat=True)[:600])
    links = Link.objects.filter(record__in=keys)
    Link.objects.filter(pk__in=links.values("pk")).update(problem=Problem.GONE)
    NearDuplicate.objects.bulk_create(
        [NearDuplicate(older_id=a, newer_id=b, percent=90) for b, a in pairwise(keys) if a < b],
        ignore_conflicts=True,
    )


def _measure() -> dict[str, Any]:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from portal.library.models import LibraryRecord
    from portal.library.selectors.duplicates import similar_to

    user, _created = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_superuser": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    record = LibraryRecord.objects.filter(record_type="article").order_by("pk").first()
    assert record is not None
    screens: dict[str, dict[str, float]] = {}
    for name, pattern in _SCREENS.items():
        address = pattern.format(record=record.pk, site=record.site_id)
        client.get(address)
        asked: list[str] = []
        with connection.execute_wrapper(_noting(asked)):
            assert client.get(address).status_code == 200, address
        times = []
        for _number in range(_REPEATS):
            started = time.process_time()
            client.get(address)
            times.append((time.process_time() - started) * 1000)
        screens[name] = {
            "queries": len(asked),
            "cpu_ms": round(statistics.median(times), 1),
        }
    searches = []
    newest = LibraryRecord.objects.filter(text_print__isnull=False).order_by("-pk")[:50]
    for one in newest:
        started = time.perf_counter()
        similar_to(one)
        searches.append((time.perf_counter() - started) * 1000)
    return {
        "records": LibraryRecord.objects.count(),
        "screens": screens,
        "duplicates_ms": round(max(searches), 1),
        "publish_ms": _publish_ms(),
    }


def _noting(asked: list[str]) -> Callable[..., Any]:
    """Django forgets captured queries when a request begins."""

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    return note


def _publish_ms() -> float:
    """One publication, undone again."""
    from django.db import transaction

    from portal.pages.models import ArticlePage

    page: Any = ArticlePage.objects.filter(live=True, alias_of=None).order_by("-pk").first()
    times = []
    for number in range(_REPEATS):
        with transaction.atomic():
            page.title = f"题目{number}"
            started = time.process_time()
            page.save()
            times.append((time.process_time() - started) * 1000)
            transaction.set_rollback(True)
    return round(statistics.median(times), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

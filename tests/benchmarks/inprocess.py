"""Asks the portal inside one process: which addresses to load, and SQL queries and CPU of each.

Run by ``subject`` with the portal's environment. Arguments are the parts wanted (``public``,
``admin``, ``typing``); the last line of the output is one JSON object::

    {"articles": 160, "addresses": {"article": "/…", "list": "/…", "home": "/", "search": "/search/?q=…"},
     "public": {"article": {"queries": 6, "cpu_ms": 5.1, "bytes": 18211}, …}, "admin": {…},
     "scan_ms": 60.2}

``scan_ms`` is the processor time of the detectors for a page of 100,000 characters.
"""

import json
import os
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

_REPEATS = 15
WORD = "云湖"  # nearly every text has it: 20 results out of all, with all facets


@dataclass(frozen=True, slots=True)
class PageCost:
    """A warm request: SQL queries, processor time of this process, size of the answer."""

    queries: int
    cpu_ms: float
    bytes: int


def main(parts: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    answer: dict[str, Any] = addresses()
    if "public" in parts:
        answer["public"] = measure_public(answer["addresses"])
        answer["scan_ms"] = scan_long_page()
    if "admin" in parts:
        answer["admin"] = measure_admin(answer.pop("column"), answer.pop("article"))
    if "typing" in parts:
        answer["typing"] = editor_of_long_page(answer["column"])
    answer.pop("column", None)
    answer.pop("article", None)
    print(json.dumps(answer))
    return 0


def addresses() -> dict[str, Any]:
    """The portal's home, the fullest of its own columns and the oldest article there.

    The oldest is the same page however many articles are added, so growth compares like with like.
    """
    from portal.core import structure
    from portal.pages.models import ArticlePage, ColumnPage

    found = structure.current()
    site_pk = found.main_site_pk
    own = [node for node in found.nodes.values() if node.site_pk == site_pk]
    home = next(node for node in own if node.kind == "home")
    column = max(
        (node for node in own if node.model is ColumnPage),
        key=lambda node: (articles_in(node.path), node.path),
    )
    article = ArticlePage.objects.live().filter(path__startswith=column.path).order_by("pk")[0]
    return {
        "articles": ArticlePage.objects.live().count(),
        "addresses": {
            "article": found.url(article.url_path),
            "list": found.url(column.url_path),
            "home": found.url(home.url_path),
            "search": f"/search/?q={quote(WORD)}",
        },
        "column": column.pk,
        "article": article.pk,
    }


def articles_in(path: str) -> int:
    """Live articles directly in the column with this path."""
    from portal.pages.models import ArticlePage

    return (
        ArticlePage.objects.live().filter(path__startswith=path, depth=len(path) // 4 + 1).count()
    )


def measure_public(paths: dict[str, str]) -> dict[str, dict[str, float]]:
    """The public pages as a visitor without cookies sees them."""
    return {key: asdict(measure(visitor(), path)) for key, path in paths.items()}


def scan_long_page() -> float:
    """Processor time of all detectors for a page of 100,000 characters; the best of five."""
    from portal.pages.models import ArticlePage
    from portal.proofreading.selectors.findings import scan_page

    page = ArticlePage.objects.live().order_by("pk")[0]
    words = (
        "云湖市民政局提醒：办理老年人优待证，请带身份证到政务服务中心三楼窗口，咨询电话0999-12345。"
    )
    paragraphs = "".join(f"<p>第{number}段。{words * 4}</p>" for number in range(500))
    page.body = [("paragraph", paragraphs[:100_000])]
    times = []
    for _run in range(6):
        began = time.process_time()
        scan_page(page)
        times.append((time.process_time() - began) * 1000)
    return min(times[1:])


def measure_admin(column: int, article: int) -> dict[str, dict[str, float]]:
    """The explorer of the fullest column and the editor of its article, as a superuser."""
    from django.urls import reverse

    client = visitor()
    client.force_login(bench_user(), backend="portal.core.staff.backend.StaffBackend")
    return {
        "explorer": asdict(measure(client, reverse("wagtailadmin_explore", args=[column]))),
        "editor": asdict(measure(client, reverse("wagtailadmin_pages:edit", args=[article]))),
    }


def editor_of_long_page(column: int) -> dict[str, str]:
    """A draft of 100 paragraphs: the path of its form, and a session that may open it."""
    from django.conf import settings
    from django.urls import reverse

    from portal.pages.models import ArticlePage, ColumnPage

    body = [("paragraph", f"<p>第{number}段。云湖市位于云水之滨。</p>") for number in range(100)]
    page = ArticlePage(title="很长的文章", source="云湖", body=body, live=False)
    ColumnPage.objects.get(pk=column).add_child(instance=page)
    page.save_revision()
    client = visitor()
    client.force_login(bench_user(), backend="portal.core.staff.backend.StaffBackend")
    cookie = settings.SESSION_COOKIE_NAME
    return {
        "path": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "cookie": cookie,
        "session": client.cookies[cookie].value,
    }


def bench_user() -> Any:
    """The superuser of the measurements, made when there is none yet."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    return users.filter(username="bench").first() or users.create_superuser(
        username="bench", email="bench@example.org", password=None
    )


def visitor() -> Any:
    """A test client that looks like a browser behind the HTTPS proxy."""
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")


def measure(client: Any, path: str) -> PageCost:
    """Two requests to warm up, one to count the queries, some to time.

    Raises:
        SystemExit: the page does not answer 200.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(2):
        response = client.get(path, secure=True)
        if response.status_code != 200:
            where = response.headers.get("Location", "")
            raise SystemExit(f"{path} answered {response.status_code} {where}")
    with CaptureQueriesContext(connection) as captured:
        client.get(path, secure=True)
    queries = len(captured)  # now: the next request empties the log
    times = []
    for _ in range(_REPEATS):
        started = time.process_time()
        client.get(path, secure=True)
        times.append(time.process_time() - started)
    return PageCost(
        queries=queries,
        cpu_ms=round(1000 * statistics.median(times), 2),
        bytes=len(response.content),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

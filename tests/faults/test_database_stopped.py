"""PostgreSQL is stopped, killed and started again under the real web process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.csp import build_policy

from tests.e2e.serving import environment

from .cluster import Cluster
from .web import Visitors, Web, eventually, gunicorn

pytestmark = [pytest.mark.one_database, pytest.mark.long]

# Of every kind: pages, plugins' pages, the admin, the API, other languages, files that need no database.
PATHS = (
    "/",
    "/en/",
    "/ar/",
    "/zh-hant/",
    "/nothing-here/",
    "/sitemap/",
    "/search/?q=%E5%B1%85%E4%BD%8F%E8%AF%81",
    "/letters/",
    "/letters/write/",
    "/services/",
    "/participation/",
    "/assistant/",
    "/preferences/",
    "/admin/",
    "/admin/login/",
    "/api/v1/columns",
    "/api/v1/suggest?q=a",
    "/documents/1/x.pdf",
)
API = tuple(path for path in PATHS if path.startswith("/api/"))


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    environ = environment(folder / "data") | {
        "DATABASE_URL": cluster.url,
        "PORTAL_DATABASE_CONNECT_SECONDS": "2",
        "PORTAL_RASA": "0",
        "PORTAL_PAGE_STORE": "0",  # it would hide most of what is asked here
    }
    with gunicorn(folder, environ) as found:
        yield found


@pytest.fixture
def web(cluster: Cluster, served: Web) -> Web:
    """The portal in order, whatever the test before has done to its database."""
    if not cluster.is_running():
        cluster.start()
    assert eventually(lambda: served.ask("/").status == 200, 20)
    return served


def test_it_is_told_at_once_and_heals_by_itself(cluster: Cluster, web: Web) -> None:
    expected = {path: web.ask(path).status for path in PATHS}
    assert expected["/"] == 200
    assert expected["/admin/login/"] == 200
    assert max(expected.values()) < 500
    with Visitors(web, PATHS) as visitors:
        assert eventually(lambda: len(visitors.answers) >= len(PATHS), 60)
        cluster.stop()
        visitors.forget()
        assert eventually(lambda: sum(visitors.answers.values()) > 20 * len(PATHS), 60)
        assert visitors.failures == []
        # What was under way when it stopped has its answer, too: nobody got a 500.
        assert visitors.statuses <= {*expected.values(), 503}, visitors.answers
        assert visitors.slowest < 5, visitors.slowest
        assert {path for path, status in visitors.answers if status == 503} >= set(API)
        refused = sum(n for (_path, status), n in visitors.answers.items() if status == 503)
        cluster.start()
        assert eventually(lambda: web.ask("/").status == 200, 10)
        visitors.forget()
        assert eventually(lambda: sum(visitors.answers.values()) > 10 * len(PATHS), 60)
        assert visitors.failures == []
    healed = {path: web.ask(path).status for path in PATHS}
    assert healed == expected
    # One line now and then for all of them, no traceback for each.
    assert web.said().count("Answered with 503") < 40
    assert web.said().count("Traceback") < refused / 5, web.said()[-5000:]


def test_what_is_said_while_it_is_away(cluster: Cluster, web: Web) -> None:
    assert web.ask("/").status == 200
    cluster.stop()
    page = web.ask("/")
    assert page.status == 503
    assert page.headers["content-security-policy"] == build_policy(settings.SECURE_CSP)
    assert int(page.headers["retry-after"]) > 0
    assert page.headers["cache-control"] == "no-store"
    assert '<html lang="zh-hans">' in page.text
    assert page.headers["content-language"] == "zh-hans"
    english = web.ask("/en/about/")
    assert english.status == 503
    assert "Not available for a moment" in english.text
    assert '<a href="/en/about/">Try again</a>' in english.text
    assert '<html lang="ar" dir="rtl">' in web.ask("/ar/").text
    admin = web.ask("/admin/login/")
    assert admin.status == 503
    assert admin.headers["content-security-policy"] == build_policy(settings.PORTAL_ADMIN_CSP)
    problem = web.ask("/api/v1/columns?language=en", headers={"Accept": "*/*"})
    assert problem.status == 503
    assert problem.headers["content-type"] == "application/problem+json"
    assert int(problem.headers["retry-after"]) > 0
    assert json.loads(problem.body) == {
        "type": "about:blank",
        "title": "Not available for a moment",
        "status": 503,
        "detail": "The portal's database cannot be reached just now.",
    }
    # Where nothing is to be read, either: who is signed in stands in the database.
    assert web.ask("/admin/", headers={"Cookie": "sessionid=x" * 4}).status == 503
    assert web.ask("/healthz").status == 200
    assert web.ask("/readyz").status == 503
    assert web.ask("/static/portal/css/error.css").status == 200


def test_each_request_costs_milliseconds_while_it_is_away(cluster: Cluster, web: Web) -> None:
    cluster.stop()
    for path in ("/", "/admin/login/", "/letters/write/", "/api/v1/columns"):
        web.ask(path)
        seconds = sorted(web.ask(path).seconds for _ in range(9))
        assert seconds[4] < 0.5, (path, seconds)


def test_a_server_that_never_answers_holds_up_one_request_in_a_while(
    cluster: Cluster, web: Web
) -> None:
    """Before the connection's time limit is over nobody knows; then only one at a time looks."""
    assert web.ask("/").status == 200
    cluster.stop()
    assert web.ask("/").status == 503
    cluster.start()
    cluster.freeze()
    try:
        with Visitors(web, ["/", "/en/"], number=16) as visitors:
            assert eventually(lambda: visitors.statuses != set(), 30)
            visitors.forget()
            assert eventually(lambda: sum(visitors.answers.values()) > 200, 30)
            assert visitors.failures == []
            assert visitors.statuses == {503}
            assert web.ask("/healthz").seconds < 4
    finally:
        cluster.thaw()
    assert eventually(lambda: web.ask("/").status == 200, 10)


def test_a_process_that_starts_without_it_serves_when_it_comes(
    cluster: Cluster, data: Path
) -> None:
    cluster.stop()
    environ = environment(data) | {"DATABASE_URL": cluster.url, "PORTAL_RASA": "0"}
    with gunicorn(data.parent, environ) as web:
        away = web.ask("/")
        assert away.status == 503
        # Told inside the middleware that gives an answer its headers, also where the store looks first.
        assert away.headers["content-security-policy"] == build_policy(settings.SECURE_CSP)
        assert web.ask("/services/").status == 503
        cluster.start()
        assert eventually(lambda: web.ask("/").status == 200, 10)
        assert web.ask("/services/").status == 200
        _stored_pages_go_on(cluster, web)


def _stored_pages_go_on(cluster: Cluster, web: Web) -> None:
    """With the store: what was read before is read on, whatever is sent meanwhile."""
    page = web.ask("/").body
    cluster.stop()
    token = {"Cookie": "csrftoken=" + "a" * 32, "Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(3):
        sent = web.ask(
            "/admin/login/", method="POST", headers=token,
            body=f"csrfmiddlewaretoken={'a' * 32}&username=a&password=b",
        )  # fmt: skip
        assert sent.status == 503
        assert web.ask("/").status == 200
        assert web.ask("/").body == page
    assert web.ask("/nothing-here/").status == 503
    cluster.start()
    assert eventually(lambda: web.ask("/nothing-here/").status == 404, 10)
    assert web.ask("/").status == 200

"""What is told while the database is away, and what counts as that.

None of these tests may use the database: an answer that asked it would fail here.
"""

import errno
import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError, connection
from django.db.utils import DatabaseErrorWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from portal.core import outage
from portal.core.outage_log import Briefly
from portal.plugins.outages import outage_behind

AWAY = OperationalError("connection refused")


def fails(request: HttpRequest) -> HttpResponse:
    raise AWAY


def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError("for a test")


urlpatterns = [path("away/", fails), path("api/away", fails), path("broken/", breaks),
               path("api/broken", breaks), path("en/away/", fails)]  # fmt: skip
handler500 = "portal.core.outage.server_error"


@pytest.fixture
def visitor(settings: Any) -> Client:
    """Of addresses that fail, with nothing before them that asks the database."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["portal.core.middleware.SecurityHeadersMiddleware"]
    return Client(raise_request_exception=False)


def answered(request: HttpRequest, error: BaseException) -> HttpResponse:
    """What the handler answers while this error is being handled."""
    try:
        raise error
    except type(error):
        return outage.server_error(request)


def posted(data: dict[str, object], **headers: str) -> HttpRequest:
    return RequestFactory().post("/en/letters/write/", data, **headers)  # type: ignore[arg-type]


# --- answers --------------------------------------------------------------------------------------
def test_a_page_is_refused_with_a_time_and_a_way_on(visitor: Client) -> None:
    response = visitor.get("/en/away/", {"page": "2"})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == str(outage.RETRY_SECONDS)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Language"] == "en"
    assert "Content-Security-Policy" in response.headers
    assert 'href="/en/away/?page=2"' in response.content.decode()


def test_any_other_failure_is_a_500_as_before(visitor: Client) -> None:
    response = visitor.get("/broken/")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize(("address", "status"), [("/api/away", 503), ("/api/broken", 500)])
def test_programs_get_a_problem(visitor: Client, address: str, status: int) -> None:
    response = visitor.post(address, {"a": "1"}, query_params={"language": "en"})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    if status == 503:
        assert "Nothing of what was sent has been stored" in problem["detail"]


def test_a_script_that_reads_json_gets_json(visitor: Client) -> None:
    response = visitor.post("/away/", headers={"Accept": "application/json"})
    assert response.headers["Content-Type"] == "application/problem+json"
    html = visitor.post("/away/", headers={"Accept": "text/html, application/json"})
    assert html.headers["Content-Type"].startswith("text/html")


def test_a_form_comes_back_ready_to_be_sent_again() -> None:
    sent = {"text": "两行\n<b>字</b>", "many": ["1", "2"], "csrfmiddlewaretoken": "t", "empty": ""}
    response = answered(posted(sent), AWAY)  # type: ignore[arg-type]
    assert response.status_code == 503
    html = response.content.decode()
    [form] = lxml.html.fromstring(html).forms
    assert form.method == "POST"
    assert form.action == "/en/letters/write/"
    assert [(name, value.replace("\r\n", "\n")) for name, value in form.form_values()] == [
        ("text", "两行\n<b>字</b>"),
        ("many", "1"),
        ("many", "2"),
        ("csrfmiddlewaretoken", "t"),
        ("empty", ""),
    ]
    assert "What you sent has not been stored." in html


@pytest.mark.parametrize("secret", ["password", "old_password1", "code", "otp-token"])
def test_secrets_never_come_back(secret: str) -> None:
    html = answered(posted({secret: "hunter2hunter2hunter2", "text": "x" * 30}), AWAY).content
    assert b"hunter2" not in html
    assert b"<form" not in html  # without them it would be another form
    assert b"x" * 30 in html


def test_with_files_the_words_are_shown_and_nothing_is_sent_without_the_files() -> None:
    file = SimpleUploadedFile("a.pdf", b"%PDF-")
    html = answered(posted({"text": "y" * 30, "files": file}), AWAY).content.decode()
    assert "<form" not in html
    assert "y" * 30 in html
    assert "Files have to be chosen again." in html


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
    ],
)
def test_words_of_another_website_are_not_shown(headers: dict[str, str]) -> None:
    request = posted(
        {"text": "words of a stranger, long enough"}, HTTP_HOST="testserver", **headers
    )
    response = answered(request, AWAY)
    assert response.status_code == 503
    assert b"stranger" not in response.content


def test_a_form_that_cannot_be_read_is_refused_without_it(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = answered(posted({"text": "z" * 50}), AWAY)
    assert response.status_code == 503
    assert b"zzz" not in response.content


@pytest.mark.parametrize("language", ["zh-hans", "en", "ja", "ko", "ru", "fr", "ar"])
def test_it_speaks_the_language_of_the_address(language: str) -> None:
    address = "/" if language == "zh-hans" else f"/{language}/"
    with translation.override("ko" if language != "ko" else "en"):  # of the request before
        document = lxml.html.fromstring(answered(RequestFactory().get(address), AWAY).content)
    assert document.get("lang") == language
    assert document.get("dir") == ("rtl" if language == "ar" else None)


# --- what counts ----------------------------------------------------------------------------------
def sqlite_error(folder: Path, statement: str, **options: Any) -> Exception:
    """The error of a statement as Django hands it on."""
    file = folder / "a.sqlite3"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE IF NOT EXISTS t (a UNIQUE)")
    opened = sqlite3.connect(f"file:{file}{options.get('query', '')}", uri=True, timeout=0)
    holder = sqlite3.connect(file, isolation_level=None)
    if options.get("locked"):
        holder.execute("BEGIN EXCLUSIVE")
    if options.get("damaged"):
        file.write_bytes(b"no database at all" * 500)
    try:
        with DatabaseErrorWrapper(connection):
            opened.execute(statement)
    except Exception as error:
        return error
    finally:
        opened.close()
        holder.close()
    raise AssertionError("nothing failed")


@pytest.fixture
def on_sqlite() -> None:
    if connection.vendor != "sqlite":  # the wrapper knows the errors of its own driver
        from django.db.backends.sqlite3.base import DatabaseWrapper

        globals()["connection"] = DatabaseWrapper({"OPTIONS": {}, "TIME_ZONE": None})


@pytest.mark.usefixtures("on_sqlite")
@pytest.mark.parametrize(
    ("statement", "options", "expected"),
    [
        ("INSERT INTO t VALUES (1)", {"query": "?mode=ro"}, True),
        ("INSERT INTO t VALUES (1)", {"locked": True}, True),
        ("SELECT * FROM t", {"damaged": True}, True),
        ("SELECT * FROM there_is_none", {}, False),
        ("SELEC", {}, False),
    ],
)
def test_of_sqlite(tmp_path: Path, statement: str, options: dict[str, Any], expected: bool) -> None:
    error = sqlite_error(tmp_path, statement, **options)
    assert (outage_behind(error) is not None) is expected, error


def test_of_disks_and_programs() -> None:
    assert outage_behind(OSError(errno.ENOSPC, "No space left on device")) is not None
    assert outage_behind(FileNotFoundError(errno.ENOENT, "x")) is None
    for error in (
        IntegrityError("x"),
        DataError("x"),
        ProgrammingError("x"),
        ValueError("x"),
        None,
    ):
        assert outage_behind(error) is None


def test_what_follows_from_an_outage_is_one() -> None:
    with pytest.raises(RuntimeError) as caught:
        try:
            raise AWAY
        except OperationalError:
            raise RuntimeError("the session could not be written")  # noqa: B904
    assert outage_behind(caught.value) is AWAY


# --- the log --------------------------------------------------------------------------------------
def test_one_line_in_a_while_for_all_of_them() -> None:
    now = 0.0
    brief = Briefly(clock=lambda: now)

    def record(error: BaseException) -> logging.LogRecord:
        info = (type(error), error, None)
        return logging.LogRecord("django.request", logging.ERROR, "", 1, "x", None, info)  # type: ignore[arg-type]

    first = record(AWAY)
    assert brief.filter(first)
    assert first.getMessage() == (
        "Answered with 503: connection refused (and 0 more since the last line)"
    )
    assert first.exc_info is None
    assert not any(brief.filter(record(AWAY)) for _ in range(5))
    other = record(ValueError("a fault of a program"))
    assert brief.filter(other)
    assert other.exc_info is not None
    now = 11.0
    later = record(AWAY)
    assert brief.filter(later)
    assert "5 more" in later.getMessage()

"""The database is a file that is taken away, locked, exchanged or on a full disk.

Letters are what must not get lost: whoever sends one is told that it is not stored, has the text
back, and can send it again.
"""

import re
import resource
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import lxml.html
import pytest

from tests.benchmarks.cpu import children
from tests.e2e.serving import demo_template, environment

from .web import Answer, Web, eventually, gunicorn

pytestmark = [pytest.mark.one_database, pytest.mark.long]

WRITE = "/letters/write/"
SUBJECT, TEXT = (
    "楼道声控灯损坏",
    "湖滨路七号院三单元的声控灯坏了两周，老人夜里上下楼不便。\n请派人修理。",
)
READING = 2.2  # seconds; whoever sends a form sooner is taken for a program


@pytest.fixture
def web(data: Path) -> Iterator[Web]:
    data.rmdir()
    shutil.copytree(demo_template(), data)
    environ = environment(data) | {
        "PORTAL_DATABASE_WAIT_SECONDS": "1",
        "PORTAL_PAGE_STORE": "0",  # it would hide what the database does "PORTAL_RASA": "0", "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    with gunicorn(data.parent, environ) as found:
        yield found


@pytest.fixture
def database(data: Path) -> Path:
    return data / "portal.sqlite3"


def letters(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        query = "SELECT count(*) FROM interaction_letter WHERE subject = ?"
        return int(connection.execute(query, [SUBJECT]).fetchone()[0])


class Sheet:
    """A letter form as a browser holds it."""

    def __init__(self, web: Web) -> None:
        self.web = web
        page = web.ask(WRITE)
        assert page.status == 200
        self.fields = fields_of(page)
        self.fields |= {
            "kind": "complaint", "subject": SUBJECT, "text": TEXT, "name": "周一鸣",
            "phone": "13800000000", "send": "anyway",
        }  # fmt: skip
        time.sleep(READING)

    def send(self, fields: dict[str, str] | None = None) -> Answer:
        return self.web.ask(
            WRITE,
            method="POST",
            body=urlencode(fields or self.fields),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
            },
        )


def fields_of(page: Answer) -> dict[str, str]:
    """What sending the form of a page would send."""
    for form in lxml.html.fromstring(page.text).forms:
        if {"text", "username"} & set(form.fields):
            return dict(form.form_values())
    raise AssertionError("there is no form")


def move(database: Path, folder: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.rename(folder / path.name)


def test_a_file_that_is_gone_is_missed_and_found_again(
    web: Web, database: Path, tmp_path: Path
) -> None:
    sheet = Sheet(web)
    away = tmp_path / "away"
    away.mkdir()
    move(database, away)
    assert web.ask("/").status == 503
    refused = sheet.send()
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) > 0
    again = fields_of(refused)
    assert again["text"].replace("\r\n", "\n") == TEXT
    assert not database.exists()  # an empty portal would be worse than none
    move(away / database.name, database.parent)
    assert eventually(lambda: web.ask("/").status == 200, 5)
    # The button "send again" sends what was sent before.
    assert sheet.send(again).status == 200
    assert letters(database) == 1


def test_a_file_that_was_exchanged_is_used_at_once(
    web: Web, database: Path, tmp_path: Path
) -> None:
    assert web.ask("/").status == 200
    restored = tmp_path / "restored.sqlite3"
    with sqlite3.connect(database) as source, sqlite3.connect(restored) as target:
        source.backup(target)
    away = tmp_path / "away"
    away.mkdir()
    move(database, away)
    restored.rename(database)
    sheet = Sheet(web)
    assert sheet.send().status == 200
    assert letters(database) == 1
    assert letters(away / database.name) == 0


def test_a_database_that_is_locked_is_read_and_says_that_nothing_was_stored(
    web: Web, database: Path
) -> None:
    sheet = Sheet(web)
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert web.ask("/").status == 200
        refused = sheet.send()
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) > 0
        assert fields_of(refused)["text"].replace("\r\n", "\n").strip() == TEXT
        assert refused.seconds < 10
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert letters(database) == 0
    assert sheet.send().status == 200
    assert letters(database) == 1


def test_a_full_disk_costs_what_would_be_written(web: Web, database: Path) -> None:
    sheet = Sheet(web)
    workers = children(web.process.pid)
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers}
    for pid, (_soft, hard) in before.items():  # every file of the process is "full" at a byte
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        assert web.ask("/").status == 200
        refused = sheet.send()
        assert refused.status == 503
        assert fields_of(refused)["text"].replace("\r\n", "\n").strip() == TEXT
        login = web.ask("/admin/login/")
        assert login.status == 200
        token = fields_of(login)["csrfmiddlewaretoken"]
        signed_in = web.ask(
            "/admin/login/",
            method="POST",
            body=urlencode({"csrfmiddlewaretoken": token, "username": "a", "password": "pass1234"}),
            headers={
                "Cookie": login.headers["set-cookie"].partition(";")[0],
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
            },
        )
        assert signed_in.status in (200, 503)  # 200: a wrong account needs no writing
        assert "pass1234" not in signed_in.text
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    assert sheet.send().status == 200
    assert letters(database) == 1
    assert not re.search(r"Internal Server Error", web.said())

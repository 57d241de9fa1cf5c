"""What is served before Django: the page as stored, to everybody, and nothing else."""

import gzip
import hashlib
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.publishing.front import PAST_THE_STORE, PageStoreFront
from portal.publishing.store import layout
from portal.publishing.store.files import Files, Finished

HOST = "www.yunhu.example"
BODY = ("<!doctype html><title>云湖</title>" + "正文" * 400).encode()
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-cache"))


class Answer:
    """What a WSGI application said."""

    def __init__(self, application: Any, **environ: Any) -> None:
        given = {"REQUEST_METHOD": "GET", "PATH_INFO": "/news/", "HTTP_HOST": HOST} | environ
        self.body = b"".join(application(given, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status = int(status.split()[0])
        self.headers = dict(headers)


def behind(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("X-From", "application")])
    return (b"rendered",)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    found = Files(tmp_path)
    found.ready()
    found.write(f"{HOST}/news", Finished(BODY, HEADERS))
    return found


@pytest.fixture
def front(files: Files) -> PageStoreFront:
    return PageStoreFront(behind, files.root)


def is_stored(answer: Answer) -> bool:
    return "X-From" not in answer.headers


def test_a_stored_page_comes_with_its_headers(front: PageStoreFront) -> None:
    for _again in range(2):
        answer = Answer(front)
        assert answer.body == BODY
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Length"] == str(len(BODY))
        assert answer.headers["ETag"] == f'"{hashlib.sha256(BODY).hexdigest()[:32]}"'


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0, br;q=0", None),
        ("gzip; q=0", None),
    ],
)
def test_it_comes_packed_to_who_unpacks_it(
    front: PageStoreFront, accepted: str, encoding: str | None
) -> None:
    answer = Answer(front, HTTP_ACCEPT_ENCODING=accepted)
    assert answer.headers.get("Content-Encoding") == encoding
    unpack: Any = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(answer.body) == BODY
    assert answer.headers["Content-Length"] == str(len(answer.body))


def test_who_has_it_already_is_told_so(front: PageStoreFront) -> None:
    etag = Answer(front).headers["ETag"]
    for wanted in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = Answer(front, HTTP_IF_NONE_MATCH=wanted)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert Answer(front, HTTP_IF_NONE_MATCH='"other"').status == 200


def test_head_has_the_headers_alone(front: PageStoreFront) -> None:
    answer = Answer(front, REQUEST_METHOD="HEAD")
    assert (answer.body, answer.headers["Content-Length"]) == (b"", str(len(BODY)))


@pytest.mark.parametrize(
    "environ",
    [
        {"REQUEST_METHOD": "POST"},
        {"QUERY_STRING": "view=elder"},
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_COOKIE": "a=b; portal_preferences=size:large"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {PAST_THE_STORE: True},
        {"HTTP_HOST": "other.example"},
        {"HTTP_HOST": "www.yunhu.example:8443"},
        {"PATH_INFO": "/news"},
        {"PATH_INFO": "/other/"},
        {"PATH_INFO": "/news/../news/"},
        {"PATH_INFO": "//news/"},
        {"PATH_INFO": "/news/index.html"},
        {"PATH_INFO": "/.index.json/"},
    ],
)
def test_all_else_goes_through(front: PageStoreFront, environ: dict[str, Any]) -> None:
    assert is_stored(Answer(front))
    assert not is_stored(Answer(front, **environ))


def test_a_page_that_is_taken_out_is_gone_with_the_next_request(
    front: PageStoreFront, files: Files
) -> None:
    assert is_stored(Answer(front))
    files.remove(f"{HOST}/news")
    assert not is_stored(Answer(front))


def test_a_new_beginning_leaves_nothing(front: PageStoreFront, files: Files) -> None:
    assert is_stored(Answer(front))
    files.switch()
    assert not is_stored(Answer(front))
    assert files.sweep() == 1


def test_a_page_written_again_is_the_new_one(front: PageStoreFront, files: Files) -> None:
    assert Answer(front).body == BODY
    files.write(f"{HOST}/news", Finished(b"<p>new", HEADERS))
    assert Answer(front).body == b"<p>new"
    assert Answer(front, HTTP_ACCEPT_ENCODING="br").body == b"<p>new"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (layout.PAGE_FILE, BODY[:-1] + b"!"),
        (layout.PAGE_FILE, b""),
        (layout.HEADERS_FILE, b""),
        (layout.HEADERS_FILE, b"[]"),
        (layout.HEADERS_FILE, b'{"headers": 3}'),
    ],
)
def test_a_file_that_somebody_changed_is_not_served(
    files: Files, name: str, content: bytes
) -> None:
    (files.live / HOST / "news" / name).write_bytes(content)
    assert not is_stored(Answer(PageStoreFront(behind, files.root)))


def test_a_changed_packed_file_is_passed_over(files: Files) -> None:
    file = files.live / HOST / "news" / f"{layout.PAGE_FILE}.br"
    file.write_bytes(brotli.compress(b"<p>forged"))
    answer = Answer(PageStoreFront(behind, files.root), HTTP_ACCEPT_ENCODING="br")
    assert answer.body == BODY


def test_its_time_over_a_page_is_rendered(files: Files) -> None:
    files.write(f"{HOST}/old", Finished(BODY, HEADERS, holds_until=1.0))
    files.write(f"{HOST}/new", Finished(BODY, HEADERS, holds_until=4_000_000_000.0))
    front = PageStoreFront(behind, files.root)
    for _again in range(2):
        assert not is_stored(Answer(front, PATH_INFO="/old/"))
        assert is_stored(Answer(front, PATH_INFO="/new/"))


def test_memory_is_bounded(files: Files) -> None:
    for number in range(20):
        files.write(f"{HOST}/p{number}", Finished(os.urandom(5_000), HEADERS))
    front = PageStoreFront(behind, files.root, memory=60_000)
    for number in range(20):
        assert is_stored(Answer(front, PATH_INFO=f"/p{number}/"))
    assert sum(held.size for held in front._held.values()) <= 60_000


def test_readers_beside_a_writer_get_whole_pages(files: Files) -> None:
    """Every answer is one of the versions, whole, or comes from behind."""
    versions = {f"<p>{number}".encode() * 3_000 for number in range(40)}
    front, wrong, stop = PageStoreFront(behind, files.root), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            answer = Answer(front, PATH_INFO="/busy/", HTTP_ACCEPT_ENCODING="gzip")
            if is_stored(answer):
                packed = answer.headers.get("Content-Encoding") == "gzip"
                body = gzip.decompress(answer.body) if packed else answer.body
                if body not in versions:
                    wrong.append(body[:80])

    readers = [threading.Thread(target=read) for _number in range(4)]
    for reader in readers:
        reader.start()
    for version in sorted(versions):
        files.write(f"{HOST}/busy", Finished(version, HEADERS))
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60), host=st.text(max_size=40))
def test_no_address_leads_out_of_the_store(path: str, host: str) -> None:
    folder = layout.relative_folder(host, f"/{path}/")
    if folder is not None:
        inside = Path("/store/live")
        assert inside in Path(os.path.normpath(inside / folder)).parents
        assert not any(step.startswith(".") for step in folder.split("/"))

"""Links to others: asked only where allowed, politely, and never inside a private network."""

import datetime
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.core.outside import is_public_place
from portal.library import outside
from portal.library.models import Link, Problem
from portal.library.outside import Asker
from portal.library.services import outside_links, prints
from tests.factories import ArticleFactory, World

from .conftest import record_of

PUBLIC = "93.184.216.34"


class Site(BaseHTTPRequestHandler):
    """What another server may answer, by path."""

    asked: ClassVar[list[tuple[str, str, str, str]]] = []

    def _answer(self) -> None:
        headers = self.headers
        self.asked.append((self.command, self.path, headers["Host"], headers["User-Agent"]))
        path = self.path
        places = {"/inside": "http://inside.example/", "/redirect": "/gone", "/loop": "/loop"}
        codes = {"/gone": 404, "/broken": 502, "/forbidden": 403}
        status = 302 if path in places else codes.get(path, 200)
        if path == "/no-head" and self.command == "HEAD":
            status = 405
        self.send_response(status)
        if path in places:
            self.send_header("Location", places[path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()
    running.server_close()


class Net:
    """Names that resolve as a test says; connections go to the server of the test."""

    def __init__(self, port: int, **names: list[str]) -> None:
        self.port, self.names = port, names
        self.connected: list[tuple[str, int]] = []
        self.slept: list[float] = []

    def resolve(self, name: str, port: int, **_options: object) -> list[tuple[object, ...]]:
        found = self.names.get(name.split(".")[0])
        if found is None:
            raise socket.gaierror(name)
        return [(2, 1, 6, "", (place, port)) for place in found]

    def connect(self, place: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.append(place)
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def asker(self) -> Asker:
        return Asker("tests", resolve=self.resolve, connect=self.connect, sleep=self.slept.append)


@pytest.fixture
def net(server: int) -> Net:
    Site.asked.clear()
    return Net(server, good=[PUBLIC], inside=["10.1.2.3"], mixed=[PUBLIC, "127.0.0.1"])


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://good.example/", Problem.NONE),
        ("http://good.example/gone", Problem.NOT_FOUND),
        ("http://good.example/redirect", Problem.NOT_FOUND),
        ("http://good.example/broken", Problem.FAILS),
        ("http://good.example/forbidden", Problem.NONE),
        ("http://good.example/no-head", Problem.NONE),
        ("http://good.example/loop", Problem.NO_ANSWER),
        ("http://good.example/inside", Problem.PRIVATE),
        ("http://inside.example/", Problem.PRIVATE),
        ("http://mixed.example/", Problem.PRIVATE),
        ("http://unknown.example/", Problem.NO_ANSWER),
        ("ftp://good.example/", Problem.NO_ANSWER),
    ],
)
def test_what_a_visitor_would_meet(net: Net, address: str, problem: str) -> None:
    assert net.asker().problem(address) == problem
    assert {place for place, _port in net.connected} <= {PUBLIC}


def test_it_says_who_asks_and_takes_its_time(net: Net) -> None:
    asker = net.asker()
    for path in ("/一?q=二 三", "/no-head", "/"):
        assert asker.problem(f"http://good.example:8080{path}") == Problem.NONE
    assert [method for method, *_rest in Site.asked] == ["HEAD", "HEAD", "GET", "HEAD"]
    assert {(host, agent) for *_rest, host, agent in Site.asked} == {("good.example:8080", "tests")}
    assert Site.asked[0][1] == "/%E4%B8%80?q=%E4%BA%8C%20%E4%B8%89"
    assert net.connected[0] == (PUBLIC, 8080)
    assert len(net.slept) == 3
    assert all(0 < pause <= outside.PAUSE for pause in net.slept)


def test_an_answer_without_end_is_cut_off(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "MOST_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    asker = Asker("tests", resolve=net.resolve, connect=lambda *_args: ours)
    assert asker.problem("http://good.example/") == Problem.NO_ANSWER
    theirs.close()


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1",
     "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "ff02::1"],
)  # fmt: skip
def test_private_places_are_known_in_every_wrapping(place: str) -> None:
    assert not is_public_place(place)


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_is_as_public_as_it_is(place) -> None:
    wrapped = is_public_place(f"::ffff:{place}")
    assert wrapped <= is_public_place(str(place))


@pytest.fixture
def page(world: World):
    links = "".join(
        f'<a href="http://{host}.example/{path}">一</a>'
        for host, path in (("good", "gone"), ("good", "broken"), ("good", ""), ("inside", ""))
    )
    page = ArticleFactory(parent=world.column, body=[("paragraph", f"<p>{links}</p>")])
    prints.follow_pages(page_pks=[page.pk])
    return page


def told(page) -> dict[str, str]:
    return {
        target.removeprefix("http://"): problem
        for target, problem in record_of(page).links.values_list("target", "problem")
    }


@pytest.mark.django_db
@pytest.mark.one_database
def test_others_are_asked_only_where_the_operator_allows_it(
    world: World, page, net: Net, settings
) -> None:
    site = world.site.pk
    assert outside_links.check_outside(site, asker=net.asker()) == 0
    assert net.connected == []
    assert not Link.objects.exclude(checked_at=None).exists()
    settings.LIBRARY_CHECK_OUTSIDE_LINKS = True
    assert outside_links.check_outside(site, asker=net.asker()) == 4
    assert outside_links.progress(site) == {"outside": 4, "asked": 4}
    assert told(page) == {
        "good.example/gone": Problem.NOT_FOUND, "good.example/broken": "", "good.example/": "",
        "inside.example/": Problem.PRIVATE,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.one_database
def test_it_goes_on_where_it_stopped_and_believes_a_failure_the_third_time(
    world: World, page, net: Net, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIBRARY_CHECK_OUTSIDE_LINKS = True
    monkeypatch.setattr(outside_links, "MOST_AT_ONCE", 3)
    site, day = world.site.pk, datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    ask: Callable[[], int] = lambda: outside_links.check_outside(site, asker=net.asker())  # noqa: E731
    with time_machine.travel(day, tick=False):
        assert [ask(), ask(), ask()] == [3, 1, 0]
    for later, problem in ((2, ""), (4, Problem.FAILS)):
        with time_machine.travel(day + datetime.timedelta(days=later), tick=False):
            while ask():
                pass
        assert told(page)["good.example/broken"] == problem
    assert told(page)["good.example/"] == ""
    asked = [path for _method, path, *_rest in Site.asked]
    assert asked.count("/") == 1, "what works is asked again after two weeks"
    net.names["inside"] = [PUBLIC]
    with time_machine.travel(day + datetime.timedelta(days=6), tick=False):
        while ask():
            pass
    assert told(page)["inside.example/"] == ""

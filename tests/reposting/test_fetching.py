"""Asking servers elsewhere: nothing inside, nothing endless, nothing that explodes."""

import gzip
import socket
import threading
import time
import zlib
from typing import Any

import pytest

from portal.reposting import fetching
from portal.reposting.fetching import MOST_BYTES, FetchProblem, fetch, is_inner, unpacked

from .servers import Elsewhere, elsewhere, raw_server, rss

_ENOUGH = 6.0  # a busy machine is slow; a worker that is held is slower


def test_a_page_is_read_with_its_marks(other: Elsewhere) -> None:
    other.says("/feed", rss(), ETag='"a"', Content_Type="application/rss+xml")
    found = fetch(other.url())
    assert found.body == rss().encode()
    assert found.headers["etag"] == '"a"'
    assert fetch(other.url(), headers={"If-None-Match": '"a"'}).is_same


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/feed", "http://[::1]/feed", "http://[::ffff:127.0.0.1]/feed",
        "http://10.0.0.1/feed", "http://192.168.1.1/feed", "http://172.16.0.1/feed",
        "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/feed",
        "http://224.0.0.1/feed", "http://0.0.0.0/feed", "http://[fe80::1]/feed",
        "http://[fd00::1]/feed", "http://localhost/feed", "http://2130706433/feed",
        "http://[64:ff9b::7f00:1]/feed",
    ],
)  # fmt: skip
def test_nothing_inside_is_asked(address: str, settings: Any) -> None:
    settings.PORTAL_INNER_HOSTS = []
    with pytest.raises(FetchProblem, match="private network"):
        fetch(address)


@pytest.mark.parametrize("address", ["ftp://x.example/f", "file:///etc/passwd", "gopher://x/", "x"])
def test_only_web_addresses_are_asked(address: str) -> None:
    with pytest.raises(FetchProblem, match="addresses are asked"):
        fetch(address)


def test_a_name_that_leads_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """As a rebound name would: what is asked is the address that was looked at."""
    settings.PORTAL_INNER_HOSTS = []
    real = fetching.ask_outside

    def inside(*args: Any, **kwargs: Any) -> Any:
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
        return real(*args, resolve=lambda *a, **k: places, **kwargs)

    monkeypatch.setattr(fetching, "ask_outside", inside)
    with pytest.raises(FetchProblem, match="private network"):
        fetch("http://feeds.province.example/policy.xml")


def test_a_redirect_is_looked_at_anew(other: Elsewhere, settings: Any) -> None:
    with elsewhere() as inside:
        inside.says("/secret", b"secret")
        other.says("/feed", b"", 302, Location=inside.url("/secret"))
        with pytest.raises(FetchProblem, match="private network"):
            fetch(other.url())
        assert inside.asked == []
        settings.PORTAL_INNER_HOSTS = [other.place, inside.place]
        assert fetch(other.url()).body == b"secret"


def test_redirects_end(other: Elsewhere) -> None:
    other.says("/feed", b"", 302, Location="/feed")
    with pytest.raises(FetchProblem, match="leads on"):
        fetch(other.url())
    assert len(other.asked) == 4
    other.says("/b", b"", 301, Location="file:///etc/passwd")
    with pytest.raises(FetchProblem, match="addresses are asked"):
        fetch(other.url("/b"))


def test_too_much_is_refused(other: Elsewhere) -> None:
    other.says("/feed", b"x" * (MOST_BYTES + 1))
    with pytest.raises(FetchProblem, match="longer than"):
        fetch(other.url())


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_what_is_packed_is_read(other: Elsewhere, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    other.says("/feed", pack(rss().encode()), Content_Encoding=encoding)
    assert fetch(other.url()).body == rss().encode()


def test_deflate_without_its_head_is_read() -> None:
    pack = zlib.compressobj(wbits=-15)
    assert unpacked(pack.compress(b"words") + pack.flush(), "deflate") == b"words"


def test_a_bomb_does_not_go_off(other: Elsewhere) -> None:
    bomb = gzip.compress(b"\0" * (200 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < MOST_BYTES
    other.says("/feed", bomb, Content_Encoding="gzip")
    with pytest.raises(FetchProblem, match="Unpacked"):
        fetch(other.url())


@pytest.mark.parametrize(
    ("body", "encoding", "told"),
    [(b"no gzip", "gzip", "damaged"), (gzip.compress(b"x" * 999, mtime=0)[:-9], "gzip", "not complete"),
     (b"x", "br", "packed as")],
)  # fmt: skip
def test_what_is_packed_badly_is_told(body: bytes, encoding: str, told: str) -> None:
    with pytest.raises(FetchProblem, match=told):
        unpacked(body, encoding)


def test_other_answers_are_told(other: Elsewhere) -> None:
    other.says("/a", b"", 503, Retry_After="900")
    with pytest.raises(FetchProblem, match="status 503") as problem:
        fetch(other.url("/a"))
    assert problem.value.again_after == 900
    other.says("/b", b"\x89PNG", Content_Type="image/png")
    with pytest.raises(FetchProblem, match="something else"):
        fetch(other.url("/b"))


def test_endless_answers_end_in_time(settings: Any) -> None:
    def endless(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        while not over.wait(0.05):
            connection.sendall(b"<item>")

    with raw_server(endless) as place:
        settings.PORTAL_INNER_HOSTS = [place]
        started = time.monotonic()
        with pytest.raises(FetchProblem, match="in time"):
            fetch(f"http://{place}/", seconds=1.0)
        assert time.monotonic() - started < _ENOUGH


def test_slow_redirects_share_one_time(settings: Any) -> None:
    def slow(connection: socket.socket, over: threading.Event) -> None:
        over.wait(0.7)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    with raw_server(slow) as place:
        settings.PORTAL_INNER_HOSTS = [place]
        with pytest.raises(FetchProblem, match="not answer"):
            fetch(f"http://{place}/", seconds=1.0)


def test_the_list_of_inner_hosts_names_a_port(settings: Any) -> None:
    settings.PORTAL_INNER_HOSTS = ["feeds.intranet:80"]
    assert is_inner("http://feeds.intranet/x")
    assert not is_inner("https://feeds.intranet/x")
    assert not is_inner("http://feeds.intranet:8080/x")
    assert not is_inner("http://feeds.intranet:bad/x")

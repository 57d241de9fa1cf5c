"""Feeds of all kinds, and what somebody may send in their place."""

import datetime
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reposting.feed_dates import read_date
from portal.reposting.feeds import MOST_ITEMS, Feed, FeedProblem, read_feed

from .servers import item, rss

_UTC = datetime.UTC
ATOM = """<?xml version="1.0" encoding="{encoding}"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>云岭省</title><entry>
<id>urn:1</id><title>关于加强湖泊保护的意见</title><link href="/a/1.html"/>
<updated>2026-11-28T09:30:00+08:00</updated>
<content type="html">&lt;p&gt;各市、县人民政府：&lt;/p&gt;</content></entry></feed>"""
NINE_THIRTY = datetime.datetime(2026, 11, 28, 1, 30, tzinfo=_UTC)


def only(feed: Feed):
    assert len(feed.items) == 1
    return feed.items[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb2312", "utf-16", "utf-16-le", "big5"])
def test_encodings(encoding: str) -> None:
    text = ATOM.format(encoding=encoding.removesuffix("-le"))
    if encoding == "big5":
        text = text.translate(str.maketrans("关于强护见云岭县", "關於強護見雲嶺縣"))
    found = only(read_feed(text.encode(encoding), address="https://www.province.example/feed"))
    assert found.title in ("关于加强湖泊保护的意见", "關於加強湖泊保護的意見")
    assert found.link == "https://www.province.example/a/1.html"
    assert found.published == NINE_THIRTY
    assert "<p>" in found.html


def test_bytes_that_are_not_what_they_say() -> None:
    """Declared as UTF-8, written in GB18030: the usual case."""
    found = read_feed(rss(item("转载通知", guid="1")).encode("gb18030"))
    assert only(found).title == "转载通知"
    broken = read_feed(b"\xef\xbb\xbf" + rss(item("x\x00y", guid="1")).encode() + b"\xff\xfe")
    assert broken.items
    assert broken.notes


def test_the_server_says_the_encoding() -> None:
    body = rss(item("转载通知")).replace(' encoding="utf-8"', "").encode("gbk")
    assert only(read_feed(body, content_type="text/xml; charset=GBK")).title == "转载通知"


def test_json_feed() -> None:
    told = {"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": 7, "url": "https://x.example/7", "title": "通知", "content_text": "甲<乙\n丙",
         "date_published": "2026-11-28T09:30:00+08:00"},
        "no item", {"id": "8"}]}  # fmt: skip
    feed = read_feed(json.dumps(told).encode())
    found = only(feed)
    assert feed.format == "json"
    assert (found.guid, found.published) == ("7", NINE_THIRTY)
    assert found.html == "<p>甲&lt;乙</p><p>丙</p>"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sat, 28 Nov 2026 09:30:00 +0800", NINE_THIRTY),
        ("Sat, 28 Nov 2026 01:30:00 GMT", NINE_THIRTY),
        ("2026-11-28T01:30:00Z", NINE_THIRTY),
        ("2026-11-28 09:30:00", NINE_THIRTY),
        ("2026-11-28 09:30", NINE_THIRTY),
        ("2026年11月28日 09:30", NINE_THIRTY),
        ("2026/11/28 9:30", NINE_THIRTY),
        ("发布时间：2026-11-28 09:30:00", NINE_THIRTY),
        ("2026-11-28", datetime.datetime(2026, 11, 27, 16, tzinfo=_UTC)),
        ("gestern", None),
        ("", None),
        ("2026-13-45", None),
        ("9" * 4000, None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_dates(text: str, moment: datetime.datetime | None) -> None:
    assert read_date(text) == moment


def test_only_web_addresses_and_plain_titles() -> None:
    found = only(
        read_feed(
            rss(
                item(
                    "&lt;b&gt;通知&lt;/b&gt;&lt;script&gt;1&lt;/script&gt;\u202e",
                    link="javascript:alert(1)",
                    guid="1",
                )
            ).encode()
        )
    )
    assert "<" not in found.title
    assert "\u202e" not in found.title
    assert found.link == ""


@pytest.mark.parametrize(
    "body",
    [
        b"", b"   ", b"<html><body>404</body></html>", b"{}", b"[1]", b'{"items": 3}', b"{" * 100_000,
        b"[" * 100_000, b"hello", b"\x00" * 1000, b"\xff\xfe\x00", b"%PDF-1.7",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedProblem):
        read_feed(body)


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(
        f'<!ENTITY lol{n} "{"&lol" + str(n - 1 or "") + ";"}{("&lol" + str(n - 1 or "") + ";") * 9}">'
        for n in range(1, 10)
    )
    + "]><rss><channel><item><title>&lol9;</title></item></channel></rss>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>&x;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    "body", [BILLION, OUTSIDE, BILLION.encode("utf-16"), OUTSIDE.encode("utf-16")]
)
def test_entities_are_refused(body: str | bytes) -> None:
    with pytest.raises(FeedProblem, match="entities"):
        read_feed(body if isinstance(body, bytes) else body.encode())


def test_ten_thousand_items_are_read_in_part() -> None:
    body = rss(*(item(f"第{n}号", guid=str(n)) for n in range(10_000))).encode()
    feed = read_feed(body)
    assert len(feed.items) == MOST_ITEMS
    assert feed.items[0].title == "第0号"
    assert feed.left_out == 9_500
    assert "9500" in feed.notes[-1]


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" * 60_000),
        rss("<item><title>" + "<b>" * 100_000),
        rss(item("x", text="&lt;" * 500_000)),
        rss("<item " + 'a="1" ' * 200_000 + "><title>x</title></item>"),
        rss("<item><title>" + "x" * 4_000_000 + "</title></item>"),
        "<rss>" + "<!--" * 300_000,
        "<rss " + "<!DOCTYPE " * 100_000,
        "<rss><channel><item><title><![CDATA[" + "]]>" * 300_000,
        rss("<item><title>" + "&lt;" * 1_000_000 + "</title></item>"),
        rss("<item><title>x</title><pubDate>" + "1" * 1_000_000 + "</pubDate></item>"),
        "<?xml version='1.0'" + " " * 2_000_000 + "<rss>",
        "<rss>" + "&#" * 1_000_000,
    ],
    ids=range(12),
)
def test_hostile_shapes_end_in_bounded_time(body: str) -> None:
    started = time.monotonic()
    try:
        feed = read_feed(body.encode())
    except FeedProblem:
        feed = None
    assert time.monotonic() - started < 30
    assert feed is None or len(feed.items) <= MOST_ITEMS


_PIECES = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "<feed>", "<entry>",
     "<pubDate>", "2026-11-28", "<![CDATA[", "]]>", "&amp;", "&bad;", "<?xml version='1.0'", "?>", "<!--",
     "-->", "<guid>", '<link href="', '"/>', "\ufeff", "\0", "中文", "{", '"items":', "[", "]", "}", ","]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(
    st.binary(max_size=400),
    st.lists(_PIECES, max_size=40).map(lambda pieces: ("<rss>" + "".join(pieces)).encode()),
    st.lists(_PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode("utf-16")),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
            st.sampled_from(["items", "id", "title", "url", "date_published", "content_html"]),
            inner, max_size=4),
        max_leaves=20,
    ).map(lambda value: json.dumps({"items": [value]}).encode()),
), st.sampled_from(["", "text/xml; charset=gbk", "text/xml; charset=nonsense", "charset=utf-7", "charset=hex"]))  # fmt: skip
def test_whatever_comes_is_a_feed_or_a_problem(body: bytes, content_type: str) -> None:
    try:
        feed = read_feed(body, content_type=content_type, address="http://x.example/")
    except FeedProblem:
        return
    for one in feed.items:
        assert one.title or one.link
        assert len(one.title) <= 255
        assert "\0" not in one.title + one.html
        assert one.link == "" or one.link.startswith(("http://", "https://"))
        assert one.published is None or one.published.tzinfo is not None

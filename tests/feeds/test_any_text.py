"""Whatever stands in a title or a text: feeds stay well-formed and say it."""

import datetime
import json
import string
from typing import Any

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from portal.feeds.formats import WRITERS, Head, writable
from portal.feeds.selectors.entries import Entry, File, Picture, guid_of
from portal.feeds.selectors.sitemap import Address, Part, _alternates
from portal.feeds.sitemap_views import addresses_xml, index_xml, parts_xml

from .reading import addresses, check_json_feed, read_sitemap

# What a database can store: all but surrogates.
ODD = st.sampled_from(
    ["]]>", "<![CDATA[", "&amp;", "&#0;", "<script>alert(1)</script>", "\x00", "\x0b", "\x1f",
     "\ufffe", "\uffff", "👩‍👩‍👧", "مرحبا", "\u202e", "云湖", "\r\n", "<b>", '"', "'", "é" * 500]
)  # fmt: skip
TEXTS = st.lists(
    ODD | st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=8
).map("".join)
MOMENTS = st.datetimes(
    datetime.datetime(1995, 1, 1),  # noqa: DTZ001 - the zone is given apart
    datetime.datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(datetime.UTC),
)
PATHS = st.text(string.ascii_letters + string.digits + "-_云湖/?&=", max_size=30)
URLS = PATHS.map("https://www.yunhu.example/{}".format)
NAMES = TEXTS.filter(lambda text: text.strip())

ENTRIES = st.builds(
    Entry,
    guid=st.uuids().map(lambda key: guid_of(key, "zh-hans")),
    url=URLS,
    title=TEXTS,
    summary=TEXTS,
    html=st.just("") | TEXTS,
    published=MOMENTS,
    updated=MOMENTS,
    authors=st.lists(NAMES, max_size=3).map(tuple),
    source=TEXTS,
    source_url=st.just("") | st.just("https://paper.example/a?b=1&c=2"),
    categories=st.lists(NAMES, max_size=3).map(tuple),
    language=st.sampled_from(["zh-hans", "en", "ar"]),
    picture=st.none() | st.builds(
        Picture, URLS, st.just("image/png"), TEXTS, st.integers(0, 9), st.integers(0, 9)
    ),
    files=st.lists(
        st.builds(File, URLS, st.just("video/mp4"), st.integers(0, 10**9), TEXTS), max_size=3
    ).map(tuple),
)  # fmt: skip
HEADS = st.builds(
    Head,
    guid=st.just("urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    title=NAMES,
    description=TEXTS,
    home_url=st.just("https://www.yunhu.example/"),
    feed_url=st.just("https://www.yunhu.example/feeds/x"),
    language=st.just("zh-Hans"),
    site_name=TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(HEADS, st.lists(ENTRIES, max_size=4))
def test_feeds_can_be_read_whatever_is_in_them(head: Head, entries: list[Entry]) -> None:
    for file in ("atom.xml", "rss.xml"):
        body = WRITERS[file](head, entries)
        root = etree.fromstring(body)
        assert not feedparser.parse(body, sanitize_html=False).bozo
        tag = "{http://www.w3.org/2005/Atom}entry" if file == "atom.xml" else "item"
        found = list(root.iter(tag))
        assert len(found) == len(entries)
        titles = [one.findtext(tag.replace("entry", "title").replace("item", "title")) or ""
                  for one in found]  # fmt: skip
        assert [_flat(title) for title in titles] == [
            _flat(writable(entry.title)) for entry in entries
        ]
    said = json.loads(WRITERS["feed.json"](head, entries))
    if all(entry.html or entry.summary or entry.title for entry in entries):
        check_json_feed(said)
    assert [item.get("title", "") for item in said["items"]] == [one.title for one in entries]


def _flat(text: str) -> str:
    """XML readers make one line end of all."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS)
def test_only_what_xml_cannot_write_is_left_out(text: str) -> None:
    kept = writable(text)
    assert etree.fromstring(etree.tostring(_element(kept))).text in (kept, _flat(kept), None)
    assert [sign for sign in text if sign >= " " and sign < "\ufffe"] == [
        sign for sign in kept if sign >= " " and sign < "\ufffe"
    ]


def _element(text: str) -> Any:
    element = etree.Element("x")
    element.text = text
    return element


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(URLS, st.none() | MOMENTS), min_size=1, max_size=6))
def test_sitemaps_are_valid_whatever_the_addresses(found: list[tuple[str, Any]]) -> None:
    made = [
        Address(url, at, _alternates([("zh-hans", url), ("en", f"{url}en"), ("zh-hant", url)]))
        for url, at in found
    ]
    held = addresses(read_sitemap(addresses_xml(made).encode()))
    assert len(held) == len({url for url, _at in found})
    read_sitemap(
        index_xml(
            parts_xml(
                [Part("zh-hans-pages", number, at) for number, (_url, at) in enumerate(found)],
                "https://www.yunhu.example",
            )
        ).encode()
    )

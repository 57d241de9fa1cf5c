"""Feeds as they come in: RSS, Atom and JSON Feed in any encoding, hostile ones included.

Knows no database. Whatever the bytes are, there is a result or ``FeedProblem``; what is read is
bounded in number and length.
"""

import codecs
import datetime
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from portal.text.pasted import visible

from .feed_dates import read_date

MOST_ITEMS = 500
_LONGEST_TITLE = 255
_LONGEST_TEXT = 200_000
_LONGEST_LINK = 1000
_LONGEST_GUID = 2000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
_LONGEST_DOCTYPE = 1000
_ITEM = re.compile(r"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")


class FeedProblem(ValueError):
    """This is no feed that can be read; the message is a sentence in English."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """``guid`` is what the feed knows it by, "" where it does not say. ``stated`` is the time as
    it is written there, ``published`` the moment that it means, None where it cannot be read.
    """

    guid: str
    title: str
    link: str
    html: str = ""
    stated: str = ""
    published: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """``left_out`` is the number of items that were not read, ``notes`` what was wrong with it."""

    format: str
    items: list[FeedItem] = field(default_factory=list)
    left_out: int = 0
    notes: list[str] = field(default_factory=list)


def read_feed(body: bytes, *, content_type: str = "", address: str = "") -> Feed:
    """The items of a feed, at most 500 of them, as they stand there.

    Raises:
        FeedProblem: it is none, or one that nobody should read.
    """
    if not body.strip(b" \t\r\n\0"):
        raise FeedProblem("The answer is empty.")
    text, note = decoded(body, content_type)
    start = text.lstrip("\ufeff \t\r\n")
    notes = [note] if note else []
    if start.startswith(("{", "[")):
        return _json_feed(start, address, notes)
    return _xml_feed(start, address, notes)


def decoded(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of an answer, and a sentence where its bytes were not what was declared.

    What says UTF-8 and is not, and what says GB2312, is read as GB18030.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _as(body[len(bom) :], name)
    if body[:4] == b"<\0?\0" or body[:2] == b"{\0":
        return _as(body, "utf-16-le")
    if body[:4] == b"\0<\0?" or body[:2] == b"\0{":
        return _as(body, "utf-16-be")
    told = _CHARSET.search(content_type)
    inside = _DECLARED.search(body[:1000])
    names = [inside.group(1).decode()] if inside else []
    names += [told.group(1)] if told else []
    for name in (*names, "utf-8", "gb18030"):
        name = "gb18030" if name.lower().replace("_", "-") in ("gb2312", "gbk", "x-gbk") else name
        try:
            if "16" in name and "utf" in name.lower():
                continue  # it would have begun otherwise
            return str(codecs.decode(body, name)), ""
        except (LookupError, UnicodeError, TypeError, ValueError):
            continue
    return _as(body, "utf-8")


def _as(body: bytes, name: str) -> tuple[str, str]:
    try:
        return body.decode(name), ""
    except UnicodeError:
        return body.decode(name, "replace"), "Some characters cannot be read."


# --- RSS and Atom ---------------------------------------------------------------------------------
def _xml_feed(text: str, address: str, notes: list[str]) -> Feed:
    text = _without_doctype(text)
    if not re.search(r"<(?:[\w-]{1,20}:)?(rss|feed|rdf)\b", text[:5000], re.IGNORECASE):
        raise FeedProblem("This is no RSS, Atom or JSON feed.")
    text, left_out = _cut(text)
    data = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    try:
        # Bytes in a file: a string would be taken for an address.
        found = feedparser.parse(
            io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + data),
            sanitize_html=False,  # the importer of texts cleans it
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever somebody sends: a parser's fault is not ours to pass on
        raise FeedProblem(f"It cannot be read: {type(error).__name__}") from error
    if not found.get("version") and not found.get("entries"):
        raise FeedProblem("This is no RSS, Atom or JSON feed.")
    if found.get("bozo"):
        notes.append("The XML of the feed is faulty.")
    entries = found.get("entries") or []
    items = [_of_entry(entry, address) for entry in entries[:MOST_ITEMS]]
    kept = [item for item in items if item.title or item.link]
    left_out += max(0, len(entries) - MOST_ITEMS)
    return Feed(str(found.get("version") or "xml")[:20], kept, left_out, _told(notes, left_out))


def _without_doctype(text: str) -> str:
    """A feed without its document type: no feed needs one, and bombs are made in it.

    Plain searches, no pattern: a text may be made of nothing but such beginnings.
    """
    small = text.lower()
    at = small.find("<!doctype")
    end = text.find(">", at, at + _LONGEST_DOCTYPE) if at >= 0 else -1
    has_more = small.count("<!doctype") > 1 or (at >= 0 and (end < 0 or "[" in text[at:end]))
    if "<!entity" in small or has_more:
        raise FeedProblem("It declares entities of its own; such feeds are not read.")
    return text if at < 0 else text[:at] + text[end + 1 :]


def _cut(text: str) -> tuple[str, int]:
    """A feed that ends behind its 500th item, and how many were cut off: more take too long."""
    places = [match.start() for match in _ITEM.finditer(text)]
    if len(places) <= MOST_ITEMS:
        return text, 0
    opened = text[places[MOST_ITEMS] :]
    name = re.match(r"<([\w:-]+)", opened)
    end = text.rfind(f"</{name.group(1) if name else 'item'}>")
    return text[: places[MOST_ITEMS]] + text[text.find(">", end) + 1 :], len(places) - MOST_ITEMS


def _of_entry(entry: Mapping[str, Any], address: str) -> FeedItem:
    stated = next(
        (str(entry[name]) for name in ("published", "issued", "created", "updated", "date")
         if entry.get(name)),
        "",
    )  # fmt: skip
    return _item(
        guid=entry.get("id"),
        title=entry.get("title"),
        link=entry.get("link"),
        html=_content(entry),
        stated=stated,
        address=address,
    )


def _content(entry: Mapping[str, Any]) -> str:
    """The longest text of an entry: some feeds say all in the content, some in the summary."""
    found = [str(part.get("value") or "") for part in entry.get("content") or ()]
    return max([*found, str(entry.get("summary") or "")], key=len)


# --- JSON Feed ------------------------------------------------------------------------------------
def _json_feed(text: str, address: str, notes: list[str]) -> Feed:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedProblem("The JSON cannot be read.") from error
    rows = told.get("items") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise FeedProblem("This is no RSS, Atom or JSON feed.")
    items = [_of_row(row, address) for row in rows[:MOST_ITEMS] if isinstance(row, dict)]
    kept = [item for item in items if item.title or item.link]
    left_out = max(0, len(rows) - MOST_ITEMS)
    return Feed("json", kept, left_out, _told(notes, left_out))


def _of_row(row: Mapping[str, Any], address: str) -> FeedItem:
    plain = row.get("content_text") or row.get("summary") or ""
    html = row.get("content_html") or "".join(f"<p>{_escaped(line)}</p>" for line in _lines(plain))
    return _item(
        guid=row.get("id"),
        title=row.get("title"),
        link=row.get("url") or row.get("external_url"),
        html=html,
        stated=row.get("date_published") or row.get("date_modified"),
        address=address,
    )


def _lines(text: Any) -> Iterator[str]:
    return (line for line in str(text).splitlines() if line.strip())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- both -----------------------------------------------------------------------------------------
def _item(*, guid: Any, title: Any, link: Any, html: Any, stated: Any, address: str) -> FeedItem:
    told = _text(stated, 200)
    return FeedItem(
        guid=_text(guid, _LONGEST_GUID),
        title=_text(_TAG.sub("", _str(title)[:_LONGEST_GUID]), _LONGEST_TITLE),
        link=_address(_text(link, 3000), address),
        html=_stored(html)[:_LONGEST_TEXT],
        stated=told[:80],
        published=read_date(told),
    )


def _str(value: Any) -> str:
    """Numbers are ids in some feeds; anything else that is no text is left out."""
    return str(value) if isinstance(value, str | int | float) else ""


def _stored(value: Any) -> str:
    """Without what a database cannot hold."""
    return _str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _text(value: Any, most: int) -> str:
    return visible(" ".join(_stored(value)[: 4 * most].split()))[:most].strip()


def _address(link: str, base: str) -> str:
    """An http address, complete; "" for anything else."""
    try:
        found = urljoin(base, link) if link else ""
        parts = urlsplit(found)
        _ = parts.port
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return found if is_web and len(found) <= _LONGEST_LINK else ""


def _told(notes: list[str], left_out: int) -> list[str]:
    if left_out:
        return [*notes, f"Only the first {MOST_ITEMS} items were read; {left_out} were left out."]
    return notes

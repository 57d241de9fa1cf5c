"""The three formats. RSS 2.0 and Atom 1.0 by Django's generators, JSON Feed 1.1 as it is written.

Nothing here asks the database.
"""

import datetime
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, rfc3339_date
from django.utils.html import escape

from . import places
from .selectors.entries import Entry

_NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. Addresses are whole; ``language`` as HTML writes it."""

    guid: str
    title: str
    description: str
    home_url: str
    feed_url: str
    language: str
    site_name: str


def writable(text: str) -> str:
    """Without the characters that no XML file may hold (they come in by pasting)."""
    return _UNWRITABLE.sub("", text)


class _Atom(Atom1Feed):
    """Adds pictures, further authors and the address of the source; moments of its own it has none:
    the same feed has the same bytes."""

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for name in entry.authors[1:]:
            handler.startElement("author", {})
            handler.addQuickElement("name", writable(name))
            handler.endElement("author")
        if entry.source_url:
            title = {"title": writable(entry.source)} if entry.source else {}
            handler.addQuickElement("link", "", {"rel": "via", "href": entry.source_url} | title)
        if entry.html:
            handler.addQuickElement("content", writable(entry.html), {"type": "html"})
        _add_picture(handler, entry)


class _Rss(Rss201rev2Feed):
    latest_post_date = _Atom.latest_post_date

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:dcterms": "http://purl.org/dc/terms/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for name in entry.authors[1:]:
            handler.addQuickElement("dc:creator", writable(name))
        handler.addQuickElement("dcterms:modified", rfc3339_date(entry.updated))
        handler.addQuickElement("dc:language", places.tag_of(entry.language))
        if entry.source_url:
            said = writable(entry.source) or entry.source_url
            handler.addQuickElement("source", said, {"url": entry.source_url})
        if entry.html:
            handler.addQuickElement("content:encoded", writable(entry.html))
        _add_picture(handler, entry)


def _add_picture(handler: Any, entry: Entry) -> None:
    picture = entry.picture
    if picture is None:
        return
    attributes = {"url": picture.url, "type": picture.mime_type, "medium": "image"}
    if picture.width and picture.height:
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
    handler.startElement("media:content", attributes)
    if picture.alt:
        handler.addQuickElement("media:description", writable(picture.alt), {"type": "plain"})
    handler.endElement("media:content")


def _xml(kind: type[_Atom] | type[_Rss], most_files: int | None) -> "Writer":
    def write(head: Head, entries: Sequence[Entry]) -> bytes:
        made = kind(
            title=writable(head.title),
            link=head.home_url,
            description=writable(head.description),
            language=head.language,
            author_name=writable(head.site_name),
            feed_url=head.feed_url,
            feed_guid=head.guid,
        )
        for entry in entries:
            made.add_item(
                title=writable(entry.title),
                link=entry.url,
                description=escape(writable(entry.summary)),  # read as HTML in both
                unique_id=entry.guid,
                unique_id_is_permalink=False,
                author_name=writable(entry.authors[0]) if entry.authors else None,
                pubdate=entry.published,
                updateddate=entry.updated,
                categories=[writable(name) for name in entry.categories],
                enclosures=[
                    Enclosure(file.url, str(file.size), file.mime_type)
                    for file in entry.files[:most_files]
                ],
                entry=entry,
            )
        return made.writeString("utf-8").encode()

    return write


def _json(head: Head, entries: Sequence[Entry]) -> bytes:
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "description": head.description,
        "home_page_url": head.home_url,
        "feed_url": head.feed_url,
        "language": head.language,
        "authors": [{"name": head.site_name}] if head.site_name else [],
        "items": [_item(entry) for entry in entries],
    }
    kept = {key: value for key, value in said.items() if value or key == "items"}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": entry.guid,
        "url": entry.url,
        "external_url": entry.source_url,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": "" if entry.html else entry.summary or entry.title,
        "summary": entry.summary,
        "image": entry.picture.url if entry.picture else "",
        "date_published": rfc3339_date(entry.published),
        "date_modified": rfc3339_date(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.categories),
        "language": places.tag_of(entry.language),
        "attachments": [
            {
                "url": file.url,
                "mime_type": file.mime_type,
                **({"title": file.title} if file.title else {}),
                **({"size_in_bytes": file.size} if file.size else {}),
            }
            for file in entry.files
        ],
    }
    return {key: value for key, value in said.items() if value}


type Writer = Callable[[Head, Sequence[Entry]], bytes]
# RSS knows one file for each item; the first of the text.
WRITERS: dict[str, Writer] = {
    "atom.xml": _xml(_Atom, None),
    "rss.xml": _xml(_Rss, 1),
    "feed.json": _json,
}

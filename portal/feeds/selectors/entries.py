"""What a feed says: the newest items of a column, topic or home.

Which items there are is read from the listing alone; a digest of that tells who has them already.
Only who has not costs a look at the pages themselves.
"""

import datetime
import mimetypes
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import nh3
from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from wagtail.models import Page

from portal.feeds.models import FeedSettings
from portal.plugin_api import (
    ListingRow,
    OutboxEvent,
    PortalDocument,
    PublicTree,
    absolute_html,
    absolute_url,
    context_for_page,
    facet_labels,
    mark_text,
    prepare_media,
    public_pages,
    trust_labels,
)

from .enclosed import files_of

_FIELDS = (
    "page_id", "title", "summary", "date", "source", "kind", "mark",
    "image_url", "image_alt", "image_width", "image_height",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """Something to load beside the text."""

    url: str
    mime_type: str
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    mime_type: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. ``html``: its whole text, "" where the feed carries summaries or there is none."""

    guid: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime.datetime
    updated: datetime.datetime
    authors: tuple[str, ...]
    source: str
    source_url: str
    categories: tuple[str, ...]
    language: str
    picture: Picture | None
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The rows of a feed, as the listing has them; ``digest`` changes with whatever it says."""

    rows: tuple[Mapping[str, Any], ...]
    digest: str


def settings_of(site_pk: int | None) -> FeedSettings:
    """The settings of a site, or the defaults."""
    return FeedSettings.objects.filter(site=site_pk).first() or FeedSettings()


def guid_of(translation_key: Any, language: str) -> str:
    """The name of a page for good: it stays when its address, its host or its title changes."""
    return uuid.uuid5(uuid.UUID(str(translation_key)), language).urn


def newest_pages(container: int, limit: int) -> list[int]:
    """The pages (pk) of a structural page's feed, the newest first. One query."""
    return list(_newest_rows(container).values_list("page_id", flat=True)[:limit])


def _newest_rows(container: int) -> QuerySet[ListingRow]:
    rows = ListingRow.objects.filter(public_pages("page__path"), container_id=container)
    return rows.order_by("-date", "-page")


def newest(node: Any, settings: FeedSettings, *, about: Sequence[str] = ()) -> Newest:
    """The newest public items that a structural page lists. One query.

    Args:
        about: what else the feed says; goes into the digest.
    """
    found = _newest_rows(node.pk).values(
        *_FIELDS,
        path=F("page__path"),
        url_path=F("page__url_path"),
        last=F("page__last_published_at"),
        version=F("page__live_revision_id"),
        key=F("page__translation_key"),
        language=F("page__locale__language_code"),
    )[: settings.entries]
    rows = tuple(found)
    said = (settings.content, settings.entries, *about, [sorted(row.items()) for row in rows])
    return Newest(rows, blake2b(repr(said).encode(), digest_size=16).hexdigest())


def last_change() -> datetime.datetime | None:
    """When something public changed last, anywhere: no feed has changed since."""
    return OutboxEvent.objects.order_by("-id").values_list("created_at", flat=True).first()


def entries_of(
    newest_rows: Newest, request: HttpRequest, tree: PublicTree, settings: FeedSettings
) -> list[Entry]:
    """The items with what only their pages know. A few queries for each type of page."""
    wanted = Page.objects.filter(pk__in=[row["page_id"] for row in newest_rows.rows])
    pages: dict[int, Any] = {page.pk: page for page in wanted.specific()}
    prefetch_related_objects(list(pages.values()), "locale")
    if settings.is_full:
        prepare_media(*(body for page in pages.values() if (body := _body(page)) is not None))
    files = files_of(pages.values())
    themes = _themes(pages.values())
    made_by = trust_labels(list(pages)) if any(_is_foreign(row) for row in newest_rows.rows) else {}
    machine = {pk: str(one.label) for pk, one in made_by.items() if one.made_by != "human"}
    return [
        _entry(
            row,
            pages[row["page_id"]],
            request,
            tree,
            settings,
            files=files.get(row["page_id"], ()),
            theme=themes.get(row["page_id"], ""),
            machine=machine.get(row["page_id"], ""),
        )
        for row in newest_rows.rows
        if row["page_id"] in pages  # withdrawn while this was read
    ]


def _entry(
    row: Mapping[str, Any],
    page: Any,
    request: HttpRequest,
    tree: PublicTree,
    settings: FeedSettings,
    *,
    files: Sequence[Any],
    theme: str,
    machine: str,
) -> Entry:
    url = tree.url(row["url_path"])
    mark = mark_text(row["mark"]) or machine
    node = tree.node_around(row["path"])
    column = tree.column_above(node)
    keywords = getattr(page, "keywords", "").replace("，", ",").replace("、", ",").split(",")
    names = [column.title if column else "", theme, mark, *(word.strip() for word in keywords)]
    authors = (row["source"], getattr(page, "author", ""))
    return Entry(
        guid=guid_of(row["key"], row["language"]),
        url=url,
        title=f"【{mark}】{row['title']}" if mark else row["title"],
        summary=row["summary"],
        html=_html(page, request, url) if settings.is_full else "",
        published=row["date"],
        updated=max(row["date"], row["last"] or row["date"]),
        authors=tuple(dict.fromkeys(name for name in authors if name)),
        source=row["source"],
        source_url=getattr(page, "source_url", ""),
        categories=tuple(dict.fromkeys(name for name in names if name)),
        language=getattr(page, "written_in", row["language"]),
        picture=_picture(row, url),
        files=tuple(_file(one, url) for one in files),
    )


def _is_foreign(row: Mapping[str, Any]) -> bool:
    from django.conf import settings

    return bool(row["language"] != settings.LANGUAGE_CODE)


def _body(page: Any) -> Any:
    return getattr(page, "body", None)


def _html(page: Any, request: HttpRequest, url: str) -> str:
    """The text as it stands on the page, without what only works there: scripts, forms, players."""
    body = _body(page)
    if not hasattr(body, "render_as_block"):
        return ""
    context = {"page": page, "portal": context_for_page(request, page)}
    return nh3.clean(absolute_html(str(body.render_as_block(context)), url))


def _themes(pages: Iterable[Any]) -> dict[int, str]:
    """The theme of those types that have one, in words."""
    codes = {page.pk: str(getattr(page, "theme_id", "") or "")[:2] for page in pages}
    wanted = sorted({code for code in codes.values() if code})
    labels = facet_labels("theme", wanted, language="") if wanted else {}
    return {pk: labels[code] for pk, code in codes.items() if code in labels}


def _picture(row: Mapping[str, Any], url: str) -> Picture | None:
    if not row["image_url"]:
        return None
    kind = mimetypes.guess_type(row["image_url"])[0] or "image/jpeg"
    address = absolute_url(row["image_url"], url)
    return Picture(address, kind, row["image_alt"], row["image_width"], row["image_height"])


def _file(found: Any, url: str) -> File:
    """Of a video, a recording or a document."""
    kind = mimetypes.guess_type(found.file.name)[0] or "application/octet-stream"
    size = found.file_size if isinstance(found, PortalDocument) else _size(found)
    return File(absolute_url(found.url, url), kind, size or 0, found.title)


def _size(media: Any) -> int:
    """In bytes; 0 where the file is away: its address is right all the same."""
    try:
        return int(media.file.size)
    except OSError:
        return 0

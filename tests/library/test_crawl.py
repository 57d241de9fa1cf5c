"""A crawl of the demo city: every public page, feed entry and file has a complete library record.

Over HTTP, as a visitor sees it; records are looked up in the served portal's own database.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

import lxml.etree
import lxml.html
import pytest

from tests.e2e.serving import Portal, serve_demo
from tests.foreign.site_crawl import FOREIGN, Crawl, over_http

pytestmark = [pytest.mark.e2e, pytest.mark.long]
# Programs, not items: lists, search, forms, settings, what tells the state of the portal.
PROGRAMS = re.compile(
    r"^/([a-z]{2}/)?(search|assistant|sitemap|sitemap\.xml|robots\.txt|preferences|policies|qr"
    r"|feeds|letter|card|healthz|readyz|knowledge|disclosure|answers|questions|accessibility"
    r"|letters|services|participation|comments)(/|$)"
)
PAGED = re.compile(r"page/\d+/$")
# Below a program's address the number of the page that is shown.
OF_A_PAGE = re.compile(
    r"^/(?:[a-z]{2}/)?(?:policies|card|qr)/(?!disclosure/)(?:[a-z-]+/)*(\d+)(?:[/.]|$)"
)


@dataclass
class Library:
    """What the portal's database says of addresses and records."""

    portal: Portal
    pages: dict[str, int] = field(default_factory=dict)
    originals: dict[int, int] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)

    def read(self) -> "Library":
        with closing(sqlite3.connect(self.portal.data / "portal.sqlite3")) as database:
            roots = self._roots(database)
            for pk, url_path, alias_of in database.execute(
                "SELECT id, url_path, alias_of_id FROM wagtailcore_page WHERE live"
            ):
                self.originals[pk] = alias_of or pk
                for root, prefix in roots:
                    if url_path.startswith(root):
                        self.pages[prefix + url_path[len(root) :]] = pk
                        break
            self.complete = {
                item
                for (item,) in database.execute(
                    "SELECT item FROM library_libraryrecord WHERE state = 'public'"
                    " AND title <> '' AND index_no <> '' AND theme <> '' AND language <> ''"
                    " AND (provider_id IS NOT NULL OR provider_name <> '') AND site_id IS NOT NULL"
                    " AND (pub_kind <> 'repost' OR source_url <> '')"
                )
            }
            for table, kind in (("core_portalimage", "image"), ("core_portalmedia", "media"),
                                ("core_portaldocument", "document")):  # fmt: skip
                for pk, file in database.execute(f"SELECT id, file FROM {table}"):
                    self.files[file] = f"{kind}:{pk}"
            for pk, file in database.execute("SELECT image_id, file FROM core_portalrendition"):
                self.files[file] = f"image:{pk}"
            for name in ("captions", "thumbnail"):
                for pk, file in database.execute(f"SELECT id, {name} FROM core_portalmedia"):
                    self.files[file] = f"media:{pk}"
        return self

    @staticmethod
    def _roots(database: sqlite3.Connection) -> list[tuple[str, str]]:
        found = database.execute(
            "SELECT page.url_path, locale.language_code FROM wagtailcore_page page"
            " JOIN wagtailcore_locale locale ON locale.id = page.locale_id"
            " WHERE page.depth = 2 AND page.live"
        ).fetchall()
        return [
            (path, "/" if language == "zh-hans" else f"/{language}/") for path, language in found
        ]

    def item(self, address: str) -> str | None:
        """The item at an address; None for a program; "?" where nobody knows."""
        path = unquote(urlsplit(address).path)
        if path.startswith("/zh-hant/"):
            path = path.removeprefix("/zh-hant")  # the same page in other characters
        document = re.match(r"^/documents/(\d+)/", path)
        if document:
            return f"document:{document[1]}"
        if path.startswith("/media/"):
            return self.files.get(path.removeprefix("/media/"), "?")
        shown = OF_A_PAGE.match(path)
        if shown and int(shown[1]) in self.originals:
            return f"page:{self.originals[int(shown[1])]}"
        page = self.pages.get(PAGED.sub("", path))
        if page is not None:
            return f"page:{self.originals[page]}"
        return None if PROGRAMS.match(path) else "?"

    def problem(self, address: str) -> str:
        item = self.item(address)
        return "" if item is None or item in self.complete else f"{address}: {item}"


def feeds_of(crawl: Crawl) -> set[str]:
    found: set[str] = set()
    for answer in crawl.answers.values():
        if answer.html:
            tree = lxml.html.fromstring(answer.html)
            for link in tree.xpath("//link[contains(@type,'rss') or contains(@type,'atom')]/@href"):
                found.add(str(link))
    return found


def entries_of(portal: Portal, feed: str) -> Iterator[str]:
    with urlopen(feed if "://" in feed else portal.at(feed), timeout=60) as answer:
        tree = lxml.etree.fromstring(answer.read())
    for link in tree.iter("{*}link"):
        target = link.get("href") or (link.text or "").strip()
        if target.startswith(portal.url) and "/feed" not in target:
            yield target


def test_everything_that_is_public_has_a_complete_record() -> None:
    with serve_demo() as portal:
        ask = over_http(portal.url)
        crawl = Crawl(ask, lambda path: path.startswith("/"), origin=portal.url)
        crawl._compare_versions = lambda: None  # type: ignore[method-assign]  # not asked here
        crawl.run("/", *(f"/{code}/" for code in FOREIGN), "/zh-hant/")
        library = Library(portal).read()  # afterwards: pictures are made when they are asked for
        seen = [address for address, answer in crawl.answers.items() if answer.status == 200]
        wrong = {found for address in seen if (found := library.problem(address))}
        entries = {entry for feed in feeds_of(crawl) for entry in entries_of(portal, feed)}
        wrong |= {found for entry in entries if (found := library.problem(entry))}
        wrong |= {
            f"{path}: page:{pk} is live without a record"
            for path, pk in library.pages.items()
            if f"page:{library.originals[pk]}" not in library.complete
        }
        assert sorted(wrong) == []
        # Without this, a crawl that sees nothing would be content as well.
        items = {library.item(address) for address in seen} - {None}
        assert len([item for item in items if item.startswith("page:")]) > 200
        assert any(item.startswith("document:") for item in items)
        assert any(item.startswith("image:") for item in items)

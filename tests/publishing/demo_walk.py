"""Goes through the demo city as readers do and writes down what its pages rest on.

``python -m tests.publishing.demo_walk``, in the surroundings of ``tests.e2e.serving.environment``: a
process of its own with the demo's database, whose memories are as cold or as warm as is said. Writes
one JSON object.

Pages are taken by kind: of each type of page and each view in each language of each host one or two.
"""

import functools
import gc
import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

HOSTS = ("localhost", "gaoxin.localhost")
VARIANT = "zh-hant"
LATER = {
    "an hour": timedelta(hours=1),
    "eight hours": timedelta(hours=8),
    "a day": timedelta(days=1),
    "eight days": timedelta(days=8),
    "forty days": timedelta(days=40),
}
_LANGUAGES = ("en", "ja", "ko", "ru", "fr", "ar")
# Where memories are compared: the others have the same code.
_COMPARED = ("localhost zh-hans ", "localhost  ", "localhost en ")
# What may be known already: the versions themselves, keys of models, which plugin is on where (a
# change of it is a new version), and files of pictures (named by the picture's own row).
_KNOWN = (
    "core_structureversion", "django_content_type", "plugins_pluginswitch", "core_portalrendition",
)  # fmt: skip
_NO_PAGES = re.compile(r"^/(admin|media|static|documents|api|qr)(/|$)|\.(xml|csv|json|svg|png|js)$")
# Somebody else: what he asks with must not matter.
_FROM_ELSEWHERE = {
    "accept-language": "en",
    "user-agent": "curl/8",
    "referer": "http://localhost/en/",
}


@dataclass
class Seen:
    """What became of one address; moments as ISO texts."""

    address: str
    kind: str
    status: int = 0
    holds_until: str = ""
    refused: str = ""
    cache_control: str = ""
    cookies: list[str] = field(default_factory=list)
    looks_at_session: bool = False
    wrote: list[str] = field(default_factory=list)
    same_for_all: bool = True
    # Statements that only a process without memories asked, and only one that has them.
    hidden: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    @property
    def may_be_kept(self) -> bool:
        apart = {"private", "no-store"} & set(re.split(r"[\s,]+", self.cache_control.lower()))
        return self.status == 200 and not self.refused and not apart


def main() -> None:
    import django

    django.setup()
    start = datetime.now(UTC)
    walk = Walk(start)
    with time_machine.travel(start, tick=False):
        for host, path, kind in places():
            walk.first_look(host, path, kind)
        walk.follow_links()
        walk.compare_memories()
    for name, later in LATER.items():
        with time_machine.travel(start + later, tick=False):
            walk.look_again(name)
    json.dump(
        {"start": start.isoformat(), "seen": [asdict(seen) for seen in walk.seen.values()]},
        sys.stdout,
    )


def places() -> Iterator[tuple[str, str, str]]:
    """(host, path, kind) of public pages; two of each kind in Chinese, one in other languages."""
    from wagtail.models import Page

    from portal.core import structure

    found = structure.current()
    taken: Counter[str] = Counter()
    pages = Page.objects.filter(live=True, depth__gt=1).select_related("content_type")
    for page in pages.order_by("path"):
        root = found.root_for_url_path(page.url_path)
        if root is None or root.host not in HOSTS or page.path.startswith(found.hidden_paths):
            continue
        path = found.url(page.url_path, root.host)
        kind = f"{root.host} {root.language} {page.content_type.model}"
        if taken[kind] < (2 if root.language == "zh-hans" else 1):
            taken[kind] += 1
            yield root.host, path, kind
            if root.language == "zh-hans" and taken[kind] == 1 and root.host == HOSTS[0]:
                yield root.host, f"/{VARIANT}{path}", f"{kind} {VARIANT}"


class Walk:
    def __init__(self, start: datetime) -> None:
        self.start = start
        self.seen: dict[str, Seen] = {}
        self._bodies: dict[str, bytes] = {}
        self._reads: dict[str, set[str]] = {}
        self._links: dict[str, list[str]] = {}
        self._taken: Counter[str] = Counter()

    # --- as it is now ----------------------------------------------------------------------------
    def first_look(self, host: str, path: str, kind: str) -> None:
        address = host + path
        seen = Seen(address, kind)
        self.seen[address] = seen
        response, reads, statements = recorded(address)
        seen.status = response.status_code
        if reads.holds_until is not None:
            seen.holds_until = reads.holds_until.astimezone(UTC).isoformat()
        seen.refused = reads.refused
        seen.cache_control = response.headers.get("Cache-Control", "")
        seen.cookies = [*response.cookies]
        request: HttpRequest = response.wsgi_request  # type: ignore[attr-defined]
        seen.looks_at_session = bool(request.session.accessed)
        asking = ("SELECT", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        seen.wrote = sorted(sql for sql in statements if not sql.startswith(asking))
        if response.status_code == 200 and not response.streaming:
            self._bodies[address] = response.content
            if response.headers.get("Content-Type", "").startswith("text/html"):
                self._links[address] = links_of(address, response.content.decode())
            else:
                seen.refused = seen.refused or "not HTML"
            if seen.may_be_kept and VARIANT not in kind:
                other = recorded(address, _FROM_ELSEWHERE)[0]
                seen.same_for_all = other.content == response.content

    def follow_links(self) -> None:
        """To addresses that are no pages: one of each view in each language, and on from those."""
        waiting = [*self._links]
        while waiting:
            for link in self._links.get(waiting.pop(0), ()):
                host, path = link.partition("/")[0], path_of(link)
                first = path[1:].partition("/")[0]
                spoken = first if first == VARIANT or first in _LANGUAGES else ""
                try:
                    name = resolve(path.removeprefix(f"/{VARIANT}")).view_name
                except Resolver404:
                    continue
                kind = f"{host} {spoken} {name}"
                if name == "wagtail_serve" or link in self.seen or self._taken[kind]:
                    continue
                self._taken[kind] += 1
                self.first_look(host, path, kind)
                waiting.append(link)

    # --- with and without memories ---------------------------------------------------------------
    def compare_memories(self) -> None:
        """Of each kind of page that may be kept: what is asked without any memory, and with all."""
        for seen in self._kept():
            if seen.kind.startswith(_COMPARED) and VARIANT not in seen.kind:
                forget()
                cold = recorded(seen.address)[2]
                Client(headers={"host": seen.address.partition("/")[0]}).get(path_of(seen.address))
                warm = recorded(seen.address)[2]
                seen.hidden = sorted(cold ^ warm)

    # --- later -----------------------------------------------------------------------------------
    def look_again(self, name: str) -> None:
        """At those pages that are said to be still as they were."""
        now = timezone.now().astimezone(UTC).isoformat()
        for seen in self._kept():
            if VARIANT in seen.kind or "" < seen.holds_until <= now:
                continue
            response, _reads, _statements = recorded(seen.address)
            content = b"" if response.status_code != 200 else response.content
            if content != self._bodies[seen.address]:
                seen.changes.append(name)

    def _kept(self) -> Iterator[Seen]:
        return (seen for seen in self.seen.values() if seen.may_be_kept)


def path_of(address: str) -> str:
    return "/" + address.partition("/")[2]


def recorded(
    address: str, headers: dict[str, str] | None = None
) -> tuple[HttpResponse, Any, set[str]]:
    """The answer, what was said of it, and the statements behind it."""
    from wagtail.models import Site

    from portal.core import structure
    from portal.core.page_reads import page_reads_followed

    host = address.partition("/")[0]
    client = Client(headers={"host": host, **(headers or {})}, raise_request_exception=True)
    with structure.pinned(), page_reads_followed() as reads:
        # A page rests on the version of the structure, not on how it is read.
        structure.current()
        Site.get_site_root_paths()
        connection.queries_log.clear()  # it holds so many and no more
        with CaptureQueriesContext(connection) as queries:
            response: Any = client.get(path_of(address))
    statements = {
        query["sql"]
        for query in queries.captured_queries
        if not any(name in query["sql"] for name in _KNOWN)
    }
    return response, reads, statements


def links_of(address: str, html: str) -> list[str]:
    found: dict[str, None] = {}
    tree = lxml.html.fromstring(html)
    for element in tree.xpath("//a[@href]|//form[@action]"):
        target = element.get("href") or element.get("action")
        try:
            parts = urlsplit(urljoin(f"http://{address}", target))
        except ValueError:
            continue
        if parts.hostname in HOSTS and not _NO_PAGES.search(parts.path):
            found[parts.hostname + parts.path] = None
    return [*found]


def forget() -> None:
    """All that this process remembers of content: as after its start."""
    from django.contrib.contenttypes.models import ContentType

    from portal.core import structure
    from portal.plugins import switches

    structure.forget()
    switches.invalidate()
    cache.clear()
    ContentType.objects.clear_cache()
    for name in ("portal.services.selectors.shelf", "portal.search.services.rules",
                 "portal.search.planning.vocabulary"):  # fmt: skip
        importlib.import_module(name)._kept.clear()
    for held in gc.get_objects():
        # What is made from words alone (dictionaries, converters) says nothing of content.
        # By its type alone: to ask a lazy object for its class would wake it.
        if type(held) is functools._lru_cache_wrapper:
            home = getattr(held, "__module__", "") or ""
            if home.startswith(("portal.", "assistant.")) and not home.startswith("portal.text"):
                held.cache_clear()


if __name__ == "__main__":
    main()

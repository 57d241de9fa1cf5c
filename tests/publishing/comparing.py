"""What changed on public pages, byte by byte, beside what the store took out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.test import Client, override_settings
from wagtail.models import Page

from portal.publishing.store import settling
from portal.publishing.store.keeping import Store

HOST = "testserver"


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def read(path: str) -> bytes:
    """As a visitor without cookies gets it from the application; b"" where nothing is."""
    response = Client(headers={"host": HOST}).get(path)
    return response.content if response.status_code == 200 else b""


def rendered(path: str) -> bytes:
    """Rendered now, past the store."""
    with override_settings(PORTAL_PAGE_STORE=False):
        return read(path)


def stored_paths(stored: Store) -> set[str]:
    return {entry.address.removeprefix(HOST) for entry in stored.index.entries()}


def in_file(stored: Store, path: str) -> bytes | None:
    file = stored.files.live / HOST / path.strip("/") / "index.html"
    return file.read_bytes() if file.exists() else None


@dataclass(frozen=True)
class Compared:
    """``changed``: pages that show something else. ``out``: pages that were taken out."""

    changed: frozenset[str]
    out: frozenset[str]
    all: bool

    @property
    def missed(self) -> frozenset[str]:
        return self.changed - self.out

    @property
    def needless(self) -> frozenset[str]:
        return self.out - self.changed


def fill(stored: Store, paths: Iterable[str]) -> None:
    for path in paths:
        read(path)


def compare(stored: Store, change: Callable[[], object]) -> Compared:
    """Make a change with some pages stored, follow it, and look at all of them."""
    before = {path: in_file(stored, path) for path in stored_paths(stored)}
    change()
    settled = settling.settle(stored)
    kept = stored_paths(stored)
    changed = frozenset(path for path, body in before.items() if rendered(path) != body)
    for path in kept:
        assert in_file(stored, path) is not None, path
    return Compared(changed, frozenset(before) - kept, settled.all)

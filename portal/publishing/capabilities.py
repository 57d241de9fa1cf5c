"""The store, as other plugins ask for it."""

from collections.abc import Iterator
from pathlib import Path

from portal.plugin_api import StoredPage, page_store

from .store import layout
from .store.keeping import store


class OwnPageStore:
    """The store of this machine (``plugin_api.PageStore``)."""

    def stored_pages(self) -> Iterator[StoredPage]:
        found = store()
        for entry in found.index.entries():
            file = found.files.live / entry.folder / layout.PAGE_FILE
            yield StoredPage(entry.address, file, entry.digest, entry.page)

    def discard(self, address: str) -> bool:
        found = store()
        entry = found.index.entry_of(address)
        return entry is not None and bool(found.remove([entry.id]))

    def strangers(self) -> Iterator[Path]:
        found = store()
        known = {entry.folder for entry in found.index.entries()}
        yield from found.files.strangers()
        for folder in found.files.pages():
            if folder not in known:
                yield found.files.live / folder / layout.PAGE_FILE


page_store.provide(OwnPageStore())

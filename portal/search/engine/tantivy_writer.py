"""Writing a tantivy index: one process at a time, position and documents in one commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import tantivy

from .contract import EngineUnavailable, IndexedDocument
from .tantivy_errors import told
from .tantivy_schema import (
    POSITION_KEY,
    build_schema,
    position_document,
    register_tokenizers,
    written,
)

HEAP_BYTES = 50_000_000
BUILDING_HEAP_BYTES = 128_000_000


class TantivyWriter:
    """Holds tantivy's own lock of the directory until it is closed or the process ends.

    After an error nothing of the batch is in the index, and the writer may be used again.
    """

    def __init__(
        self, directory: Path | None = None, *, heap_bytes: int = HEAP_BYTES, threads: int = 1
    ) -> None:
        """``directory`` is made where it is not there; None: in memory, for tests.

        Raises:
            EngineUnavailable: another writer has it, or it cannot be opened.
        """
        self._heap_bytes, self._threads = heap_bytes, threads
        self._writer: tantivy.IndexWriter | None = None
        with told("opened"):
            if directory is None:
                self.index = tantivy.Index(build_schema())
            else:
                directory.mkdir(parents=True, exist_ok=True)
                self.index = tantivy.Index(build_schema(), path=str(directory))
            register_tokenizers(self.index)
            self._open()
            self._position = _stored_position(self.index)

    def apply(
        self, changed: Iterable[IndexedDocument], removed: Iterable[str], *, position: int
    ) -> None:
        self.add(changed, removed)
        self.commit(position)

    def add(
        self,
        changed: Iterable[IndexedDocument],
        removed: Iterable[str] = (),
        *,
        position: int = 0,
    ) -> None:
        """A part of a batch; readers see it, and it is kept, with ``commit``."""
        made = {document.key: written(document) for document in changed}
        with self._dropped_on_error(), told("written to"):
            writer = self._open()
            for key, document in made.items():
                writer.delete_documents_by_term("key", key)
                writer.add_document(document)
            for key in removed:
                writer.delete_documents_by_term("key", key)

    def commit(self, position: int) -> None:
        with self._dropped_on_error(), told("written to"):
            writer = self._open()
            writer.delete_documents_by_term("key", POSITION_KEY)
            writer.add_document(position_document(position))
            writer.commit()
        self._position = position

    def position(self) -> int:
        return self._position

    def close(self) -> None:
        """Ends merging and gives the lock back. What was not committed is dropped."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with told("closed"):
                writer.rollback()
                writer.wait_merging_threads()

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self.index.writer(self._heap_bytes, self._threads)
            # A writer that was killed in a commit leaves files behind, whose names the next commit
            # would give again.
            self._writer.garbage_collect_files()
        return self._writer

    @contextmanager
    def _dropped_on_error(self) -> Iterator[None]:
        # After an error the writer's threads may be gone: the next batch begins with a new writer,
        # from what is committed. The old one gives its lock back here, not when it is collected.
        try:
            yield
        except BaseException:
            writer, self._writer = self._writer, None
            if writer is not None:
                with suppress(EngineUnavailable), told("closed"):
                    writer.wait_merging_threads()
            raise


def _stored_position(index: tantivy.Index) -> int:
    index.reload()
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "key", POSITION_KEY, "basic")
    for _score, address in searcher.search(query, 1, count=False).hits:
        return int(searcher.doc(address).get_first("position") or 0)
    return 0

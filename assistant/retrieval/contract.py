"""What goes into the index and what comes out of it: the words that all parts share.

Moments are seconds since the epoch (float, UTC). Languages are lower-case tags such as ``zh-hans``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

ALL_SITES = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer with the questions that it answers.

    ``id`` is unique and stable. ``question`` may be empty: then the answer alone is searched.
    ``group`` is the id of the entry that this is a translation of, its own id otherwise: of one
    group at most one entry is ranked. ``site`` is a primary key, ``ALL_SITES`` for all.
    In the portal ``id`` and ``group`` are primary keys of question pages, in decimal.
    """

    id: str
    language: str
    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    title: str = ""
    group: str = ""
    site: int = ALL_SITES
    topic: str = ""
    audience: tuple[str, ...] = ()
    valid_from: float | None = None
    valid_until: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``sites`` None: all. ``languages`` None: answers in any language.

    ``at``: the moment at which an entry must be in force; None: now. ``audience``: entries for
    everyone and for any of these; None: all. Ranked are at most ``top`` entries.
    """

    text: str
    language: str = ""
    at: float | None = None
    sites: frozenset[int] | None = None
    languages: frozenset[str] | None = None
    audience: frozenset[str] | None = None
    top: int = 10


class Decision(StrEnum):
    ANSWER = "answer"
    ASK_BACK = "ask_back"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry of the ranking. ``score`` is comparable within one ranking only."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The ranking (filled also where nothing is to be answered) and the decision.

    ``confidence`` is the calibrated probability that the first entry answers the question.
    ``mode``: ``full``, ``lexical`` (no vectors yet or no model) as it was answered.
    """

    ranked: Sequence[Hit]
    decision: Decision
    confidence: float
    close: Sequence[str] = field(default_factory=tuple)
    mode: str = "full"
    generation: int = 0
    took_ms: float = 0.0


class Retriever(Protocol):
    def retrieve(self, query: Query) -> Retrieval: ...

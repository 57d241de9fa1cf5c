"""What every engine takes and gives. Words arrive cut (``portal.text.searching``); an engine splits
on spaces and knows no language.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class EngineUnavailable(Exception):
    """The index cannot be opened or asked; the message says why."""


class Field(StrEnum):
    """The texts of a document. All but the keys hold words separated by spaces."""

    TITLE = "title"
    ALIAS = "alias"
    BODY = "body"
    # Pairs of characters of title and body: what is in no dictionary, and adjacency.
    BIGRAM = "bigram"
    # One word each (no spaces): the whole title and the number, as ``searching.keys`` writes them.
    TITLE_KEY = "title_key"
    NUMBER_KEY = "number_key"
    # Of title and aliases: full pinyin and initials, one word for each name.
    PINYIN = "pinyin"
    INITIALS = "initials"


# --- what is looked for ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Term:
    field: Field
    word: str


@dataclass(frozen=True, slots=True)
class Prefix:
    field: Field
    start: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other in one field."""

    field: Field
    words: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least ``least`` of the parts; scores are added."""

    parts: "tuple[Node, ...]"
    least: int = 1


@dataclass(frozen=True, slots=True)
class BestOf:
    """Any of the parts; the best score counts, the others with ``tie`` of theirs."""

    parts: "tuple[Node, ...]"
    tie: float = 0.0


@dataclass(frozen=True, slots=True)
class Without:
    """``part``, but not what matches ``left_out``."""

    part: "Node"
    left_out: "Node"


@dataclass(frozen=True, slots=True)
class Boosted:
    part: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """What matches ``part`` scores ``score``, however well it matches."""

    part: "Node"
    score: float


@dataclass(frozen=True, slots=True)
class Fact:
    """Documents with a value of one of ``FACETS``, whatever their texts; the score is 0."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document, each with the score 1."""


type Node = (
    Term
    | Prefix
    | Phrase
    | AllOf
    | AnyOf
    | BestOf
    | Without
    | Boosted
    | Constant
    | Fact
    | Everything
)


# --- within what ----------------------------------------------------------------------------------
FACETS = ("site", "column", "kind", "theme", "agency", "year", "standing", "form")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Within one dimension any of the values, all dimensions together; empty: no matter.

    ``at`` is the moment for which documents must be public. ``since`` (inclusive) and ``until``
    (exclusive) bound their own date. ``without_standings`` leaves out, such as repealed ones.
    ``keys``: of these documents only.
    """

    at: datetime.datetime
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # facet → values
    languages: tuple[str, ...] = ()
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    without_standings: tuple[str, ...] = ()
    without_kinds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineQuery:
    """``recency``: how much a document of today scores above one of ten years ago (0.1: a tenth).

    ``facets``: dimensions to count. Counts of a dimension leave its own chosen values aside, so
    that several may be chosen.
    """

    node: Node
    filters: Filters
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    start: int = 0
    count: int = 20
    recency: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineHit:
    key: str
    score: float


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    total: int
    hits: tuple[EngineHit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


# --- what is stored -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """A ``Document`` row, cut. Moments are UTC; None: open."""

    key: str
    texts: Mapping[Field, str]
    kind: str
    language: str
    site: str = ""
    more_sites: Sequence[str] = ()  # that show it by reference
    columns: Sequence[str] = ()
    theme: str = ""
    agencies: Sequence[str] = ()
    year: str = ""
    form: str = ""
    standing: str = ""
    date: datetime.datetime | None = None
    public_from: datetime.datetime | None = None
    public_until: datetime.datetime | None = None
    weight: float = 1.0


class SearchEngine(Protocol):
    """Reads one index; kept for the life of a process, safe to use from several threads."""

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Raises ``EngineUnavailable``."""
        ...

    def frequencies(self, field: Field, words: Sequence[str]) -> Mapping[str, int]:
        """In how many documents each word occurs: rare words tell more."""
        ...

    def size(self) -> int:
        """How many documents there are. Raises ``EngineUnavailable``."""
        ...


class EngineWriter(Protocol):
    """Changes one index. There is one at a time; whoever is second is refused."""

    def apply(
        self, changed: Iterable[IndexedDocument], removed: Iterable[str], *, position: int
    ) -> None:
        """All of it or nothing; ``position`` (a ``Document.seq``) is stored with it."""
        ...

    def position(self) -> int:
        """The position that was stored last."""
        ...

    def close(self) -> None: ...

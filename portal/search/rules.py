"""What editors decide about search at one site: the rules that a search is run by."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Synonym:
    """Who types one of ``words`` also finds what has one of ``meanings`` (上户口 → 出生登记)."""

    words: tuple[str, ...]
    meanings: tuple[str, ...]
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class BestBet:
    """What stands first for some queries: a document's ``key``, while its dates allow."""

    queries: tuple[str, ...]
    key: str
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each thing counts; relative to a word in the body."""

    title: float = 8.0
    alias: float = 6.0
    body: float = 1.0
    recency: float = 0.1
    synonym: float = 0.9
    # kind → factor; what is not named: 1
    kinds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """``stop_phrases`` are left out of what was typed (请问, 怎么办理), where something remains.
    ``blocked`` words are answered with no results and a sentence. ``version`` changes with any of
    them: whatever is kept by rules is kept by it."""

    synonyms: tuple[Synonym, ...] = ()
    stop_phrases: tuple[str, ...] = ()
    best_bets: tuple[BestBet, ...] = ()
    blocked: tuple[str, ...] = ()
    weights: Weights = field(default_factory=Weights)
    version: str = ""

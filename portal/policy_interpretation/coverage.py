"""How much of a document is explained in plain words: the rule, as a pure function.

**What counts.** The clauses that a reader looks up: each article (条) with all that is below it;
where there are no articles, each lowest heading (一、 or （一） …) with all that is below it; and
each paragraph or item that lies under none of these. Parts, chapters, sections and headings with
headings below only hold others and do not count; neither do the words before the first clause, the
signature, and clauses that are no longer in force.

**What is covered.** A clause that an explanation points to; a clause below one that an explanation
points to; and a clause of which every clause below is covered. One explained item of ten does not
cover its article.

The percentage is rounded down: a hundred means all of it.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .clauses import ClauseData

_HOLDERS = frozenset({"part", "chapter", "section"})
_HEADINGS = frozenset({"heading1", "heading2", "heading3", "heading4"})
_LEFT_OUT = frozenset({"preamble", "signature"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """``total`` counts clauses; ``uncovered`` holds the ids of those without plain words."""

    total: int
    covered: int
    uncovered: tuple[str, ...] = ()

    @property
    def percent(self) -> int | None:
        """Rounded down; None where nothing counts."""
        return self.covered * 100 // self.total if self.total else None


class _Tree:
    def __init__(self, clauses: Sequence[ClauseData], day: datetime.date | None) -> None:
        self.below: dict[str, list[ClauseData]] = {}
        gone: set[str] = set()
        for clause in clauses:
            ended = clause.invalid_from is not None and day is not None
            if clause.parent in gone or (ended and clause.invalid_from <= day):  # type: ignore[operator]
                gone.add(clause.id)
            else:
                self.below.setdefault(clause.parent, []).append(clause)

    def counted(self, parent: str = "") -> list[ClauseData]:
        found: list[ClauseData] = []
        for clause in self.below.get(parent, ()):
            if clause.level in _LEFT_OUT:
                continue
            if self.holds_others(clause):
                found += self.counted(clause.id)
            elif clause.number.strip() or clause.text.strip():
                found.append(clause)
        return found

    def holds_others(self, clause: ClauseData) -> bool:
        if clause.level in _HOLDERS:
            return True
        return clause.level in _HEADINGS and any(
            child.level in _HEADINGS or child.level == "article"
            for child in self.below.get(clause.id, ())
        )

    def is_covered(self, clause: ClauseData, explained: Collection[str]) -> bool:
        if clause.id in explained:
            return True
        below = self.below.get(clause.id, ())
        return bool(below) and all(self.is_covered(child, explained) for child in below)


def coverage_of_text(
    clauses: Sequence[ClauseData], explained: Collection[str], day: datetime.date | None = None
) -> Coverage:
    """The coverage of a text.

    Args:
        clauses: all clauses, in order.
        explained: the ids that explanations point to.
        day: clauses that ended by this day do not count; None: all count.
    """
    tree = _Tree(clauses, day)
    by_id = {clause.id: clause for clause in clauses}
    # Whoever explains a chapter explains what is in it.
    inherited = set(explained)
    for clause in clauses:
        if clause.parent in inherited and clause.parent in by_id:
            inherited.add(clause.id)
    counted = tree.counted()
    uncovered = tuple(clause.id for clause in counted if not tree.is_covered(clause, inherited))
    return Coverage(len(counted), len(counted) - len(uncovered), uncovered)

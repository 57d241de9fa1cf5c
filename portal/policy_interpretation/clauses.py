"""Clauses as data: read from a body without building blocks, placed in their tree.

A clause is known by the id of its block, which editing and moving keep. What stands in addresses
and citations is its beginning (``short_id``).
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from portal.text.official.model import Clause, Level

LEVELS = [
    ("part", _("Part (编) or enclosed text")),
    ("chapter", _("Chapter (章)")),
    ("section", _("Section (节)")),
    ("article", _("Article (条)")),
    ("paragraph", _("Paragraph (款) without a number")),
    ("item", _("Item (项), such as （一）")),
    ("subitem", _("Subitem (目), such as 1.")),
    ("heading1", _("Heading 一、")),
    ("heading2", _("Heading （一）")),
    ("heading3", _("Heading 1.")),
    ("heading4", _("Heading （1）")),
    ("preamble", _("Before the first clause")),
    ("signature", _("Signature and date")),
]
# A clause lies below the nearest clause before it that has a lower rank.
RANK = {
    "part": 0,
    "preamble": 1,
    "signature": 1,
    "chapter": 1,
    "section": 2,
    "article": 3,
    "heading1": 4,
    "heading2": 5,
    "heading3": 6,
    "heading4": 7,
    "paragraph": 8,
    "item": 9,
    "subitem": 10,
}
_LEAVES = frozenset({"preamble", "signature"})


@dataclass(frozen=True, slots=True)
class ClauseData:
    """One clause at one time. ``parent`` is an id; "" at the top.

    ``since``: from when this wording holds (None: from the beginning); ``invalid_from``: the first
    day on which the clause is no longer in force.
    """

    id: str
    level: str
    number: str
    text: str
    parent: str = ""
    since: datetime.date | None = None
    invalid_from: datetime.date | None = None

    @property
    def short_id(self) -> str:
        return short_id(self.id)

    @property
    def anchor(self) -> str:
        return f"c-{self.short_id}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "since": self.since.isoformat() if self.since else None,
            "invalid_from": self.invalid_from.isoformat() if self.invalid_from else None,
        }


def short_id(clause_id: str) -> str:
    return clause_id.replace("-", "")[:10]


def parents_of(levels: Sequence[str]) -> list[int | None]:
    """For each clause the position of the one that it lies below.

    The same rule for editors, importer and readers: what only has levels has a tree.
    """
    found: list[int | None] = []
    above: list[int] = []  # positions, of rising rank
    for position, level in enumerate(levels):
        rank = RANK[level]
        while above and (RANK[levels[above[-1]]] >= rank or levels[above[-1]] in _LEAVES):
            above.pop()
        found.append(above[-1] if above else None)
        above.append(position)
    return found


def from_body(raw: Iterable[dict[str, Any]]) -> list[ClauseData]:
    """The clauses of a body's ``raw_data``, in order, with their parents."""
    blocks = [block for block in raw if block["type"] == "clause"]
    parents = parents_of([block["value"]["level"] for block in blocks])
    return [
        ClauseData(
            id=block["id"],
            level=block["value"]["level"],
            number=block["value"].get("number") or "",
            text=block["value"].get("text") or "",
            parent="" if parent is None else blocks[parent]["id"],
            invalid_from=_date(block["value"].get("invalid_from")),
        )
        for block, parent in zip(blocks, parents, strict=True)
    ]


def with_ends(clauses: Sequence[ClauseData], ended: Mapping[str, str]) -> list[ClauseData]:
    """The clauses with days (ISO) on which some ended; the earlier day where a clause has one."""
    found = []
    for clause in clauses:
        day = _date(ended.get(clause.id))
        if day is not None and (clause.invalid_from is None or day < clause.invalid_from):
            clause = replace(clause, invalid_from=day)
        found.append(clause)
    return found


def with_all_below(clauses: Sequence[ClauseData], chosen: Iterable[str]) -> list[str]:
    """The chosen ids that exist, with those of all clauses below them, in order."""
    wanted = set(chosen)
    for clause in clauses:  # parents come before their children
        if clause.parent in wanted:
            wanted.add(clause.id)
    return [clause.id for clause in clauses if clause.id in wanted]


def text_below(clauses: Sequence[ClauseData], clause_id: str) -> str:
    """The words of a clause with its number and of all below it, a line each."""
    wanted = set(with_all_below(clauses, [clause_id]))
    lines = (f"{clause.number} {clause.text}".strip() for clause in clauses if clause.id in wanted)
    return "\n".join(line for line in lines if line)


def figures_of(raw: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stands between the clauses of a body's ``raw_data``: tables and pictures.

    Each as ``{"after": number of clauses before it, "block": the raw block}``.
    """
    found = []
    after = 0
    for block in raw:
        if block["type"] == "clause":
            after += 1
        else:
            found.append({"after": after, "block": block})
    return found


def from_json(rows: Iterable[dict[str, Any]]) -> list[ClauseData]:
    """What ``ClauseData.to_json`` wrote."""
    return [
        ClauseData(
            **row
            | {"since": _date(row.get("since")), "invalid_from": _date(row.get("invalid_from"))}
        )
        for row in rows
    ]


def to_text(clauses: Sequence[ClauseData]) -> list[Clause]:
    """Clauses as ``portal.text.official`` has them: parents by position."""
    places = {clause.id: position for position, clause in enumerate(clauses)}
    return [
        Clause(cast("Level", clause.level), clause.number, clause.text, places.get(clause.parent))
        for clause in clauses
    ]


def path_to(clauses: Sequence[ClauseData], clause_id: str) -> list[ClauseData]:
    """The clause and all above it, from the top down; empty when there is no such clause."""
    by_id = {clause.id: clause for clause in clauses}
    return list(_upwards(by_id, clause_id))[::-1]


def label_of(clauses: Sequence[ClauseData], clause_id: str) -> str:
    """How people call a clause: 第三条（一）; the beginning of its text where it has no number."""
    path = path_to(clauses, clause_id)
    if not path:
        return ""
    last = path[-1]
    if not last.number:
        words = " ".join(last.text.split())
        return words if len(words) <= 12 else words[:12] + "…"
    named = [clause for clause in path if clause.level not in ("part", "chapter", "section")]
    return "".join(clause.number.strip() for clause in named) or last.number


def _upwards(by_id: dict[str, ClauseData], clause_id: str) -> Iterator[ClauseData]:
    clause = by_id.get(clause_id)
    while clause is not None:
        yield clause
        clause = by_id.get(clause.parent)


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.date):
        return value
    return parse_date(value) if value else None

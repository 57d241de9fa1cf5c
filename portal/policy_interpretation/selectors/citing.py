"""Citations of a document and its clauses, as pages offer them for copying."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from portal.policy_interpretation.clauses import ClauseData

_LEVELS_ABOVE_ARTICLES = frozenset({"part", "chapter", "section"})
_NOT_CITED = frozenset({"preamble", "signature"})
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Citation:
    """How one clause is cited. ``place`` such as 第十二条第二款; ``url`` is its short address."""

    place: str
    official: str
    reference: str
    url: str
    code_url: str


@dataclass(frozen=True)
class Citer:
    """Makes the citations of one document.

    ``address`` is the canonical one of the page, ``clause_address`` the beginning of those of its
    clauses (``…/policies/c/17``); both absolute.
    """

    title: str
    document_number: str
    bodies: tuple[str, ...]
    issued_on: datetime.date | None
    address: str
    clauses: Sequence[ClauseData]
    clause_address: str
    today: datetime.date

    @property
    def official(self) -> str:
        """《title》（number）, as documents cite each other."""
        number = f"（{self.document_number}）" if self.document_number else ""
        return f"《{self.title}》{number}"

    @property
    def reference(self) -> str:
        """As GB/T 7714 has it for an official document online."""
        return self._reference("", self.address)

    @cached_property
    def by_id(self) -> Mapping[str, Citation]:
        """The citation of each clause that can be cited, by its id."""
        return {
            clause.id: self._citation(clause, place)
            for clause, place in zip(self.clauses, places_of(self.clauses), strict=True)
            if place
        }

    def _citation(self, clause: ClauseData, place: str) -> Citation:
        url = f"{self.clause_address}-{clause.short_id}"
        return Citation(
            place=place,
            official=self.official + place,
            reference=self._reference(place, f"{url}/"),
            url=f"{url}/",
            code_url=f"{url}.svg",
        )

    def _reference(self, place: str, url: str) -> str:
        bodies = ", ".join(self.bodies[:3]) + (", 等" if len(self.bodies) > 3 else "")
        title = f"{self.title}: {self.document_number}" if self.document_number else self.title
        day = f"({self.issued_on.isoformat()})" if self.issued_on else ""
        pages = f": {place}" if place else ""
        return (
            f"{bodies + '. ' if bodies else ''}{title}[A/OL]. "
            f"{day}[{self.today.isoformat()}]{pages}. {url}."
        )


def places_of(clauses: Sequence[ClauseData]) -> list[str]:
    """For each clause where it stands, as one says it; "" for what is not cited."""
    by_id = {clause.id: clause for clause in clauses}
    paragraphs = Counter(clause.parent for clause in clauses if clause.level == "paragraph")
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    for clause in clauses:
        above = by_id.get(clause.parent)
        base = ""
        if above is not None and above.level not in _LEVELS_ABOVE_ARTICLES:
            base = found.get(above.id, "")
            if clause.level == "item" and above.level == "article" and paragraphs[above.id]:
                base += "第一款"
        if clause.level == "paragraph":
            seen[clause.parent] += 1
            own_text = above is not None and above.level == "article" and bool(above.text)
            name = f"第{_numeral(seen[clause.parent] + own_text)}"
            place = name + ("款" if "条" in base else "段")
        else:
            place = _own_place(clause)
        found[clause.id] = "" if clause.level in _NOT_CITED else base + place
    return [found[clause.id] for clause in clauses]


def _own_place(clause: ClauseData) -> str:
    number = clause.number.strip()
    match clause.level:
        case "heading1":
            return f"第{number.strip('、.． ')}部分" if number else ""
        case "item" | "heading2" | "heading4":
            return f"第{number}项" if number else ""
        case "subitem" | "heading3":
            return f"第{number.strip('、.． ')}目" if number else ""
        case "part" if not number:
            return f"“{clause.text}”"
    return number


def _numeral(value: int) -> str:
    """1 to 99 as laws print them."""
    tens, ones = divmod(value, 10)
    return (
        ("" if tens == 1 else _DIGITS[tens] if tens else "")
        + ("十" if tens else "")
        + (_DIGITS[ones] if ones or not tens else "")
    )

"""How a clause is quoted: in the form that official Chinese texts use, and in GB/T 7714.

Ordinals are those of Chinese law: a 款 has no printed number and is counted, the article's own
first paragraph being the first; an item belongs to the 款 before it.
"""

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .markers import marker_of
from .model import Clause, Level
from .numbers import chinese, int_of
from .script import matchable, squeezed

type Marker = Literal["A", "Z", "EB"]

# GB/T 7714 names three authors and then "et al.".
_MOST_AUTHORS = 3
_INNER_MARKS = str.maketrans("《》", "〈〉")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The document that is quoted, with what a quotation shows of it."""

    title: str
    document_number: str = ""
    issuing_bodies: tuple[str, ...] = ()
    issued_on: datetime.date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One level on the way to a clause.

    ``ordinal``: which one it is of its kind, for what has no printed number (1 for the first).
    ``alone``: there is no second one, so that it is not counted when something below is quoted.
    """

    level: Level
    number: str = ""
    ordinal: int = 0
    alone: bool = False
    title: str = ""


def path_of(clauses: Sequence[Clause], position: int) -> tuple[Step, ...]:
    """The steps from the document down to a clause, 款 counted and included."""
    return paths_of(clauses)[position]


def paths_of(clauses: Sequence[Clause]) -> list[tuple[Step, ...]]:
    """The path of every clause, in time that grows with their number only.

    Parents stand before their children.
    """
    inside = Counter(clause.parent for clause in clauses if clause.level == "paragraph")
    seen: Counter[tuple[int | None, Level]] = Counter()
    paths: list[tuple[Step, ...]] = []
    for clause in clauses:
        parent = clause.parent
        above = paths[parent] if parent is not None else ()
        # An article's own text is its first 款.
        first = parent is not None and clauses[parent].level == "article"
        own_text = int(first and parent is not None and bool(clauses[parent].text))
        if first and clause.level in ("item", "subitem"):
            before = own_text + seen[parent, "paragraph"]
            alone = own_text + inside[parent] < 2
            above += (Step("paragraph", ordinal=max(1, before), alone=alone),)
        ordinal = 0
        if not clause.number and clause.level != "part":
            seen[parent, clause.level] += 1
            ordinal = seen[parent, clause.level]
            if clause.level == "paragraph":
                ordinal += own_text
        title = clause.text if clause.level == "part" else ""
        paths.append((*above, Step(clause.level, clause.number, ordinal=ordinal, title=title)))
    return paths


# --- the official form ------------------------------------------------------------------------
def place(path: Sequence[Step]) -> str:
    """第十二条第二款第（三）项; 第二部分第（一）项 where a document has no articles.

    Chapters and sections are left out where an article is quoted: articles are counted through.
    """
    levels = {step.level for step in path}
    words: list[str] = []
    for step in path:
        if step.level in ("chapter", "section") and "article" in levels:
            continue
        if step.level == "part" and not step.number:
            continue
        if step.alone:
            continue
        words.append(_word(step, "article" in levels))
    return "".join(words)


def _word(step: Step, in_article: bool) -> str:
    number = squeezed(step.number)
    if step.level in ("chapter", "section", "article"):
        return re.sub(r"[、:：]$", "", number)
    if step.level == "part":
        return re.sub(r"[、:：.．]$", "", number)
    if step.level == "paragraph":
        # Under a heading unnumbered text is counted in paragraphs, not in 款.
        return f"第{chinese(step.ordinal)}{'款' if in_article else '段'}"
    if step.level == "preamble":
        return f"前言第{chinese(step.ordinal)}段"
    if step.level == "signature":
        return "落款"
    value = _value(number)
    if step.level == "item":
        return f"第（{chinese(value)}）项" if value else f"{number}项"
    if step.level == "subitem":
        return f"第{value}目" if value else f"{number}目"
    if value is None:
        return number
    if _DECIMAL.fullmatch(number):
        return f"第{number.rstrip('.')}条"
    return {
        "heading1": f"第{chinese(value)}部分",
        "heading2": f"第（{chinese(value)}）项",
        "heading3": f"第{value}目",
        "heading4": f"第（{value}）点",
    }[step.level]


_DECIMAL = re.compile(r"\d+(?:\.\d+)+\.?")


def _value(number: str) -> int | None:
    marker = marker_of(matchable(number) + "某")
    if marker is not None:
        return marker.value
    return int_of(re.sub(r"[^\w]", "", number)) if number else None


def official(document: Quoted, path: Sequence[Step] = ()) -> str:
    """《云湖市老旧小区改造办法》（云政发〔2024〕12号）第十二条第二款第（三）项.

    A clause of a text that a notice brings into force is quoted under that text's own title.
    """
    enclosed = next((step for step in path if step.level == "part" and not step.number), None)
    title = enclosed.title if enclosed is not None and enclosed.title else document.title
    name = f"《{squeezed(title).translate(_INNER_MARKS)}》" if title else ""
    number = f"（{document.document_number}）" if document.document_number else ""
    return f"{name}{number}{place(path)}"


# --- GB/T 7714 --------------------------------------------------------------------------------
def gb7714(
    document: Quoted,
    path: Sequence[Step] = (),
    *,
    accessed_on: datetime.date | None = None,
    marker: Marker = "A",
) -> str:
    """责任者. 题名: 文号[A/OL]. (日期): 第十二条[引用日期]. 网址.

    Without an address it is the printed form, [A] for an official document, [Z] for others.
    """
    authors = list(document.issuing_bodies[:_MOST_AUTHORS])
    if len(document.issuing_bodies) > _MOST_AUTHORS:
        authors.append("等")
    head = f"{', '.join(authors)}. " if authors else ""
    number = f": {document.document_number}" if document.document_number else ""
    carrier = "/OL" if document.url else ""
    text = f"{head}{document.title.strip()}{number}[{marker}{carrier}]."
    day = document.issued_on.isoformat() if document.issued_on else ""
    if day and document.url:
        day = f"({day})"
    words = place(path)
    where = f"{day}: {words}" if day and words else day or words
    if document.url and accessed_on is not None:
        where += f"[{accessed_on.isoformat()}]"
    if where:
        text += f" {where}."
    return f"{text} {document.url}." if document.url else text

"""The types of official documents: what a reader hands over and what the parser makes of it.

Everything is immutable and knows no database. A clause tree is a flat list in reading order; each
clause names its parent by position, so that reading, comparing and storing need no recursion.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

type Level = Literal[
    "part",  # 编; also a text that is enclosed in full (印发的办法, 附件) with its title
    "chapter",  # 章
    "section",  # 节
    "article",  # 条, also 第…条之一
    "paragraph",  # 款: without a printed number
    "item",  # 项: （一）
    "subitem",  # 目: 1.
    "heading1",  # 一、     in documents without articles
    "heading2",  # （一）
    "heading3",  # 1.
    "heading4",  # （1）
    "preamble",  # addressee and what stands before the first clause
    "signature",  # body and date at the end
]
type RelationKind = Literal[
    "based_on",
    "implements",
    "amends",
    "repeals",
    "replaces",
    "interprets",
    "forwards",
    "attachment_of",
    "supports",
    "consulted_by",
    "basis_of_service",
]
type Format = Literal["txt", "html", "docx", "pdf", "ofd", "doc", "wps"]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line or paragraph of a file. ``rows`` is filled for tables only (text is their text)."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    place: Literal["", "center", "right"] = ""
    # The level of a heading as the file itself marks it; 0: none, or the file cannot say.
    heading: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at. ``code`` is stable; sentences are made elsewhere.

    ``clause`` is a position in ``Parsed.clauses``, ``line`` one in the source; ``excerpt`` shows
    the place in the document's own words.
    """

    code: str
    excerpt: str = ""
    clause: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away from the source, in its own characters. ``line``: position there."""

    text: str
    reason: Literal[
        "navigation",
        "spam",
        "pinyin",
        "markup",
        "page_number",
        "repeated_header",
        "hidden",  # words that the file holds and does not show, or that were struck out
        "watermark",  # text across the page
    ]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file as a reader found it: nothing interpreted, nothing lost."""

    lines: tuple[SourceLine, ...]
    format: Format
    findings: tuple[Finding, ...] = ()
    removed: tuple[Removed, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Clause:
    """``number`` as printed ("第三条", "（一）"; "" for 款); ``text`` what follows it."""

    level: Level
    number: str
    text: str
    parent: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that is named. ``clause``: in which clause; ``place``: such as 第五条第二款."""

    title: str
    document_number: str = ""
    clause: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A proposed relation to a cited document; ``evidence`` is the sentence that says so."""

    kind: RelationKind
    title: str
    document_number: str = ""
    clause: int | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment that is named; ``clause`` is its position where the text is enclosed."""

    number: str
    title: str
    clause: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document taken apart.

    ``document_number`` is normalised (国办发〔2017〕47号), ``document_number_printed`` as found.
    ``lead`` holds the lines before the clauses that became fields (title, number, bodies), so that
    lead, clauses and ``removed`` together are the whole source. ``embedded``: documents that
    this one forwards, each complete in itself.
    """

    title: str
    clauses: tuple[Clause, ...]
    lead: tuple[str, ...] = ()
    document_number: str = ""
    document_number_printed: str = ""
    issuing_bodies: tuple[str, ...] = ()
    addressee: str = ""
    issued_on: datetime.date | None = None
    published_on: datetime.date | None = None
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    genre: str = ""
    script: Literal["simplified", "traditional"] = "simplified"
    attachments: tuple[Attachment, ...] = ()
    citations: tuple[Citation, ...] = ()
    relations: tuple[Relation, ...] = ()
    findings: tuple[Finding, ...] = ()
    removed: tuple[Removed, ...] = ()
    embedded: "tuple[Parsed, ...]" = ()

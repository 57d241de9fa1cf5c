"""What is compared between a text and its translation, and what comes out of it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

type Kind = Literal[
    "number",  # without a unit, or with one that is no measure: 3份, three copies, 第三
    "measure",  # unit: as in units.py (metre, square metre, kilogram …)
    "provision",  # 第三条, Article 3; unit: the level
    "money",  # unit CNY …
    "share",  # 5%, half, 三分之一: as a fraction of one
    "points",  # percentage points
    "duration",  # unit: minute, month or workday
    "date",
    "weekday",  # 1 (Monday) … 7
    "time",  # minutes after midnight
    "phone",  # digits, without +86 and without the zero of the area
    "web",
    "mail",
    "document",  # 云政发〔2026〕3号
    "code",  # A4, 5G, GB/T 1234
    "placeholder",  # %(name)s, {name}
    "order",  # the ends of a range, the order of figures of a kind
    "structure",  # paragraphs, headings, list items, rows, links, pictures of a page
]
type Span = tuple[int, int]


class Day(NamedTuple):
    """A date as far as it is printed."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Numbered(NamedTuple):
    """A document's number. ``agency`` is "" where it is written in a form that is not compared."""

    agency: str
    year: int
    number: int


type Value = Fraction | Day | Numbered | str


class Reading(NamedTuple):
    """One way to understand what is printed; values of one kind and unit are comparable."""

    kind: Kind
    unit: str
    value: Value


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that must be the same in every language.

    ``readings`` has more than one item where the form is open (10日 is the tenth or ten days,
    1,234 in French a decimal). ``soft``: it may be figure of speech (一, both, 统一), so that
    nobody is told when the other text has nothing of the kind. ``raw`` is the number alone, for a
    partner whose unit is not known; ``joined`` says that it is the upper end of a range.
    """

    readings: tuple[Reading, ...]
    span: Span
    printed: str
    soft: bool = False
    raw: Fraction | None = None
    joined: bool = False

    @property
    def kind(self) -> Kind:
        return self.readings[0].kind


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What one text says and the other does not. ``source_span`` or ``target_span`` is None where
    the text has nothing that belongs to it; ``message`` says it in an English sentence."""

    kind: Kind
    source_span: Span | None
    target_span: Span | None
    source_text: str
    target_text: str
    message: str

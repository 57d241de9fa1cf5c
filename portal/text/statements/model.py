"""What a text states in figures, and where that differs from the clauses that it cites."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

type Kind = Literal[
    "money",  # unit: CNY, USD …
    "percent",
    "points",  # percentage points
    "date",
    "time",  # minutes after midnight
    "weekday",  # 1 (Monday) … 7
    "duration",  # unit: minute, month, workday or often
    "count",  # unit: as in units.py
    "ordinal",  # 第45次, unit 次
    "provision",  # 第十二条第二款: unit is the level
    "phone",
    "address",
    "document",  # 云政发〔2025〕31号
    "web",
    "mail",
    "number",  # without a unit
]
# le: at most; lt: less than; ge: at least; gt: more than
type Qualifier = Literal["", "le", "lt", "ge", "gt"]
type Span = tuple[int, int]


class Range(NamedTuple):
    low: Decimal
    high: Decimal


class CalendarDate(NamedTuple):
    """A date as far as it is printed: 2026年, 5月1日, 每月15日."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Address(NamedTuple):
    """A house in a street. ``street`` is Chinese, or empty where Latin letters name it."""

    street: str
    number: int


class DocumentNumber(NamedTuple):
    """``agency`` 云政发, or 令; ``year`` is None for numbered orders."""

    agency: str
    year: int | None
    number: int


type Value = Decimal | Range | CalendarDate | Address | DocumentNumber | str


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of a text.

    ``value`` is normalised and comparable: 三千元, 3,000 yuan and 0.3万元 are Decimal 3000 of the
    unit CNY. ``span`` are positions in the text as it was given, ``printed`` is what stands there.
    ``rounded`` is -1, 0 or 1 where the text says that it rounds (近, 约, 多), else None: the true
    figure is below, about, or above.
    """

    kind: Kind
    value: Value
    unit: str
    qualifier: Qualifier
    span: Span
    printed: str
    rounded: Literal[-1, 0, 1] | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The figure of a clause that was probably meant; ``span`` are positions in its text."""

    clause: str
    span: Span
    printed: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A statement that no cited clause bears out.

    ``different``: a clause says something else of the same kind, ``nearest``. ``missing``: the
    clauses have nothing of the kind.
    """

    statement: Statement
    span: Span
    kind: Literal["missing", "different"]
    nearest: Nearest | None = None

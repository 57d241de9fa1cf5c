"""Whether a figure of a text says the same as one of a clause; bounds and places apart."""

from collections.abc import Collection
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .model import Address, CalendarDate, DocumentNumber, Range, Statement
from .units import UNCOUNTED

# How far a figure that says that it rounds may be from the exact one.
_TOLERANCE = Decimal("0.1")
_YEARS = 4  # as far apart are years that have nothing to do with each other
_SHORTEST_LOCAL = 7  # digits of a telephone number without its area


def same(statement: Statement, other: Statement) -> bool:
    """Whether both figures, of one kind, are the same; ``other`` is a clause's."""
    one, two = statement.value, other.value
    if isinstance(one, CalendarDate) and isinstance(two, CalendarDate):
        return _same_date(one, two)
    if isinstance(one, Address) and isinstance(two, Address):
        return one.number == two.number and _same_name(one.street, two.street)
    if isinstance(one, DocumentNumber) and isinstance(two, DocumentNumber):
        which = (one.year, one.number) == (two.year, two.number)
        return which and _same_name(one.agency, two.agency)
    if statement.kind == "phone" and isinstance(one, str) and isinstance(two, str):
        shorter, longer = sorted((one, two), key=len)
        return one == two or (len(shorter) >= _SHORTEST_LOCAL and longer.endswith(shorter))
    if statement.kind == "weekday":
        return _same_weekday(one, two)
    return _same_unit(statement, other) and (one == two or is_rounding(statement, two))


def has_ends(wanted: Range, single: Collection[object]) -> bool:
    """Whether both ends are figures of their own: 20元以上…50元以下, 1500元、2300元、3100元."""
    return wanted.low <= wanted.high and wanted.low in single and wanted.high in single


def is_rounding(statement: Statement, exact: object) -> bool:
    """Whether a figure that says so ("约", "近", "多") is the exact one with fewer digits."""
    said = statement.value
    if statement.rounded is None or not isinstance(said, Decimal) or not isinstance(exact, Decimal):
        return False
    step, fine = _last_place(said), _last_place(exact)
    if step is None or fine is None or step <= fine or abs(said - exact) > exact * _TOLERANCE:
        return False
    down = (exact / step).to_integral_value(ROUND_FLOOR) * step
    up = (exact / step).to_integral_value(ROUND_CEILING) * step
    return said in {-1: (up,), 0: (down, up), 1: (down,)}[statement.rounded]


def closeness(one: object, other: object) -> float:
    """From 0 (nothing alike) to 1 (the same), for the choice of the figure that was meant."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        largest = max(one, other)
        return float(min(one, other) / largest) if largest > 0 else 0.0
    if isinstance(one, CalendarDate) and isinstance(other, CalendarDate):
        return _closeness_of_dates(one, other)
    if isinstance(one, str | tuple) and isinstance(other, str | tuple):
        alike = sum(1 for a, b in zip(one, other, strict=False) if a == b)
        return alike / max(len(one), len(other), 1)
    return 0.0


def ends(found: object) -> tuple[Decimal, ...]:
    """A figure, or both ends of a range; nothing for what is no number."""
    if isinstance(found, Range):
        return (found.low, found.high)
    return (found,) if isinstance(found, Decimal) else ()


def is_slip(one: object, other: object) -> bool:
    """Whether two numbers have the same digits, in another order or with another power of ten."""
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return False
    digits, others = (
        sorted(f"{number.normalize():f}".strip("0").replace(".", "")) for number in (one, other)
    )
    return [digit for digit in digits if digit != "0"] == [
        digit for digit in others if digit != "0"
    ]


def _closeness_of_dates(one: CalendarDate, other: CalendarDate) -> float:
    """By the parts that both name; years that lie near each other are alike."""
    alike: list[float] = [
        float(a == b)
        for a, b in zip(one[1:], other[1:], strict=True)
        if a is not None and b is not None
    ]
    if one.year is not None and other.year is not None:
        alike.append(max(0.0, 1 - abs(one.year - other.year) / _YEARS))
    return sum(alike) / len(alike) if alike else 0.0


def _same_unit(statement: Statement, other: Statement) -> bool:
    if statement.unit == other.unit:
        return True
    return statement.kind == "count" and like_units(statement.unit, other.unit)


def like_units(one: str, other: str) -> bool:
    """Whether two units may count the same: 个 stands for any thing, for no measure or class."""
    return one == other or ("个" in (one, other) and not UNCOUNTED & {one, other})


def _same_date(one: CalendarDate, other: CalendarDate) -> bool:
    """Whether all that is said is said by the other too; a year may be added."""
    if one.month is None and one.day is None:
        return one.year == other.year
    if one.year is not None and other.year is not None and one.year != other.year:
        return False
    if one.month is None:
        return one.day == other.day
    return one.month == other.month and one.day in (None, other.day)


def _same_weekday(one: object, other: object) -> bool:
    if isinstance(other, Range):
        if isinstance(one, Range):
            return other.low <= one.low <= one.high <= other.high
        return isinstance(one, Decimal) and other.low <= one <= other.high
    return one == other


def _same_name(one: str, other: str) -> bool:
    """Names that begin earlier or later in the sentence; without a name any will do."""
    if not one or not other:
        return True
    return one.endswith(other) or other.endswith(one)


def _last_place(number: Decimal) -> Decimal | None:
    """What the last digit that is not zero stands for: 100 for 1200, 0.1 for 3.5."""
    if not number:
        return None
    return Decimal(10) ** int(number.normalize().as_tuple().exponent)

"""The head of a document: what stands before the addressee or the first sentence.

Title, document number, the bodies of the red head line, remarks about when it was passed.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import findings as codes
from .bodies import bodies_of, is_placed
from .line_kinds import addressee_before, addressee_lines, is_contents, is_remark, is_sentence
from .lines import Line
from .markers import decimal_of, top_decimal_of
from .model import Finding
from .numbers import (
    DATE,
    bare_serial,
    dates_in,
    first_date,
    leading_number,
    order_number,
    read_number,
)
from .script import comparable, matchable, squeezed
from .titles import find_title, is_name_of_order, title_bodies

# 云政发〔2024]号, 云政发〔202412: a number that lost a part of itself.
_LIKE_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[(][^\u4e00-\u9fff]{0,12}(?:号|\d)")
_ENCLOSURE = re.compile(r"附(?:件|录|表)?[一二三四五六七八九十\d]*:?")
_MOST_LINES = 40
_LONGEST_REMARK = 8


@dataclass(slots=True)
class Head:
    """``end``: how many lines it has. Names and title as printed, without spaces in names."""

    end: int = 0
    title: str = ""
    title_bodies: tuple[str, ...] = ()
    red_bodies: tuple[str, ...] = ()
    placed_bodies: tuple[str, ...] = ()
    number: str = ""
    number_printed: str = ""
    date: datetime.date | None = None
    passed_on: datetime.date | None = None
    passed: str = ""
    more_bodies: bool = False
    # The name of an order or announcement (…令, 公告) that has no title of its own.
    order: bool = False
    findings: list[Finding] = field(default_factory=list)


def read_head(lines: Sequence[Line]) -> Head:
    """The head at the beginning of ``lines``; they need not have one."""
    head = Head()
    head.end = _length(lines)
    texts: list[int] = []
    remarks = _remarks(lines[: head.end])
    last_body = ""
    for at in range(head.end):
        line = lines[at]
        if at in remarks:
            head.passed = f"{head.passed}\n{line.text}" if head.passed else line.text
            continue
        if _take_number(line, head, last_body):
            continue
        day = len(line.text) < 60 and re.fullmatch(rf"\s*\(?\s*{DATE}\s*\)?\s*", line.key)
        if day:
            head.date = head.date or first_date(line.text)
            continue
        if _ENCLOSURE.fullmatch(line.bare):
            continue
        if _LIKE_NUMBER.fullmatch(line.bare):
            head.findings.append(Finding(codes.NUMBER_NOT_READ, line.text, line=line.source))
            continue
        last_body = line.text
        texts.append(at)
    if head.passed:
        key = matchable(head.passed)
        # 1995年9月1日施行 is no day of issue.
        days = [
            day
            for day, _start, end in dates_in(key)
            if not re.match(r"\s*起?\s*(?:施行|实施|生效)", key[end : end + 8])
        ]
        head.passed_on = days[-1] if days else None
    _read_title(lines, texts, head)
    _read_red_head(lines, texts, head)
    return head


def _remarks(lines: Sequence[Line]) -> frozenset[int]:
    """The lines of a head that are remarks, with the lines that a bracket or a title runs on to."""
    found: set[int] = set()
    depth, since = 0, 0
    for at, line in enumerate(lines):
        if not depth and not is_remark(line):
            continue
        # A bracket that is never closed does not swallow the document.
        since = since + 1 if depth else 0
        depth = max(0, depth + _opened(line.bare)) if since < _LONGEST_REMARK else 0
        found.add(at)
    return frozenset(found)


def _opened(bare: str) -> int:
    return sum(bare.count(sign) for sign in "(《<") - sum(bare.count(sign) for sign in ")》>")


def _is_decimal(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is 1.1 …, or 1 … right above it: where an emergency plan begins."""
    if decimal_of(lines[at].key):
        return True
    return (
        at + 1 < len(lines)
        and top_decimal_of(lines[at].key) is not None
        and decimal_of(lines[at + 1].key) is not None
    )


def _length(lines: Sequence[Line]) -> int:
    remarks = _remarks(lines[:_MOST_LINES])
    for at, line in enumerate(lines[:_MOST_LINES]):
        if at in remarks:
            continue
        if _is_decimal(lines, at):
            return at
        if is_contents(line) or line.marker or addressee_lines(lines, at):
            if line.marker and bare_serial(line.text):
                continue
            return at
        if is_sentence(line) or addressee_before(line):
            return at
    return min(len(lines), _MOST_LINES)


def _take_number(line: Line, head: Head, above: str) -> bool:
    """Reads a line that is a document number, alone or after a date, or several of them."""
    text = line.text
    number = read_number(text)
    found = (number.normalised, number.printed) if number else None
    if found is None and bare_serial(text) and above:
        order = order_number(above, text)
        found = (order, f"{squeezed(above)}{text.strip()}") if order else None
    if found is None:
        found = _number_among(line)
    if found is None:
        return False
    head.date = head.date or first_date(text)
    if head.number:
        if found[0] != head.number:
            head.findings.append(Finding(codes.FURTHER_NUMBERS, text, line=line.source))
        return True
    head.number, head.number_printed = found
    return True


def _number_among(line: Line) -> tuple[str, str] | None:
    """A number on a line with other numbers, or after a date: 2006年10月26日 财建〔2006〕689号."""
    if not line.bare.endswith("号") or len(line.bare) > 80:
        return None
    text = line.text
    day = re.match(rf"\s*{DATE}\s+", line.key)
    start = day.end() if day else 0
    first = leading_number(text[start:])
    if first is None:
        return None
    rest = text[start + first.end :].strip(" \u3000、,，;；")
    while rest:
        following = leading_number(rest)
        if following is None:
            return None
        rest = rest[following.end :].strip(" \u3000、,，;；")
    return first.normalised, first.printed


def _read_red_head(lines: Sequence[Line], texts: list[int], head: Head) -> None:
    title = comparable(head.title)
    red: list[str] = []
    placed: list[str] = []
    for at in texts:
        line = lines[at]
        bare = line.bare
        name = line.text
        found = re.search(r"(?:文件|令|公告|通告)\s*$", line.key)
        if found and is_name_of_order(bare):
            name = name[: found.start()]
        names = bodies_of(name)
        if not names or (len(names) == 1 and comparable(names[0]) == title):
            continue
        (placed if is_placed(name) else red).extend(names)
    head.red_bodies = tuple(dict.fromkeys(red))
    head.placed_bodies = tuple(dict.fromkeys(placed))


def _read_title(lines: Sequence[Line], texts: list[int], head: Head) -> None:
    found = find_title(lines, texts)
    if found is None:
        return
    head.title, head.order = found.text, found.order
    if found.number is not None and not head.number:
        head.number, head.number_printed = found.number.normalised, found.number.printed
    if not found.certain:
        head.findings.append(
            Finding(codes.TITLE_UNCERTAIN, found.text[:60], line=lines[found.line].source)
        )
    head.title_bodies, head.more_bodies = title_bodies(found.text)

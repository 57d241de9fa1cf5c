"""Right figure, wrong place: 硕士2500元 where the clause gives 博士 2500元 and 硕士 1500元.

Where a clause has several figures of one unit, the words before each say whose it is. A figure of a
text is in the wrong place when the words before it name another figure of the clause, and nothing of
its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .model import Range, Statement

_HANZI = re.compile(r"[\u4e00-\u9fff]+")
_PART = re.compile(r"[，；。、;!?！？\n]")
_SENTENCE = re.compile(r"[；。;!?！？\n:]")
_LONGEST = 80
# A label as short as this leaves out what the first one of the list has said.
_ELLIPTIC = 4
_KINDS = ("money", "percent", "duration", "count")


@dataclass(frozen=True, slots=True)
class Role:
    figure: Statement
    label: str


def roles(text: str, figures: Sequence[Statement]) -> list[Role]:
    """The figures of a folded text with the words that say whose each is."""
    found: list[Role] = []
    last: dict[tuple[str, str], Role] = {}
    for figure in figures:
        if figure.kind not in _KINDS or isinstance(figure.value, Range):
            continue
        key = (figure.kind, figure.unit)
        before = last.get(key)
        role = Role(figure, _label(text, figure, before))
        last[key] = role
        found.append(role)
    return found


def _label(text: str, figure: Statement, before: Role | None) -> str:
    start = before.figure.span[1] if before else 0
    between = text[max(start, figure.span[0] - _LONGEST) : figure.span[0]]
    pieces = _PART.split(between)
    if before is None or start < figure.span[0] - _LONGEST:
        own = _SENTENCE.split(between)[-1]
    elif len(pieces) == 1:
        return (before.label + between)[-_LONGEST:]  # 由50万元提高到60万元
    else:
        own = _SENTENCE.split(between[len(pieces[0]) + 1 :])[-1]
    return own


def misplaced(
    text: str, statement: Statement, own: Sequence[Role], clause: Sequence[Role]
) -> Role | None:
    """The figure of the clause that the words before ``statement`` name, if it is another one.

    ``own`` are the roles of the text, ``clause`` those of one clause.
    """
    label = next((role.label for role in own if role.figure is statement), "")
    words = _pairs(label)
    if not words:
        return None
    alike = [
        role
        for role in clause
        if role.figure.kind == statement.kind and role.figure.unit == statement.unit
    ]
    same = [role for role in alike if role.figure.value == statement.value]
    others = [role for role in alike if role.figure.value != statement.value]
    if not same or not others or any(not _pairs(role.label) for role in same):
        return None
    for other in others:
        theirs = _pairs(other.label)
        named = words & theirs
        for role in same:
            named -= _pairs(role.label)
        for third in others:
            if third.figure.value != other.figure.value:
                named -= _pairs(third.label)
        if named and not any(words & _distinct(role, other) for role in same):
            return other
    return None


def _distinct(role: Role, other: Role) -> set[str]:
    """What the words before a figure have and those before another one do not."""
    near, theirs = (_near(one.label) for one in (role, other))
    if len(_hanzi(other.label)) <= _ELLIPTIC:
        return _pairs(near[:2]) - _pairs(theirs)
    return (_pairs(role.label) - _pairs(other.label)) | (_pairs(near) - _pairs(theirs))


def _near(label: str) -> str:
    return _hanzi(_PART.split(label)[-1])


def _hanzi(text: str) -> str:
    return "".join(_HANZI.findall(text))


def _pairs(text: str) -> set[str]:
    return {
        run[position : position + 2]
        for run in _HANZI.findall(text)
        for position in range(len(run) - 1)
    }

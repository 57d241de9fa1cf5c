"""What a picture says, apart from how it looks; and the same in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """(value, unit, what it is)"""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """(question, answer)"""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """(what to do, more words)"""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """(what, left, right) below two headings."""

    before: str
    after: str
    items: tuple[tuple[str, str, str], ...]


type Part = Text | Notice | Figures | Facts | Steps | Comparison


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """``lines`` stand at the foot (source, date …); ``address`` becomes a QR code."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    publisher: str = ""
    lines: tuple[str, ...] = ()
    address: str = ""
    kicker: str = field(default_factory=lambda: _("One picture to understand it"))


def from_blocks(raw: Iterable[Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections of a stored stream (``raw_data``); what comes before a heading has none."""
    sections: list[Section] = []
    for block in raw:
        value = block["value"]
        if block["type"] == "heading":
            sections.append(Section(_line(value["text"])))
            continue
        part = _part(block["type"], value)
        if part is None:
            continue
        last = sections.pop() if sections else Section("")
        sections.append(Section(last.heading, (*last.parts, part)))
    return tuple(section for section in sections if section.heading or section.parts)


def _part(kind: str, value: Mapping[str, Any]) -> Part | None:
    if kind == "text":
        return Text(_lines(value["text"]))
    if kind == "notice":
        return Notice(_lines(value["text"]))
    items = [_item(item) for item in value.get("items") or ()]
    if kind == "figures":
        return Figures(
            tuple((_line(i["value"]), _line(i.get("unit")), _line(i["label"])) for i in items)
        )
    if kind == "facts":
        return Facts(tuple((_line(i["label"]), _lines(i["text"])) for i in items))
    if kind == "steps":
        return Steps(tuple((_line(i["title"]), _lines(i.get("text"))) for i in items))
    if kind == "comparison":
        rows = tuple((_line(i["label"]), _line(i["before"]), _line(i["after"])) for i in items)
        return Comparison(_line(value["before"]), _line(value["after"]), rows)
    return None


def _item(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lists are stored with an id around each item; older ones without."""
    inner = raw.get("value")
    return inner if raw.get("type") == "item" and isinstance(inner, Mapping) else raw


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _lines(text: Any) -> str:
    lines = (" ".join(line.split()) for line in str(text or "").splitlines())
    return "\n".join(line for line in lines if line)


# --- in words -------------------------------------------------------------------------------
def words_of(picture: Picture) -> str:
    """Everything that the picture says, line by line: its text alternative."""
    lines = [f"{picture.kicker}{_colon()}{picture.title}", picture.subtitle]
    for section in picture.sections:
        lines += ["", section.heading] if section.heading else [""]
        for part in section.parts:
            lines += _words(part)
    lines += ["", *picture.lines, picture.publisher, picture.address]
    text = "\n".join(line for line in lines if line is not None)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _colon() -> str:
    return _(": ")


def _words(part: Part) -> list[str]:
    colon = _colon()
    match part:
        case Text(text):
            return text.splitlines()
        case Notice(text):
            return [f"{_('Please note')}{colon}{text}"]
        case Figures(items):
            return [f"{label}{colon}{value}{unit}" for value, unit, label in items]
        case Facts(items):
            return [f"{label}{colon}{text}" for label, text in items]
        case Steps(items):
            return [
                f"{number}. {title}{colon}{text}" if text else f"{number}. {title}"
                for number, (title, text) in enumerate(items, start=1)
            ]
        case Comparison(before, after, items):
            return [
                f"{label}{colon}{before} {left} → {after} {right}" for label, left, right in items
            ]

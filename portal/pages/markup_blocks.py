"""Blocks with fields in the small mark-up: ``!name field | field``, then lines of content.

``!table caption | note`` and ``!chart kind | title | unit | source`` with rows of CSV;
``!figures title | source`` with ``value | unit | label | change``;
``!notice level | title`` with text; ``!steps title`` and ``!faq title`` with ``head | text``;
``!timeline title`` with ``when | what | text``; ``!video key | caption``, ``!audio key | caption``;
``!map image | title | approval number | source`` with
``name | address | phone | hours | across, down | latitude, longitude``.
"""

from collections.abc import Callable
from typing import Any

from .figures import TableProblem, read_table

type Find = Callable[[str], Any]
type Inline = Callable[[str], str]
type Value = dict[str, Any]


class BlockError(ValueError):
    """What is wrong with a block of the mark-up."""


def named_block(part: str, image: Find, media: Find, inline: Inline) -> tuple[str, Value]:
    """The block of a part that begins with ``!name``.

    Raises:
        BlockError: an unknown name, a file that nobody has, rows that cannot be read.
    """
    head, *lines = part.splitlines()
    name, _space, rest = head[1:].partition(" ")
    fields = _fields(rest)
    if name in {"video", "audio"}:
        return (name, _player(name, fields, media))
    if name == "map":
        return (name, _map(fields, lines, image))
    if name not in _MAKERS:
        raise BlockError(f"no block {name!r}")
    block, make = _MAKERS[name]
    return (block, make(fields, lines, inline))


def _fields(text: str) -> list[str]:
    """The fields of a line; as many empty ones follow as anybody may ask for."""
    return [*(field.strip() for field in text.split("|")), *[""] * 8]


def _table(fields: list[str], lines: list[str], _inline: Inline) -> Value:
    try:
        data = read_table("\n".join(lines))
    except TableProblem as problem:
        raise BlockError(str(problem)) from problem
    return {
        "caption": fields[0],
        "sheet": "",
        "table": {
            "columns": [{"type": "text", "heading": heading} for heading in data.heading],
            "rows": [{"values": list(row)} for row in data.rows],
            "caption": "",
        },
        "note": fields[1],
    }


def _chart(fields: list[str], lines: list[str], _inline: Inline) -> Value:
    kind, title, unit, source, *_rest = fields
    return {
        "title": title, "kind": kind, "unit": unit, "source": source, "summary": "",
        "sheet": "\n".join(lines),
    }  # fmt: skip


def _figures(fields: list[str], lines: list[str], _inline: Inline) -> Value:
    keys = ("value", "unit", "label", "change")
    items = [dict(zip(keys, _fields(line), strict=False)) for line in lines]
    return {"title": fields[0], "source": fields[1], "items": items}


def _notice(fields: list[str], lines: list[str], inline: Inline) -> Value:
    text = "".join(f"<p>{inline(line)}</p>" for line in lines)
    return {"level": fields[0] or "info", "title": fields[1], "text": text}


def _entries(lines: list[str], head: str, text: str, inline: Inline) -> list[Value]:
    entries = (_fields(line) for line in lines)
    return [
        {head: entry[0], text: f"<p>{inline(entry[1])}</p>" if entry[1] else ""}
        for entry in entries
    ]


def _steps(fields: list[str], lines: list[str], inline: Inline) -> Value:
    return {"title": fields[0], "items": _entries(lines, "title", "text", inline)}


def _faq(fields: list[str], lines: list[str], inline: Inline) -> Value:
    items = _entries(lines, "question", "answer", inline)
    return {"title": fields[0], "is_faq": True, "items": items}


def _timeline(fields: list[str], lines: list[str], inline: Inline) -> Value:
    items = []
    for line in lines:
        when, what, text, *_rest = _fields(line)
        told = f"<p>{inline(text)}</p>" if text else ""
        items.append({"when": when, "date": None, "title": what, "text": told})
    return {"title": fields[0], "items": items}


def _player(name: str, fields: list[str], media: Find) -> Value:
    found = media(fields[0])
    if found is None:
        raise BlockError(f"no {name} {fields[0]!r}")
    return {name: found, "caption": fields[1]}


def _map(fields: list[str], lines: list[str], image: Find) -> Value:
    found = image(fields[0])
    if found is None:
        raise BlockError(f"no image {fields[0]!r}")
    return {
        "image": found, "title": fields[1], "approval_number": fields[2], "source": fields[3],
        "document": None, "places": [_place(line) for line in lines],
    }  # fmt: skip


def _place(line: str) -> Value:
    name, address, phone, hours, spot, coordinates, *_rest = _fields(line)
    across, _comma, down = spot.partition(",")
    return {
        "name": name, "address": address, "phone": phone, "hours": hours,
        "across": float(across) if across else None, "down": float(down) if down else None,
        "coordinates": coordinates,
    }  # fmt: skip


_MAKERS: dict[str, tuple[str, Callable[[list[str], list[str], Inline], Value]]] = {
    "table": ("table", _table),
    "chart": ("chart", _chart),
    "figures": ("key_figures", _figures),
    "notice": ("notice", _notice),
    "steps": ("steps", _steps),
    "faq": ("accordion", _faq),
    "timeline": ("timeline", _timeline),
}

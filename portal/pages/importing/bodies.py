"""Bodies (``BodyBlock``) and neutral texts: one from the other.

Blocks that a neutral text has no word for pass through untouched; ids stay with their texts, so
that comments and comparisons find them again.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from wagtail.blocks import StreamBlock

from portal.pages.blocks import BodyBlock
from portal.text.document import (
    Block,
    Document,
    Heading,
    Listing,
    Other,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    joined,
    line_of,
    text_of,
)
from portal.text.pasted import from_html

from .rich_text import NotSimple, blocks_of, html_of

type Raw = dict[str, Any]
_LONGEST_HEADING = 120
_LONGEST_CAPTION = 160


@cache
def body_block() -> StreamBlock:
    return BodyBlock()


def features() -> frozenset[str]:
    """What a text block of the body may hold."""
    return frozenset(body_block().child_blocks["paragraph"].features or ())


# --- a neutral text as a body ---------------------------------------------------------------------
def to_raw(
    document: Document,
    *,
    pictures: Mapping[str, Any] | None = None,
    others: Mapping[str, Raw] | None = None,
) -> list[Raw]:
    """Blocks as they are stored. ``pictures``: source → image; ``others``: key → a block as it was.

    Pictures without an image are left out: the caller names them.
    """
    raw: list[Raw] = []
    prose: list[Block] = []

    def close_prose() -> None:
        if prose:
            raw.append(_block("paragraph", html_of(prose, features())))
            prose.clear()

    for block in _fitting(document):
        if _is_prose(block):
            prose.append(block)
            continue
        new = _raw_of(block, pictures or {}, others or {})
        if new is None:
            continue
        close_prose()
        last = raw[-1] if raw else None
        if last and _is_same_place(last, new):
            last["value"]["text"] += "\n" + new["value"]["text"]
        else:
            raw.append(new)
    close_prose()
    return raw


def raw_body(html: str) -> tuple[list[Raw], list[str]]:
    """HTML from elsewhere as blocks of an article's body, and the pictures that are not in them.

    Nothing is fetched: pictures are named by their addresses. Never raises.
    """
    document = from_html(html).document
    missing = [block.source for block in document if isinstance(block, Picture)]
    return to_raw(document), missing


def _fitting(document: Document) -> Iterator[Block]:
    """Captions that are longer than their fields stand as paragraphs instead of being cut."""
    for block in document:
        if isinstance(block, Table) and len(block.caption) > _LONGEST_CAPTION:
            yield Paragraph(line_of(block.caption))
            yield replace(block, caption="")
        elif isinstance(block, Picture) and len(block.caption) > _LONGEST_CAPTION:
            yield replace(block, caption="")
            yield Paragraph(line_of(block.caption))
        else:
            yield block


def _block(kind: str, value: Any) -> Raw:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _is_prose(block: Block) -> bool:
    match block:
        case Paragraph():
            return not block.place or any(span.link for span in block.line)
        case Heading():
            too_long = len(text_of(block.line)) > _LONGEST_HEADING
            return block.level > 3 or too_long or any(span.link for span in block.line)
        case Quote():
            return any(span.link for span in block.line)
        case _:
            return isinstance(block, Listing)


def _is_same_place(last: Raw, new: Raw) -> bool:
    both = last["type"] == new["type"] == "aligned_text"
    return both and last["value"]["position"] == new["value"]["position"]


def _raw_of(block: Block, pictures: Mapping[str, Any], others: Mapping[str, Raw]) -> Raw | None:
    match block:
        case Heading():
            text = " ".join(text_of(block.line).split())
            return _block("heading", {"text": text, "level": str(max(block.level, 2))})
        case Paragraph():
            text = text_of(block.line)
            return _block("aligned_text", {"text": text, "position": block.place})
        case Quote():
            return _block("quote", {"text": text_of(block.line), "source": ""})
        case Table():
            return _table(block)
        case Picture():
            image = pictures.get(block.source)
            if image is None:
                return None
            return _block("image", _known("image", {"image": image.pk, "caption": block.caption}))
        case Other():
            return dict(others[block.key])
        case _:
            raise AssertionError(block)


def _known(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """With a default for every field of the block that is not given."""
    block = body_block().child_blocks[kind]
    defaults = {name: child.get_prep_value(child.get_default())
                for name, child in block.child_blocks.items() if name not in value}  # fmt: skip
    return defaults | value


def _table(table: Table) -> Raw | None:
    if not table.rows or not table.rows[0]:
        return None
    rows = [list(row) for row in table.rows]
    heads = rows.pop(0) if table.has_header else [""] * len(rows[0])
    columns = []
    for index, head in enumerate(heads):
        cells = [row[index] for row in rows]
        is_number = any(cells) and all(not cell or _is_plain_number(cell) for cell in cells)
        columns.append({"type": "number" if is_number else "text", "heading": head})
    values = [
        [_cell(cell, column["type"]) for cell, column in zip(row, columns, strict=True)]
        for row in rows
    ]
    content = {
        "columns": columns,
        "rows": [{"values": value} for value in values],
        "caption": "",
    }
    return _block("table", _known("table", {"caption": table.caption, "table": content}))


def _is_plain_number(cell: str) -> bool:
    """Whether a cell reads the same when it is stored as a number: no 007, no 1,234, no 5%."""
    plain = re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,8})?", cell)
    # Four digits alone may be a year, which is no quantity.
    return plain is not None and not re.fullmatch(r"(?:19|20)\d\d", cell)


def _cell(cell: str, kind: str) -> Any:
    if kind == "number":
        return str(Decimal(cell)) if cell else None
    return cell


# --- a body as a neutral text ---------------------------------------------------------------------
def from_raw(raw: Iterable[Raw]) -> tuple[Document, dict[str, Raw]]:
    """The text of a body, and the blocks that pass through, by key."""
    blocks: list[Block] = []
    others: dict[str, Raw] = {}
    for number, block in enumerate(raw):
        try:
            blocks += _blocks_of(block)
        except (NotSimple, KeyError, TypeError, IndexError):
            key = f"{number}"
            others[key] = block
            blocks.append(Other(key))
    return tuple(blocks), others


def _blocks_of(block: Raw) -> list[Block]:
    value = block["value"]
    match block["type"]:
        case "paragraph":
            return blocks_of(value or "")
        case "heading":
            return [Heading(int(value["level"]), line_of(value["text"] or ""))]
        case "quote" if not value.get("source"):
            return [Quote(line_of(value["text"] or ""))]
        case "aligned_text":
            lines = (value["text"] or "").splitlines()
            return [Paragraph(line_of(line), value["position"]) for line in lines]
        case "table":
            return [_table_of(value)]
        case _:
            raise NotSimple(block["type"])


def _table_of(value: dict[str, Any]) -> Table:
    content = value["table"]
    if any(column["type"] not in {"text", "number"} for column in content["columns"]):
        raise NotSimple("a column of another kind")
    heads = tuple(column["heading"] or "" for column in content["columns"])
    rows = [
        tuple("" if cell is None else str(cell) for cell in row["values"])
        for row in content["rows"]
    ]
    if not heads:
        raise NotSimple("a table without columns")
    has_header = any(heads)
    table = Table((heads, *rows) if has_header else tuple(rows), has_header, value["caption"] or "")
    if not table.rows:
        raise NotSimple("an empty table")
    return table


def keep_ids(new: list[Raw], old: list[Raw]) -> list[Raw]:
    """The new blocks with the ids, and the further fields, of the old ones they came from."""
    waiting = list(old)
    for block in new:
        text = _words(block)
        same = next(
            (o for o in waiting if o["type"] == block["type"] and _akin(text, _words(o))), None
        )
        if same is None:
            continue
        waiting.remove(same)
        block["id"] = same.get("id") or block["id"]
        if isinstance(block["value"], dict) and isinstance(same["value"], dict):
            block["value"] = same["value"] | _said(block["value"])
    return new


def _said(value: dict[str, Any]) -> dict[str, Any]:
    """Without the defaults that stand for what a neutral text does not know."""
    return {name: v for name, v in value.items() if name in _KNOWN_FIELDS}


_KNOWN_FIELDS = frozenset({"text", "level", "position", "table", "caption"})


def _akin(one: str, other: str) -> bool:
    return one == other or (bool(one) and bool(other) and (one in other or other in one))


def _words(block: Raw) -> str:
    return re.sub(r"<[^>]*>|[\W_]", "", _flat(block["value"]))


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(_flat(v) for n, v in value.items() if n not in {"level", "position"})
    if isinstance(value, list):
        return " ".join(_flat(v) for v in value)
    return "" if value is None else str(value)


# --- for the form ---------------------------------------------------------------------------------
def form_state(raw: list[Raw]) -> Any:
    """What the editor's form is given to show these blocks."""
    block = body_block()
    return block.get_form_state(block.to_python(raw))


def as_text_only(document: Document) -> Document:
    """For a rich text outside a body: everything as paragraphs, lists and small headings."""
    blocks: list[Block] = []
    for block in document:
        match block:
            case Table():
                rows = ([block.caption] if block.caption else []) + [
                    "　".join(cell for cell in row if cell) for row in block.rows
                ]
                blocks += [Paragraph((Span(row),)) for row in rows if row]
            case Quote() | Paragraph():
                blocks.append(Paragraph(joined(block.line)))
            case Picture():
                pass
            case _:
                blocks.append(block)
    return tuple(blocks)

"""XLIFF 2.1: one unit for each text, inline tags as codes with their original data.

The state is XLIFF's own (initial, translated, final); what it does not know is a sub-state of ours.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from .inline import Lone, Node, Text, parse, render
from .units import Document, Mark, NotReadable, Unit, split_id

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_NS = f"{{{NAMESPACE}}}"
_PREFIX = "portal"
_STATES = {
    Mark.NEW: "initial",
    Mark.STALE: "initial",
    Mark.MACHINE: "translated",
    Mark.DRAFT: "translated",
    Mark.LIVE: "final",
}
_ORDER = ("initial", "translated", "reviewed", "final")
_DEEPEST = 60
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


# --- writing --------------------------------------------------------------------------------------
def write(document: Document) -> bytes:
    """The file in UTF-8. The same document gives the same bytes."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff xmlns="{NAMESPACE}" version="2.1" '
        f'srcLang="{_attribute(_tag(document.source_language))}" '
        f'trgLang="{_attribute(_tag(document.language))}" xml:space="preserve">',
        f'<file id="page" original="{_attribute(document.key)}">',
        f'<notes><note id="title" category="title">{_note(document.title)}</note></notes>',
    ]
    for number, unit in enumerate(document.units, 1):
        lines += _unit(unit, number)
    if not document.units:  # a file must hold something
        lines.append('<unit id="none"><segment><source/></segment></unit>')
    lines += ["</file>", "</xliff>", ""]
    return "\n".join(lines).encode()


def _unit(unit: Unit, number: int) -> Iterator[str]:
    codes = _Codes()
    source = codes.write(parse(unit.source))
    target = codes.write(parse(unit.target), again=True) if unit.target else ""
    yield f'<unit id="{_attribute(_token(unit.id, number))}" name="{_attribute(unit.id)}">'
    notes = [
        ("place", unit.label),
        ("previous-source", unit.previous_source),
        ("base", unit.base),
    ]
    written = "".join(
        f'<note id="{name}" category="{name}">{_note(text)}</note>' for name, text in notes if text
    )
    if written:
        yield f"<notes>{written}</notes>"
    if codes.data:
        data = "".join(f'<data id="{id_}">{_text(text)}</data>' for text, id_ in codes.data.items())
        yield f"<originalData>{data}</originalData>"
    state = f'state="{_STATES[unit.mark]}" subState="{_PREFIX}:{unit.mark}"'
    into = f"<target>{target}</target>" if unit.target else ""
    yield f"<segment {state}><source>{source}</source>{into}</segment>"
    yield "</unit>"


class _Codes:
    """The inline codes of one unit: the same tag has the same id in source and target."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._left: dict[str, list[str]] = {}
        self._count = 0

    def write(self, nodes: Sequence[Node], *, again: bool = False) -> str:
        if again:
            self._left = {tag: list(ids) for tag, ids in self._ids.items()}
        return "".join(self._node(node, again) for node in nodes)

    def _node(self, node: Node, again: bool) -> str:
        if isinstance(node, Text):
            return _text(node.text)
        if isinstance(node, Lone):
            return f'<ph id="{self._id(node.data, again)}" dataRef="{self._data(node.data)}"/>'
        id_ = self._id(node.start, again)
        start, end = self._data(node.start), self._data(node.end)
        inner = "".join(self._node(child, again) for child in node.children)
        return f'<pc id="{id_}" dataRefStart="{start}" dataRefEnd="{end}">{inner}</pc>'

    def _id(self, tag: str, again: bool) -> str:
        if again and self._left.get(tag):
            return self._left[tag].pop(0)
        self._count += 1
        id_ = str(self._count)
        if not again:
            self._ids.setdefault(tag, []).append(id_)
        return id_

    def _data(self, text: str) -> str:
        return self.data.setdefault(text, f"d{len(self.data) + 1}")


def _text(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    return _CONTROL.sub(lambda found: f'<cp hex="{ord(found[0]):04X}"/>', text)


def _note(text: str) -> str:
    # Notes hold plain text only.
    return _text(_CONTROL.sub("\ufffd", text))


def _attribute(text: str) -> str:
    text = _CONTROL.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;")
    for character in '"\t\n\r':
        text = text.replace(character, f"&#{ord(character)};")
    return text


def _token(text: str, number: int) -> str:
    """An id as XML has them; the whole one is in the name."""
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]+", text) else f"unit-{number}"


def _tag(language: str) -> str:
    """A BCP 47 tag with the usual capitals."""
    base, *rest = language.split("-")
    return "-".join([base, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


# --- reading --------------------------------------------------------------------------------------
class _Lines(TreeBuilder):
    """Notes in which line each element begins; refuses a file that is nested without end."""

    def __init__(self) -> None:
        super().__init__()
        self.parser: Any = None
        self.lines: dict[int, int] = {}
        self._depth = 0

    def start(self, tag: Any, attrs: Any) -> Any:
        self._depth += 1
        line = self.parser.parser.CurrentLineNumber
        if self._depth > _DEEPEST:
            raise NotReadable(_("The elements of the file are nested too deeply."), line)
        element = super().start(tag, attrs)
        self.lines[id(element)] = line
        return element

    def end(self, tag: Any) -> Any:
        self._depth -= 1
        return super().end(tag)


def read(data: bytes) -> Document:
    """Raises NotReadable with a sentence for the person who brings the file."""
    builder = _Lines()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException as error:
        raise NotReadable(
            _("The file declares a document type or entities; it is not read.")
        ) from error
    except ParseError as error:
        raise NotReadable(
            _("This is not well-formed XML: %(error)s") % {"error": str(error)[:200]},
            error.position[0],
        ) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise NotReadable(
            _("This is not well-formed XML: %(error)s") % {"error": str(error)[:200]}
        ) from error
    if root.tag != f"{_NS}xliff" or not root.get("version", "").startswith("2."):
        raise NotReadable(_("This is not an XLIFF file of version 2."), 1)
    files = root.findall(f"{_NS}file")
    if len(files) != 1:
        raise NotReadable(
            _("The file must hold one page; this one holds %(count)d.") % {"count": len(files)}
        )
    file = files[0]
    key = file.get("original", "").strip()
    if not key:
        raise NotReadable(_("The file was not written by this portal: its page is missing."))
    title = file.find(f"{_NS}notes/{_NS}note[@category='title']")
    return Document(
        key=key,
        source_language=root.get("srcLang", "").lower(),
        language=root.get("trgLang", "").lower(),
        title=(title.text or "") if title is not None else "",
        units=[
            _read_unit(element, builder.lines.get(id(element), 0))
            for element in file.iter(f"{_NS}unit")
            if element.get("id") != "none"
        ],
    )


def _read_unit(element: Element, line: int) -> Unit:
    name = element.get("name") or element.get("id") or ""
    path, source_hash = split_id(name) or (name, "")
    data = {
        item.get("id", ""): _plain(item)
        for item in element.iterfind(f"{_NS}originalData/{_NS}data")
    }
    notes = {
        note.get("category", ""): note.text or ""
        for note in element.iterfind(f"{_NS}notes/{_NS}note")
    }
    source, target, states, marks = "", "", [], []
    for part in element:
        if part.tag not in (f"{_NS}segment", f"{_NS}ignorable"):
            continue
        its_source = _inline(part.find(f"{_NS}source"), data)
        its_target = part.find(f"{_NS}target")
        source += its_source
        if part.tag == f"{_NS}ignorable":
            target += _inline(its_target, data) if its_target is not None else its_source
            continue
        target += _inline(its_target, data)
        states.append(part.get("state", "initial"))
        marks.append(part.get("subState", ""))
    state = min(states, key=_rank, default="initial")
    mark = _read_mark(state, marks)
    return Unit(
        path=path,
        source_hash=source_hash,
        source=source,
        target=target,
        mark=mark,
        # A tool that leaves our sub-state alone has not said that anybody read the machine's text.
        finished=state in ("reviewed", "final")
        or (state == "translated" and mark is not Mark.MACHINE),
        previous_source=notes.get("previous-source", ""),
        label=notes.get("place", ""),
        base=notes.get("base", "").strip(),
        line=line,
    )


def _rank(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else 0


def _read_mark(state: str, marks: Sequence[str]) -> Mark:
    found = {mark.removeprefix(f"{_PREFIX}:") for mark in marks if mark.startswith(f"{_PREFIX}:")}
    for mark in (Mark.MACHINE, Mark.STALE, Mark.NEW, Mark.DRAFT, Mark.LIVE):
        if mark in found:
            return mark
    return Mark.NEW if state == "initial" else Mark.DRAFT


def _plain(element: Element) -> str:
    """Text with the characters that XML cannot hold."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_NS}cp":
            parts.append(_character(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(element: Element | None, data: dict[str, str]) -> str:
    """The inline HTML of a source or target. A code without its data shows as itself: the tags are
    checked against the source later, where the row can be told."""
    if element is None:
        return ""
    parts = [render([Text(element.text or "")])]
    for child in element:
        name = child.tag.removeprefix(_NS) if isinstance(child.tag, str) else ""
        if name == "cp":
            parts.append(render([Text(_character(child))]))
        elif name == "pc":
            parts.append(_code(data, child, "dataRefStart"))
            parts.append(_inline(child, data))
            parts.append(_code(data, child, "dataRefEnd"))
        elif name in ("ph", "sc", "ec"):
            parts.append(_code(data, child, "dataRef"))
        else:  # mrk, sm, em: remarks of a tool
            parts.append(_inline(child, data))
        parts.append(render([Text(child.tail or "")]))
    return "".join(parts)


def _code(data: dict[str, str], element: Element, name: str) -> str:
    reference = element.get(name, "")
    return data.get(reference, f"<code {element.get('id', '')}>")


def _character(element: Element) -> str:
    try:
        return chr(int(element.get("hex", ""), 16))
    except (ValueError, OverflowError):
        return "\ufffd"

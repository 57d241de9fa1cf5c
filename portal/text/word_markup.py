"""Makes the XML of a Word file plain before it is converted, and notes what it takes out.

Converters drop what they do not know. Here everything with words in it becomes ordinary
paragraphs and runs (text boxes, formulas, ruby, moved text), pictures become simple pictures, and
what is not part of the text (deletions, hidden words, charts) is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from .word_numbers import Numbering, attribute, child, children, is_on, local, value

# Framed in characters that no text has: what a converter would drop, carried through it.
OPEN, CLOSE = "\ue000", "\ue001"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_UNWRAPPED = frozenset(
    {"bdo", "customXml", "dir", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple",
     "oMathPara"}
)  # fmt: skip
_DRAWN = frozenset({"AlternateContent", "drawing", "object", "pict"})
_IN_BETWEEN = frozenset({"customXml", "sdt", "sdtContent", "ins", "moveTo"})


@dataclass(slots=True)
class Found:
    """What is not taken over (``left_out``: kind → the words or names), and what was rewritten."""

    left_out: dict[str, list[str]] = field(default_factory=dict)
    formulas: int = 0
    text_boxes: int = 0
    accepted_changes: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def leave(self, kind: str, text: str) -> None:
        text = " ".join(text.split())
        if text and (kind, text) not in self._seen:
            self._seen.add((kind, text))
            self.left_out.setdefault(kind, []).append(text)


class Simplifier:
    """Changes the trees of one file in place; ``relations`` are those of the part worked on."""

    def __init__(self, numbering: Numbering, styles: Element | None, found: Found) -> None:
        self.numbering = numbering
        self.found = found
        self.relations: dict[str, tuple[str, str]] = {}
        self.names: set[str] = set()
        self._headings = set(_heading_styles(styles)) if styles is not None else set()
        self._places = dict(_styles_with_place(styles)) if styles is not None else {}
        self._depths = dict(_list_styles(styles)) if styles is not None else {}

    def simplify(self, root: Element) -> None:
        self._unwrap(root)
        self._blocks(root)

    # --- blocks ---
    def _blocks(self, parent: Element) -> None:
        """Paragraphs and tables of a body, a cell, a note."""
        result: list[Element] = []
        for element in list(parent):
            name = local(element)
            if name == "p":
                boxes = self._paragraph(element)
                result += [element, *boxes]
            elif name == "altChunk":
                self.found.leave("embedded", "altChunk")
            else:
                if name in {"body", "tbl", "tr", "tc", "footnote", "endnote", "footnotes",
                            "endnotes", "document", "comment"}:  # fmt: skip
                    self._blocks(element)
                result.append(element)
        parent[:] = result

    def _unwrap(self, parent: Element) -> None:
        """Takes the content out of wrappers that say nothing about the text."""
        waiting = [parent]
        while waiting:
            element = waiting.pop()
            result: list[Element] = []
            queue = list(reversed(element))
            changed = False
            while queue:
                inner = queue.pop()
                name = local(inner)
                if name in _UNWRAPPED:
                    changed = True
                    self.found.accepted_changes += int(name in {"ins", "moveTo"})
                    drop = {"sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "oMathParaPr"}
                    queue += [e for e in reversed(inner) if local(e) not in drop]
                elif name in {"del", "moveFrom"} and len(inner):
                    changed = True
                    self.found.leave("deleted", _all_text(inner))
                else:
                    result.append(inner)
            if changed:
                element[:] = result
            waiting += result

    def _paragraph(self, paragraph: Element) -> list[Element]:
        """Rewrites one paragraph; gives the paragraphs of its text boxes, to stand after it."""
        boxes: list[Element] = []
        for run in list(_runs(paragraph)):
            self._run(run, boxes)
        namespace = paragraph.tag.rpartition("}")[0] + "}"
        for index, element in enumerate(list(paragraph)):
            if local(element) == "oMath":
                self.found.formulas += 1
                run = Element(f"{namespace}r")
                SubElement(run, f"{namespace}t").text = _formula(element)
                paragraph[index] = run
        self._mark(paragraph, namespace)
        return boxes

    def _run(self, run: Element, boxes: list[Element]) -> None:
        properties = child(run, "rPr")
        if is_on(properties, "vanish"):
            self.found.leave("hidden", _all_text(run))
            run[:] = [properties] if properties is not None else []
            return
        result: list[Element] = []
        for element in run:
            name = local(element)
            if name in _DRAWN:
                drawn, inside = self._drawing(element)
                result += drawn
                boxes += inside
            elif name == "ruby":
                result += self._ruby(element)
            else:
                if name == "t" and element.text:
                    element.text = re.sub(f"[{OPEN}{CLOSE}]", "", element.text)
                result.append(element)
        run[:] = result

    @staticmethod
    def _ruby(ruby: Element) -> list[Element]:
        base, above = child(ruby, "rubyBase"), child(ruby, "rt")
        namespace = ruby.tag.rpartition("}")[0] + "}"
        text = Element(f"{namespace}t")
        text.text = _all_text(base) + (f"（{_all_text(above)}）" if above is not None else "")
        return [text]

    # --- what is drawn ---
    def _drawing(self, element: Element) -> tuple[list[Element], list[Element]]:
        """Simple pictures for all pictures in a drawing, and the paragraphs of its text boxes."""
        namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        if local(element) == "AlternateContent":
            # Both alternatives say the same; the first is the newer one.
            element = next((alternative for alternative in element if len(alternative)), element)
        pictures: list[Element] = []
        boxes: list[Element] = []
        alt = ""
        waiting: list[Element] = [element]
        while waiting:
            part = waiting.pop(0)
            name = local(part)
            if name == "txbxContent":
                self.found.text_boxes += 1
                for paragraph in part:
                    if local(paragraph) == "p":
                        boxes += [paragraph, *self._paragraph(paragraph)]
                    elif local(paragraph) == "tbl":
                        self._blocks(paragraph)
                        boxes.append(paragraph)
                continue
            if name == "AlternateContent":
                waiting[:0] = [alternative for alternative in part if len(alternative)][:1]
                continue
            if name in {"docPr", "cNvPr"} and not alt:
                alt = attribute(part, "descr") or attribute(part, "title")
            if name == "shape":
                alt = alt or attribute(part, "alt")
            if name in {"blip", "imagedata"}:
                key = attribute(part, "embed") or attribute(part, "id")
                pictures += self._picture(key, attribute(part, "link"), alt, namespace)
                if name == "blip":
                    alt = ""
            elif name == "chart":
                self.found.leave("charts", alt or "chart")
            elif name == "relIds":
                self.found.leave("diagrams", alt or "SmartArt")
            elif name == "OLEObject":
                self.found.leave("embedded", attribute(part, "ProgID") or "OLE")
            elif name == "textpath":
                self.found.leave("word_art", attribute(part, "string"))
            waiting[:0] = list(part)
        return pictures, boxes

    def _picture(self, key: str, link: str, alt: str, namespace: str) -> list[Element]:
        kind, target = self.relations.get(key, ("", ""))
        if not target or target not in self.names:
            outside = self.relations.get(link or key, ("", ""))[1]
            self.found.leave("linked_pictures", outside or alt or key or "?")
            return []
        del kind
        drawing = Element(f"{{{namespace}}}drawing")
        inline = SubElement(drawing, f"{{{_WP}}}inline")
        SubElement(inline, f"{{{_WP}}}docPr", {"descr": alt})
        data = SubElement(SubElement(inline, f"{{{_A}}}graphic"), f"{{{_A}}}graphicData")
        fill = SubElement(SubElement(data, f"{{{_PIC}}}pic"), f"{{{_PIC}}}blipFill")
        SubElement(fill, f"{{{_A}}}blip", {f"{{{_R}}}embed": key})
        return [drawing]

    # --- what a converter would not see ---
    def _mark(self, paragraph: Element, namespace: str) -> None:
        """Puts number, depth and place of a paragraph at its beginning, in a frame."""
        properties = child(paragraph, "pPr")
        style = value(properties, "pStyle") or ""
        numbers = child(properties, "numPr")
        own = value(numbers, "numId")
        at = value(numbers, "ilvl")
        place = value(properties, "jc") or self._places.get(style, "")
        place = {"right": "right", "end": "right", "center": "center"}.get(place, "")
        has_words = bool(_all_text(paragraph).strip())
        level = int(at) if at and at.isdecimal() and len(at) < 3 else None
        number = self.numbering.next(own, level, style) if has_words else None
        if numbers is not None and properties is not None:
            properties.remove(numbers)
        if not has_words or (number is None and not place):
            return
        depth, printed = number or (0, "")
        depth = max(depth, self._depths.get(style, 0))
        if style in self._headings and printed in {"•", ""}:
            depth, printed = 0, ""
        run = Element(f"{namespace}r")
        text = SubElement(run, f"{namespace}t")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = f"{OPEN}{depth}|{place}|{printed}{CLOSE}"
        first = list(paragraph).index(properties) + 1 if properties is not None else 0
        paragraph.insert(first, run)


def _runs(paragraph: Element) -> Iterator[Element]:
    """The runs of a paragraph, those in links too, not those of paragraphs inside."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name == "r":
            yield element
        elif name not in {"p", "pPr", "oMath"}:
            waiting += reversed(element)


def _all_text(element: Element | None) -> str:
    """The words in an element; of alternatives one."""
    if element is None:
        return ""
    parts: list[str] = []
    waiting = [element]
    while waiting:
        part = waiting.pop()
        name = local(part)
        if name in {"t", "delText"}:
            parts.append(part.text or "")
        elif name in {"tab", "br", "cr"}:
            parts.append(" ")
        elif name == "AlternateContent":
            waiting += list(part)[:1]
            continue
        elif name == "p" and parts:
            parts.append(" ")
        waiting += reversed(part)
    return "".join(parts)


def _formula(element: Element) -> str:
    """A formula on one line: fractions with a stroke, raised parts after ^."""
    name = local(element)
    if name == "t":
        return element.text or ""
    inner = {local(part): _formula(part) for part in element}
    if name == "f":
        return f"({inner.get('num', '')})/({inner.get('den', '')})"
    if name == "sSup":
        return f"{inner.get('e', '')}^{inner.get('sup', '')}"
    if name == "sSub":
        return f"{inner.get('e', '')}_{inner.get('sub', '')}"
    if name == "rad":
        return f"√({inner.get('e', '')})"
    return "".join(_formula(part) for part in element if not local(part).endswith("Pr"))


def _heading_styles(styles: Element) -> Iterator[str]:
    for style in children(styles, "style"):
        if re.match(r"(?:heading|标题)\s*\d|title\Z", value(style, "name") or "", re.IGNORECASE):
            yield attribute(style, "styleId")


def _list_styles(styles: Element) -> Iterator[tuple[str, int]]:
    """Word's own styles for deeper lists, each a list of its own: "List Bullet 2"."""
    for style in children(styles, "style"):
        name = re.fullmatch(r"list (?:bullet|number) ([2-5])", (value(style, "name") or "").lower())
        if name:
            yield attribute(style, "styleId"), int(name[1]) - 1


def _styles_with_place(styles: Element) -> Iterator[tuple[str, str]]:
    for style in children(styles, "style"):
        place = value(child(style, "pPr"), "jc")
        if place:
            yield attribute(style, "styleId"), place


def all_text(element: Element) -> str:
    return _all_text(element)


def pieces_of(paragraph: Element) -> list[str]:
    """The words of a paragraph, run by run."""
    return [part.text or "" for run in _runs(paragraph) for part in children(run, "t")]


def names_of_styles(styles: Element) -> Element:
    """The styles with their names alone: all that a converter asks for."""
    small = Element(styles.tag)
    for style in children(styles, "style"):
        copy = SubElement(small, style.tag, dict(style.attrib))
        copy.extend(children(style, "name"))
    return small

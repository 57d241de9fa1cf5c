"""Word files (.docx): paragraphs and tables in order, with the numbers that Word prints.

The same work that brings Word files into articles makes the file plain; here the text is taken
straight from it, since a clause must keep its number and its line exactly.
"""

import re
from collections.abc import Iterator
from typing import Literal
from xml.etree.ElementTree import Element

from portal.text.official.model import Finding, Removed, Source, SourceLine
from portal.text.word_markup import CLOSE, OPEN, Found, Simplifier, all_text
from portal.text.word_numbers import Numbering, attribute, child, children, local, value
from portal.text.word_package import Package, WordFileError

from .archive import Archive
from .lines import cleaned, counted, joined, split, table
from .refusals import DocumentFileError, Limits, Reason

_REASONS: dict[str, Reason] = {
    "broken": "broken",
    "empty": "empty",
    "not_word": "unsupported",
    "old_word": "unsupported",
    "other_office": "unsupported",
    "password": "encrypted",
    "too_large": "unpacked_too_large",
}
_MARK = re.compile(rf"{OPEN}(\d+)\|(\w*)\|([^{CLOSE}]*){CLOSE}")
_HEADING = re.compile(r"(?:heading|标题)\s*([1-6])\Z", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d\Z", re.IGNORECASE)
_MOST_CELLS = 200_000
_PAGE_NUMBER = re.compile(r"[\s\d第共页/—–-]*")
# Boxes to tick, as the letters of picture fonts draw them.
_TICKED = {"F052", "F0FE", "F053", "F054", "F0FD"}
_UNTICKED = {"F0A3", "F0A8", "F06F", "F071", "F072", "F030"}


def read(data: bytes, limits: Limits) -> Source:
    """The text of a .docx file.

    Raises:
        DocumentFileError: it is damaged, locked, no Word file, or larger than the limits.
    """
    Archive(data, "docx", limits)  # refuses by the sizes in its directory
    try:
        return _Reading(Package(data)).source(limits)
    except WordFileError as error:
        raise DocumentFileError(_REASONS[error.reason], kind="docx") from error


class _Reading:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._found = Found()
        self._lines: list[SourceLine] = []
        self._removed: list[Removed] = []
        self._symbols = 0
        styles_name = next(iter(package.parts_of_kind("styles")), "")
        numbers_name = next(iter(package.parts_of_kind("numbering")), "")
        styles = package.xml_if_there(styles_name)
        self._headings: dict[str, int] = {}
        self._contents: set[str] = set()
        if styles is not None:
            self._read_styles(styles)
        numbering = Numbering(package.xml_if_there(numbers_name), styles)
        self._simplifier = Simplifier(numbering, styles, self._found)
        self._simplifier.names = set(package.names)
        # Marks of notes count in the order of the text, whatever their ids are.
        self._notes: dict[tuple[str, str], int] = {}

    def _read_styles(self, styles: Element) -> None:
        for style in children(styles, "style"):
            name, key = value(style, "name") or "", attribute(style, "styleId")
            heading = _HEADING.match(name)
            if heading:
                self._headings[key] = int(heading[1])
            elif name.lower() in {"title", "标题"}:
                self._headings[key] = 1
            elif _CONTENTS.match(name):
                self._contents.add(key)

    def source(self, limits: Limits) -> Source:
        main = self._simplified(self._package.main)
        for body in children(main, "body"):
            self._blocks(body)
        for kind in ("footnote", "endnote"):
            for name in self._package.parts_of_kind(f"{kind}s"):
                self._note_texts(self._simplified(name), kind)
        self._margins()
        findings = self._findings(main)
        if not self._lines and any(finding.code == "pictures" for finding in findings):
            raise DocumentFileError("only_pictures", kind="docx")
        lines = counted(self._lines, limits)
        return Source(lines, "docx", tuple(findings), tuple(self._removed))

    def _simplified(self, name: str) -> Element:
        tree = self._package.xml(name)
        self._simplifier.relations = self._package.relations(name)
        self._simplifier.simplify(tree)
        return tree

    # --- text ---
    def _blocks(self, parent: Element) -> None:
        for element in parent:
            match local(element):
                case "p":
                    self._paragraph(element)
                case "tbl":
                    found = table(self._rows(element))
                    if found:
                        self._lines.append(found)

    def _paragraph(self, paragraph: Element) -> None:
        text, place = self._text(paragraph)
        style = value(child(paragraph, "pPr"), "pStyle") or ""
        lines = split(text)
        if style in self._contents:
            at = len(self._lines)
            self._removed += [Removed(line, "navigation", at) for line in lines]
            return
        heading = self._headings.get(style, 0)
        self._lines += [SourceLine(line, place=place, heading=heading) for line in lines]

    def _text(self, paragraph: Element) -> tuple[str, Literal["", "center", "right"]]:
        """A paragraph with its printed number, and where it stands."""
        text = "".join(self._pieces(paragraph))
        mark = _MARK.match(text)
        if not mark:
            return text, ""
        number, rest = mark[3], text[mark.end() :].lstrip()
        if number and not re.search(r"[、．.）)\]]\Z", number):
            number += "　"
        place: Literal["", "center", "right"] = "center" if mark[2] == "center" else ""
        return joined(number, rest), "right" if mark[2] == "right" else place

    def _pieces(self, paragraph: Element) -> Iterator[str]:
        waiting = list(reversed(paragraph))
        while waiting:
            element = waiting.pop()
            match local(element):
                case "t":
                    yield element.text or ""
                case "tab" | "ptab":
                    yield "\t"
                case "br" | "cr":
                    yield "\n"
                case "noBreakHyphen":
                    yield "-"
                case "sym":
                    yield self._symbol(element)
                case "footnoteReference" | "endnoteReference" as name:
                    if attribute(element, "customMarkFollows") not in {"1", "true", "on"}:
                        key = (name.removesuffix("Reference"), attribute(element, "id"))
                        yield f"[{self._notes.setdefault(key, len(self._notes) + 1)}]"
                case "p" | "pPr" | "rPr" | "instrText" | "delText":
                    pass
                case _:
                    waiting += reversed(element)

    def _symbol(self, element: Element) -> str:
        code = attribute(element, "char").upper()
        if code in _TICKED:
            return "☑"
        if code in _UNTICKED:
            return "□"
        if re.fullmatch(r"[0-9A-F]{4}", code) and not "D800" <= code <= "F8FF":
            return chr(int(code, 16))
        self._symbols += 1
        return "□"

    def _rows(self, element: Element) -> list[list[str]]:
        """The cells by place: the text of a merged cell stands in its first place."""
        rows = []
        count = 0
        for row in children(element, "tr"):
            before = value(child(row, "trPr"), "gridBefore") or ""
            cells = [""] * _small(before, 0)
            for cell in children(row, "tc"):
                properties = child(cell, "tcPr")
                merged = child(properties, "vMerge")
                goes_on = merged is not None and attribute(merged, "val") != "restart"
                cells.append("" if goes_on else self._cell(cell))
                cells += [""] * (_small(value(properties, "gridSpan") or "", 1) - 1)
            rows.append(cells)
            count += len(cells)
            if count > _MOST_CELLS:
                raise DocumentFileError("too_complex", kind="docx")
        return rows

    def _cell(self, cell: Element) -> str:
        text = ""
        for element in cell.iter():
            if local(element) == "p":
                for line in split(self._text(element)[0]):
                    text = f"{text} {line}" if text else line
        return text

    def _note_texts(self, root: Element, kind: str) -> None:
        texts = {attribute(note, "id"): note for note in children(root, kind)}
        for (own, key), number in list(self._notes.items()):
            if own != kind or key not in texts:
                continue
            text = ""
            for paragraph in children(texts[key], "p"):
                text = joined(text, " ".join(split(self._text(paragraph)[0])))
            if text:
                self._lines.append(SourceLine(f"[{number}] {text}"))

    # --- what is no text ---
    def _margins(self) -> None:
        for kind in ("header", "footer"):
            for name in self._package.parts_of_kind(kind):
                text = cleaned(" ".join(all_text(self._package.xml(name)).split()))
                if text and not any(gone.text == text for gone in self._removed):
                    number = _PAGE_NUMBER.fullmatch(text)
                    self._removed.append(
                        Removed(text, "page_number" if number else "repeated_header")
                    )

    def _findings(self, main: Element) -> list[Finding]:
        findings = []
        for kind, texts in self._found.left_out.items():
            if kind in {"hidden", "deleted"}:
                self._removed += [Removed(text, "hidden") for text in texts]
                findings.append(Finding(f"{kind}_text", texts[0]))
            else:
                findings.append(Finding(f"left_out_{kind}", texts[0]))
        pictures = sum(local(element) == "blip" for element in main.iter())
        if pictures:
            findings.append(Finding("pictures", str(pictures)))
        if self._symbols:
            findings.append(Finding("unknown_symbols", str(self._symbols)))
        if self._found.text_boxes:
            findings.append(Finding("text_boxes", str(self._found.text_boxes)))
        return findings


def _small(text: str, otherwise: int) -> int:
    """A count of cells, never one that would fill the memory."""
    return (
        min(int(text), 100) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
    )

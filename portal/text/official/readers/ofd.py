"""OFD files, the Chinese format for pages as they are printed (GB/T 33190): a zip of XML.

Read are the texts and strokes of all pages with their places; fonts, pictures, seals and
signatures are not needed for the text. Lengths in the file are millimetres.
"""

import re
import time
from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from xml.etree.ElementTree import Element

from portal.text.official.model import Finding, Removed, Source, SourceLine

from .archive import Archive
from .layout import pages_without_text, text_of
from .lines import counted
from .placed import Character, Page, Rule, rules_of_box, runs_of
from .refusals import DocumentFileError, Limits

type _Matrix = tuple[float, float, float, float, float, float]
type _Box = tuple[float, float, float, float]

_POINT = 72 / 25.4
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)
_A4: _Box = (0, 0, 210, 297)
_MOST_CHARACTERS_ON_A_PAGE = 20_000
_MOST_RULES = 3000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def read(data: bytes, limits: Limits) -> Source:
    """The text of an OFD file, of all documents in it one after the other.

    Raises:
        DocumentFileError: it is damaged, locked, shows only pictures, or is larger than the limits.
    """
    archive = Archive(data, "ofd", limits)
    if any(name.lower().endswith(("encryptions.xml", "decryptseed.dat")) for name in archive.names):
        raise DocumentFileError("encrypted", kind="ofd")
    root = archive.xml("OFD.xml")
    mains = [_text(found) for body in _all(root, "DocBody") for found in _own(body, "DocRoot")]
    if not mains:
        raise DocumentFileError("broken", kind="ofd")
    documents = _within_limits(archive, mains, limits)
    pages = list(chain.from_iterable(documents))
    if not any(page.characters for page in pages):
        only_pictures = any(page.images for page in pages)
        raise DocumentFileError("only_pictures" if only_pictures else "empty", kind="ofd")
    lines: list[SourceLine] = []
    removed: list[Removed] = []
    findings = pages_without_text(pages)
    first = 1
    for document in documents:
        text = text_of(document, first_page=first, first_line=len(lines))
        lines += text.lines
        removed += text.removed
        findings += text.findings
        first += len(document)
    if len(mains) > 1:
        findings.append(Finding("several_documents", str(len(mains))))
    return Source(counted(lines, limits), "ofd", tuple(findings), tuple(removed))


def _within_limits(archive: Archive, mains: list[str], limits: Limits) -> list[list[Page]]:
    """The pages of each document."""
    until = time.monotonic() + limits.seconds
    documents: list[list[Page]] = []
    count = characters = 0
    for main in mains:
        documents.append([])
        for page in _Document(archive, main).pages():
            documents[-1].append(page)
            count += 1
            characters += page.characters
            if count > limits.pages:
                raise DocumentFileError("too_many_pages", kind="ofd", limit=limits.pages)
            if characters > limits.characters:
                raise DocumentFileError("too_much_text", limit=limits.characters)
            if time.monotonic() > until:
                raise DocumentFileError("too_slow", kind="ofd", limit=limits.seconds)
    return documents


class _Document:
    """One document of a file: its templates, its pages."""

    def __init__(self, archive: Archive, main: str) -> None:
        self._archive = archive
        self._main = archive.beside("OFD.xml", main)
        self._root = archive.xml(self._main)
        self._box = _page_box(self._root, _A4)
        self._templates = {
            page.get("ID", ""): archive.beside(self._main, page.get("BaseLoc", ""))
            for page in _all(self._root, "TemplatePage")
        }
        self._parsed: dict[str, Element] = {}

    def pages(self) -> Iterator[Page]:
        for entry in _all(self._root, "Page"):
            name = self._archive.beside(self._main, entry.get("BaseLoc", ""))
            yield self._page(self._archive.xml(name))

    def _page(self, root: Element) -> Page:
        box = _page_box(root, self._box)
        drawing = _Drawing(box)
        for use in _own(root, "Template"):
            name = self._templates.get(use.get("TemplateID", ""))
            if name and name in self._archive:
                if name not in self._parsed:
                    self._parsed[name] = self._archive.xml(name)
                drawing.draw(self._parsed[name])
        drawing.draw(root)
        return drawing.page()


class _Drawing:
    """Takes down what a page draws."""

    def __init__(self, box: _Box) -> None:
        self._box = box
        self._page = Page(box[2] * _POINT, box[3] * _POINT)
        self._characters: list[Character] = []

    def page(self) -> Page:
        self._page.runs = list(runs_of(self._characters))
        return self._page

    def draw(self, root: Element) -> None:
        """Everything in the layers of a page, whatever groups hold it."""
        for content in _own(root, "Content"):
            for element in content.iter():
                match _local(element):
                    case "TextObject":
                        self._text_object(element)
                    case "PathObject":
                        self._path_object(element)
                    case "ImageObject":
                        self._page.images += 1

    def _text_object(self, element: Element) -> None:
        if element.get("Visible", "").lower() == "false":
            return
        left, top, *_ = _box(element.get("Boundary"), (0, 0, 0, 0))
        matrix = _matrix(element.get("CTM"))
        size = _float(element.get("Size"), 3.5)
        stretch = _float(element.get("HScale"), 1.0)
        a, b, _c, d, _e, _f = matrix
        turned = abs(b) > 0.1 * abs(a) or a <= 0 or _float(element.get("ReadDirection"), 0) != 0
        at = (0.0, 0.0)
        for code in _own(element, "TextCode"):
            text = (code.text or "").replace("\n", "").replace("\r", "")
            if turned:
                self._page.turned.append(text)
                continue
            # Without a place of its own a piece goes on where the one before began.
            at = (_float(code.get("X"), at[0]), _float(code.get("Y"), at[1]))
            self._pieces(text, code, at, (left, top), matrix, size, size * stretch)
            if len(self._characters) > _MOST_CHARACTERS_ON_A_PAGE:
                raise DocumentFileError("too_complex", kind="ofd")
        del d

    def _pieces(
        self,
        text: str,
        code: Element,
        at: tuple[float, float],
        corner: tuple[float, float],
        matrix: _Matrix,
        size: float,
        em: float,
    ) -> None:
        a, _b, c, d, e, f = matrix
        x, y = at
        across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        for character in text[: _MOST_CHARACTERS_ON_A_PAGE + 1]:
            width = em if character > "\u02ff" else em * 0.5
            left = (corner[0] + a * x + c * y + e - self._box[0]) * _POINT
            base = (corner[1] + d * y + f - self._box[1]) * _POINT
            # A character is no wider than the way to the next one.
            step = next(across, None)
            own = min(width, step) if step else width
            self._characters.append(
                (character, left, left + own * a * _POINT, base, size * d * _POINT)
            )
            x += width if step is None else step
            y += next(down, None) or 0.0

    def _path_object(self, element: Element) -> None:
        if len(self._page.rules) >= _MOST_RULES:
            return
        strokes = element.get("Stroke", "true").lower() != "false"
        filled = element.get("Fill", "false").lower() == "true"
        left, top, *_ = _box(element.get("Boundary"), (0, 0, 0, 0))
        matrix = _matrix(element.get("CTM"))
        for data in _own(element, "AbbreviatedData"):
            for points in _polylines((data.text or "")[:20_000]):
                placed = [self._placed(point, (left, top), matrix) for point in points]
                self._page.rules += _rules(placed, strokes, filled)

    def _placed(
        self, point: tuple[float, float], corner: tuple[float, float], matrix: _Matrix
    ) -> tuple[float, float]:
        a, b, c, d, e, f = matrix
        x, y = point
        return (
            (corner[0] + a * x + c * y + e - self._box[0]) * _POINT,
            (corner[1] + b * x + d * y + f - self._box[1]) * _POINT,
        )


def _polylines(data: str) -> Iterator[list[tuple[float, float]]]:
    """The points of the paths in a drawing command; of curves their ends."""
    points: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([SMLQBACsmlqbac])([^SMLQBACsmlqbac]*)", data):
        numbers = [float(number) for number in _NUMBER.findall(rest)]
        if command in "SMsm":
            if len(points) > 1:
                yield points
            points = []
        if command in "Cc":
            points += points[:1]
        elif len(numbers) >= 2:
            points.append((numbers[-2], numbers[-1]))
    if len(points) > 1:
        yield points


def _rules(points: list[tuple[float, float]], strokes: bool, filled: bool) -> list[Rule]:
    if len(points) == 5 and points[0] == points[4]:
        found = rules_of_box(*points[0], *points[2])
        return found if strokes or len(found) == 1 else []
    if not strokes or filled:
        return []
    return [
        Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for (x0, y0), (x1, y1) in pairwise(points)
        if abs(x0 - x1) < 1 or abs(y0 - y1) < 1
    ]


# --- values ---------------------------------------------------------------------------------------
def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(root: Element, name: str) -> Iterator[Element]:
    """Elements of a name, whatever prefix a writer gave it."""
    return (element for element in root.iter() if _local(element) == name)


def _own(parent: Element, name: str) -> Iterator[Element]:
    """The same, directly below an element: where they may nest, looking deeper takes for ever."""
    return (element for element in parent if _local(element) == name)


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _float(text: str | None, otherwise: float) -> float:
    """A number of a sane size; files hold others too."""
    if not text or not _NUMBER.fullmatch(text.strip()):
        return otherwise
    value = float(text)
    return value if abs(value) < 1e6 else otherwise


def _box(text: str | None, otherwise: _Box) -> _Box:
    values = [_float(part, 0.0) for part in (text or "").split()]
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else otherwise


def _page_box(root: Element, otherwise: _Box) -> _Box:
    for area in chain(_all(root, "PageArea"), _all(root, "Area")):
        for physical in _own(area, "PhysicalBox"):
            found = _box(_text(physical), otherwise)
            return found if found[2] > 0 and found[3] > 0 else otherwise
    return otherwise


def _matrix(text: str | None) -> _Matrix:
    values = [_float(part, 0.0) for part in (text or "").split()]
    if len(values) != 6:
        return _SAME
    return (values[0], values[1], values[2], values[3], values[4], values[5])


def _steps(text: str | None) -> Iterator[float]:
    """Ways from one character to the next; "g 3 4.5" stands for "4.5 4.5 4.5"."""
    parts = iter((text or "").split())
    for part in parts:
        if part.lower() == "g":
            times = int(_float(next(parts, None), 0))
            step = _float(next(parts, None), 0.0)
            yield from repeat(step, min(max(times, 0), _MOST_CHARACTERS_ON_A_PAGE))
        else:
            yield _float(part, 0.0)

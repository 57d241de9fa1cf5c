"""Reads one PDF file from standard input and writes its text to standard output, as JSON.

Runs in a confined process (``confined``) and keeps nothing. The answer is either
``{"reason": …}`` or ``{"lines": …, "findings": …, "removed": …}``; see ``pdf``.
"""

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import apply_matrix_pt

from .layout import pages_without_text, text_of
from .placed import Character, Page, rules_of_box, runs_of

if TYPE_CHECKING:
    from pdfminer.layout import LTPage
    from pdfminer.pdftypes import PDFStream

# More strokes than this on one page are a drawing.
_MOST_RULES = 3000
# Of characters that no font names: with more of them the rest is no text either.
_MOST_UNMAPPED = 0.3


class _Refused(Exception):
    """Why the file gives no text: ``args[0]`` is the reason."""


class _Device(PDFLayoutAnalyzer):
    """Takes down what a page draws: characters with their places, strokes, pictures."""

    def __init__(self, manager: PDFResourceManager, most: int) -> None:
        super().__init__(manager)
        self._left = most
        self.page = Page(0, 0)
        self._characters: list[Character] = []
        self._turned: list[str] = []

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        super().begin_page(page, ctm)
        self.page = Page(self.cur_item.width, self.cur_item.height)
        self._characters, self._turned = [], []

    def receive_layout(self, ltpage: "LTPage") -> None:
        del ltpage  # nothing was put there
        self.page.runs = list(runs_of(self._characters))
        if self._turned:
            self.page.turned = ["".join(self._turned)]

    def render_image(self, name: str, stream: "PDFStream") -> None:
        del name, stream
        self.page.images += 1

    def paint_path(
        self, gstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Any
    ) -> None:
        if not (stroke or fill) or len(self.page.rules) >= _MOST_RULES:
            return
        points: list[tuple[float, float]] = []
        for segment in path:
            if segment[0] == "m":
                self._strokes(points, stroke)
                points = []
            if segment[0] == "h" and points:
                points.append(points[0])
            elif len(segment) >= 3:
                points.append(apply_matrix_pt(self.ctm, segment[-2:]))
        self._strokes(points, stroke)

    def _strokes(self, points: list[tuple[float, float]], stroke: bool) -> None:
        """Straight pieces; of an area that is only filled, thin ones."""
        height = self.page.height
        if len(points) == 5 and points[0] == points[4]:
            (x0, y0), (x1, y1) = points[0], points[2]
            found = rules_of_box(x0, height - y0, x1, height - y1)
            if stroke or len(found) == 1:
                self.page.rules += found
        elif stroke:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(x0 - x1) < 1 or abs(y0 - y1) < 1:
                    self.page.rules += rules_of_box(x0, height - y0, x1, height - y1)[:1]

    def render_char(
        self,
        matrix: Any,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: PDFGraphicState,
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "\ufffd"
            self.page.unmapped += 1
        advance: float = font.char_width(cid) * fontsize * scaling
        a, b, c, d, x, y = matrix
        self._left -= len(text)
        if self._left < 0:
            raise _Refused("too_much_text")
        if abs(b) > 0.1 * abs(a) or a <= 0 or font.is_vertical():
            self._turned.append(text)
            return advance
        size = abs(d) * fontsize or abs(c) * fontsize
        base = self.page.height - y - rise * d
        self._characters.append((text, x, x + advance * a, base, size))
        return advance


def _pages(data: bytes, most_pages: int, most_characters: int) -> Iterator[Page]:
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    manager = PDFResourceManager()
    device = _Device(manager, most_characters)
    interpreter = PDFPageInterpreter(manager, device)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > most_pages:
            raise _Refused("too_many_pages")
        interpreter.process_page(page)
        yield device.page


def answer(data: bytes, *, most_pages: int, most_characters: int) -> dict[str, Any]:
    """What the file says, or why it says nothing."""
    try:
        pages = list(_pages(data, most_pages, most_characters))
        characters = sum(page.characters for page in pages)
        unmapped = sum(page.unmapped for page in pages)
        if not pages:
            raise _Refused("broken")
        if not any(run.text.strip() for page in pages for run in page.runs):
            raise _Refused("scanned_pdf" if any(page.images for page in pages) else "empty")
        if unmapped > characters * _MOST_UNMAPPED:
            raise _Refused("unreadable_fonts")
        text = text_of(pages)
        findings = [*text.findings, *pages_without_text(pages)]
        return {
            "lines": [asdict(line) for line in text.lines],
            "findings": [
                (finding.code, finding.excerpt, None, finding.line) for finding in findings
            ],
            "removed": [(gone.text, gone.reason, gone.line) for gone in text.removed],
            "unmapped": unmapped,
        }
    except _Refused as refused:
        return {"reason": refused.args[0]}
    except PDFEncryptionError:
        return {"reason": "encrypted"}
    except (RecursionError, MemoryError):
        return {"reason": "too_complex"}
    except Exception as error:  # a damaged file may make a parser raise anything
        return {"reason": "broken", "error": f"{type(error).__name__}: {error}"[:300]}


def main() -> None:
    logging.disable(logging.CRITICAL)
    most_pages, most_characters = map(int, sys.argv[1:3])
    data = sys.stdin.buffer.read()
    found = answer(data, most_pages=most_pages, most_characters=most_characters)
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    main()

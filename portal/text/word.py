"""A Word file (.docx) as a clean text: blocks, a title, its pictures, and what was not taken over.

The file is made plain (``word_markup``), converted by mammoth, and read as any pasted HTML. At the
end the words of the file are compared with those of the result: what is missing is named.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal
from xml.etree import ElementTree

import mammoth

from .document import Block, Document, Heading, Paragraph, text_of, texts
from .numbering import level_of
from .pasted import Report, blocks_from_html, visible
from .punctuation import IS_DOCUMENT_NUMBER
from .typesetting import STRUCTURE_ONLY, typeset
from .word_markup import CLOSE, OPEN, Found, Simplifier, all_text, names_of_styles, pieces_of
from .word_numbers import Numbering, local
from .word_package import LARGEST_PICTURE, Package, WordFileError

type LeftOut = Literal[
    "charts", "comments", "deleted", "diagrams", "embedded", "footers", "headers", "hidden",
    "linked_pictures", "lost", "macros", "word_art",
]  # fmt: skip


@dataclass(slots=True)
class WordText:
    """``pictures``: the bytes behind each ``Picture.source``. ``left_out``: kind → what it was."""

    title: str
    document: Document
    pictures: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    formulas: int = 0
    text_boxes: int = 0


_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='标题'] => h1.title:fresh
p[style-name='Heading 1'] => h1:fresh
p[style-name='Heading 2'] => h2:fresh
p[style-name='Heading 3'] => h3:fresh
p[style-name='Heading 4'] => h4:fresh
p[style-name='Heading 5'] => h5:fresh
p[style-name='Heading 6'] => h6:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
b => strong
i => em
strike =>
u =>
"""


def read_word(data: bytes) -> WordText:
    """The text of a Word file.

    Raises:
        WordFileError: the file gives no text; its ``reason`` says why.
    """
    package = Package(data)
    found = Found()
    changed, words = _simplified(package, found)
    pictures: dict[str, bytes] = {}
    html = _converted(package, changed, pictures)
    blocks, report = blocks_from_html(html)
    title, blocks = _title(blocks)
    document = typeset(tuple(blocks), STRUCTURE_ONLY).document
    _aside(package, found)
    _missing(words, title, document, found)
    if not document and not title and not found.left_out:
        raise WordFileError("empty")
    return WordText(
        title, document, pictures, found.left_out, report, found.formulas, found.text_boxes
    )


def _simplified(package: Package, found: Found) -> tuple[dict[str, bytes], list[list[str]]]:
    """The changed parts, and the words of every paragraph of the text, run by run."""
    styles = next(iter(package.parts_of_kind("styles")), "")
    numbers = next(iter(package.parts_of_kind("numbering")), "")
    styles_tree = package.xml_if_there(styles)
    numbering = Numbering(package.xml_if_there(numbers), styles_tree)
    simplifier = Simplifier(numbering, styles_tree, found)
    simplifier.names = set(package.names)
    notes = [*package.parts_of_kind("footnotes"), *package.parts_of_kind("endnotes")]
    changed: dict[str, bytes] = {}
    if styles_tree is not None:
        changed[styles] = ElementTree.tostring(names_of_styles(styles_tree), encoding="utf-8")
    words: list[list[str]] = []
    for name in [package.main, *notes]:
        tree = package.xml(name)
        simplifier.relations = package.relations(name)
        simplifier.simplify(tree)
        if name == package.main:
            words += [pieces_of(p) for p in tree.iter() if local(p) == "p"]
        changed[name] = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return changed, words


def _converted(package: Package, changed: dict[str, bytes], pictures: dict[str, bytes]) -> str:
    def keep(image: Any) -> dict[str, str]:
        with image.open() as opened:
            data: bytes = opened.read(LARGEST_PICTURE)
        key = f"docx-image:{len(pictures)}"
        pictures[key] = data
        return {"src": key}

    try:
        html: str = mammoth.convert_to_html(
            package.rebuilt(changed),
            style_map=_STYLES,
            include_embedded_style_map=False,
            include_default_style_map=False,
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        ).value
    except WordFileError:
        raise
    except Exception as error:  # mammoth raises whatever its parsers do
        raise WordFileError("broken") from error
    html = re.sub(r'\s*<a href="#(?:foot|end)note-ref-\d+">↑</a>', "", html)
    return re.sub(
        rf"(?P<tag><(?:p|h\d)(?: [^>]*)?>)(?P<looks>(?:<(?:strong|em|a)[^>]*>)*)"
        rf"{OPEN}(?P<depth>\d)\|(?P<place>\w*)\|(?P<number>[^{CLOSE}]*){CLOSE}",
        _as_word_writes_it,
        html,
    ).translate({ord(OPEN): None, ord(CLOSE): None})


def _as_word_writes_it(match: re.Match[str]) -> str:
    """The mark of a paragraph as Word puts it on the clipboard, which the paste cleaner knows."""
    tag, number = match["tag"][:-1], match["number"]
    style = f"text-align:{match['place']};" if match["place"] else ""
    if number:
        style += f"mso-list:l0 level{int(match['depth']) + 1}"
        number = f'<span style="mso-list:Ignore">{number}</span>'
    return f'{tag} style="{escape(style)}">{match["looks"]}{number}'


# --- the title ------------------------------------------------------------------------------------
_LONGEST_TITLE = 120


def _title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Takes the title out: by style, else the centred first lines, else a short first line."""
    for position, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level == 1:
            title = _flat(text_of(block.line))
            if len(title) <= 2 * _LONGEST_TITLE:
                return title, blocks[:position] + blocks[position + 1 :]
    lines: list[str] = []
    for block in blocks[:4]:
        if not isinstance(block, Heading | Paragraph):
            break
        text = _flat(text_of(block.line))
        # A second line of the same look goes on with the title, a number begins the text.
        centred = block.place == "center" if isinstance(block, Paragraph) else block.level == 2
        goes_on = not lines or (type(block) is type(blocks[0]) and level_of(text) is None)
        too_long = len("".join([*lines, text])) > _LONGEST_TITLE or text.endswith("。")
        if not centred or not goes_on or too_long or IS_DOCUMENT_NUMBER.fullmatch(text):
            break
        lines.append(text)
    if lines:
        return "".join(lines), blocks[len(lines) :]
    first = blocks[0] if blocks else None
    if isinstance(first, Heading | Paragraph):
        text = _flat(text_of(first.line))
        if len(text) <= 60 and not re.search(r"[。；：，]\Z", text):
            return text, blocks[1:]
    return "", blocks


def _flat(text: str) -> str:
    return " ".join(text.split())


# --- what is not taken over -----------------------------------------------------------------------
def _aside(package: Package, found: Found) -> None:
    """Headers, footers, comments, diagrams, macros: named, since they are no part of the text."""
    for kind, name in (("header", "headers"), ("footer", "footers")):
        for part in package.parts_of_kind(kind):
            text = all_text(package.xml(part))
            if not re.fullmatch(r"[\s\d第共页/—–-]*", text):  # page numbers are nobody's words
                found.leave(name, text)
    for part in package.parts_of_kind("comments"):
        for comment in package.xml(part):
            found.leave("comments", all_text(comment))
    for part in package.parts_of_kind("diagramData"):
        found.leave("diagrams", all_text(package.xml(part)))
    if any(name.endswith("vbaProject.bin") for name in package.names):
        found.leave("macros", "VBA")


def _missing(words: list[list[str]], title: str, document: Document, found: Found) -> None:
    """Compares by text: the words of every paragraph of the file must be found in the result."""
    have = _bare(title + "".join(texts(document)))
    for pieces in words:
        bare = [_bare(re.sub(rf"{OPEN}[^{CLOSE}]*{CLOSE}", "", piece)) for piece in pieces]
        # Piece by piece where something stands between them: the mark of a note, a symbol.
        if "".join(bare) not in have and not all(piece in have for piece in bare):
            found.leave("lost", "".join(bare))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", visible(text))

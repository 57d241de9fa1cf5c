"""Web pages: their visible text, line by line, with tables, headings and alignment."""

import re

from portal.text.document import Heading, Listing, Other, Paragraph, Picture, Quote, Table, text_of
from portal.text.html_tree import Node, collapsed, parse
from portal.text.official.model import Finding, Removed, Source, SourceLine
from portal.text.pasted import blocks_from_tree

from .lines import cleaned, counted, split, table
from .plain import decode, findings_of
from .refusals import DocumentFileError, Limits

_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,20})",
    re.IGNORECASE,
)
# Controls and menus; what else stands around a text is told from it by its words, elsewhere.
_FURNITURE_TAGS = {"nav", "button", "select", "option", "textarea", "label", "legend"}
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|mbx|footer|foot|copyright|share|bdsharebuttonbox|sidebar)(?:$|[\s_-])",
    re.IGNORECASE,
)  # fmt: skip
# A block with as much of its text in links leads elsewhere.
_MOSTLY_LINKS = 0.7
_FEWEST_LINKS = 4


def read(data: bytes, limits: Limits) -> Source:
    """The text of a web page.

    Raises:
        DocumentFileError: it holds no text, or more than the limits.
    """
    declared = _DECLARED.search(data[:4096])
    decoded = decode(data, declared[1].decode("ascii") if declared else "")
    if len(decoded.text) > 4 * limits.characters:
        raise DocumentFileError("too_much_text", limit=limits.characters)
    root = parse(decoded.text)
    removed = _without_furniture(root)
    pictures = sum(node.tag == "img" for node in root.elements())
    blocks, report = blocks_from_tree(root)
    lines: list[SourceLine] = []
    for block in blocks:
        match block:
            case Heading():
                lines += [
                    SourceLine(text, heading=max(1, block.level - 1))
                    for text in split(text_of(block.line))
                ]
            case Paragraph():
                lines += [
                    SourceLine(text, place=block.place) for text in split(text_of(block.line))
                ]
            case Quote():
                lines += [SourceLine(text) for text in split(text_of(block.line))]
            case Listing():
                lines += _listed(block)
            case Table():
                lines += [SourceLine(text) for text in split(block.caption)]
                found = table(block.rows)
                lines += [found] if found else []
            case Picture():
                lines += [SourceLine(text) for text in split(block.caption)]
            case Other():
                pass
    findings = findings_of(decoded)
    removed += [Removed(text, "hidden") for text in report.hidden]
    if report.hidden:
        findings.append(Finding("hidden_text", report.hidden[0]))
    if pictures:
        findings.append(Finding("pictures", str(pictures)))
    if not lines and pictures:
        raise DocumentFileError("only_pictures", kind="html")
    return Source(counted(lines, limits), "html", tuple(findings), tuple(removed))


def _listed(block: Listing) -> list[SourceLine]:
    """Items with the numbers that a browser prints; its bullets are no text."""
    lines: list[SourceLine] = []
    counts: dict[int, int] = {}
    for item in block.items:
        counts = {depth: count for depth, count in counts.items() if depth <= item.depth}
        counts[item.depth] = counts.get(item.depth, 0) + 1
        first, *more = split(text_of(item.line)) or [""]
        number = f"{counts[item.depth]}." if item.ordered else ""
        if number and first[:1].isascii():
            number += " "
        lines += [SourceLine(text) for text in (number + first, *more) if text]
    return lines


def _without_furniture(root: Node) -> list[Removed]:
    """Takes menus and controls out of a tree, and says what their words were."""
    removed: list[Removed] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kept: list[Node | str] = []
        for inner in node.children:
            if isinstance(inner, Node):
                text = cleaned(collapsed(inner.text()))
                if text and _is_furniture(inner, text):
                    removed.append(Removed(" ".join(text.split()), "navigation"))
                    continue
                waiting.append(inner)
            kept.append(inner)
        node.children = kept
    return removed


def _is_furniture(node: Node, text: str) -> bool:
    if node.tag in _FURNITURE_TAGS:
        return True
    if node.tag not in {"div", "ul", "ol", "dl", "section", "aside", "footer", "header", "p"}:
        return False
    named = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}"
    links = [e.text() for e in node.elements() if e.tag == "a"]
    linked = sum(len(link.strip()) for link in links) / len(text)
    if len(links) >= _FEWEST_LINKS and linked >= _MOSTLY_LINKS:
        return True
    # By its name only where it is short: some call the whole page a menu.
    return bool(_FURNITURE.search(named)) and len(text) < 400

"""Inline HTML taken apart so that nothing of it is lost: texts, pairs of tags, lone pieces.

Every character comes back as it was. A piece that is no text in good form (a tag that nothing
closes, an entity other than the three, a loose ``<``) is a lone piece with its own characters.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<tag><(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>)"
    r"|(?P<entity>&(?:amp|lt|gt);)"
    r"|(?P<odd>[<>&])"
    r"|(?P<text>[^<>&]+)"
)
_VOID = frozenset({"br", "hr", "img", "wbr"})
_DEEPEST = 30

type Node = Text | Lone | Pair


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, without entities."""

    text: str


@dataclass(frozen=True, slots=True)
class Lone:
    """Something that stands for itself, such as ``<br/>``."""

    data: str


@dataclass(slots=True)
class Pair:
    """A tag with what it holds."""

    start: str
    end: str = ""
    children: list["Node"] = field(default_factory=list)


def parse(text: str) -> list[Node]:
    """The parts of inline HTML, in order; ``render`` gives the same characters back."""
    tokens = list(_TOKEN.finditer(text))
    closes = _matching(tokens)
    root: list[Node] = []
    open_: list[Pair] = []
    ends = {end: start for start, end in closes.items()}
    for place, token in enumerate(tokens):
        into = open_[-1].children if open_ else root
        if place in closes:
            pair = Pair(token[0], tokens[closes[place]][0])
            into.append(pair)
            open_.append(pair)
        elif place in ends:
            open_.pop()
        elif token["entity"] or token["text"]:
            piece = html.unescape(token[0]) if token["entity"] else token[0]
            if into and isinstance(into[-1], Text):
                into[-1] = Text(into[-1].text + piece)
            else:
                into.append(Text(piece))
        else:
            into.append(Lone(token[0]))
    return root


def _matching(tokens: Sequence[re.Match[str]]) -> dict[int, int]:
    """Which opening tag is closed by which closing one, properly nested and not too deep."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for place, token in enumerate(tokens):
        if not token["tag"] or token["name"].lower() in _VOID or token[0].endswith("/>"):
            continue
        if not token["close"]:
            if len(stack) < _DEEPEST:
                stack.append(place)
            continue
        for back in range(len(stack) - 1, -1, -1):
            if tokens[stack[back]]["name"] == token["name"]:
                found[stack[back]] = place
                del stack[back:]
                break
    return found


def render(nodes: Sequence[Node]) -> str:
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            parts.append(html.escape(node.text, quote=False))
        elif isinstance(node, Lone):
            parts.append(node.data)
        else:
            parts += [node.start, render(node.children), node.end]
    return "".join(parts)


def tags_of(text: str) -> Counter[str]:
    """How often each tag occurs."""
    return Counter(token[0] for token in _TOKEN.finditer(text) if token["tag"])


def broken_tags(source: str, target: str) -> list[str]:
    """Pieces of ``target`` that cannot stand: loose or unknown tags, links the source has not.

    A tag of the source that the target leaves out is a matter of translation and may be; a link
    may not.
    """
    wrong = list(_loose(parse(target)))
    theirs, ours = tags_of(target), tags_of(source)
    for tag, count in theirs.items():
        copied_link = tag.startswith("<a") and count > ours[tag]
        if copied_link or (tag not in ours and not _PLAIN.fullmatch(tag)):
            wrong.append(tag)
    wrong += [tag for tag in ours if tag.startswith("<a ") and theirs[tag] < ours[tag]]
    return list(dict.fromkeys(wrong))


_PLAIN = re.compile(r"</?(?:b|i|em|strong|code|abbr|acronym)>|<br/?>|</a>")


def _loose(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Lone):
            name = re.match(r"</?([a-zA-Z0-9]+)", node.data)
            if name is None or name[1].lower() not in _VOID:
                yield node.data
        elif isinstance(node, Pair):
            yield from _loose(node.children)

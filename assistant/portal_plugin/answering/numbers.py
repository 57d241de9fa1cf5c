"""Numbers in an answer that lead to its sources.

An approved text is given word for word; the numbers stand beside the words. A source whose document
or clause the text names gets its number there, every other one at the end of the text.
"""

import html
import re
from collections.abc import Sequence
from typing import Protocol

_PARTS = re.compile(r"<[^>]*>")
# Within these the words are a heading's or an address's: no number there.
_CLOSED = re.compile(r"<(/?)(a|h[1-6]|sup|code)\b", re.IGNORECASE)
_LAST_BLOCK = re.compile(r"(</(?:p|li|td|blockquote)>)(?!.*</(?:p|li|td|blockquote)>)", re.DOTALL)
_SHORTEST = 3  # characters of a name that is looked for: 第一条 says which, 条 does not


class Numbered(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def label(self) -> str: ...


def with_numbers(markup: str, sources: Sequence[Numbered], *, anchor: str = "source") -> str:
    """Markup with a link for each source, ``#<anchor>-<number>`` from 1."""
    rest = []
    for number, source in enumerate(sources, start=1):
        link = f'<sup class="cite"><a href="#{anchor}-{number}">{number}</a></sup>'
        placed = next(
            (found for name in _names(source) if (found := _after(markup, name, link))), None
        )
        if placed is None:
            rest.append(link)
        else:
            markup = placed
    return _at_end(markup, "".join(rest)) if rest else markup


def _names(source: Numbered) -> list[str]:
    """What a text may call a source, the most exact first."""
    title = source.title.strip().strip("《》")
    names = [f"《{title}》{source.label}", f"《{title}》", title, source.label]
    return [
        html.escape(name, quote=False) for name in names if len(name.strip("《》")) >= _SHORTEST
    ]


def _after(markup: str, name: str, link: str) -> str | None:
    """The markup with the link after the first mention in running text; None without one."""
    depth, position = 0, 0
    for tag in [*_PARTS.finditer(markup), None]:
        text = markup[position : tag.start() if tag else len(markup)]
        if not depth and name in text:
            end = position + text.index(name) + len(name)
            return markup[:end] + link + markup[end:]
        if tag is None:
            break
        closed = _CLOSED.match(tag.group())
        if closed:
            depth = max(0, depth - 1) if closed[1] else depth + 1
        position = tag.end()
    return None


def _at_end(markup: str, links: str) -> str:
    block = _LAST_BLOCK.search(markup)
    if block is None:
        return markup + links
    return markup[: block.start()] + links + markup[block.start() :]

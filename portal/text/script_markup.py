"""A finished page in traditional characters, everything else byte for byte as it was.

The markup is read as a stream: texts and those attributes that people read are changed, the
language is named anew, addresses go through a function of the caller. A paragraph is converted as a
whole, whatever markup lies in it: ``<b>头</b>发`` is hair.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from .script import Converter, has_han

TRADITIONAL_TAG: Final = "zh-Hant"

# A comment, a declaration, or a tag: (closing, name, attributes).
_TOKEN = re.compile(
    r"<!--.*?-->|<[!?][^>]*>|<(/?)([a-zA-Z][^\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=\"'/>]+)(?:(\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_HTML = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "ins", "kbd", "label", "mark", "output", "q", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "time", "tspan", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
     "wbr"}
)  # fmt: skip
# Whose content is not for reading, or is what somebody typed.
_LEFT_ALONE = frozenset({"script", "style", "textarea"})
_CODE = frozenset({"code", "kbd", "samp"})
_READ = frozenset(
    {
        "alt", "title", "placeholder", "label", "summary", "abbr", "aria-label", "aria-description",
        "aria-placeholder", "aria-roledescription", "aria-valuetext",
        # What the portal's scripts show.
        "data-changed", "data-done", "data-image", "data-pause", "data-play", "data-reset",
    }
)  # fmt: skip
_ADDRESSES = {
    "a": "href", "area": "href", "link": "href", "form": "action", "button": "formaction",
    "input": "formaction",
}  # fmt: skip
_PAGE_LINKS = frozenset({"canonical", "next", "prev"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_METAS_WITH_ADDRESS = frozenset({"url", "og:url"})
# What makes the attributes of a tag worth reading, besides characters.
_WORTH = re.compile(r"href|action|lang|translate|[^\x00-\x7f]|og:url|\bUrl\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")

type Rewrite = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What people read as one piece: its simplified text, and what it became."""

    source: str
    text: str
    is_corrected: bool = False


@dataclass(slots=True)
class _Unit:
    """One paragraph: the numbers of its parts of the page, and the texts there."""

    places: list[int] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    is_attribute: bool = False

    @property
    def text(self) -> str:
        return self.runs[0] if len(self.runs) == 1 else "".join(self.runs)


@dataclass(slots=True)
class _Rule:
    """What held outside an element, and how many of its name are open inside it."""

    name: str
    converts: bool
    is_held: bool
    depth: int = 1


def normal(text: str) -> str:
    """A paragraph's text as corrections know it: single spaces, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def page_language(page: str) -> str:
    """The language that a page says it is in, in small letters; "" where it says nothing."""
    found = _HTML.search(page, 0, 4096)
    return found[1].lower() if found else ""


def convert_page(page: str, converter: Converter, *, rewrite: Rewrite | None = None) -> str:
    """A finished page in traditional characters.

    A page in another language comes back as it is; one that is in traditional characters already
    gets other addresses and nothing else.

    Args:
        page: the markup.
        converter: the standard, its terms and corrections.
        rewrite: gives the address of a link or form its form for this script; None: they stay.
    """
    language = page_language(page)
    if not language.startswith("zh"):
        return page
    is_done = language.startswith("zh-hant")
    return _Reading(page, converter, rewrite, converts=not is_done).converted()


def convert_fragment(markup: str, converter: Converter) -> str:
    """A piece of markup: its texts and the attributes that people read; addresses stay."""
    return _Reading(markup, converter, None, converts=True).converted()


def paragraphs_of(markup: str, converter: Converter) -> list[Paragraph]:
    """The paragraphs of a piece of markup with their conversion, in reading order."""
    return _Reading(markup, converter, None, converts=True).paragraphs()


class _Reading:
    """One pass over a page. Texts are collected, converted all at once and put back."""

    def __init__(
        self, page: str, converter: Converter, rewrite: Rewrite | None, *, converts: bool
    ) -> None:
        self._converter = converter
        self._rewrite = rewrite
        self._parts: list[str] = []
        self._units: list[_Unit] = []
        self._unit = _Unit()
        self._rules: list[_Rule] = []
        self._converts = converts
        self._is_held = not converts
        self._read(page)

    # --- reading ----------------------------------------------------------------------------------
    def _read(self, page: str) -> None:
        parts = self._parts
        position = 0
        while (token := _TOKEN.search(page, position)) is not None:
            if token.start() > position:
                self._text(page[position : token.start()])
            position = token.end()
            closing, name, attributes = token.groups()
            if name is None:
                parts.append(token[0])
                continue
            name = name.lower()
            if name not in _INLINE and self._unit.runs:
                self._end_unit()
            if closing:
                parts.append(token[0])
                if self._rules and self._rules[-1].name == name:
                    self._leave()
                continue
            if name in _CODE or name == "option" or _WORTH.search(attributes):
                self._tag(name, token[0], attributes)
            else:
                parts.append(token[0])
                if self._rules and self._rules[-1].name == name and name not in _VOID:
                    self._rules[-1].depth += 1
            if name in _LEFT_ALONE:
                end = re.compile(f"</{name}", re.IGNORECASE).search(page, position)
                stop = end.start() if end else len(page)
                parts.append(page[position:stop])
                position = stop
        if position < len(page):
            self._text(page[position:])
        self._end_unit()

    def _text(self, text: str) -> None:
        if self._converts and not text.isspace():
            self._unit.places.append(len(self._parts))
            self._unit.runs.append(text)
        elif self._unit.runs and not text.isspace():
            self._end_unit()  # what is not converted ends a word
        self._parts.append(text)

    def _end_unit(self) -> None:
        if self._unit.runs:
            if any(map(has_han, self._unit.runs)):
                self._units.append(self._unit)
            self._unit = _Unit()

    def _leave(self) -> None:
        rule = self._rules[-1]
        rule.depth -= 1
        if not rule.depth:
            self._rules.pop()
            if self._unit.runs:
                self._end_unit()
            self._converts, self._is_held = rule.converts, rule.is_held

    # --- tags -------------------------------------------------------------------------------------
    def _tag(self, name: str, tag: str, attributes: str) -> None:
        """Take a tag apart where something in it changes, and note which rule holds inside."""
        found = {
            match[1].lower(): match
            for match in _ATTRIBUTE.finditer(attributes)
            if match[2] is not None
        }
        values = {key: _value(match) for key, match in found.items()}
        language = values.get("lang", "").lower()
        names_language = "hreflang" in values
        converts, is_held = self._converts, self._is_held
        if values.get("translate", "").lower() == "no" or name in _CODE:
            converts, is_held = False, True
        elif names_language or (name == "option" and "value" not in values):
            converts = False  # a language by its own name; an option that sends its text
        elif language and not is_held:
            converts = language.startswith("zh") and not language.startswith("zh-hant")
        changes: dict[str, str | None] = {}
        if language and converts:
            changes["lang"] = TRADITIONAL_TAG
        address = _ADDRESSES.get(name, "")
        if self._rewrite is not None and not names_language:
            if address in values and (name != "link" or values.get("rel") in _PAGE_LINKS):
                changes[address] = self._rewritten(values[address])
            elif name == "meta" and (
                values.get("name", values.get("property", "")).lower() in _METAS_WITH_ADDRESS
            ):
                changes["content"] = self._rewritten(values.get("content", ""))
        if names_language and name == "a":
            is_this = values["hreflang"].lower() == TRADITIONAL_TAG.lower()
            if not is_this and "aria-current" in values and self._is_simplified(values["hreflang"]):
                changes["aria-current"] = None
        else:
            is_this = False
        if converts:
            for key, value in values.items():
                if self._is_read(name, key, values) and has_han(value):
                    changes.setdefault(key, value)
        self._take_apart(tag, len(tag) - 1 - len(attributes), found, changes, values)
        if is_this and "aria-current" not in values:
            last = self._parts[-1]
            self._parts[-1] = f'{last[:-1]} aria-current="true">'
        self._hold(name, attributes, converts=converts, is_held=is_held)

    @staticmethod
    def _is_simplified(tag: str) -> bool:
        return tag.lower() in ("zh", "zh-hans", "zh-cn")

    @staticmethod
    def _is_read(name: str, key: str, values: Mapping[str, str]) -> bool:
        if key in _READ:
            return True
        if key == "content":
            return name == "meta" and "http-equiv" not in values
        return (
            key == "value"
            and name == "input"
            and "name" not in values
            and values.get("type", "").lower() in _BUTTONS
        )

    def _rewritten(self, address: str) -> str:
        if self._rewrite is None:
            return address
        plain = html.unescape(address)
        new = self._rewrite(plain)
        return address if new == plain else html.escape(new)

    def _take_apart(
        self,
        tag: str,
        offset: int,
        found: Mapping[str, re.Match[str]],
        changes: Mapping[str, str | None],
        values: Mapping[str, str],
    ) -> None:
        parts, position = self._parts, 0
        for key, match in found.items():
            if key not in changes or (changes[key] == values[key] and not has_han(values[key])):
                continue
            new = changes[key]
            if new is None:  # with the space before it
                start = offset + match.start()
                parts.append(tag[position:start].removesuffix(" "))
                position = offset + match.end()
                continue
            group = next(number for number in (3, 4, 5) if match[number] is not None)
            parts.append(tag[position : offset + match.start(group)])
            position = offset + match.end(group)
            if new == values[key]:
                self._units.append(_Unit([len(parts)], [new], is_attribute=True))
            parts.append(new)
        parts.append(tag[position:])

    def _hold(self, name: str, attributes: str, *, converts: bool, is_held: bool) -> None:
        """Remember the rule until the element ends; one without an end has nothing inside."""
        if name in _VOID or attributes.endswith("/"):
            return
        if (converts, is_held) != (self._converts, self._is_held):
            if self._unit.runs:
                self._end_unit()
            self._rules.append(_Rule(name, self._converts, self._is_held))
            self._converts, self._is_held = converts, is_held
        elif self._rules and self._rules[-1].name == name:
            self._rules[-1].depth += 1

    # --- converting -------------------------------------------------------------------------------
    def converted(self) -> str:
        """The page, with everything put back."""
        if self._units:
            texts = self._converter.texts([unit.text for unit in self._units])
            for unit, text in zip(self._units, texts, strict=True):
                self._put_back(unit, text)
        return "".join(self._parts)

    def _put_back(self, unit: _Unit, text: str) -> None:
        corrected = self._correction(unit)
        if corrected is not None:
            text = corrected
        if len(unit.runs) == 1:
            self._parts[unit.places[0]] = text
            return
        for place, run in zip(unit.places, _divided(unit.runs, text), strict=True):
            self._parts[place] = run

    def _correction(self, unit: _Unit) -> str | None:
        """What a person made of the paragraph, with the space around it; None: nothing."""
        corrections = self._converter.corrections
        if not corrections:
            return None
        text = unit.text
        corrected = corrections.get(normal(html.unescape(text)))
        if corrected is None:
            return None
        start = text[: len(text) - len(text.lstrip())]
        end = text[len(text.rstrip()) :]
        return start + html.escape(corrected, quote=unit.is_attribute) + end

    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs, without those that lie in attributes."""
        units = [unit for unit in self._units if not unit.is_attribute]
        texts = self._converter.texts([unit.text for unit in units])
        found = []
        for unit, text in zip(units, texts, strict=True):
            source = normal(html.unescape(unit.text))
            corrected = self._converter.corrections.get(source)
            found.append(
                Paragraph(
                    source,
                    normal(html.unescape(text)) if corrected is None else corrected,
                    corrected is not None,
                )
            )
        return found


def _value(match: re.Match[str]) -> str:
    return next(value for value in match.group(3, 4, 5) if value is not None)


def _divided(runs: list[str], text: str) -> list[str]:
    """A converted paragraph cut where its runs were cut.

    Nearly always both are of one length. Where a correction has made it longer or shorter, what is
    the same around a cut shows where it belongs.
    """
    source = "".join(runs)
    ends, end = [], 0
    for run in runs[:-1]:
        end += len(run)
        ends.append(end)
    if len(text) != len(source):
        matcher = SequenceMatcher(None, source, text, autojunk=False)
        ends = [_moved(end, matcher.get_opcodes()) for end in ends]
    edges = [0, *ends, len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def _moved(end: int, steps: Sequence[tuple[str, int, int, int, int]]) -> int:
    """Where a place of the source lies in the converted text."""
    for kind, start, stop, new_start, new_stop in steps:
        if end <= stop:
            return min(new_start + end - start, new_stop) if kind != "delete" else new_start
    return steps[-1][4] if steps else end

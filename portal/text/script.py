"""Simplified Chinese in traditional characters: character by character, never word by word.

A converted text says what was approved. OpenCC's tables of characters and of phrases that tell
characters apart (``s2tw``: the forms of Taiwan, ``s2hk``: of Hong Kong) do the work; the tables of
regional words (``s2twp``) are never used. Above them lie terms: what OpenCC gets wrong, what a
portal wants otherwise, and names in which nothing is converted.
"""

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from opencc import OpenCC

from .script_terms import FORMS, TERMS, WITHOUT_CONVERSION

TAIWAN: Final = "s2tw"
HONG_KONG: Final = "s2hk"
STANDARDS: Final = (TAIWAN, HONG_KONG)

# Stands for what is finished already; OpenCC leaves it alone and takes it for the end of a word.
_FINISHED = "\U0010fffd"
# Ends a text where many are converted at once. Neither sign occurs in a text (see ``_clean``).
_END = "\x1e"
_SIGNS = re.compile(f"[{_FINISHED}{_END}]")
# Signs that only names have in this place; the table of characters takes them for other words.
_SURNAMES = "范余郁涂朴种党云"
_SURNAME = re.compile(
    # Before a form of address, unless the sign ends another word (其余, 示范).
    r"(?<![其业多盈剩模师示规防典风就])([范余郁涂朴云])"
    r"(?=某|先生|女士|同志|小姐|阿姨|师傅|老师)"
    rf"|(?<![\u3400-\u9fff])([{_SURNAMES}])(?=某|[一-鿿]{{1,2}}(?:先生|女士|同志|老师|小姐))"
    rf"|(?:联系人|负责人|姓名|申请人|法定代表人|代表人|经办人|承办人|发言人|主持人|记者|通讯员|作者"
    rf"|编辑|责编|审核|市长|局长|主任|书记|校长|院长|处长|科长|所长)[：: \u3000]*([{_SURNAMES}])"
    rf"(?=[一-鿿]{{1,2}}(?![一-鿿]))"
)


class NotAStandard(ValueError):
    """There is no such standard of characters."""


@cache
def _opencc(standard: str) -> OpenCC:
    if standard not in STANDARDS:
        raise NotAStandard(f"{standard!r} is not one of {', '.join(STANDARDS)}")
    return OpenCC(standard)


_lock = threading.Lock()


class Converter:
    """Converts texts to one standard, with terms above those that come with the portal.

    Args:
        standard: ``s2tw`` or ``s2hk``.
        terms: simplified → traditional. An equal pair protects a name.
        corrections: whole paragraphs that a person has put right, by their simplified text with
            single spaces and none at the ends.
    """

    def __init__(
        self,
        standard: str = TAIWAN,
        terms: Mapping[str, str] | None = None,
        corrections: Mapping[str, str] | None = None,
    ) -> None:
        self._opencc = _opencc(standard)
        self.standard = standard
        self.corrections: Mapping[str, str] = corrections or {}
        self._terms = {**built_in_terms(standard), **(terms or {})}
        self._pattern = _any_of(self._terms)
        self._forms = str.maketrans(FORMS[standard])

    def text(self, text: str) -> str:
        """One text."""
        if not has_han(text):
            return text
        return self._converted(_clean(text))

    def texts(self, texts: Sequence[str]) -> list[str]:
        """Many texts at once: much quicker than one after the other, with the same outcome."""
        converted = self._converted(_END.join(map(_clean, texts))).split(_END)
        return converted if texts else []

    def _converted(self, text: str) -> str:
        finished: list[str] = []

        def take_name(found: re.Match[str]) -> str:
            name = found[1] or found[2] or found[3]
            finished.append(name)
            return found[0][: -len(name)] + _FINISHED

        def take_term(found: re.Match[str]) -> str:
            finished.append(self._terms[found[0]])
            return _FINISHED

        # Names first: they keep their order among the terms by being filled in apart.
        text = _SURNAME.sub(take_name, text)
        names, finished = finished, []
        pieces: list[str] = []
        if names:
            for number, piece in enumerate(text.split(_FINISHED)):
                pieces += [names[number - 1]] if number else []
                start = len(finished)
                piece = self._pattern.sub(take_term, piece)
                pieces.append(_filled(self._bare(piece), finished[start:]))
            return "".join(pieces)
        return _filled(self._bare(self._pattern.sub(take_term, text)), finished)

    def _bare(self, text: str) -> str:
        with _lock:  # the library does not say that it may be used by two threads at once
            return str(self._opencc.convert(text)).translate(self._forms)

    def term_hits(self, text: str) -> list[tuple[str, str]]:
        """The terms that decide something in a text, in their order, with what they become."""
        return [(found[0], self._terms[found[0]]) for found in self._pattern.finditer(text)]


def _filled(text: str, finished: Sequence[str]) -> str:
    if not finished:
        return text
    parts = text.split(_FINISHED)
    joined = [parts[0]]
    for done, part in zip(finished, parts[1:], strict=True):
        joined += [done, part]
    return "".join(joined)


def _clean(text: str) -> str:
    return _SIGNS.sub("", text) if not text.isascii() or _END in text else text


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    """One expression for all terms, the longest first; grouped by the first sign, for speed."""
    groups: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        groups.setdefault(term[0], []).append(term[1:])
    parts = (
        f"{re.escape(first)}(?:{'|'.join(map(re.escape, rests))})"
        for first, rests in sorted(groups.items())
    )
    return re.compile("|".join(parts) or r"(?!)")


_HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it: whatever has none needs no conversion."""
    return not text.isascii() and _HAN.search(text) is not None


@cache
def built_in_terms(standard: str) -> Mapping[str, str]:
    """The terms that come with the portal: simplified → traditional."""
    return {
        **{name: name for name in WITHOUT_CONVERSION},
        **TERMS[""],
        **TERMS[standard],
    }


@cache
def default_converter(standard: str = TAIWAN) -> Converter:
    """The converter with the portal's own terms alone."""
    return Converter(standard)


@lru_cache(maxsize=4096)
def to_traditional(text: str, *, standard: str = TAIWAN) -> str:
    """Simplified text in traditional characters, with the portal's own terms."""
    return default_converter(standard).text(text)


@cache
def _back(standard: str) -> OpenCC:
    return OpenCC({TAIWAN: "tw2s", HONG_KONG: "hk2s"}.get(standard, "t2s"))


def to_simplified(text: str, *, standard: str = "") -> str:
    """Traditional text in simplified characters: what somebody typed, to look for it.

    ``standard``: the forms that it is in, where that is known.
    """
    if not has_han(text):
        return text
    with _lock:
        return str(_back(standard).convert(text))

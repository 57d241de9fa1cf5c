"""What a document is called, cut into the places where somebody may begin to type it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import rjieba

from portal.text.script import has_han, to_simplified
from portal.text.segmentation import normalise
from portal.text.sounds import spelt

CHINESE = "zh-hans"
LONGEST = 80  # signs of a name that count
_STARTS = 12  # places in one name

# How much a kind counts where much begins alike. A kind that is not here counts as 1.
KINDS = {
    "query": 1.3, "service": 1.6, "site": 1.2, "organisation": 1.2, "column": 1.1, "topic": 1.1,
    "question": 0.9, "interpretation": 0.8,
}  # fmt: skip
# Kinds with very many titles: found by their beginning alone, after everything else.
BROAD = frozenset({"article", "file", "response"})
# Parts of a whole, which is suggested itself.
LEFT_OUT = frozenset({"clause"})

_SIGN = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Start:
    """``place``: which sign of the name. The three ways to type it; "" where there is none."""

    place: int
    written: str
    spelt: str = ""
    initials: str = ""


def is_chinese(language: str) -> bool:
    return language.startswith("zh")


def is_dense(language: str) -> bool:
    """Whether words follow each other without spaces."""
    return is_chinese(language) or language == "ja"


def stored_language(language: str) -> str:
    """Chinese is kept once, in simplified characters, whichever script is read."""
    return CHINESE if is_chinese(language) else language


def signs(text: str, language: str) -> list[tuple[str, int, int]]:
    """The text as it is compared: signs (a character, or a run of letters and digits) in one
    written form, each with where it begins and ends in ``text``."""
    found: list[tuple[str, int, int]] = []
    for place, part in enumerate(_one_to_one(text, language)):
        if not part or not _SIGN.match(part):
            continue
        joins = found and found[-1][2] == place and _is_letter(part) and _is_letter(found[-1][0])
        if joins:
            last, begin, _end = found[-1]
            found[-1] = (last + part, begin, place + 1)
        else:
            found.append((part, place, place + 1))
    return found


def written(text: str, language: str) -> str:
    """As ``Start.written`` has it: signs together in Chinese, elsewhere words with spaces."""
    return joined([sign for sign, _begin, _end in signs(text, language)], language)


def joined(parts: list[str], language: str) -> str:
    return "".join(parts) if is_dense(language) else " ".join(parts)


def starts(
    name: str, language: str, *, at_words: bool = True, by_sound: bool = True
) -> list[Start]:
    """The places where a name may be begun, its first sign first.

    Args:
        at_words: also at words within it (提取 in 住房公积金提取).
        by_sound: with spelling and initials, where it is Chinese.
    """
    parts = [sign for sign, _begin, _end in signs(name[:LONGEST], language)]
    if not parts:
        return []
    places = sorted(set(_word_places(parts)))[:_STARTS] if at_words else [0]
    if not is_chinese(language):
        return [Start(place, joined(parts[place:], language)) for place in places]
    spellings = _spellings(parts) if by_sound else []
    return [
        Start(
            place,
            "".join(parts[place:]),
            "".join(spellings[place:]),
            "".join(spelling[0] for spelling in spellings[place:]),
        )
        for place in places
    ]


def _spellings(parts: list[str]) -> list[str]:
    # Read together: 重 of 重庆 is known by its neighbour.
    found = spelt("".join(parts))
    if len(found) == len(parts):
        return [spelling for _sign, spelling in found]
    return [spelling for part in parts for _sign, spelling in spelt(part)[:1] or [("", "?")]]


def _word_places(parts: list[str]) -> Iterator[int]:
    yield 0
    run: list[str] = []
    for place, part in enumerate([*parts, ""]):
        if part and has_han(part):
            run.append(part)
            continue
        at = place - len(run)
        for word in rjieba.cut("".join(run), False) if run else ():
            yield at
            # 公积金 within 住房公积金, 证 not within 居住证.
            yield from (at + inner for inner in _inner_places(word))
            at += len(word)
        run = []
        # In Japanese every kana is a sign; words of it begin after other signs.
        if part and (not _is_kana(part) or place == 0 or not _is_kana(parts[place - 1])):
            yield place


def _inner_places(word: str) -> Iterator[int]:
    if len(word) < 4:
        return
    for inner in rjieba.cut_for_search(word, False):
        at = word.find(inner)
        if at > 0 and len(inner) >= 2 and len(word) - at >= 2:
            yield at


def _one_to_one(text: str, language: str) -> list[str]:
    """Each sign of the text in the form in which it is compared, so that places stay."""
    if is_chinese(language) and has_han(text):
        simplified = to_simplified(text)
        # Single characters are converted one for one; where the library did otherwise, as it is.
        text = simplified if len(simplified) == len(text) else text
    return [_folded(sign, language) for sign in text]


def _folded(sign: str, language: str) -> str:
    if sign.isascii():
        return sign.lower()
    folded = normalise(sign)
    if is_dense(language) or language == "ko":
        return folded
    # é is typed e, ё е: accents are left away on both sides.
    return "".join(
        part for part in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(part)
    )


def _is_letter(sign: str) -> bool:
    return not has_han(sign) and not _is_kana(sign)


def _is_kana(sign: str) -> bool:
    return "\u3041" <= sign[0] <= "\u30ff"

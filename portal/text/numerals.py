"""Numbers as official texts print them: 1,200 · 3.5万 · 三千五百 · 二〇二六 · one hundred.

Patterns to build larger ones from, and the value of what they find.
"""

import re
from decimal import Decimal

_DIGIT = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGIT |= {"六": 6, "七": 7, "八": 8, "九": 9}
# As cheques and contracts have them: 叁仟元整
_DIGIT |= {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
_STEP = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIAD = {"万": 10**4, "亿": 10**8}

# A number must not begin in the middle of another one.
ARABIC = r"(?:(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?)"
_POWER = r"(?:万亿|[十百千]?[万亿]|[百千](?!分))"
_MORE = "[多余]"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_ONES = f"一二两三四五六七八九十{_FORMAL}"
HAN = (
    rf"(?:(?<![第{_ONES}百千万亿佰仟])"
    rf"[{_ONES}][零〇{_ONES}百千万亿佰仟]{{0,30}}(?:点[零〇一二三四五六七八九]{{1,10}})?)"
)
CHINESE = rf"(?:{ARABIC}\s?{_MORE}?{_POWER}?{_MORE}?|{HAN}{_MORE}?)"
YEAR = r"(?:(?<!\d)(?:19|20)\d\d(?!\d)|[一二][九〇○零][〇○零一二三四五六七八九]{2})"

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH = {word: value for value, word in enumerate(_WORDS)}
_ENGLISH |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ENGLISH_POWER = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ENGLISH_POWER |= {"trillion": 10**12}
_ONE_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
ENGLISH_POWER = rf"(?:{'|'.join(_ENGLISH_POWER)})"
ENGLISH_WORDS = (
    rf"(?:(?:{_ONE_WORD})(?:[ -](?:{_ONE_WORD})){{0,1}}(?: {ENGLISH_POWER}"
    rf"(?: and)?(?: (?:{_ONE_WORD})(?:[ -](?:{_ONE_WORD})){{0,1}})?){{0,3}})"
)
ENGLISH = rf"(?:{ARABIC}(?:\s{ENGLISH_POWER}\b)?|\b{ENGLISH_WORDS}\b)"

# Longer ones are no numbers that anybody wrote down; their powers would only cost time.
_LONGEST = 40


def value(printed: str) -> Decimal | None:
    """What a printed number is worth; None where it is none (or longer than anybody writes)."""
    text = printed.strip().replace(",", "")
    if not text or len(text) > _LONGEST:
        return None
    match = re.fullmatch(rf"(\d+(?:\.\d+)?)\s?{_MORE}?({_POWER})?{_MORE}?", text, re.ASCII)
    if match:
        power = 1
        for character in match[2] or "":
            power *= _STEP.get(character) or _MYRIAD[character]
        return Decimal(match[1]) * power
    english = _english(text.lower())
    return english if english is not None else _chinese(text.rstrip("多余"))


def bare(printed: str) -> bool:
    """Whether a printed number has no 千, 万 or 亿 of its own, so that another's counts for it."""
    return not any(character in _STEP or character in _MYRIAD for character in printed)


def power(printed: str) -> int:
    """What the 万 or 亿 that ends a printed number stands for; 1 where there is none."""
    result = 1
    for character in re.findall(r"[万亿]*$", printed.strip())[0]:
        result *= _MYRIAD[character]
    return result


def _english(text: str) -> Decimal | None:
    number = re.fullmatch(rf"(\d+(?:\.\d+)?)\s({ENGLISH_POWER})", text, re.ASCII)
    if number:
        return Decimal(number[1]) * _ENGLISH_POWER[number[2]]
    total = part = 0
    for word in re.split(r"[ -]+", text):
        if word in _ENGLISH:
            part += _ENGLISH[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _ENGLISH_POWER:
            total, part = total + (part or 1) * _ENGLISH_POWER[word], 0
        elif word != "and":
            return None
    return Decimal(total + part)


def _chinese(text: str) -> Decimal | None:
    whole, _point, fraction = text.partition("点")
    if any(c not in _DIGIT for c in fraction) or not whole:
        return None
    number = _whole(whole)
    if number is None:
        return None
    return Decimal(f"{number}.{''.join(str(_DIGIT[c]) for c in fraction) or 0}").normalize() + 0


def _whole(text: str) -> int | None:
    if all(character in _DIGIT for character in text):
        return int("".join(str(_DIGIT[character]) for character in text))
    total = section = digit = 0
    last = 0  # the step before: 两万五 is 25,000
    for character in text:
        if character in _DIGIT:
            digit = _DIGIT[character]
            if digit == 0:
                last = 0
        elif character in _STEP:
            last = _STEP[character]
            section += (digit or 1) * last
            digit = 0
        elif character in _MYRIAD:
            last = _MYRIAD[character]
            if last > 10**4:
                total, section = (total + section + digit or 1) * last, 0
            else:
                total, section = total + (section + digit or 1) * last, 0
            digit = 0
        else:
            return None
    return total + section + digit * (last // 10 if last > 10 else 1)

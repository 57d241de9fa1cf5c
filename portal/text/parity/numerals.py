"""Numbers as the languages print them, with words and with powers of ten.

Each language has a pattern without groups, to build larger ones from, and a function that gives
what a printed number may be worth: nothing, one value, or two where the form is open.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from portal.text.numerals import ENGLISH
from portal.text.numerals import value as english_value

type Values = tuple[Fraction, ...]


class Numerals(NamedTuple):
    pattern: str
    values: Callable[[str], Values]


# Longer ones are no numbers that anybody wrote down; their powers would only cost time.
_LONGEST = 40
_STEPS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True))
_DIGITS |= {"〇": 0, "两": 2}
_DIGITS |= dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))

GROUPED = (
    r"(?:(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|(?<![\d.])(?<!\d,(?=\d{3}))\d+(?:\.\d+)?)"
)
# Continental: spaces between thousands, a decimal comma; English habits are met as well.
SPACED = (
    r"(?:(?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?!\d)(?:,\d+)?"
    r"|(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|(?<![\d.,])\d+(?:[.,]\d+)?)"
)


# --- Chinese, Japanese and Korean: powers of ten thousand -----------------------------------------
_WORDS = "一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_HAN = rf"[{_WORDS}百千][{_WORDS}百千万亿零〇佰仟]{{0,30}}(?:点[零〇一二三四五六七八九]{{1,10}})?"
_MIXED = rf"{GROUPED}(?:\s?[多余]?[十百千]?[万亿兆](?![科达一])|\s?[多余]?千(?![克瓦米卡伏赫]))"
_HAN_PATTERN = (
    rf"(?:{_MIXED}(?:[零]?{_MIXED})?(?:\d{{1,4}}(?![\d.]))?"
    rf"|{GROUPED}(?:百(?=[余多万亿元人名户个家件]))?|{_HAN})[多余]?"
)


def myriads(printed: str) -> Values:
    """3.5万, 1亿2000万, 三百五十, 二〇二六, 两万五.

    >>> [str(number) for number in myriads("1亿2,000万") + myriads("两万五") + myriads("三点五")]
    ['120000000', '25000', '7/2']
    """
    text = re.sub(r"[,\s多余]", "", printed)
    if not text or len(text) > _LONGEST:
        return ()
    whole, point, fraction = text.partition("点")
    if point:
        head = myriads(whole)
        if not head or any(character not in _DIGITS for character in fraction) or not fraction:
            return ()
        digits = "".join(str(_DIGITS[character]) for character in fraction)
        return (head[0] + Fraction(int(digits), 10 ** len(digits)),)
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return (Fraction(int("".join(str(_DIGITS[character]) for character in text))),)
    return _stepwise(text)


def _stepwise(text: str) -> Values:
    total = section = Fraction(0)
    number: Fraction | None = None
    last = 1
    for token in re.findall(r"\d+(?:\.\d+)?|[^\d.]", text):
        if token[0].isdigit():
            number = Fraction(token)
        elif token in _DIGITS:
            number = Fraction(_DIGITS[token])
            last = 1 if not number else last
        elif token in _STEPS:
            last = _STEPS[token]
            section += (1 if number is None else number) * last
            number = None
        elif token in _MYRIADS:
            last = _MYRIADS[token]
            section += number or 0
            if token == "万":
                total += (section or 1) * last
            else:
                total = (total + section or Fraction(1)) * last
            section, number = Fraction(0), None
        else:
            return ()
    if number is not None and last > 10 and text[-1] in _DIGITS:
        number *= last // 10  # 两万五
    return (total + section + (number or 0),)


HAN = Numerals(_HAN_PATTERN, myriads)

_KOREAN_POWERS = str.maketrans("십백천만억조", "十百千万亿兆")
_KOREAN_DIGITS = str.maketrans("영공일이삼사오육칠팔구", "零零一二三四五六七八九")
_NATIVE = {"한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "석": 3}
_NATIVE |= {"다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "스무": 20, "스물": 20}
_NATIVE |= {"열한": 11, "열두": 12, "열세": 13, "열네": 14, "열다섯": 15, "서른": 30, "넉": 4}
_COUNTERS = (
    r"(?:번|부|장|명|개|가지|달|시간|살|사람|곳|건|통|주|차례|단계|배|분|매|대|쪽|조|편|종류|권|묶음|벌"
    r"|차|군데|자리|항목|언어|사본|항|국어|마디|학기|해|도시|문|칸|줄|채|집|가구|가정|정거장|회|당사자"
    r"|나라|국가|측|기관|부서|서류|방법|경우|날|주일)"
)
_SINO = "일이삼사오육칠팔구십백천만"
_SINO_UNITS = r"(?:개월|년(?![가-힣])|퍼센트|위안|영업일|일간|시간|주년)"
_KOREAN_POWER = r"\s?(?:[십백천]?[만억조]|천)(?!원경|명(?=[가-힣])|족|점|약)"
_KOREAN = (
    rf"(?:{GROUPED}{_KOREAN_POWER}(?:\s?{GROUPED}(?:{_KOREAN_POWER})?)?|{GROUPED}"
    rf"|(?<![가-힣])(?:{'|'.join(sorted(_NATIVE, key=len, reverse=True))})(?=\s?{_COUNTERS})"
    rf"|(?<![가-힣])[{_SINO}]{{1,8}}(?=\s?{_SINO_UNITS}))"
)


def _korean(printed: str) -> Values:
    if printed in _NATIVE:
        return (Fraction(_NATIVE[printed]),)
    return myriads(printed.translate(_KOREAN_POWERS).translate(_KOREAN_DIGITS))


KOREAN = Numerals(_KOREAN, _korean)


# --- English --------------------------------------------------------------------------------------
_SHORT = {"m": "million", "bn": "billion", "k": "thousand"}
_ENGLISH = (
    rf"(?:{GROUPED}\s?(?:thousand|million|billion|trillion|bn|m(?=\s?(?:yuan|RMB|CNY))|k)\b"
    rf"|\ban? (?:hundred|thousand|million|billion|dozen)\b|\bhalf a million\b|\bdozen\b|{ENGLISH})"
)
_NAMED = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}


def _english(printed: str) -> Values:
    text = printed.lower().strip()
    if text == "half a million":
        return (Fraction(500_000),)
    alone = re.fullmatch(r"(?:an? )?(hundred|thousand|million|billion|dozen)", text)
    if alone:
        return (Fraction(_NAMED[alone[1]]),)
    spaced = re.sub(
        r"(?<=\d)\s?(thousand|million|billion|trillion|bn|m|k)$",
        lambda match: f" {_SHORT.get(match[1], match[1])}",
        text,
    )
    found = english_value(spaced)
    return () if found is None else (Fraction(found),)


ENGLISH_NUMERALS = Numerals(_ENGLISH, _english)


# --- languages that put spaces between thousands --------------------------------------------------
def continental(printed: str) -> Values:
    """
    >>> [str(number) for number in continental("1 234,5") + continental("1.234")]
    ['2469/2', '1234', '617/500']
    """
    text = printed.replace(" ", "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", text, re.ASCII) or len(text) > _LONGEST:
        return ()
    marks = re.findall(r"[.,]", text)
    if not marks:
        return (Fraction(text),)
    if len(set(marks)) == 2:
        thousands = marks[0]
        return (Fraction(text.replace(thousands, "").replace(",", ".")),)
    joined = re.sub(r"[.,]", "", text)
    if len(marks) > 1:
        return (Fraction(joined),)
    decimal = Fraction(text.replace(",", "."))
    # 1,234 is a decimal or a thousand; " " between thousands decides for a decimal
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text) and " " not in printed:
        return (Fraction(joined), decimal)
    return (decimal,)


def _with_powers(powers: Mapping[str, int]) -> Callable[[str], Values]:
    pattern = re.compile(
        rf"({SPACED})\s?({'|'.join(sorted(powers, key=len, reverse=True))})\.?$", re.IGNORECASE
    )

    def values(printed: str) -> Values:
        match = pattern.match(printed)
        if not match:
            return continental(printed)
        power = next(
            size for form, size in powers.items() if re.fullmatch(form, match[2], re.IGNORECASE)
        )
        return tuple(number * power for number in continental(match[1]))

    return values


def _additive(words: Mapping[str, int], powers: Mapping[str, int]) -> Callable[[str], Values]:
    """Words that add up, multiplied by the powers after them: двадцать пять тысяч."""

    def values(printed: str) -> Values:
        total = part = 0
        for word in re.split(r"[\s-]+", printed.lower().strip()):
            power = next((size for form, size in powers.items() if re.fullmatch(form, word)), 0)
            if word in words:
                part += words[word]
            elif power:
                total, part = total + (part or 1) * power, 0
            else:
                return ()
        return (Fraction(total + part),)

    return values


_RUSSIAN_POWERS = {
    r"тыс\.?|тысяч(?:а|и|у|ей|ам|ами|ах)?": 1000,
    r"млн\.?|миллион(?:а|ов|у|ом|е|ам|ами|ах|ы)?": 10**6,
    r"млрд\.?|миллиард(?:а|ов|у|ом|е|ам|ами|ах|ы)?": 10**9,
}
_RUSSIAN_FORMS = {
    1: "один одна одно одного одной одному одним одном одну",
    2: "два две двух двум двумя двое двоих",
    3: "три трех трем тремя трое троих",
    4: "четыре четырех четырем четырьмя четверо",
    5: "пять пяти пятью",
    6: "шесть шести шестью",
    7: "семь семи семью",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати одиннадцатью",
    12: "двенадцать двенадцати двенадцатью",
    13: "тринадцать тринадцати",
    14: "четырнадцать четырнадцати",
    15: "пятнадцать пятнадцати пятнадцатью",
    16: "шестнадцать шестнадцати",
    17: "семнадцать семнадцати",
    18: "восемнадцать восемнадцати",
    19: "девятнадцать девятнадцати",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти",
    60: "шестьдесят шестидесяти",
    70: "семьдесят семидесяти",
    80: "восемьдесят восьмидесяти",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот",
    300: "триста трехсот",
    400: "четыреста четырехсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    700: "семьсот семисот",
    800: "восемьсот восьмисот",
    900: "девятьсот девятисот",
}
RUSSIAN_WORDS = {word: number for number, forms in _RUSSIAN_FORMS.items() for word in forms.split()}
_RUSSIAN_WORD = "|".join(sorted(RUSSIAN_WORDS, key=len, reverse=True))
_RUSSIAN_POWER = "|".join(_RUSSIAN_POWERS)
_RUSSIAN = (
    rf"(?:{SPACED}(?:\s?(?:{_RUSSIAN_POWER})(?!\w))?"
    rf"|\b(?:{_RUSSIAN_WORD})(?: (?:{_RUSSIAN_WORD}|{_RUSSIAN_POWER})){{0,5}}(?!\w))"
)
_russian_digits = _with_powers(_RUSSIAN_POWERS)
_russian_words = _additive(RUSSIAN_WORDS, _RUSSIAN_POWERS)


def _russian(printed: str) -> Values:
    return _russian_digits(printed) if printed[:1].isdigit() else _russian_words(printed)


RUSSIAN = Numerals(_RUSSIAN, _russian)

_FRENCH_WORDS = dict(
    zip(
        (
            "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
            "quinze seize"
        ).split(),
        range(17),
        strict=True,
    )
)
_FRENCH_WORDS |= {"une": 1, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50}
_FRENCH_WORDS |= {"soixante": 60, "septante": 70, "huitante": 80, "nonante": 90}
_FRENCH_POWERS = {"mille": 1000, r"millions?(?: de| d')?": 10**6, r"milliards?(?: de| d')?": 10**9}
_FRENCH_WORD = "|".join(sorted([*_FRENCH_WORDS, "cents?", "vingts"], key=len, reverse=True))
_FRENCH_ANY = rf"(?:{_FRENCH_WORD}|mille|millions?|milliards?)"
_FRENCH = (
    rf"(?:{SPACED}(?:\s?(?:{'|'.join(_FRENCH_POWERS)})(?!\w))?"
    rf"|(?<!\w)(?:{_FRENCH_WORD}|mille)(?:(?:[ -]|-et-| et ){_FRENCH_ANY}(?!\w)){{0,7}}(?!\w))"
)
_french_digits = _with_powers(_FRENCH_POWERS)


def _french(printed: str) -> Values:
    if printed[:1].isdigit():
        return _french_digits(printed)
    total = part = 0
    for word in re.split(r"[\s-]+", printed.lower().strip()):
        plain = word.removesuffix("s") if word in {"vingts", "cents", "millions"} else word
        if plain == "et":
            continue
        if plain == "cent":
            part = part // 100 * 100 + (part % 100 or 1) * 100 if part < 100 else part
        elif plain == "vingt" and part % 100 == 4:
            part += 76  # quatre-vingt
        elif plain in _FRENCH_WORDS:
            part += _FRENCH_WORDS[plain]
        elif plain in {"mille", "million", "milliard", "milliards"}:
            power = {"mille": 1000, "million": 10**6}.get(plain, 10**9)
            total, part = total + (part or 1) * power, 0
        else:
            return ()
    return (Fraction(total + part),)


FRENCH = Numerals(_FRENCH, _french)

_ARABIC_POWERS = {"الف|الاف|الفا": 1000, "مليون|ملايين|مليونا": 10**6, "مليار|مليارات": 10**9}
_ARABIC_WORDS = {"ثلاثة": 3, "ثلاث": 3, "اربعة": 4, "اربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6}
_ARABIC_WORDS |= {"ست": 6, "سبعة": 7, "سبع": 7, "ثمانية": 8, "ثماني": 8, "تسعة": 9, "تسع": 9}
_ARABIC_WORDS |= {"عشرة": 10, "عشر": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30}
_ARABIC_WORDS |= {"ستون": 60, "ستين": 60, "تسعون": 90, "تسعين": 90, "مئة": 100, "مائة": 100}
_ARABIC_WORD = "|".join(sorted(_ARABIC_WORDS, key=len, reverse=True))
_ARABIC = (
    rf"(?:{GROUPED}(?:\s?(?:{'|'.join(_ARABIC_POWERS)})(?!\w))?|(?<!\w)(?:{_ARABIC_WORD})(?!\w))"
)
_arabic_digits = _with_powers(_ARABIC_POWERS)


def _arabic(printed: str) -> Values:
    if printed in _ARABIC_WORDS:
        return (Fraction(_ARABIC_WORDS[printed]),)
    if re.fullmatch(GROUPED, printed):
        return (Fraction(printed.replace(",", "")),)
    return _arabic_digits(printed)


ARABIC = Numerals(_ARABIC, _arabic)

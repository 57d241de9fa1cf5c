"""Spoils correct translations in the ways that the parity gate must notice; always the same ones.

Every kind lists all places at which it can spoil a translation; from the shuffled lists the kinds are
served in turn, until ``PER_LANGUAGE`` distinct mutations are there.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "ja", "ko", "ru", "fr")
PER_LANGUAGE = 200
SEED = 20261127

Part = tuple[str, str]
"""Kind (text, heading, item) and text."""


@dataclass(frozen=True)
class Pair:
    """One passage in Chinese and in another language."""

    id: str
    language: str
    source: tuple[Part, ...]
    target: tuple[Part, ...]


@dataclass(frozen=True)
class Mutation:
    """A pair whose translation says something else than the Chinese."""

    pair: Pair
    kind: str
    target: tuple[Part, ...]


def pairs(language: str) -> list[Pair]:
    lines = (Path(__file__).parent / f"{language}.jsonl").read_text("utf-8").splitlines()
    return [_pair(json.loads(line), language) for line in lines]


def mutations(language: str) -> list[Mutation]:
    """The mutations of one language: ``PER_LANGUAGE`` of them, kinds in turn."""
    chance = random.Random(f"{SEED} {language}")
    queues = []
    for kind, spoil in KINDS.items():
        found = [
            Mutation(pair, kind, target)
            for pair in pairs(language)
            for target in spoil(pair.target, language)
        ]
        chance.shuffle(found)
        queues.append(found)
    chosen: dict[tuple[str, tuple[Part, ...]], Mutation] = {}
    while len(chosen) < PER_LANGUAGE and any(queues):
        for queue in queues:
            if queue and len(chosen) < PER_LANGUAGE:
                mutation = queue.pop()
                chosen.setdefault((mutation.pair.id, mutation.target), mutation)
    return list(chosen.values())


def _pair(row: dict, language: str) -> Pair:
    source, target = (
        tuple((kind, text) for kind, text in row[side]) for side in ("source", "target")
    )
    return Pair(row["id"], language, source, target)


# Places in a text

DIGITS = re.compile(r"[0-9]+")
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")
URL = re.compile(r"https?://[\w./-]*[\w/]")
EMAIL = re.compile(r"[\w.]+@[\w.]+\w")
PHONE = re.compile(r"\+86[- ]?999[- ]\d{3}[- ]\d[\d -]{2,}\d|\b1(?:10|19|20|22)\b|\b12345\b")
DOCUMENT = re.compile(r"[\[〔]2026[\]〕]\s*(?:No\.|№|n°)?\s*\d+|YH\d{12}")
PERCENT = re.compile(r"\s?[%％]|\sper cent")
FIRST_OF_RANGE = re.compile(r"\s*(?:to|から|[~～–—-]|à|до)\s*\d")

CURRENCIES = {
    "en": ((r"\byuan\b", "US dollars"), (r"¥", "€"), (r"US\$", "£")),
    "ja": ((r"(?<=[0-9万億])元", "円"), (r"米ドル", "ユーロ")),
    "ko": ((r"위안", "원"), (r"미화 ([\d,]+)달러", r"\1유로")),
    "ru": ((r"юан(?:ей|я|ь)", "рублей"), (r"долларов США", "евро")),
    "fr": ((r"\byuans\b", "euros"), (r"dollars des États-Unis", "livres sterling")),
}
SCALES = {
    "en": (("million", "billion"), ("billion", "million"), (",000", "00"), (",000", ",0000")),
    "ja": (("億", "万"), ("万元", "億元"), ("万人", "千人"), ("万", "")),
    "ko": (("억", "만"), ("만", "천"), ("천", "만"), ("만 ", "")),
    "ru": (("млн", "млрд"), ("млрд", "млн"), ("тыс.", "млн"), (" тыс.", ""), ("000 ", "00 ")),
    "fr": (
        ("millions", "milliards"),
        ("milliards", "millions"),
        (" 000 ", "0 000 "),
        (" 000 ", " "),
    ),
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
NUMBER_MONTH = {"ja": "月", "ko": "월"}
NUMBER_DAY = {"ja": "日", "ko": "일"}
NUMBER_WORDS = {
    "en": {"two": "three", "three": "four", "four": "six", "five": "nine", "six": "seven",
           "seven": "eight", "ten": "twelve", "twelve": "ten"},
    "ja": {},
    "ko": {},
    "ru": {"двух": "трёх", "две": "три", "два": "пять", "три": "четыре", "трёх": "пяти",
           "четырёх": "пяти", "пяти": "семи", "шесть": "семь", "семь": "восемь", "двенадцать": "десять"},
    "fr": {"deux": "cinq", "trois": "quatre", "quatre": "six", "cinq": "sept", "six": "dix",
           "sept": "huit", "dix": "onze", "douze": "dix"},
}  # fmt: skip


def _spoilt_texts(
    target: tuple[Part, ...], spoil: Callable[[str], Iterator[str]]
) -> Iterator[tuple[Part, ...]]:
    for number, (kind, text) in enumerate(target):
        for spoilt in spoil(text):
            if spoilt != text:
                yield (*target[:number], (kind, spoilt), *target[number + 1 :])


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Runs of digits outside placeholders and addresses on the web."""
    taken = [found.span() for form in (PLACEHOLDER, URL, EMAIL) for found in form.finditer(text)]
    for run in DIGITS.finditer(text):
        if not any(start <= run.start() < end for start, end in taken):
            yield run


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _is_decimals(text: str, run: re.Match[str]) -> bool:
    """The digits after a decimal sign: a group of three after "," or a space is one of thousands."""
    before = text[run.start() - 2 : run.start()] if run.start() > 1 else ""
    return bool(re.fullmatch(r"\d[.,]", before)) and (before[1] == "." or len(run[0]) != 3)


# Kinds


def digit_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for run in _numbers(text):
            for at in range(run.start(), run.end()):
                step = 3 + (at % 4)
                new = str((int(text[at]) + step) % 10)
                if not (new == "0" and at == run.start()):
                    yield _put(text, at, at + 1, new)

    return _spoilt_texts(target, spoil)


def digit_lost(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for run in _numbers(text):
            if len(run[0]) == 1 or not run[0].strip("0"):
                continue
            for at in range(run.start(), run.end()):
                leading = at == run.start() and text[at] == "0"
                trailing = _is_decimals(text, run) and at == run.end() - 1 and text[at] == "0"
                if not leading and not trailing:
                    yield _put(text, at, at + 1, "")

    return _spoilt_texts(target, spoil)


def digits_swapped(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for run in _numbers(text):
            for at in range(run.start(), run.end() - 1):
                if text[at] != text[at + 1] and not (at == run.start() and text[at + 1] == "0"):
                    yield _put(text, at, at + 2, text[at + 1] + text[at])

    return _spoilt_texts(target, spoil)


def zero_added(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for run in _numbers(text):
            before, after = text[: run.start()][-1:], text[run.end() :][:2]
            inside = before in {".", ",", ":"} or re.match(r"[.,:]\d", after)
            if not inside and run[0].strip("0"):
                yield _put(text, run.end(), run.end(), "0")

    return _spoilt_texts(target, spoil)


def number_lost(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    """A whole number is gone; not a 1, which a language may say by an article."""

    def spoil(text: str) -> Iterator[str]:
        for run in _numbers(text):
            alone = not re.match(r"[.,:]?\d", text[run.end() :]) and not re.search(
                r"\d[.,:\u00a0 ]?$", text[: run.start()]
            )
            if alone and run[0] != "1" and len(re.findall(rf"\b{run[0]}", text)) == 1:
                yield re.sub("  +", " ", _put(text, run.start(), run.end(), ""))

    return _spoilt_texts(target, spoil)


def number_word_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for word, other in NUMBER_WORDS[language].items():
            for found in re.finditer(rf"\b{word}\b", text, re.IGNORECASE):
                yield _put(text, *found.span(), other)

    return _spoilt_texts(target, spoil)


def amount_scaled(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for unit, other in SCALES[language]:
            for found in re.finditer(rf"(?<=\d){re.escape(unit)}|(?<=\d ){re.escape(unit)}", text):
                yield _put(text, *found.span(), other)

    return _spoilt_texts(target, spoil)


def currency_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for form, other in CURRENCIES[language]:
            for found in re.finditer(form, text):
                yield _put(text, *found.span(), found.expand(other))

    return _spoilt_texts(target, spoil)


def percent_lost(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for found in PERCENT.finditer(text):
            number = re.search(r"\d$", text[: found.start()])
            if number and not FIRST_OF_RANGE.match(text[found.end() :]):
                yield _put(text, *found.span(), "")

    return _spoilt_texts(target, spoil)


def month_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        if sign := NUMBER_MONTH.get(language):
            for found in re.finditer(rf"(\d{{1,2}})(?={sign})", text):
                yield _put(text, *found.span(), str(int(found[1]) % 12 + 1))
            return
        names = MONTHS[language].split()
        for number, name in enumerate(names):
            for found in re.finditer(rf"\b{name}\b", text):
                yield _put(text, *found.span(), names[(number + 5) % 12])

    return _spoilt_texts(target, spoil)


def day_and_month_exchanged(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        if sign := NUMBER_MONTH.get(language):
            form = rf"(\d{{1,2}}){sign}(\s?)(\d{{1,2}}){NUMBER_DAY[language]}"
            for found in re.finditer(form, text):
                if int(found[3]) <= 12 and found[1] != found[3]:
                    new = f"{found[3]}{sign}{found[2]}{found[1]}{NUMBER_DAY[language]}"
                    yield _put(text, *found.span(), new)
            return
        names = MONTHS[language].split()
        for number, name in enumerate(names, start=1):
            forms = [rf"\b(\d{{1,2}})(?:er)? {name}\b", rf"\b{name} (\d{{1,2}})\b"]
            for form in forms:
                for found in re.finditer(form, text):
                    day = int(found[1])
                    if day <= 12 and day != number:
                        new = found[0].replace(name, names[day - 1])
                        new = re.sub(rf"\b{day}(?:er)?\b", str(number), new)
                        yield _put(text, *found.span(), new)

    return _spoilt_texts(target, spoil)


def day_shifted(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        if sign := NUMBER_DAY.get(language):
            form = rf"(?<={NUMBER_MONTH[language]})\s?(\d{{1,2}})(?={sign})"
        else:
            name = "|".join(MONTHS[language].split())
            form = rf"\b(\d{{1,2}})(?=(?:er)? (?:{name})\b)|(?<=March )(\d{{1,2}})\b"
        for found in re.finditer(form, text):
            day = found[0].strip()
            yield _put(text, *found.span(), found[0].replace(day, str(int(day) % 28 + 1)))

    return _spoilt_texts(target, spoil)


def year_shifted(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for found in re.finditer(r"(?<![\d\[〔H])20[23]\d(?!\d)", text):
            yield _put(text, *found.span(), str(int(found[0]) - 1))

    return _spoilt_texts(target, spoil)


def phone_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    return _spoilt_texts(target, lambda text: _in(PHONE, text))


def document_number_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    return _spoilt_texts(target, lambda text: _in(DOCUMENT, text))


def _in(form: re.Pattern[str], text: str) -> Iterator[str]:
    """One digit of what the form finds is another one."""
    for found in form.finditer(text):
        for at in range(*found.span()):
            if text[at] in "123456789":
                yield _put(text, at, at + 1, str(int(text[at]) % 9 + 1))


def address_changed(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    """A web or mail address with another letter, or without its last part."""

    def spoil(text: str) -> Iterator[str]:
        for form in (URL, EMAIL):
            for found in form.finditer(text):
                start = found.start() + (8 if form is URL else 0)
                for at in range(start, found.end(), 3):
                    if text[at].isalpha():
                        yield _put(text, at, at + 1, "x" if text[at] != "x" else "y")
        for found in URL.finditer(text):
            shorter = found[0].rsplit("/", 1)[0]
            yield _put(text, *found.span(), shorter)

    return _spoilt_texts(target, spoil)


def placeholder_lost(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    def spoil(text: str) -> Iterator[str]:
        for found in PLACEHOLDER.finditer(text):
            yield _put(text, *found.span(), "")
            yield _put(text, *found.span(), re.sub(r"(\w+)(?=\}|\))", r"\1x", found[0]))

    return _spoilt_texts(target, spoil)


def item_dropped(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    for number, (kind, _text) in enumerate(target):
        if kind == "item":
            yield (*target[:number], *target[number + 1 :])


def items_joined(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    for number in range(len(target) - 1):
        (kind, text), (next_kind, next_text) = target[number : number + 2]
        if kind == next_kind == "item":
            yield (*target[:number], ("item", f"{text}; {next_text}"), *target[number + 2 :])


def heading_dropped(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    for number, (kind, _text) in enumerate(target):
        if kind == "heading":
            yield (*target[:number], *target[number + 1 :])


def heading_flattened(target: tuple[Part, ...], language: str) -> Iterator[tuple[Part, ...]]:
    for number, (kind, text) in enumerate(target):
        if kind == "heading":
            yield (*target[:number], ("text", text), *target[number + 1 :])


KINDS: dict[str, Callable[[tuple[Part, ...], str], Iterator[tuple[Part, ...]]]] = {
    kind.__name__: kind
    for kind in (
        digit_changed,
        digit_lost,
        digits_swapped,
        zero_added,
        number_lost,
        number_word_changed,
        amount_scaled,
        currency_changed,
        percent_lost,
        month_changed,
        day_and_month_exchanged,
        day_shifted,
        year_shifted,
        phone_changed,
        document_number_changed,
        address_changed,
        placeholder_lost,
        item_dropped,
        items_joined,
        heading_dropped,
        heading_flattened,
    )
}

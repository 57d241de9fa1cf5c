"""Counter cards: a page's essentials in two languages, as much as one sheet of A4 holds."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from wagtail.models import Page

from portal.plugin_api import public_pages
from portal.text.pinyin import spoken

from .card_texts import CardLine, CardPart, card_parts, plain_text

# Of the sheet's text area, in lines; the print style's sizes are made for these. Dense has smaller
# letters and longer lines.
_SHEET_LINES = 33.0
_DENSE_LINES = 43.0
_COLUMN = 48.0  # of a line, in widths of a Latin letter; a Hanzi is as wide as two
_DENSE_COLUMN = 56.0
# What goes first where the sheet is too small for all: the topics of a counter stay longest.
_KEEP_ORDER = ("where", "bring", "steps", "time", "help", "")


@dataclass(frozen=True, slots=True)
class Address:
    """A street with its number: for a driver, for the street sign, to say it."""

    chinese: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class Phone:
    """``number`` as it is dialled from anywhere, ``chinese`` as it stands in the text."""

    number: str
    dial: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Card:
    page: Any
    chinese: Any
    title: str
    chinese_title: str
    is_errand: bool
    parts: tuple[CardPart, ...]
    addresses: tuple[Address, ...]
    phones: tuple[Phone, ...]
    is_dense: bool
    is_cut: bool
    is_behind: bool

    @property
    def has_translation(self) -> bool:
        return self.page.pk != self.chinese.pk


def card_of(pk: int, language: str) -> Card | None:
    """The card of a page, named by it or by its translation; None where the public has none.

    A page that nobody translated yet gives a card in Chinese, with labels in ``language``.
    """
    named = Page.objects.filter(public_pages(), pk=pk, live=True).first()
    if named is None:
        return None
    versions = {
        row.locale.language_code: row
        for row in Page.objects.filter(
            public_pages(), translation_key=named.translation_key, live=True
        ).select_related("locale")
    }
    source = versions.get(settings.LANGUAGE_CODE)
    if source is None:
        return None
    chinese = source.specific
    if not getattr(chinese, "body", None):
        return None
    target = versions.get(language)
    foreign = target.specific if target and language != settings.LANGUAGE_CODE else None
    return _card(chinese, foreign)


def has_card(page: Any) -> bool:
    """Whether a foreign page has a Chinese one beside which a card can be made."""
    return (
        bool(getattr(page, "body", None))
        and Page.objects.filter(
            public_pages(),
            translation_key=page.translation_key,
            locale__language_code=settings.LANGUAGE_CODE,
            live=True,
        ).exists()
    )


def _card(chinese: Any, foreign: Any | None) -> Card:
    parts = card_parts(chinese, foreign)
    text = plain_text(chinese)
    addresses, phones = addresses_in(text), phones_in(text)
    extra = 1.6 * math.ceil(len(addresses) / 2) + math.ceil(len(phones) / 3)
    is_dense = _height(parts, _COLUMN) + extra > _SHEET_LINES
    room = (_DENSE_LINES if is_dense else _SHEET_LINES) - extra
    kept = fitting(parts, room, _DENSE_COLUMN if is_dense else _COLUMN)
    return Card(
        page=foreign or chinese,
        chinese=chinese,
        title=foreign.title if foreign else "",
        chinese_title=chinese.title,
        is_errand=any(part.topic in {"bring", "steps"} for part in parts),
        parts=tuple(kept),
        addresses=addresses,
        phones=phones,
        is_dense=is_dense,
        is_cut=kept != parts,
        is_behind=any(line.behind for part in kept for line in part.lines),
    )


# --- as much as one sheet holds -------------------------------------------------------------------
def fitting(parts: Iterable[CardPart], room: float, column: float = _COLUMN) -> list[CardPart]:
    """The parts that fit, in their order: the last lines of the least needed parts go first."""
    kept = list(parts)
    while kept and _height(kept, column) > room:
        least = max(range(len(kept)), key=lambda at: (_KEEP_ORDER.index(kept[at].topic), at))
        lines = kept[least].lines[:-1]
        if lines:
            kept[least] = replace(kept[least], lines=lines)
        else:
            del kept[least]
    return kept


def _height(parts: Iterable[CardPart], column: float) -> float:
    return sum(
        (1.4 if part.chinese_heading else 0.3) + sum(_line_height(x, column) for x in part.lines)
        for part in parts
    )


def _line_height(line: CardLine, column: float) -> float:
    return 0.25 + max(math.ceil(_width(text) / column) for text in (line.text or "…", line.chinese))


def _width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


# --- addresses and telephone numbers --------------------------------------------------------------
_STREET = re.compile(r"(?P<name>[\u4e00-\u9fff]{2})(?P<kind>大道|路|街|巷)(?P<number>\d+)号")
_NO_NAME = frozenset("在到于是的至去往从和与及或为个座区县市镇院心层点号街路道处面里请来找")
_LAND_LINE = re.compile(r"(?<![\d-])0(?P<area>999)-(?P<number>\d{5,8})(?!\d)")
_SHORT = re.compile(r"(?<![\d-])(?:110|119|120|122|12345|12333|12366|12367)(?![\d-])")
_KINDS = {"大道": "Dàdào", "路": "Lù", "街": "Jiē", "巷": "Xiàng"}
_MOST = 4


def addresses_in(text: str) -> tuple[Address, ...]:
    """Streets with a number, each once, in their order."""
    found: dict[str, Address] = {}
    for match in _STREET.finditer(text):
        name = match["name"]
        before = text[match.start() - 1 : match.start()] if match.start() else ""
        if "\u4e00" <= before <= "\u9fff" and before not in _NO_NAME:
            name = before + name
        chinese = f"{name}{match['kind']}{match['number']}号"
        latin = f"{spoken(name)} {_KINDS[match['kind']]} {match['number']} hào"
        found.setdefault(chinese, Address(chinese, latin))
    return tuple(found.values())[:_MOST]


def phones_in(text: str) -> tuple[Phone, ...]:
    """Numbers of the city and short numbers, each once, in their order."""
    found: dict[str, Phone] = {}
    matches = [*_LAND_LINE.finditer(text), *_SHORT.finditer(text)]
    for match in sorted(matches, key=lambda one: one.start()):
        phone = (
            _land_line(match["area"], match["number"], match[0])
            if match.re is _LAND_LINE
            else Phone(match[0], match[0], match[0])
        )
        found.setdefault(phone.dial, phone)
    return tuple(found.values())[:_MOST]


def _land_line(area: str, number: str, chinese: str) -> Phone:
    grouped = f"{number[:4]} {number[4:]}" if len(number) == 8 else number
    return Phone(f"+86 {area} {grouped}", f"+86{area}{number}", chinese)

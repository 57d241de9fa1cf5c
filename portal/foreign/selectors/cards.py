"""Counter cards: a page's essentials in two languages, as much as one sheet of A4 holds."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from wagtail.models import Page

from portal.foreign.models import Term
from portal.plugin_api import CardText, public_pages
from portal.text.pinyin import spoken

from .card_texts import CardLine, CardPart, card_parts, parts_of_html, plain_text
from .terms import hits_in

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
class Name:
    """An official name: to be recognised on a door plate, and to be asked for."""

    chinese: str
    own: str


@dataclass(frozen=True, slots=True)
class Card:
    """``page`` is where its code and address lead."""

    page: Any
    title: str
    chinese_title: str
    has_translation: bool
    is_errand: bool
    parts: tuple[CardPart, ...]
    names: tuple[Name, ...]
    addresses: tuple[Address, ...]
    phones: tuple[Phone, ...]
    is_dense: bool
    is_cut: bool
    is_behind: bool


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


def card_of_text(text: CardText, language: str) -> Card | None:
    """The card of what another plugin says in two languages; None where its page is not public."""
    page = Page.objects.filter(public_pages(), pk=text.page, live=True).first()
    if page is None:
        return None
    parts = parts_of_html(text.chinese_html, text.html, behind=text.is_behind)
    # Where the text itself names no place: its office; then the pages that it rests on.
    words = "\n".join(
        [text.chinese_title, *(line.chinese for part in parts for line in part.lines)]
    )
    addresses = addresses_in(words) or addresses_in(text.contacts)
    phones = phones_in(words) or phones_in(text.contacts)
    if text.sources and not (addresses and phones):
        rest = _words_of_pages(text.sources)
        addresses, phones = addresses or addresses_in(rest), phones or phones_in(rest)
    given = [Name(chinese, own) for chinese, own in text.names if chinese and own]
    return _fitted(
        page,
        parts,
        title=text.title,
        chinese_title=text.chinese_title,
        names=[*given, *names_in(f"{text.contacts}\n{words}", language)],
        addresses=addresses,
        phones=phones,
    )


def _words_of_pages(pages: Iterable[int]) -> str:
    found = Page.objects.filter(
        public_pages(),
        pk__in=list(pages),
        live=True,
        locale__language_code=settings.LANGUAGE_CODE,
    )
    return "\n".join(plain_text(page) for page in found.specific())


def _card(chinese: Any, foreign: Any | None) -> Card:
    parts = card_parts(chinese, foreign)
    text = plain_text(chinese)
    language = foreign.locale.language_code if foreign else ""
    return _fitted(
        foreign or chinese,
        parts,
        title=foreign.title if foreign else "",
        chinese_title=chinese.title,
        names=names_in(f"{chinese.title}\n{text}", language) if language else (),
        addresses=addresses_in(text),
        phones=phones_in(text),
    )


def _fitted(
    page: Any,
    parts: list[CardPart],
    *,
    title: str,
    chinese_title: str,
    names: Iterable[Name],
    addresses: tuple[Address, ...],
    phones: tuple[Phone, ...],
) -> Card:
    """A card with as much of the text as one sheet holds beside the facts."""
    names = _names_shown(names, addresses)
    extra = 1.6 * math.ceil((len(names) + len(addresses)) / 2) + math.ceil(len(phones) / 3)
    is_dense = _height(parts, _COLUMN) + extra > _SHEET_LINES
    room = (_DENSE_LINES if is_dense else _SHEET_LINES) - extra
    kept = fitting(parts, room, _DENSE_COLUMN if is_dense else _COLUMN)
    return Card(
        page=page,
        title=title,
        chinese_title=chinese_title,
        has_translation=bool(title),
        is_errand=any(part.topic in {"bring", "steps"} for part in parts),
        parts=tuple(kept),
        names=names,
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
# Area codes: 10 and 2x have two digits, all others three.
_LAND_LINE = re.compile(r"(?<![\d-])0(?P<area>10|2\d|[3-9]\d{2})-(?P<number>\d{5,8})(?![\d-])")
_SHORT = re.compile(r"(?<![\d-])(?:110|119|120|122|12345|12333|12366|12367)(?![\d-])")
_KINDS = {"大道": "Dàdào", "路": "Lù", "街": "Jiē", "巷": "Xiàng"}
_MOST = 4
_FIRST_KINDS = (Term.Kind.AGENCY, Term.Kind.LAW, Term.Kind.TITLE)


def names_in(text: str, language: str) -> tuple[Name, ...]:
    """Approved official names in a Chinese text: agencies, laws and titles before places."""
    hits = [hit for hit in hits_in(text, language=language) if hit.approved]
    order = {str(kind): place for place, kind in enumerate(_FIRST_KINDS)}
    hits.sort(key=lambda hit: order.get(hit.kind, len(order)))
    return tuple(Name(hit.term, hit.name) for hit in hits)


def _names_shown(names: Iterable[Name], addresses: Iterable[Address]) -> tuple[Name, ...]:
    """As many as there is room for. What stands in another name or in an address says nothing."""
    each: dict[str, Name] = {}
    for name in names:
        each.setdefault(name.chinese, name)
    others = [*each, *(address.chinese for address in addresses)]
    kept = [
        name
        for name in each.values()
        if not any(name.chinese in other and name.chinese != other for other in others)
    ]
    return tuple(kept[:_MOST])


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

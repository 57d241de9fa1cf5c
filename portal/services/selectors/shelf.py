"""All public guides of a language in memory, in alphabetical order: what lists are counted from.

A guide is a bit. For each value by which guides are sorted (a life event, a unit, a letter) there
is one number with the bits of its guides, so that narrowing and counting are operations on numbers:
ten thousand guides cost what a hundred do. Made anew when public content changes.
"""

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from portal.plugin_api import kept_text, public_pages, site_of_path
from portal.services.models import GuidePage, GuideRating, ServiceTerm
from portal.text import pinyin
from portal.text.segmentation import search_tokens

# Dimensions beside those of ``Dimension``.
SITE, UNIT, SERVED, LETTER = "site", "unit", "served", "letter"
OTHER_LETTERS = "#"
# How much a word says of a guide, by where it stands.
NAMES, SORTED_BY, SENTENCE = 1.0, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a list as visitors see it."""

    pk: int
    dimension: str
    key: str
    label: str
    english_label: str
    explanation: str
    icon: str
    rank: int

    @property
    def shown_label(self) -> str:
        spoken = (get_language() or "zh").startswith("zh")
        return self.label if spoken or not self.english_label else self.english_label


@dataclass(frozen=True, slots=True)
class _Row:
    """What is known of a guide while the shelf is made."""

    pk: int
    path: str
    title: str
    summary: str
    everyday_names: str
    served: str
    unit: int | None
    item_type: int | None
    online_level: int | None


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit that has guides. ``code`` is part of addresses."""

    pk: int
    code: str
    name: str
    english_name: str
    order: int

    @property
    def shown_name(self) -> str:
        spoken = (get_language() or "zh").startswith("zh")
        return self.name if spoken or not self.english_name else self.english_name


@lru_cache(maxsize=65_536)
def _place_in_alphabet(title: str) -> str:
    return pinyin.sort_key(title)


@lru_cache(maxsize=65_536)
def _words(text: str) -> frozenset[str]:
    return frozenset(search_tokens(text))


class Shelf:
    """The guides of one language."""

    def __init__(
        self,
        rows: Sequence[_Row],
        terms: Mapping[int, Term],
        of_guide: Mapping[int, Sequence[int]],
        units: Mapping[int, UnitName],
        place_names: frozenset[str] = frozenset(),
    ) -> None:
        ordered = sorted(rows, key=lambda row: (_place_in_alphabet(row.title), row.title, row.pk))
        self.pks = tuple(row.pk for row in ordered)
        self.terms = terms
        self.units = units
        # The city and its parts: said with every question, and of every guide.
        self.place_names = place_names
        self.all = (1 << len(ordered)) - 1
        self._rows = ordered
        self._of_guide = of_guide
        self._sets: dict[tuple[str, str], int] = defaultdict(int)
        for number, row in enumerate(ordered):
            for dimension, value in self._values_of(row):
                self._sets[dimension, value] |= 1 << number

    def _values_of(self, row: _Row) -> Iterator[tuple[str, str]]:
        yield SITE, str(site_of_path(row.path) or "")
        yield LETTER, letter_of(row.title)
        if row.unit is not None and row.unit in self.units:
            yield UNIT, self.units[row.unit].code
        for person in filter(None, row.served.split(",")):
            yield SERVED, person
        for pk in (row.item_type, row.online_level, *self._of_guide.get(row.pk, ())):
            if pk is not None and pk in self.terms:
                term = self.terms[pk]
                yield term.dimension, term.key

    # --- asking ----------------------------------------------------------------------------------
    def having(self, dimension: str, value: str) -> int:
        """The guides with a value; none for one that no guide has."""
        return self._sets.get((dimension, value), 0)

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension that some guide has."""
        return [value for name, value in self._sets if name == dimension]

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], Term]:
        return {(term.dimension, term.key): term for term in self.terms.values()}

    @cached_property
    def by_code(self) -> Mapping[str, UnitName]:
        return {unit.code: unit for unit in self.units.values()}

    def terms_of(self, dimension: str) -> list[Term]:
        """The words of a list, in its order."""
        return [term for term in self.terms.values() if term.dimension == dimension]

    def piece(self, guides: int, offset: int, count: int) -> list[int]:
        """Primary keys of so many of some guides, in alphabetical order."""
        found: list[int] = []
        bits = f"{guides:b}"[::-1]
        at = bits.find("1")
        seen = 0
        while at >= 0 and len(found) < count:
            if seen >= offset:
                found.append(self.pks[at])
            seen += 1
            at = bits.find("1", at + 1)
        return found

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Primary key → place in the alphabet."""
        return {pk: place for place, pk in enumerate(self.pks)}

    # --- words -----------------------------------------------------------------------------------
    @cached_property
    def words(self) -> Mapping[str, Sequence[tuple[int, float]]]:
        """Word → (place of a guide, how much the word says of it). Made when first asked for."""
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for number, row in enumerate(self._rows):
            told = (
                (NAMES, f"{row.title} {row.everyday_names}"),
                (SORTED_BY, " ".join(self._labels(row))),
                (SENTENCE, row.summary),
            )
            for weight, text in told:
                for word in _words(text):
                    found[word][number] = max(weight, found[word].get(number, 0.0))
        return {word: tuple(places.items()) for word, places in found.items()}

    def _labels(self, row: _Row) -> Iterator[str]:
        for pk in self._of_guide.get(row.pk, ()):
            if pk in self.terms:
                term = self.terms[pk]
                yield f"{term.label} {term.english_label}"


def letter_of(title: str) -> str:
    """The letter of the register that a title stands under; ``#`` for what begins with none."""
    first = _place_in_alphabet(title)[:1].upper()
    return first if "A" <= first <= "Z" else OTHER_LETTERS


# --- the one of each language ---------------------------------------------------------------------
_lock = threading.Lock()
_kept: dict[str, tuple[str, Shelf]] = {}


def shelf(language: str) -> Shelf:
    """The shelf of a language as public content stands now. Five queries when it has changed."""
    # A text that is kept as long as nothing public changes: the stamp of a state of the content.
    stamp = kept_text(("services", "shelf", language), lambda: secrets.token_hex(8))
    found = _kept.get(language)
    if found is not None and found[0] == stamp:
        return found[1]
    with _lock:
        found = _kept.get(language)
        if found is None or found[0] != stamp:
            found = _kept[language] = (stamp, _read(language))
    return found[1]


def languages_with_guides() -> frozenset[str]:
    """The languages in which there is a public guide; traditional characters come with Chinese. No
    query, but after public content has changed."""
    codes = kept_text(("services", "languages"), lambda: ",".join(sorted(set(_languages()))))
    found = frozenset(filter(None, codes.split(",")))
    return found | {"zh-hant"} if settings.LANGUAGE_CODE in found else found


def _languages() -> Iterable[str]:
    pages = GuidePage.objects.filter(public_pages(), live=True, alias_of=None).order_by()
    return pages.values_list("locale__language_code", flat=True).distinct()


def _read(language: str) -> Shelf:
    pages = GuidePage.objects.filter(
        public_pages(), live=True, alias_of=None, locale__language_code=language
    )
    rows = [
        _Row(*values)
        for values in pages.order_by().values_list(
            "pk", "path", "title", "summary", "everyday_names", "served", "owner_unit_id",
            "item_type_id", "online_level_id",
        )
    ]  # fmt: skip
    of_guide: dict[int, list[int]] = defaultdict(list)
    through: Any = GuidePage.terms.through
    pairs = through.objects.filter(guidepage__in=pages.order_by().values("pk"))
    for guide, term in pairs.values_list("guidepage_id", "serviceterm_id"):
        of_guide[guide].append(term)
    terms = {
        values[0]: Term(*values)
        for values in ServiceTerm.objects.filter(is_offered=True)
        .order_by("dimension", "rank", "pk")
        .values_list(
            "pk", "dimension", "key", "label", "english_label", "explanation", "icon", "rank"
        )
    }
    organisations: Any = GuidePage.owner_unit.field.related_model
    units_of = organisations._default_manager
    units = {
        values[0]: UnitName(*values)
        for values in units_of.filter(pk__in={row.unit for row in rows if row.unit})
        .order_by("sort_order", "pk")
        .values_list("pk", "code", "full_name", "english_name", "sort_order")
    }
    sites: Any = GuideRating.site.field.related_model
    names = " ".join(sites._default_manager.values_list("short_name", flat=True))
    return Shelf(rows, terms, of_guide, units, _words(names))

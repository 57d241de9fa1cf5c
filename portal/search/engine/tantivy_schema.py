"""What a tantivy index of the portal holds, and how a document is written into it."""

import hashlib
from typing import Any

import tantivy

from . import moments, recency
from .contract import Field, IndexedDocument

WHITESPACE = "whitespace"

# Positions are the dearest part of an index: only where words must stand together.
_TEXTS: dict[Field, tuple[str, str]] = {
    Field.TITLE: (WHITESPACE, "position"),
    Field.ALIAS: (WHITESPACE, "position"),
    Field.BODY: (WHITESPACE, "position"),
    Field.BIGRAM: (WHITESPACE, "position"),
    Field.TITLE_KEY: ("raw", "basic"),
    Field.NUMBER_KEY: ("raw", "basic"),
    Field.PINYIN: (WHITESPACE, "basic"),
    Field.INITIALS: (WHITESPACE, "basic"),
}
FACETS = ("site", "column", "kind", "theme", "agency", "year", "standing", "form")
_FACTS = (*FACETS, "language")

# Signed numbers only: unsigned ones are taken for signed by the Python binding's queries.
PUBLIC_FROM, PUBLIC_UNTIL, DATE = "public_from", "public_until", "date"
POSITION_KEY = "\x00position"
"""The key of the one document that is none: it holds the position, and so is written with it."""

_RANK = "rank_"
RANK_SCALE = 8.0
"""The engine multiplies scores by ``log2(2 + field)``, which cannot be below 1: factors are stored
eight times as large, and scores divided by it again."""

_SETTINGS = "2"  # changes with whatever is not in the field list below


def index_option(field: Field) -> str:
    return "basic" if _TEXTS[field][1] == "basic" else "freq"


def has_positions(field: Field) -> bool:
    return _TEXTS[field][1] == "position"


def rank_field(level: int) -> str:
    return f"{_RANK}{level}"


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for field, (tokenizer, option) in _TEXTS.items():
        builder.add_text_field(field.value, tokenizer_name=tokenizer, index_option=option)
    for name in _FACTS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in (PUBLIC_FROM, PUBLIC_UNTIL, DATE):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field("position", stored=True)
    for level in range(len(recency.LEVELS)):
        builder.add_float_field(rank_field(level), fast=True)
    return builder.build()


def schema_hash() -> str:
    """Names what is above: an index with another one is made anew."""
    what = (_TEXTS, _FACTS, recency.LEVELS, RANK_SCALE, _SETTINGS)
    return hashlib.sha256(repr(what).encode()).hexdigest()[:8]


def register_tokenizers(index: tantivy.Index) -> None:
    """Not kept with an index: to be told at each opening."""
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(WHITESPACE, whitespace)


def written(document: IndexedDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("key", document.key)
    for field in _TEXTS:
        if text := document.texts.get(field, ""):
            made.add_text(field.value, text)
    facts: dict[str, Any] = {
        "site": [document.site, *document.more_sites],
        "column": document.columns,
        "kind": [document.kind],
        "theme": [document.theme],
        "agency": document.agencies,
        "year": [document.year],
        "standing": [document.standing],
        "form": [document.form],
        "language": [document.language],
    }
    for name, values in facts.items():
        for value in dict.fromkeys(values):
            if value:
                made.add_text(name, value)
    order = moments.date_order(document.date, document.key)
    made.add_integer(PUBLIC_FROM, moments.public_from(document.public_from))
    made.add_integer(PUBLIC_UNTIL, moments.public_until(document.public_until))
    made.add_integer(DATE, order)
    for place, level in enumerate(recency.LEVELS):
        factor = document.weight * recency.factor(level, moments.seconds_of(order))
        made.add_float(rank_field(place), _rank(factor))
    return made


def position_document(position: int) -> tantivy.Document:
    """Public from never on: no query of the portal finds it."""
    made = tantivy.Document()
    made.add_text("key", POSITION_KEY)
    made.add_integer("position", position)
    made.add_integer(PUBLIC_FROM, moments.NEVER)
    made.add_integer(PUBLIC_UNTIL, moments.NEVER)
    made.add_integer(DATE, moments.NO_DATE)
    return made


def _rank(factor: float) -> float:
    bounded = max(1.0, min(512.0, RANK_SCALE * factor))
    return float(2**bounded - 2)

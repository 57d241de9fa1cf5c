"""The corpus in an index in memory, asked as the search page asks, without a database."""

import random
from functools import cache
from typing import Any

from portal.search.engine.contract import EngineQuery, Sort
from portal.search.finding.asking import Asked, asked
from portal.search.finding.cascade import Ranked, ranked
from portal.search.planning.nodes import any_reading
from portal.search.rules import Rules
from portal.search.services.contract import Search
from portal.text.searching import analyser

from .corpus import Paper, papers
from .scratch import Scratch, cut


@cache
def corpus() -> dict[str, Paper]:
    return {paper.key: paper for paper in papers()}


@cache
def index() -> Scratch:
    return Scratch(
        *(
            cut(p.key, p.title, f"{p.number}\n{p.body}", number=p.number, kind=p.kind, date=p.date)
            for p in papers()
        )
    )


def prepared(text: str, *, rules: Rules | None = None, **search: Any) -> Asked:
    return asked(
        Search(text=text, **{"language": "zh-hans", **search}),
        rules=rules or Rules(version="corpus"),
        engine=index().engine,
        analyser=analyser(),
    )


def looked_for(text: str, *, rules: Rules | None = None, **search: Any) -> Ranked:
    return ranked(prepared(text, rules=rules, **search), facets=(), count=30)


def first(text: str, count: int = 5, **search: Any) -> list[Paper]:
    """The papers that stand first."""
    return [corpus()[key] for key, _ in looked_for(text, **search).keys(0, count)]


def all_found(text: str) -> set[str]:
    """Every key that the first step finds."""
    made = prepared(text)
    node = any_reading(made.maker.everything(reading) for reading in made.readings)
    if node is None:
        return set()
    query = EngineQuery(node=node, filters=made.filters, count=len(corpus()), sort=Sort.RELEVANCE)
    return {hit.key for hit in made.engine.search(query).hits}


def planted(count: int, seed: int) -> list[str]:
    """Pieces of two to eight signs from anywhere in documents, with two Chinese characters."""
    chance = random.Random(seed)
    texts = [text for paper in papers() for text in (paper.title, paper.body)]
    pieces: dict[str, None] = {}
    while len(pieces) < count:
        text = chance.choice(texts)
        length = chance.randint(2, 8)
        start = chance.randrange(max(1, len(text) - length + 1))
        piece = text[start : start + length]
        if sum("\u3400" <= sign <= "\u9fff" for sign in piece) > 1:
            pieces[piece] = None
    return list(pieces)

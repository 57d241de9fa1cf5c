"""From what was typed to a tree of terms that both databases can look for.

The tree uses modelsearch's ``And``, ``Or``, ``Not`` with ``Term`` as its leaves. Terms hold
letters, digits and single spaces only, so they need no escaping in either query language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

from portal.text.segmentation import (
    dense_runs,
    is_hanzi,
    normalise,
    pairs,
    query_tokens,
)

MAX_QUERY_LENGTH = 255
"""Characters of a query that count, as in Wagtail's own parser; bounds the terms of one search."""


@dataclass(frozen=True, slots=True)
class Term(SearchQuery):
    """One indexed word, or several separated by a space that must follow each other."""

    text: str
    prefix: bool = False


type Cutter = Callable[[str], list[SearchQuery]]


def cut_query(query: SearchQuery, cut: Cutter) -> SearchQuery | None:
    """The query with its texts cut into terms; None when nothing in it can be looked for.

    A part without words (only punctuation) does not count, as if it had not been typed.
    """
    match query:
        case PlainText() | Fuzzy():
            terms = cut(normalise(query.query_string)[:MAX_QUERY_LENGTH])
            return _combine(Or if query.operator == "or" else And, terms)
        case Phrase():
            # Terms of autocomplete do not cross white space; those of a phrase do.
            return _combine(And, cut("".join(query.query_string.split())[:MAX_QUERY_LENGTH]))
        case Boost():
            return cut_query(query.subquery, cut)
        case Not():
            part = cut_query(query.subquery, cut)
            return part and Not(part)
        case And() | Or():
            parts = [part for sub in query.subqueries if (part := cut_query(sub, cut))]
            return _combine(type(query), parts)
    return None


def _combine(operator: type[And] | type[Or], parts: list[SearchQuery]) -> SearchQuery | None:
    if len(parts) > 1:
        return operator(parts)
    return parts[0] if parts else None


def search_terms(text: str) -> list[SearchQuery]:
    """Terms for the words of a text.

    Characters that make no word of the dictionary (不动, a place name) may be the beginning of a
    word (不动产) or stand as single characters in the text; both are looked for.
    """
    terms: list[SearchQuery] = []
    for chunk in text.split():
        for single, group in groupby(query_tokens(chunk), lambda t: len(t) == 1 and is_hanzi(t)):
            tokens = list(group)
            if not single:
                terms += [Term(token) for token in tokens]
            elif len(tokens) == 1:
                terms.append(Term(tokens[0], prefix=True))
            else:
                terms.append(Or([Term("".join(tokens), prefix=True), Term(" ".join(tokens))]))
    return terms


def autocomplete_words(text: str) -> list[str]:
    """Words to store so that any part of a run of Hanzi is found: pairs, and the last character."""
    words: list[str] = []
    for run, dense in _joined_runs(text):
        if dense:
            words += pairs(run)
            if len(run) > 1:
                words.append(run[-1])
        else:
            words.append(run)
    return words


def autocomplete_terms(text: str) -> list[SearchQuery]:
    """Terms for what is being typed: parts of Hanzi runs, other words whole but for the last."""
    terms: list[Term] = []
    for chunk in text.split():
        for run, dense in _joined_runs(chunk):
            if dense:
                terms.append(Term(" ".join(pairs(run)), prefix=len(run) == 1))
            else:
                terms.append(Term(run))
    if terms and " " not in terms[-1].text:
        terms[-1] = Term(terms[-1].text, prefix=True)
    return list(terms)


def _joined_runs(text: str) -> list[tuple[str, bool]]:
    """Runs of one kind, joined over punctuation: 《不动产》登记 reads as 不动产登记."""
    joined: list[tuple[str, bool]] = []
    for run, dense in dense_runs(text):
        if dense and joined and joined[-1][1]:
            joined[-1] = (joined[-1][0] + run, True)
        else:
            joined.append((run, dense))
    return joined

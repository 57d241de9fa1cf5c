"""The rules of a site, as its editors have set them."""

import hashlib
import threading
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from portal.plugin_api import kept_text, main_site_pk
from portal.search.models import (
    BestBet,
    BlockedWord,
    RulesVersion,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from portal.search.rules import BestBet as BestBetRule
from portal.search.rules import Rules, Synonym, Weights

from .checking import targets_of_pages

_lock = threading.Lock()
_kept: dict[int | None, Rules] = {}


def rules_for(site: int | None) -> Rules:
    """The rules in force now. Kept in memory; a change is seen by the next search.

    What all sites share comes after the site's own; of the weights the own ones count. ``None`` is
    the main site. Asks nothing of the database beyond the token of the content, which each request
    reads anyway: a change of a rule is a change of that token.
    """
    if site is None:
        site = main_site_pk()
    state = kept_text(("portal_search", "rules"), _state)
    found = _kept.get(site)
    if found is not None and found.version.startswith(state):
        return found
    with _lock:
        found = _load(site, state)
        _kept[site] = found
    return found


def _state() -> str:
    """The token of the rules, and what became of the targets of best bets; four queries at most.

    Made again with any change of public content, so that a best bet ends with what it leads to.
    """
    token = RulesVersion.objects.values_list("token", flat=True).first() or 0
    bets = list(BestBet.objects.filter(is_active=True).values_list("page", "document"))
    pages = sorted({page for page, _document in bets if page})
    files = sorted({document for _page, document in bets if document})
    targets = sorted(targets_of_pages(pages).items()) if pages else []
    said = f"{files}" + ",".join(
        f"{pk}:{target.ends_at and target.ends_at.timestamp()}"
        for pk, target in targets
        if not target.has_ended
    )
    return f"{token}-{hashlib.sha256(said.encode()).hexdigest()[:12]}-"


def _load(site: int | None, state: str) -> Rules:
    here = Q(site=site) | Q(site=None)
    return Rules(
        synonyms=tuple(map(_synonym, _own_first(SynonymRule, here))),
        stop_phrases=_longest_first(row.phrase for row in _own_first(StopPhrase, here)),
        best_bets=_best_bets(_own_first(BestBet, here)),
        blocked=_longest_first(row.word for row in _own_first(BlockedWord, here)),
        weights=_weights(_own_first(SiteWeights, here)),
        version=f"{state}{site or 0}",
    )


def _own_first(model: Any, here: Q) -> list[Any]:
    rows = model.objects.filter(here, is_active=True).order_by("pk")
    return sorted(rows, key=lambda row: row.site_id is None)


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """A phrase within another one must not take its middle away."""
    return tuple(sorted(dict.fromkeys(words), key=lambda word: (-len(word), word)))


def _synonym(row: SynonymRule) -> Synonym:
    if row.both_ways:
        words = tuple(row.all_words)
        return Synonym(words, words, both_ways=True)
    return Synonym(tuple(row.word_list), tuple(row.meaning_list))


def _best_bets(rows: list[BestBet]) -> tuple[BestBetRule, ...]:
    """Those that lead to something public that holds; each ends no later than what it leads to."""
    targets = targets_of_pages([row.page_id for row in rows if row.page_id])
    found = []
    for row in rows:
        until = row.until
        if row.page_id:
            target = targets.get(row.page_id)
            if target is None or target.has_ended:
                continue
            until = min((end for end in (until, target.ends_at) if end is not None), default=None)
        elif not row.document_id:
            continue
        found.append(BestBetRule(tuple(row.query_list), row.key, row.since, until))
    return tuple(found)


def weights_of(row: SiteWeights) -> Weights:
    """The weights of a stored or edited row."""
    return Weights(
        title=row.title,
        alias=row.alias,
        body=row.body,
        recency=row.recency,
        synonym=row.synonym,
        kinds=dict(row.kinds or {}),
    )


def _weights(rows: list[SiteWeights]) -> Weights:
    return weights_of(rows[0]) if rows else Weights()


def forget() -> None:
    """Read the rules again at the next search; for tests that put the database back."""
    _kept.clear()

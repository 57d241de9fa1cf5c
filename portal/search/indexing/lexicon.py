"""The portal's own words: units, leaders, services, and what editors have written down.

A dictionary of everyday Chinese cuts 云湖市数据局 apart; as one word it is found as one.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from portal.plugin_api import all_sites, own_names
from portal.search.models import Document
from portal.search.services.rules import rules_for

from .plan import change_words

SHORTEST, LONGEST = 2, 20
MOST_WORDS = 20_000
# Titles of these kinds are names; those of articles are sentences.
_NAMED_KINDS = ("organisation", "service", "topic", "site", "leader")


def refresh_words() -> bool:
    """Take the words as they are now; True where indexes will be made anew for it.

    To be called at night, and when editors have changed their words.
    """
    return change_words(words_now())


def words_now() -> list[str]:
    found = (word.strip() for word in chain(own_names(), _titles(), _editors_words()))
    kept = {word for word in found if SHORTEST <= len(word) <= LONGEST and _is_name(word)}
    return sorted(kept)[:MOST_WORDS]


def _titles() -> Iterator[str]:
    rows = Document.objects.filter(is_removed=False, kind__in=_NAMED_KINDS, language="zh-hans")
    for title, aliases in rows.values_list("title", "aliases").iterator(chunk_size=2000):
        yield title
        yield from aliases


def _editors_words() -> Iterable[str]:
    """The words of synonyms at all sites: rules are kept by site."""
    for site in (None, *all_sites()):
        for synonym in rules_for(site).synonyms:
            yield from synonym.words
            yield from synonym.meanings


def _is_name(word: str) -> bool:
    """Hanzi alone: words of letters are apart already, and a sentence is no name."""
    return all("\u4e00" <= c <= "\u9fff" for c in word)

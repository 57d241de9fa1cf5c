"""What may have been meant: by sound and by shape."""

import logging
import sqlite3
from dataclasses import dataclass

from portal.search.suggestions import store
from portal.search.suggestions.guessing import Guess, guesses

logger = logging.getLogger(__name__)

# Cheaper by so much, and nobody is asked: about half a sign that is in no word.
_SURE = 1.5
# Not much dearer than what was typed: worth a question where that found little.
_OFFERED = -1.5
_BESIDE = 1.5  # what is so much dearer than the likeliest is not asked beside it
_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Corrections:
    """``sure``: what to look for in place of a query that finds nothing ("": nothing better).
    ``offers``: to be asked "did you mean", the likeliest first."""

    sure: str = ""
    offers: tuple[str, ...] = ()


def corrections(text: str, *, site: int | None, language: str) -> Corrections:
    """Only words that something public has. Milliseconds, no query of the database.

    Whether anything is put right is for the caller to decide, by what the query finds: a query
    that is right may be near another one, too.
    """
    if not text.strip():
        return Corrections()
    try:
        file = store.reader()
        if file is None:
            return Corrections()
        found = guesses(file, text, site=site, language=language)
    except sqlite3.DatabaseError:
        logger.exception("The names for corrections cannot be read")
        store.close_reader()
        return Corrections()
    least = max(_OFFERED, found[0].gain - _BESIDE) if found else _OFFERED
    offers = [guess.text for guess in found if guess.gain >= least]
    sure = found[0].text if found and _is_sure(found[0]) else ""
    return Corrections(sure, tuple(offers[:_OFFERS]))


def _is_sure(guess: Guess) -> bool:
    # What is all words may be meant, and words of two signs are near too many others: both are
    # offered, for a person to decide.
    return guess.gain >= _SURE and guess.was_unknown and guess.shortest >= 3

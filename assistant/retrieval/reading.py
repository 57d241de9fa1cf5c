"""How texts are read by this version of the index."""

from collections import Counter
from collections.abc import Mapping

from portal.text.segmentation import normalise, search_tokens

from .segment import Reading, Scores


def _terms(text: str) -> Mapping[str, float]:
    return Counter(search_tokens(text))


def _same(text: str) -> str:
    return "".join(character for character in normalise(text) if character.isalnum())


def _place(_space: str, _part: str, rows: Scores) -> Scores:
    return rows


def _aim(_space: str, _part: str, vector: Scores, _text: str) -> Scores:
    return vector


READING = Reading(search_tokens, _terms, _same, _place, _aim, "1")

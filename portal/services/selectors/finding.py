"""Finding guides by everyday words: "我想办居住证", "孩子上学".

What people say around the matter (我想办, 怎么, 需要什么材料) counts for nothing. Of the rest, rare
words count more than common ones, and most of it must be said of a guide by its name, by what
people call it or by how it is sorted: nothing is found rather than what does not fit.
"""

import math
from collections import defaultdict
from pathlib import Path

from portal.text.segmentation import is_hanzi, query_tokens, search_tokens

from .shelf import Shelf

# A guide of which this share of the words is said fits.
FITS = 0.5
# Guides that fit this much worse than the best are left out.
BESIDE_THE_BEST = 0.6
LONGEST = 200

_FILE = Path(__file__).parents[1] / "around.txt"
_AROUND = frozenset(
    word
    for line in _FILE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


def essential(text: str) -> list[str]:
    """The words that say what somebody wants, each once."""
    words = [word for word in query_tokens(text[:LONGEST]) if word not in _AROUND]
    return list(dict.fromkeys(words))


def find(shelf: Shelf, text: str, *, among: int, count: int) -> list[int]:
    """Primary keys of the guides that fit best, the best first; empty where none does.

    Args:
        shelf: where to look.
        text: as somebody typed it.
        among: the guides that come into question.
        count: the most.
    """
    words = [word for word in essential(text) if word not in shelf.place_names]
    if not words:
        return []
    whole = 0.0
    points: dict[int, float] = defaultdict(float)
    for word in words:
        weight, places = _weight(shelf, word)
        whole += weight
        for place, said in places.items():
            if among >> place & 1:
                points[place] += weight * said
    best = max(points.values(), default=0.0)
    least = max(FITS * whole, BESIDE_THE_BEST * best)
    found = [(-value, place) for place, value in points.items() if value >= least]
    return [shelf.pks[place] for _value, place in sorted(found)[:count]]


def _weight(shelf: Shelf, word: str) -> tuple[float, dict[int, float]]:
    """How much a word of the question says, and of which guides it is said.

    A long word that nobody uses as a whole (居住证办理) is looked for by the words inside it.
    """
    places = dict(shelf.words.get(word, ()))
    if not places and is_hanzi(word) and len(word) > 2:
        inside = [part for part in search_tokens(word) if part != word and part not in _AROUND]
        found = [dict(shelf.words.get(part, ())) for part in inside]
        if found and all(found):
            together = set.intersection(*map(set, found))
            places = {place: min(part[place] for part in found) for place in together}
    rarity = math.log((len(shelf.pks) + 1) / (len(places) + 0.5)) + 0.5
    # A single character says little by itself; it is mostly a particle.
    return (rarity * (0.3 if is_hanzi(word) and len(word) == 1 else 1.0), places)

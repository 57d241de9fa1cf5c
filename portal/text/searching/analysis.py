"""From the raw text of a document to the words that an index holds."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from portal.text.pinyin import sort_key
from portal.text.script import to_simplified
from portal.text.segmentation import dense_runs, normalise, pairs, search_tokens

SCHEME = "1"
"""Changes with whatever this package does to texts: indexes of another scheme are made anew."""


class Analyser:
    """Cuts texts with a dictionary and words of the portal's own (services, units, terms).

    ``version`` names scheme and words: an index that was made with another is made anew.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        digest = hashlib.sha256("\n".join(sorted(self.words)).encode()).hexdigest()[:12]
        self.version = f"{SCHEME}-{digest}"

    def document(
        self,
        *,
        title: str,
        body: str,
        language: str,
        aliases: Iterable[str] = (),
        number: str = "",
    ) -> Mapping[str, str]:
        """The texts of one document, by the names of ``engine.contract.Field``."""
        names = [title, *aliases]
        whole = to_simplified(f"{title}\n{body}")
        return {
            "title": " ".join(search_tokens(to_simplified(title))),
            "alias": " ".join(
                word for name in names[1:] for word in search_tokens(to_simplified(name))
            ),
            "body": " ".join(search_tokens(to_simplified(body))),
            "bigram": " ".join(
                pair for run, dense in dense_runs(whole) if dense for pair in pairs(run)
            ),
            "title_key": self.key(title),
            "number_key": self.key(number),
            "pinyin": " ".join(sort_key(name).replace(" ", "") for name in names),
            "initials": " ".join(
                "".join(part[0] for part in sort_key(name).split()) for name in names
            ),
        }

    def key(self, text: str) -> str:
        """One word for a whole title or number, the same however it is written."""
        return "".join(c for c in normalise(to_simplified(text)) if c.isalnum())[:120]


@lru_cache(maxsize=4)
def analyser(words: frozenset[str] = frozenset()) -> Analyser:
    """The analyser with these words, made once for a process."""
    return Analyser(words)

"""From the raw text of a document to the words that an index holds, and likewise for queries."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from portal.text.official.script import script_of
from portal.text.pinyin import sort_key

from . import facts
from .cutting import DENSE_LANGUAGES, Cutter, pairs, runs, starts
from .folding import fold
from .regional import in_mainland_words, regional_words

SCHEME = "3"
"""Changes with whatever this package does to texts: indexes of another scheme are made anew."""

_CHINESE = "zh-hans"
_SAMPLE = 2_000  # signs that tell the script of a text
_HAN = re.compile("[\u3400-\u9fff]")


class Analyser:
    """Cuts texts with a dictionary and words of the portal's own (services, units, terms).

    ``version`` names scheme and words: an index that was made with another is made anew. Safe to
    use from several threads.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(fold(word, _CHINESE).strip() for word in words)
        digest = hashlib.sha256("\n".join(sorted(self.words)).encode()).hexdigest()[:12]
        self.version = f"{SCHEME}-{digest}"
        self._cutter = Cutter(self.words)

    # --- documents --------------------------------------------------------------------------------
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
        folded_title = fold(title, language)
        folded_aliases = [fold(name, language) for name in names[1:]]
        folded_body = fold(body, language)
        title_words = self._cutter.to_store(folded_title, language)
        words = self._cutter.to_store(folded_body, language)
        is_chinese = language.startswith("zh")
        if is_chinese:
            if script_of(f"{title}{body[:_SAMPLE]}") == "traditional":
                title_words += self._in_mainland_words(title, folded_title)
                words += self._in_mainland_words(body, folded_body)
            words += facts.dates(folded_body)
            words += facts.telephones(folded_body)
        sounds = [sort_key(name) for name in names if is_chinese and _HAN.search(name)]
        # A sign between the parts: no pair goes across. Where words are parted by spaces, words
        # that follow each other serve as well.
        parts = (folded_title, *folded_aliases, fold(number, language), folded_body)
        in_pairs = parts if is_chinese or language in DENSE_LANGUAGES else ()
        return {
            "title": " ".join(title_words),
            "alias": " ".join(
                word for name in folded_aliases for word in self._cutter.to_store(name, language)
            ),
            "body": " ".join(words),
            "bigram": " ".join(word for part in in_pairs for word in pairs(part)),
            "title_key": facts.key(folded_title),
            "number_key": facts.number_key(fold(number, language)),
            "pinyin": " ".join(sound.replace(" ", "") for sound in sounds),
            "initials": " ".join("".join(part[0] for part in sound.split()) for sound in sounds),
        }

    def _in_mainland_words(self, raw: str, folded: str) -> list[str]:
        """What a text with the words of Taiwan or Hong Kong is looked for by on the mainland.

        Texts that somebody converted (入口網站 for 门户网站) are to be found like others; here
        there is no query that could be widened.
        """
        words = self._cutter.to_store(fold(in_mainland_words(raw), _CHINESE), _CHINESE)
        for word, meanings in regional_words().items():
            if word in folded:
                for meaning in meanings:
                    words += self._cutter.to_store(meaning, _CHINESE)
        own = set(self._cutter.to_store(folded, _CHINESE))
        return [word for word in dict.fromkeys(words) if word not in own]

    # --- queries ----------------------------------------------------------------------------------
    def fold(self, text: str, language: str) -> str:
        """The form in which everything is compared: ``folding.fold``."""
        return fold(text, language)

    def query_words(self, folded: str, language: str) -> list[str]:
        """Words of a folded query, the longest known ones."""
        return self._cutter.to_find(folded, language)

    def located(self, folded: str, language: str) -> list[tuple[str, int, int]]:
        """Words of a folded query, each with where it begins and ends."""
        return self._cutter.located(folded, language)

    def with_words(self, words: Iterable[str]) -> Cutter:
        """A cutter that knows more words: for queries, where people use words of their own."""
        return Cutter(self.words | frozenset(words))

    def document_words(self, folded: str, language: str) -> list[str]:
        """Words that a document with this folded text has."""
        return self._cutter.to_store(folded, language)

    def within(self, word: str) -> tuple[str, ...]:
        """The shorter words that a long Chinese word consists of."""
        return self._cutter.within(word)

    def pairs(self, folded: str) -> list[tuple[str, ...]]:
        """Of each run the words that follow each other in the index of pairs, wherever a document
        holds the run."""
        return [tuple(starts(run)[:-1]) or (run,) for run in runs(folded)]

    def key(self, text: str, language: str = _CHINESE) -> str:
        """One word for a whole title, the same however it is written."""
        return _key(text, language)

    def number_key(self, text: str) -> str:
        """One word for a whole document number."""
        return facts.number_key(fold(text, _CHINESE))


@lru_cache(maxsize=4096)  # each search compares itself with all that editors recommend
def _key(text: str, language: str) -> str:
    return facts.key(fold(text, language))


@lru_cache(maxsize=4)
def analyser(words: frozenset[str] = frozenset()) -> Analyser:
    """The analyser with these words, made once for a process."""
    return Analyser(words)

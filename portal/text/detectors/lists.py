"""Word lists: rows that editors maintain, made ready to search a text for all of them at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from .findings import Kind
from .folding import fold

# Lists that are no kind of finding: brands that become one with a suffix, words that tell of a
# thing rather than offer it, hosts.
BRAND: Final = "betting_brand"
TELLING: Final = "telling"
FORBIDDEN_HOST: Final = "forbidden_host"
ALLOWED_HOST: Final = "allowed_host"
WORD_KINDS: Final = (
    Kind.WRONG_WORD, Kind.SECRET_MARK, Kind.BETTING, Kind.PORNOGRAPHY, Kind.LOAN, Kind.FORGED,
    Kind.ADVERTISING, Kind.CONVERTED_SCRIPT,
)  # fmt: skip
LISTS: Final = (*(str(kind) for kind in WORD_KINDS), BRAND, TELLING, FORBIDDEN_HOST, ALLOWED_HOST)


@dataclass(frozen=True, slots=True)
class WordRow:
    """One row of a list.

    ``unless``: longer phrases in which the word is right (按装 in 按装配图). ``weak``: it counts
    only in the company of another one.
    """

    list: str
    word: str
    replacement: str = ""
    unless: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True)
class WordLists:
    """All rows, ready to search. Made once and kept: compiling takes longer than searching."""

    rows: tuple[WordRow, ...] = ()
    _by_word: dict[str, WordRow] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.list in WORD_KINDS and row.word.strip():
                self._by_word.setdefault(fold(row.word.strip()).lower, row)

    def row(self, found: str) -> WordRow:
        return self._by_word[found]

    @cached_property
    def words(self) -> re.Pattern[str] | None:
        return _any_of(self._by_word)

    @cached_property
    def telling(self) -> re.Pattern[str] | None:
        return _any_of(self.of(TELLING))

    @cached_property
    def brands(self) -> re.Pattern[str] | None:
        return _any_of(self.of(BRAND))

    @cached_property
    def forbidden_hosts(self) -> frozenset[str]:
        return frozenset(word.lower().strip(".") for word in self.of(FORBIDDEN_HOST))

    @cached_property
    def allowed_hosts(self) -> frozenset[str]:
        return frozenset(word.lower().strip(".") for word in self.of(ALLOWED_HOST))

    def of(self, name: str) -> list[str]:
        return [row.word.strip() for row in self.rows if row.list == name and row.word.strip()]


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for any of the words, the longest first; it reads each place of a text once."""
    trie: dict[str, Any] = {}
    for word in words:
        node = trie
        for sign in fold(word).lower:
            node = node.setdefault(sign, {})
        node[""] = {}
    return re.compile(_branch(trie)) if trie else None


def _branch(node: Mapping[str, Any]) -> str:
    options = [
        re.escape(sign) + (_branch(rest) if set(rest) != {""} else "")
        for sign, rest in node.items()
        if sign
    ]
    if not options:
        return ""
    joined = options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
    return f"(?:{joined})?" if "" in node else joined


@cache
def default_lists() -> WordLists:
    """The lists that come with the portal; its tables begin with them."""
    return WordLists(tuple(default_rows()))


def default_rows() -> list[WordRow]:
    stored = yaml.safe_load(Path(__file__).with_name("lists.yaml").read_text(encoding="utf-8"))
    return [_row(name, entry) for name, entries in stored.items() for entry in entries]


def _row(name: str, entry: str | list[Any] | dict[str, Any]) -> WordRow:
    if isinstance(entry, str):
        return WordRow(name, entry)
    if isinstance(entry, list):
        word, replacement, *unless = entry
        return WordRow(name, word, replacement, tuple(unless))
    return WordRow(
        name,
        entry["word"],
        entry.get("replacement", ""),
        tuple(entry.get("unless", ())),
        entry.get("weak", False),
    )

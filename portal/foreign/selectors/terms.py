"""Official names in a text: the longest term at each place, with its name in one language."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max

from portal.foreign.models import Term, TermName


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term in a Chinese text. ``name`` is "" where the language has none yet.

    ``status`` is that of the name (proposed or approved), "" without one.
    """

    start: int
    end: int
    term: str
    name: str
    status: str
    kind: str = ""
    term_pk: int = 0
    forbidden: tuple[str, ...] = ()

    @property
    def approved(self) -> bool:
        return bool(self.name) and self.status == TermName.Status.APPROVED


@dataclass(slots=True)
class _Book:
    """All terms that are in use, by their first two characters, longest first."""

    stamp: tuple[Any, ...] = ()
    heads: dict[str, list[str]] = field(default_factory=dict)
    terms: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, dict[str, TermName]] = field(default_factory=dict)


_book = _Book()


def terms_in(text: str, *, language: str) -> list[TermHit]:
    """The official names in ``text``, in reading order, never one inside another.

    Proposed terms count: a translator sees them as proposed. Retired ones do not.
    """
    return hits_in(text, language=language)


def hits_in(
    text: str, *, language: str, book: "_Book | None" = None, with_term: str = ""
) -> list[TermHit]:
    """The same over a book that was read already; ``with_term`` takes one more term as in use."""
    book = book or current_book()
    names = book.names.get(language, {})
    hits: list[TermHit] = []
    place = 0
    while place < len(text):
        found = ""
        for source in book.heads.get(text[place : place + 2], ()):
            if text.startswith(source, place):
                found = source
                break
        if with_term and len(with_term) > len(found) and text.startswith(with_term, place):
            found = with_term
        if not found:
            place += 1
            continue
        pk, kind = book.terms.get(found, (0, ""))
        name = names.get(found)
        hits.append(
            TermHit(
                start=place,
                end=place + len(found),
                term=found,
                name=name.name if name else "",
                status=str(name.status) if name else "",
                kind=kind,
                term_pk=pk,
                forbidden=tuple(name.forbidden()) if name else (),
            )
        )
        place += len(found)
    return hits


def current_book() -> _Book:
    """What is in the term base now; read anew only when it has changed."""
    global _book
    stamp = (
        *Term.objects.aggregate(Max("updated_at"), Count("pk")).values(),
        *TermName.objects.aggregate(Max("updated_at"), Count("pk"), Max("pk")).values(),
    )
    if _book.stamp != stamp:
        _book = _read(stamp)
    return _book


def _read(stamp: tuple[Any, ...]) -> _Book:
    book = _Book(stamp=stamp)
    terms = Term.objects.exclude(status=Term.Status.RETIRED)
    for pk, source, kind in terms.values_list("pk", "source", "kind"):
        book.terms[source] = (pk, kind)
        book.heads.setdefault(source[:2], []).append(source)
    for sources in book.heads.values():
        sources.sort(key=len, reverse=True)
    found = TermName.objects.filter(term__in=terms).select_related("term", "locale")
    for name in found:
        book.names.setdefault(name.locale.language_code, {})[name.term.source] = name
    return book


# --- names in the foreign text --------------------------------------------------------------------
# Scripts that write words apart: there a name must not be found inside a longer word. Arabic joins
# the article and prepositions to the word, Japanese and Chinese write no spaces, Korean joins its
# particles behind the word.
_WORDS_APART = ("en", "fr", "ru", "de", "es", "pt", "it")


def name_pattern(names: Iterable[str], *, language: str) -> re.Pattern[str] | None:
    """Finds any of the names, the longest first, in inline HTML; None for no names."""
    escaped = [
        r"\s+".join(re.escape(html.escape(word, quote=False)) for word in name.split())
        for name in sorted({name for name in names if name.strip()}, key=len, reverse=True)
    ]
    if not escaped:
        return None
    pattern = "|".join(escaped)
    if language.split("-")[0] in _WORDS_APART:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    return re.compile(pattern)


def has_name(text: str, name: str, *, language: str) -> bool:
    """Whether a text has the name; a difference in capitals or spaces is none."""
    pattern = name_pattern([name], language=language)
    return bool(pattern and pattern.search(text))


def names_in(sources: Sequence[str], *, language: str) -> dict[str, str]:
    """The approved names of some terms; those that have none are left out."""
    names = current_book().names.get(language, {})
    return {
        source: names[source].name
        for source in sources
        if source in names and names[source].status == TermName.Status.APPROVED
    }

"""Whether a translation calls things what they are officially called."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.foreign.models import NameRule, PageTranslation, Term

from .segments import Character, Segment, segments_of
from .terms import current_book, has_name, hits_in


@dataclass(frozen=True, slots=True)
class NameProblem:
    """An official name that is missing (``wrong`` is "") or was written in a forbidden form.

    ``blocking``: the page cannot be released with it. Of a check of one text ``path`` is "".
    """

    term: str
    kind: str
    name: str
    wrong: str
    blocking: bool
    path: str = ""
    position: int = 0

    @property
    def message(self) -> str:
        values = {"term": self.term, "name": self.name, "wrong": self.wrong}
        if self.wrong:
            return _("“%(term)s” is officially “%(name)s”, not “%(wrong)s”.") % values
        return _("“%(term)s” is officially “%(name)s”; the name is missing.") % values


def stopping_kinds(site_pk: int) -> frozenset[str]:
    """The kinds of terms that stop a release in a site: its own rule, else the common one."""
    rules = {rule.site_id: rule for rule in NameRule.objects.filter(site__in=[site_pk])}
    rule = rules.get(site_pk) or NameRule.objects.filter(site=None).first() or NameRule()
    stops = {
        Term.Kind.AGENCY: rule.stops_agency,
        Term.Kind.LAW: rule.stops_law,
        Term.Kind.PLACE: rule.stops_place,
        Term.Kind.TITLE: rule.stops_title,
    }
    return frozenset(kind.value for kind, stop in stops.items() if stop)


def problems_in(
    source_text: str,
    text: str,
    *,
    language: str,
    stops: Iterable[str] = (),
    path: str = "",
    position: int = 0,
    book: Any = None,
) -> list[NameProblem]:
    """Of one text; each term once. Only approved names are asked for.

    Args:
        book: ``current_book()``, read once for many texts.
    """
    found: dict[str, NameProblem] = {}
    for hit in hits_in(source_text, language=language, book=book or current_book()):
        if not hit.approved or hit.term in found:
            continue
        wrong = ""
        if has_name(text, hit.name, language=language):
            # The official name may hold the forbidden form: look beside it.
            beside = _without(text, hit.name, language)
            wrong = next(
                (one for one in hit.forbidden if has_name(beside, one, language=language)), ""
            )
            if not wrong:
                continue
        else:
            wrong = next(
                (one for one in hit.forbidden if has_name(text, one, language=language)), ""
            )
        found[hit.term] = NameProblem(
            hit.term, hit.kind, hit.name, wrong, hit.kind in stops, path, position
        )
    return list(found.values())


def _without(text: str, name: str, language: str) -> str:
    from .terms import name_pattern

    pattern = name_pattern([name], language=language)
    return pattern.sub("\0", text) if pattern else text


def name_problems(
    translation: PageTranslation, segments: Iterable[Segment] | None = None
) -> list[NameProblem]:
    """Of the whole page as it is written now.

    Args:
        segments: the texts of the translation, where they were just read.
    """
    language = translation.section.locale.language_code
    stops = stopping_kinds(translation.section.site_id)
    book = current_book()
    return [
        problem
        for segment in (segments_of(translation) if segments is None else segments)
        if segment.character != Character.REMOVED and segment.text
        for problem in problems_in(
            segment.source_text,
            segment.text,
            language=language,
            stops=stops,
            path=segment.path,
            position=segment.position,
            book=book,
        )
    ]

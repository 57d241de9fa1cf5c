"""What of a translation does not agree with its Chinese text: figures, and how the page is made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext as _

from portal.foreign.models import PageTranslation
from portal.text.parity import (
    Mismatch,
    PageOutline,
    compare,
    compare_outlines,
    compare_pages,
    has_words,
    outline,
)

from .segments import Character, Segment, segments_of


@dataclass(frozen=True, slots=True)
class ParityProblem:
    """A mismatch at its place: the texts that it is in, as the desk shows them.

    The spans of ``mismatch`` are positions in ``source`` and ``target``, the texts without markup.
    """

    path: str
    position: int
    label: str
    mismatch: Mismatch
    source: str
    target: str

    @property
    def sentence(self) -> str:
        """In the active language."""
        return sentence(self.mismatch)


def sentence(mismatch: Mismatch) -> str:
    values = {"source": mismatch.source_text, "target": mismatch.target_text}
    if mismatch.kind == "order":
        return (
            _("The Chinese says “%(source)s”, the translation “%(target)s”: another order.")
            % values
        )
    if mismatch.kind == "structure" and mismatch.target_text:
        return _("The Chinese has “%(source)s”, the translation “%(target)s”.") % values
    if mismatch.source_span and mismatch.target_span:
        return _("The Chinese says “%(source)s”, the translation “%(target)s”.") % values
    if mismatch.source_text and not mismatch.target_text:
        return _("The Chinese says “%(source)s”, the translation does not.") % values
    return _("The translation says “%(target)s”, the Chinese does not.") % values


def parity_problems(
    translation: PageTranslation, segments: Iterable[Segment] | None = None
) -> list[ParityProblem]:
    """All mismatches of what is written for the present Chinese, in reading order.

    What has no translation yet is no mismatch; the release refuses it for that reason.

    Args:
        segments: the texts of the translation, where they were just read.
    """
    language = translation.section.locale.language_code
    source_language = translation.source.locale.language_code
    return problems_of(
        segments_of(translation) if segments is None else segments,
        source_language=source_language,
        target_language=language,
    )


def problems_of(
    segments: Iterable[Segment], *, source_language: str, target_language: str
) -> list[ParityProblem]:
    """The same for texts that are at hand already, such as one that is being written."""
    found: list[ParityProblem] = []
    for segment in segments:
        if segment.character == Character.REMOVED or not segment.text:
            continue
        source, target = plain(segment.source_text), plain(segment.text)
        if has_words(source) and not has_words(target):
            found.append(_blank(segment, source, target))
            continue
        mismatches = compare(
            source, target, source_language=source_language, target_language=target_language
        )
        mismatches += compare_outlines(outline(segment.source_text), outline(segment.text))
        found += [
            ParityProblem(segment.path, segment.position, segment.label, mismatch, source, target)
            for mismatch in mismatches
        ]
    return _balanced(found, source_language, target_language)


def _blank(segment: Segment, source: str, target: str) -> ParityProblem:
    """Spaces in place of words: a heading or an item that nobody can read."""
    mismatch = Mismatch(
        "structure", None, None, source[:40], "", "The translation has no words in this text."
    )
    return ParityProblem(segment.path, segment.position, segment.label, mismatch, source, target)


def page_problems(source: PageOutline, target: PageOutline) -> list[ParityProblem]:
    """Where the pages as a whole are made in different ways: headings, lists."""
    return [
        ParityProblem("", 0, _("The whole page"), mismatch, "", "")
        for mismatch in compare_pages(source, target)
    ]


def _balanced(
    found: list[ParityProblem], source_language: str, target_language: str
) -> list[ParityProblem]:
    """Without what one paragraph lacks and its neighbour in the same block has: a sentence may
    end elsewhere in another language. What was exchanged stays."""
    result: list[ParityProblem] = []
    dropped: set[int] = set()
    for place, problem in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        if place in dropped:
            continue
        if after is not None and _neighbours(problem, after):
            one, two = sorted((problem, after), key=lambda item: item.position)
            rest = compare(
                f"{one.source}\n{two.source}",
                f"{one.target}\n{two.target}",
                source_language=source_language,
                target_language=target_language,
            )
            if not rest:
                dropped.add(place + 1)
                continue
        result.append(problem)
    return result


def _neighbours(one: ParityProblem, two: ParityProblem) -> bool:
    if one.path != two.path or abs(one.position - two.position) != 1:
        return False
    sides = {_side(one.mismatch), _side(two.mismatch)}
    return sides == {"source", "target"} and one.mismatch.kind == two.mismatch.kind


def _side(mismatch: Mismatch) -> str:
    if mismatch.source_span and mismatch.target_span:
        return "both"
    return "source" if mismatch.source_span else "target" if mismatch.target_span else ""


_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]{0,300}>")


def plain(data: str) -> str:
    """wagtail-localize's string data as people read it."""
    return unescape(_MARKUP.sub("", _TAG.sub("\n", data)))

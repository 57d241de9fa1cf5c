"""What of a translation does not agree with its Chinese text: figures, and how the page is made."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext as _

from portal.foreign.models import PageTranslation
from portal.text.parity import Mismatch, compare

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
    if mismatch.source_span and mismatch.target_span:
        return _("The Chinese says “%(source)s”, the translation “%(target)s”.") % values
    if mismatch.source_span:
        return _("The Chinese says “%(source)s”, the translation does not.") % values
    return _("The translation says “%(target)s”, the Chinese does not.") % values


def parity_problems(translation: PageTranslation) -> list[ParityProblem]:
    """All mismatches of what is written for the present Chinese, in reading order.

    What has no translation yet is no mismatch; the release refuses it for that reason.
    """
    language = translation.section.locale.language_code
    source_language = translation.source.locale.language_code
    return problems_of(
        segments_of(translation), source_language=source_language, target_language=language
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
        mismatches = compare(
            source, target, source_language=source_language, target_language=target_language
        )
        found += [
            ParityProblem(segment.path, segment.position, segment.label, mismatch, source, target)
            for mismatch in mismatches
        ]
    return list(_balanced(found))


def _balanced(found: list[ParityProblem]) -> Iterator[ParityProblem]:
    """Without what one sentence of a block lacks and another one of it has."""
    lacking: dict[tuple[str, str, str], list[ParityProblem]] = defaultdict(list)
    yield from found


_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]{0,300}>")


def plain(data: str) -> str:
    """wagtail-localize's string data as people read it."""
    return unescape(_MARKUP.sub("", _TAG.sub("\n", data)))

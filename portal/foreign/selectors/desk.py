"""What the desk shows of a translation: each text with all that helps to write or to judge it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.foreign.inline_marks import marks_of, typed
from portal.foreign.models import PageTranslation, SegmentComment
from portal.text.words import count_words

from .memory import Piece, difference, suggestions
from .names import name_problems
from .parity import plain, problems_of, sentence
from .segments import Character, Segment, segments_of
from .terms import TermHit, current_book, hits_in
from .texts import Text, texts_of

BADGES = {
    Character.CURRENT: gettext_lazy("current"),
    Character.STALE: gettext_lazy("behind"),
    Character.NEW: gettext_lazy("not translated"),
    Character.MACHINE: gettext_lazy("machine, not looked at"),
    Character.REMOVED: gettext_lazy("taken out in Chinese"),
}
SHOWN = ("all", "todo", "stale", "machine", "warnings")


@dataclass(slots=True)
class Row:
    """A text on the desk. ``number`` counts from 1 in reading order, whatever is filtered out."""

    number: int
    segment: Segment
    text: Text | None
    source: str
    typed: str
    text_shown: str = ""
    live: str = ""
    pieces: list[Piece] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    terms: list[TermHit] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    comments: list[SegmentComment] = field(default_factory=list)
    who: str = ""
    error: str = ""
    theirs: str = ""

    @property
    def badge(self) -> str:
        return str(BADGES[Character(self.segment.character)])

    @property
    def is_todo(self) -> bool:
        return self.segment.character in (Character.NEW, Character.STALE, Character.MACHINE)

    @property
    def seen(self) -> str:
        return self.text.data if self.text is not None else ""

    @property
    def lines(self) -> int:
        longest = max(len(self.source) * 3, len(self.typed))
        return min(2 + longest // 70, 12)

    def shows(self, wanted: str) -> bool:
        character = self.segment.character
        return {
            "todo": self.is_todo,
            "stale": character in (Character.STALE, Character.REMOVED),
            "machine": character == Character.MACHINE,
            "warnings": bool(self.warnings or self.error),
        }.get(wanted, True)


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    machine: int
    words_left: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def rows_of(translation: PageTranslation) -> list[Row]:
    """Two dozen queries, whatever the length of the page."""
    texts = {text.key: text for text in texts_of(translation)}
    segments = segments_of(translation)
    comments = _comments(translation)
    warnings = _warnings(translation, segments)
    names = _names({pk for text in texts.values() for pk in (text.author_pk, text.corrected_by_pk)})
    language = translation.section.locale.language_code
    book = current_book()
    rows = []
    for number, segment in enumerate(segments, 1):
        text = texts.get((segment.path, segment.source_hash))
        rows.append(
            Row(
                number,
                segment,
                text,
                source=typed(segment.source_text),
                typed=typed(text.data) if text is not None else "",
                text_shown=typed(text.data) if text is not None else "",
                live=typed(segment.live_text),
                pieces=_pieces(segment),
                marks=marks_of(segment.source_text),
                terms=hits_in(plain(segment.source_text), language=language, book=book),
                warnings=warnings[segment.path, segment.position],
                comments=comments[segment.path, segment.source_hash],
                who=_who(text, names),
            )
        )
    return rows


def progress_of(rows: list[Row]) -> Progress:
    now = [row for row in rows if row.segment.character != Character.REMOVED]
    todo = [row for row in now if row.is_todo]
    return Progress(
        done=len(now) - len(todo),
        total=len(now),
        machine=sum(row.segment.character == Character.MACHINE for row in now),
        words_left=sum(count_words(row.segment.source_text) for row in todo),
    )


def _pieces(segment: Segment) -> list[Piece]:
    """What is other in the Chinese than when it was translated; [] for nothing."""
    if not segment.previous_source or not segment.source_text:
        return []
    return difference(segment.previous_source, segment.source_text)


def _warnings(
    translation: PageTranslation, segments: list[Segment]
) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    problems = problems_of(
        segments,
        source_language=translation.source.locale.language_code,
        target_language=translation.section.locale.language_code,
    )
    for problem in problems:
        found[problem.path, problem.position].append(sentence(problem.mismatch))
    for name in name_problems(translation):
        found[name.path, name.position].append(name.message)
    return found


def _comments(translation: PageTranslation) -> dict[tuple[str, str], list[SegmentComment]]:
    found: dict[tuple[str, str], list[SegmentComment]] = defaultdict(list)
    for row in translation.comments.filter(settled_at=None).select_related("user"):
        found[row.path, row.source_hash].append(row)
    return found


def _names(pks: set[int | None]) -> dict[int, str]:
    users = get_user_model().objects.filter(pk__in=[pk for pk in pks if pk is not None])
    return {user.pk: str(user.get_full_name() or user.get_username()) for user in users}


def _who(text: Text | None, names: dict[int, str]) -> str:
    if text is None or not text.data:
        return ""
    author = names.get(text.author_pk or 0, "")
    corrector = names.get(text.corrected_by_pk or 0, "")
    if author and corrector:
        return _("%(author)s, corrected by %(reviewer)s") % {
            "author": author,
            "reviewer": corrector,
        }
    return author or corrector


@dataclass(frozen=True, slots=True)
class Help:
    """What the memory offers for a text, as it is typed."""

    typed: str
    percent: int
    released: bool
    pieces: list[Piece]


def help_for(translation: PageTranslation, row: Row) -> list[Help]:
    return [
        Help(
            typed(found.text),
            found.percent,
            found.released,
            found.difference(row.segment.source_text) if found.percent < 100 else [],
        )
        for found in suggestions(translation, row.segment)
    ]

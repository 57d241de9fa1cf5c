"""Translations as files, and what a file that came back would do, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.foreign.exchange import bundle
from portal.foreign.exchange.inline import broken_tags
from portal.foreign.exchange.units import Document, Mark, NotReadable, Unit
from portal.foreign.inline_marks import checked
from portal.foreign.models import MadeBy, PageTranslation
from portal.foreign.permissions import may_translate, reach_of
from portal.foreign.shapes import digest

from .segments import Character, Segment, segments_of
from .texts import is_chinese


class Outcome(StrEnum):
    """What comes of a row. The first two are written, the next two are no mistakes."""

    NEW = "new"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    SAME = "same"
    UNFINISHED = "unfinished"
    REFUSED = "refused"


WRITTEN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a file. ``reason`` says what to do where it is refused; ``before`` is the draft
    that it would replace."""

    unit: Unit
    outcome: Outcome
    position: int = 0
    before: str = ""
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What one file would do. ``problem``: why nothing of it can be taken."""

    name: str
    translation: PageTranslation | None = None
    rows: Sequence[Row] = field(default_factory=tuple)
    problem: str = ""
    line: int = 0

    def count(self, *outcomes: Outcome) -> int:
        return sum(row.outcome in outcomes for row in self.rows)

    @property
    def written(self) -> int:
        return self.count(*WRITTEN)

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.outcome is Outcome.REFUSED]


# --- out ------------------------------------------------------------------------------------------
def document_of(translation: PageTranslation) -> Document:
    """All texts of a page in reading order; what the Chinese no longer has is left out."""
    units: dict[tuple[str, str], Unit] = {}
    for segment in segments_of(translation):
        if segment.character != Character.REMOVED:
            # Equal texts of one field share their translation, also in the file.
            units.setdefault((segment.path, segment.source_hash), unit_of(segment))
    page = translation.source
    return Document(
        key=str(page.translation_key),
        source_language=page.locale.language_code,
        language=translation.section.locale.language_code,
        title=page.title,
        units=tuple(units.values()),
    )


def unit_of(segment: Segment) -> Unit:
    mark = _mark(segment)
    return Unit(
        path=segment.path,
        source_hash=segment.source_hash,
        source=segment.source_text,
        target=segment.text or segment.live_text,
        mark=mark,
        finished=mark in (Mark.DRAFT, Mark.LIVE),
        previous_source=segment.previous_source,
        label=segment.label,
        base=base_of(segment.text),
    )


def base_of(text: str) -> str:
    return digest(text)[:8]


def _mark(segment: Segment) -> Mark:
    if segment.character == Character.MACHINE:
        return Mark.MACHINE
    if segment.text:
        return Mark.LIVE if segment.text == segment.live_text else Mark.DRAFT
    return Mark.STALE if segment.live_text else Mark.NEW


def file_name(translation: PageTranslation, form: str) -> str:
    """Readable, and another one for each page: ``en-banli-12.po``."""
    language = translation.section.locale.language_code
    slug = slugify(translation.source.slug)[:60] or "page"
    return f"{language}-{slug}-{translation.source_id}{bundle.SUFFIXES[form]}"


# --- in -------------------------------------------------------------------------------------------
def plans(name: str, data: bytes, user: Any) -> list[FilePlan]:
    """What a file would do now if this account took it over. Nothing is written.

    Raises:
        NotReadable: nothing of the file can be read.
    """
    reach = reach_of(user)
    found = []
    for part in bundle.read(name, data):
        if part.document is None:
            found.append(FilePlan(part.name, problem=part.problem, line=part.line))
            continue
        try:
            translation = translation_of(part.document)
        except NotReadable as problem:
            found.append(FilePlan(part.name, problem=problem.message))
            continue
        if not may_translate(user, translation, reach=reach):
            problem_ = _(
                "You do not translate this page: ask the head of the team for its language or "
                "column."
            )
            found.append(FilePlan(part.name, problem=problem_))
            continue
        rows = tuple(rows_of(part.document, translation))
        found.append(FilePlan(part.name, translation, rows))
    return found


def translation_of(document: Document) -> PageTranslation:
    """
    Raises:
        NotReadable: another installation's page, or a language that has no section.
    """
    try:
        rows = list(
            PageTranslation.objects.filter(source__translation_key=document.key).select_related(
                "section__locale", "section__site", "source__locale"
            )
        )
    except (ValidationError, ValueError):  # no key at all
        rows = []
    if not rows:
        raise NotReadable(
            _("The page of this file is not here: it comes from another portal, or was deleted.")
        )
    for row in rows:
        if row.section.locale.language_code == document.language:
            return row
    raise NotReadable(
        _("The file is in “%(language)s”; this page is translated into: %(languages)s.")
        % {
            "language": document.language or "?",
            "languages": ", ".join(row.section.locale.language_code for row in rows),
        }
    )


def rows_of(document: Document, translation: PageTranslation) -> Iterator[Row]:
    segments: dict[tuple[str, str], Segment] = {}
    by_path: dict[str, list[Segment]] = {}
    for segment in segments_of(translation):
        if segment.character != Character.REMOVED:
            segments.setdefault((segment.path, segment.source_hash), segment)
            by_path.setdefault(segment.path, []).append(segment)
    seen: set[tuple[str, str]] = set()
    for unit in document.units:
        place = (unit.path, unit.source_hash)
        segment_ = segments.get(place)
        if segment_ is None:
            yield _without_place(unit, by_path.get(unit.path, []))
        elif place in seen:
            yield _refused(unit, _("This text is in the file twice; only the first is taken."))
        else:
            yield _row(unit, segment_, document.language)
        seen.add(place)


def _without_place(unit: Unit, at_path: Sequence[Segment]) -> Row:
    if not unit.target or not unit.finished:
        return Row(unit, Outcome.UNFINISHED)
    if not at_path:
        return _refused(
            unit, _("There is no such text on the page (any more). Export the page again.")
        )
    return _refused(
        unit,
        _("The Chinese text was changed since the export. Compare, and enter it at the desk."),
        source=at_path[0].source_text if len(at_path) == 1 else "",
    )


def _row(unit: Unit, segment: Segment, language: str) -> Row:
    if unit.source != segment.source_text:
        return _refused(
            unit,
            _("The Chinese text in the file is not the one of the page; only translations change."),
            source=segment.source_text,
        )
    machine = segment.character == Character.MACHINE
    touched = unit.target != segment.text
    # A tool may leave our mark on a machine's text that was rewritten: then somebody read it.
    finished = unit.finished or (unit.mark is Mark.MACHINE and machine and touched)
    if not finished:
        return Row(unit, Outcome.UNFINISHED, segment.position)
    if not unit.target.strip():
        return _refused(unit, _("It is marked as translated, and there is no text."))
    if not touched and not machine:
        return Row(unit, Outcome.SAME, segment.position)
    if touched and unit.base and unit.base != base_of(segment.text):
        if unit.base == base_of(unit.target):  # changed at the desk, not in the file
            return Row(unit, Outcome.SAME, segment.position)
        return _refused(
            unit,
            _("The translation was changed at the desk since the export; compare the two there."),
            source=segment.source_text,
        )
    if broken := broken_tags(segment.source_text, unit.target):
        reason = _("Inline tags do not fit the Chinese text: %(tags)s") % {"tags": " ".join(broken)}
        return _refused(unit, reason, source=segment.source_text)
    if is_chinese(unit.target, segment.source_text, language):
        return _refused(unit, _("The text is still Chinese."), source=segment.source_text)
    try:
        checked(unit.target, segment.source_text)
    except ValidationError as error:
        return _refused(unit, " ".join(error.messages), source=segment.source_text)
    outcome = Outcome.CHANGED if segment.text else Outcome.NEW
    if not touched:
        outcome = Outcome.CONFIRMED
    return Row(unit, outcome, segment.position, before=segment.text, source=segment.source_text)


def _refused(unit: Unit, reason: str, source: str = "") -> Row:
    return Row(unit, Outcome.REFUSED, reason=reason, source=source)


def made_by(row: Row) -> MadeBy:
    return MadeBy.REVIEWED_MACHINE if row.unit.mark is Mark.MACHINE else MadeBy.HUMAN

"""Drafts by a machine translator: within the budget, checked, never public unread."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.foreign.models import MachineRun, MachineUse, MadeBy, PageTranslation
from portal.foreign.protecting import protect, refusal, restore
from portal.foreign.selectors.machine import Standing, month_of, standing
from portal.foreign.selectors.segments import Character, Segment, segments_of
from portal.foreign.selectors.terms import current_book, hits_in
from portal.foreign.shapes import plain
from portal.plugin_api import CapabilityUnavailable, Translator, capability, take_turn, translator

from .segments import save_segment
from .syncing import recount

_MOST_TEXTS, _MOST_CHARACTERS = 20, 4_000  # in one request
STILL_AFTER = datetime.timedelta(minutes=10)


class BudgetSpent(ValidationError):
    """The month's characters do not reach. Nothing was sent."""


class NoTranslator(ValidationError):
    """No machine translator is set up, or it does not answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text whose machine translation was thrown away, and why."""

    path: str
    source_hash: str
    source_text: str
    reason: str


@dataclass(slots=True)
class MachineResult:
    """What came of it. ``characters`` were paid for, also for what was refused."""

    drafted: int = 0
    refused: list[Refusal] = field(default_factory=list)
    characters: int = 0
    budget: Standing = field(default_factory=lambda: Standing(0, 0))

    @property
    def warning(self) -> str:
        """Said from four fifths of the budget on."""
        if not self.budget.is_low:
            return ""
        return _(
            "%(percent)d%% of this month's machine translation is used; %(left)s characters are "
            "left."
        ) % {
            "percent": self.budget.percent,
            "left": number_format(self.budget.left, force_grouping=True),
        }


def waiting(translation: PageTranslation) -> list[Segment]:
    """Texts that a machine may draft: nobody has written anything for the present Chinese."""
    return [
        segment
        for segment in segments_of(translation)
        if segment.character in (Character.NEW, Character.STALE) and not segment.text
    ]


def draft(
    *,
    translation: PageTranslation,
    user: Any,
    segments: Sequence[Segment] | None = None,
) -> MachineResult:
    """Have drafts made for texts without one (all of the page, or some). A person's text stays.

    Texts go out in small batches; what was drafted before a failure is kept.

    Raises:
        NoTranslator: there is none, or it fails.
        BudgetSpent: the next batch would be more than the section may send this month.
    """
    machine = capability(translator, translation.section.site_id)
    if machine is None:
        raise NoTranslator(
            _("No machine translator is set up. Administrators do that (PORTAL_TRANSLATOR).")
        )
    free = {(one.path, one.source_hash) for one in waiting(translation)}
    asked = waiting(translation) if segments is None else segments
    wanted = {(one.path, one.source_hash): one for one in asked}
    result = MachineResult(budget=standing(translation.section))
    todo = [one for place, one in wanted.items() if place in free]
    try:
        for batch in _batches(todo):
            _draft_batch(machine, translation, batch, user, result)
    finally:
        if result.drafted:
            recount(translation)
        result.budget = standing(translation.section)
    return result


def _batches(segments: Sequence[Segment]) -> list[list[Segment]]:
    batches: list[list[Segment]] = []
    size = 0
    for segment in segments:
        length = len(segment.source_text)
        if not batches or len(batches[-1]) >= _MOST_TEXTS or size + length > _MOST_CHARACTERS:
            batches.append([])
            size = 0
        batches[-1].append(segment)
        size += length
    return batches


def _draft_batch(
    machine: Translator,
    translation: PageTranslation,
    batch: Sequence[Segment],
    user: Any,
    result: MachineResult,
) -> None:
    source = translation.source.locale.language_code
    language = translation.section.locale.language_code
    book = current_book()
    sent, names = [], []
    for segment in batch:
        hits = hits_in(segment.source_text, language=language, book=book)
        text, its_names = protect(segment.source_text, hits)
        sent.append(text)
        names.append(its_names)
    cost = sum(len(plain(segment.source_text)) for segment in batch)
    spend(translation, cost)
    try:
        answers = machine.translate(sent, source=source, target=language)
        if len(answers) != len(sent):
            raise CapabilityUnavailable("another number of texts came back")
    except CapabilityUnavailable as error:
        spend(translation, -cost)
        raise NoTranslator(
            _(
                "The machine translator does not answer now. What was drafted before is kept; "
                "try later."
            )
        ) from error
    result.characters += cost
    for segment, answer, its_names in zip(batch, answers, names, strict=True):
        reason = _keep(translation, segment, answer, its_names, user, source, language)
        if reason:
            result.refused.append(
                Refusal(segment.path, segment.source_hash, segment.source_text, reason)
            )
        else:
            result.drafted += 1


def _keep(
    translation: PageTranslation,
    segment: Segment,
    answer: str,
    names: Sequence[str],
    user: Any,
    source: str,
    language: str,
) -> str:
    """Store one draft; why not, otherwise."""
    text = restore(answer, names)
    if text is None:
        return _("The machine lost an official name.")
    if reason := refusal(segment.source_text, text, source_language=source, language=language):
        return reason
    try:
        save_segment(
            translation=translation,
            path=segment.path,
            position=segment.position,
            source_hash=segment.source_hash,
            text=text,
            user=user,
            made_by=MadeBy.MACHINE,
            seen="",  # somebody may have written in the meantime
            count=False,
        )
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@transaction.atomic
def spend(translation: PageTranslation, characters: int) -> None:
    """Take characters off the budget before they are sent; a negative number gives them back.

    Raises:
        BudgetSpent: there are not as many left.
    """
    take_turn()
    section = translation.section
    now = standing(section)
    if characters > now.left:
        raise BudgetSpent(
            _(
                "The machine translation of this month is spent: %(used)s of %(limit)s characters, "
                "and this text has %(wanted)s. Translate it by hand, ask for a larger budget, or "
                "wait for next month."
            )
            % {
                "used": number_format(now.used, force_grouping=True),
                "limit": number_format(now.limit, force_grouping=True),
                "wanted": number_format(characters, force_grouping=True),
            }
        )
    row, _created = MachineUse.objects.get_or_create(section=section, month=month_of())
    if characters < 0:
        characters = max(characters, -row.characters)
    MachineUse.objects.filter(pk=row.pk).update(characters=F("characters") + characters)


# --- whole pages, in the background ---------------------------------------------------------------
@transaction.atomic
def start_run(*, translation: PageTranslation, user: Any) -> MachineRun:
    """Begin with a whole page, or go on with what was interrupted; one run for a page at a time.

    Raises:
        NoTranslator: there is none.
    """
    from portal.foreign.tasks import machine_after_commit

    take_turn()
    if capability(translator, translation.section.site_id) is None:
        raise NoTranslator(
            _("No machine translator is set up. Administrators do that (PORTAL_TRANSLATOR).")
        )
    run = MachineRun.objects.filter(translation=translation, state=MachineRun.State.RUNNING).first()
    if run is not None and timezone.now() - run.beat_at < STILL_AFTER:
        return run
    if run is None:
        run = MachineRun.objects.create(
            translation=translation, user=user, total=len(waiting(translation))
        )
    machine_after_commit(run.pk)
    return run


def work_on(run: MachineRun, *, batches: int = 3) -> bool:
    """Draft some batches of a run; whether there is more. Safe to repeat after a crash."""
    refused = {tuple(place) for place in (item[:2] for item in run.refused)}
    todo = [one for one in waiting(run.translation) if (one.path, one.source_hash) not in refused]
    parts = _batches(todo)[:batches]
    try:
        for part in parts:
            result = draft(translation=run.translation, user=run.user, segments=part)
            run.drafted += result.drafted
            run.refused = [
                *run.refused,
                *(
                    [one.path, one.source_hash, one.source_text, one.reason]
                    for one in result.refused
                ),
            ]
            run.message = result.warning
            run.save()
            if not result.drafted and not result.refused:
                break
    except ValidationError as error:
        run.state, run.message = MachineRun.State.STOPPED, " ".join(error.messages)
        run.save()
        return False
    more = len(todo) > sum(map(len, parts))
    if not more:
        run.state = MachineRun.State.DONE
        run.save()
    return more

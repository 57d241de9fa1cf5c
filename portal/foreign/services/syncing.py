"""Bringing the translations of a Chinese page in step with it: what is behind, what is owed."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from portal.foreign.models import (
    AddedText,
    CoreRule,
    ForeignSection,
    LiveSegment,
    MadeBy,
    PageTranslation,
)
from portal.foreign.selectors.core_content import concerns, core_rule
from portal.foreign.selectors.minor import alike
from portal.foreign.selectors.segments import Character, pairing_of, segments_of
from portal.foreign.selectors.source_texts import SourceText, numbered, stored_segments
from portal.foreign.words import count_words
from portal.plugin_api import site_of_path, take_turn

from .due import due_for
from .following import follow_source
from .snapshots import take_snapshot

# Names of the tool at translations that nobody had to make.
CARRIED = "carried over"  # the text stands elsewhere now, or changed without a change of meaning
SAME = "same in all languages"  # a figure, a telephone number: nothing to translate


@transaction.atomic
def sync_source(page: Page) -> None:
    """Take over what a Chinese page says now, and mark what is behind in every section.

    A new core page enters the queues of its sections. Does nothing for pages that are not public,
    that are not Chinese, or that are no core content and were never translated.
    """
    take_turn()
    page = Page.objects.select_related("locale").get(pk=page.pk).specific
    if not page.live or page.alias_of_id or page.locale.language_code != settings.LANGUAGE_CODE:
        return
    rule = core_rule(page)
    known = list(
        PageTranslation.objects.filter(source_id=page.pk).select_related("section__locale")
    )
    wanted = _sections(page, rule, known)
    if not known and not wanted:
        return
    source, _changed = take_snapshot(page=page)
    new = [
        PageTranslation(section=section, source=page, waiting_since=timezone.now())
        for section in wanted
    ]
    PageTranslation.objects.bulk_create(new)
    _adopt_targets(page, [*known, *new])
    for translation in [*known, *new]:
        translation.source = page
        Translation.objects.get_or_create(
            source=source, target_locale_id=translation.section.locale_id
        )
        if rule is not None:
            translation.harm = rule.harm
        carry_over(translation, source)
        mark_behind(translation, source)
        follow_source(translation, source)
        recount(translation, rule=rule)


def _sections(
    page: Page, rule: CoreRule | None, known: Iterable[PageTranslation]
) -> list[ForeignSection]:
    """The sections that owe this page and have no row for it yet."""
    site = site_of_path(page.path)
    if rule is None or site is None:
        return []
    have = {translation.section_id for translation in known}
    sections = ForeignSection.objects.filter(site_id=site).select_related("locale")
    return [
        section
        for section in sections.exclude(state=ForeignSection.State.CLOSED)
        if section.pk not in have and concerns(rule, section.locale_id)
    ]


def _adopt_targets(page: Page, translations: list[PageTranslation]) -> None:
    """Know the pages that already are in the foreign trees."""
    without = [row for row in translations if row.target_id is None]
    if not without:
        return
    found = Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    targets = {target.locale_id: target for target in found}
    for row in without:
        row.target = targets.get(row.section.locale_id)


def carry_over(translation: PageTranslation, source: TranslationSource) -> None:
    """Give texts that moved, or whose meaning is unchanged, their translation; figures too.

    wagtail-localize knows a translation by text and place; in a new place there is none.
    """
    live = list(translation.live_segments.all())
    rows = stored_segments(source)
    have = set(
        StringTranslation.objects.filter(
            context__object_id=source.object_id, locale_id=translation.section.locale_id
        ).values_list("translation_of_id", "context_id")
    )
    now = numbered((row.context.path, row.string.data) for row in rows)
    pairing = pairing_of(live, now, alike(translation.source))
    for old, new in pairing.same.items():
        row = rows[new]
        if (row.string_id, row.context_id) in have:
            continue
        have.add((row.string_id, row.context_id))
        by_machine = live[old].made_by == MadeBy.MACHINE
        StringTranslation.objects.create(
            translation_of_id=row.string_id,
            context_id=row.context_id,
            locale_id=translation.section.locale_id,
            data=live[old].text,
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE
            if by_machine
            else StringTranslation.TRANSLATION_TYPE_MANUAL,
            tool_name=CARRIED,
        )
    for row in rows:
        if (row.string_id, row.context_id) in have or any(map(str.isalpha, row.string.data)):
            continue
        have.add((row.string_id, row.context_id))
        StringTranslation.objects.create(
            translation_of_id=row.string_id,
            context_id=row.context_id,
            locale_id=translation.section.locale_id,
            data=row.string.data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            tool_name=SAME,
        )


def mark_behind(
    translation: PageTranslation, source: TranslationSource, now: datetime.datetime | None = None
) -> None:
    """Say of every public text whether the Chinese still says what it was made from.

    A mark keeps its date for as long as the text is behind, also while the Chinese changes again.
    """
    now = now or timezone.now()
    live = list(translation.live_segments.all())
    if not live:
        return
    texts = numbered((row.context.path, row.string.data) for row in stored_segments(source))
    pairing = pairing_of(live, texts, alike(translation.source))
    changed: list[LiveSegment] = []
    for at, row in enumerate(live):
        if at in pairing.same:
            since, present = None, ""
        else:
            since = row.stale_since or now
            present = texts[pairing.changed[at]].words if at in pairing.changed else ""
        if (row.stale_since, row.present) != (since, present):
            row.stale_since, row.present = since, present
            changed.append(row)
    LiveSegment.objects.bulk_update(changed, ["stale_since", "present"])
    partner = {new: old for old, new in (pairing.same | pairing.changed).items()}
    _write_added(
        translation,
        [
            AddedText(
                translation=translation,
                after=_before(new, partner, live, texts),
                path=texts[new].path,
                source_hash=texts[new].hash,
                present=texts[new].words,
                since=now,
            )
            for new in pairing.added
        ],
    )


def _before(
    new: int, partner: dict[int, int], live: list[LiveSegment], texts: list[SourceText]
) -> LiveSegment | None:
    """The public text that a new one follows within its field."""
    field = texts[new].field
    before = (at for at in range(new - 1, -1, -1) if at in partner and texts[at].field == field)
    return next((live[partner[at]] for at in before), None)


def _write_added(translation: PageTranslation, wanted: list[AddedText]) -> None:
    """Keep the dates of those that were there before."""
    old = list(translation.added_texts.all())
    if not old and not wanted:
        return
    since: dict[tuple[str, str], list[datetime.datetime]] = {}
    for row in old:
        since.setdefault((row.path, row.source_hash), []).append(row.since)
    for row in wanted:
        if dates := since.get((row.path, row.source_hash)):
            row.since = dates.pop(0)
    keys = [(row.path, row.source_hash, row.after_id, row.present) for row in old]
    if keys == [(row.path, row.source_hash, row.after_id, row.present) for row in wanted]:
        return
    translation.added_texts.all().delete()
    AddedText.objects.bulk_create(wanted)


@transaction.atomic
def recount(translation: PageTranslation, *, rule: CoreRule | None = None) -> None:
    """Write counts, status, words and due day of a translation anew, from its texts.

    To be called after every change of its texts, public or not.
    """
    segments = segments_of(translation)
    now = [segment for segment in segments if segment.character != Character.REMOVED]
    open_ones = [
        segment for segment in now if segment.character in (Character.STALE, Character.NEW)
    ]
    machine = sum(segment.character == Character.MACHINE for segment in now)
    behind = translation.live_segments.filter(stale_since__isnull=False)
    first_behind = behind.order_by("stale_since").values_list("stale_since", flat=True).first()
    first_added = translation.added_texts.order_by("since").values_list("since", flat=True).first()
    translation.segments = len(now)
    translation.machine = machine
    translation.words = sum(count_words(segment.source_text) for segment in open_ones)
    if translation.released_at is None:
        translation.stale = 0
        translation.missing = sum(segment.character == Character.NEW for segment in now)
        translation.current = len(now) - translation.missing - machine
        since = translation.waiting_since or timezone.now()
    else:
        translation.stale = behind.count()
        translation.missing = translation.added_texts.count()
        changed = translation.live_segments.filter(stale_since__isnull=False).exclude(present="")
        translation.current = len(now) - changed.count() - translation.missing
        dates = [date for date in (first_behind, first_added) if date is not None]
        since = min(dates) if dates else None  # type: ignore[assignment]
    translation.status = _status(translation, segments)
    if since != translation.waiting_since or (since and translation.due is None):
        translation.waiting_since = since
        translation.due = _due(translation, since, rule) if since else None
    translation.save()


def _status(translation: PageTranslation, segments: Iterable[object]) -> str:
    status = PageTranslation.Status
    is_behind = translation.stale or translation.missing
    if translation.released_at is not None and not is_behind:
        return status.CURRENT
    if translation.target is not None and translation.target.workflow_in_progress:
        return status.IN_REVIEW
    if translation.released_at is not None:
        return status.STALE
    if translation.machine:
        return status.MACHINE_DRAFT
    started = any(getattr(segment, "text", "") for segment in segments)
    return status.IN_WORK if started else status.MISSING


def _due(
    translation: PageTranslation, since: datetime.datetime, rule: CoreRule | None
) -> datetime.date:
    """The last day by which the section must follow, by the work calendar."""
    rule = rule or core_rule(translation.source) or CoreRule()
    return due_for(rule, since, translation.section.site_id)

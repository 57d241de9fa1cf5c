"""Bringing the translations of a Chinese page in step with it: what is behind, what is owed."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail_localize.models import StringTranslation, Translation

from portal.foreign.models import (
    AddedText,
    CoreRule,
    ForeignSection,
    LiveSegment,
    MadeBy,
    PageTranslation,
)
from portal.foreign.selectors.core_content import all_core_rules, concerns, core_rule
from portal.foreign.selectors.minor import alike
from portal.foreign.selectors.segments import Character, pairing_of, segments_of
from portal.foreign.selectors.source_texts import SourceText, StoredTexts
from portal.plugin_api import (
    ReviewRound,
    holder_of,
    review_standings,
    site_of_path,
    take_turn,
)
from portal.text.words import count_words

from .due import due_for
from .following import follow_source
from .snapshots import take_snapshot

# Names of the tool at translations that nobody had to make.
CARRIED = "carried over"  # the text stands elsewhere now, or changed without a change of meaning
SAME = "same in all languages"  # a figure, a telephone number: nothing to translate


@transaction.atomic
def sync_source(page: Page, *, section_pk: int | None = None) -> None:
    """Take over what a Chinese page says now, and mark what is behind in every section.

    A new core page enters the queues of its sections. Does nothing for pages that are not public
    (but for what is in review or signed and waits to go public with others), that are not
    Chinese, or that are no core content and were never translated.

    Args:
        section_pk: the section that the caller is about. Where the Chinese is as it was taken over
            last, the others are in step already and are left alone.
    """
    take_turn()
    stored = Page.objects.select_related("locale").get(pk=page.pk)
    language = stored.locale.language_code
    if stored.alias_of_id or language != settings.LANGUAGE_CODE:
        return
    page = stored.specific if stored.live else _held_version(stored)
    if page is None:
        return
    rule = core_rule(page)
    known = list(
        PageTranslation.objects.filter(source_id=page.pk).select_related("section__locale")
    )
    wanted = _sections(page, rule, known)
    if not known and not wanted:
        return
    source, changed = take_snapshot(page=page)
    if section_pk is not None and not changed and not wanted:
        known = [row for row in known if row.section_id == section_pk]
    texts = StoredTexts.read(source)
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
        carry_over(translation, texts)
        mark_behind(translation, texts)
        follow_source(translation, texts)
        recount(translation, rule=rule, texts=texts)


def _held_version(stored: Page) -> Page | None:
    """What a page that waits for a set will say: the version that was handed in."""
    if holder_of(stored) is None:
        return None
    standing = review_standings([stored]).get(stored.pk)
    if standing is None or standing.review.state not in (
        ReviewRound.State.RUNNING,
        ReviewRound.State.SIGNED,
    ):
        return None
    revision = Revision.objects.filter(pk=standing.review.revision_id).first()
    return revision.as_object() if revision is not None else None


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


def sources_among(pages: Iterable[Page]) -> set[int]:
    """The primary keys of those pages that ``sync_source`` has anything to do for; three queries.

    Args:
        pages: with their locales.
    """
    chinese = {
        page.pk: page
        for page in pages
        if page.live
        and not page.alias_of_id
        and page.locale.language_code == settings.LANGUAGE_CODE
    }
    if not chinese:
        return set()
    known = PageTranslation.objects.filter(source__in=chinese).values_list("source", flat=True)
    rules = all_core_rules()
    return {*known, *(pk for pk, page in chinese.items() if rules.rule_for(page) is not None)}


def carry_over(translation: PageTranslation, texts: StoredTexts) -> None:
    """Give texts that moved, or whose meaning is unchanged, their translation; figures too.

    wagtail-localize knows a translation by text and place; in a new place there is none.
    """
    live = list(translation.live_segments.all())
    rows = texts.rows
    have = set(
        StringTranslation.objects.filter(
            context__object_id=texts.source.object_id, locale_id=translation.section.locale_id
        ).values_list("translation_of_id", "context_id")
    )
    pairing = pairing_of(live, texts.texts, alike(translation.source))
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
    translation: PageTranslation, stored: StoredTexts, now: datetime.datetime | None = None
) -> None:
    """Say of every public text whether the Chinese still says what it was made from.

    A mark keeps its date for as long as the text is behind, also while the Chinese changes again.
    """
    now = now or timezone.now()
    live = list(translation.live_segments.all())
    if not live:
        return
    texts = stored.texts
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
def recount(
    translation: PageTranslation,
    *,
    rule: CoreRule | None = None,
    texts: StoredTexts | None = None,
) -> None:
    """Write counts, status, words and due day of a translation anew, from its texts.

    To be called after every change of its texts, public or not.

    Args:
        rule, texts: the page's core rule and the stored Chinese, where they were just read.
    """
    segments = segments_of(translation, texts=texts)
    now = [segment for segment in segments if segment.character != Character.REMOVED]
    open_ones = [
        segment for segment in now if segment.character in (Character.STALE, Character.NEW)
    ]
    machine = sum(segment.character == Character.MACHINE for segment in now)
    live = list(translation.live_segments.values_list("stale_since", "present"))
    behind = [(since, present) for since, present in live if since is not None]
    added = list(translation.added_texts.values_list("since", flat=True))
    since: datetime.datetime | None
    translation.segments = len(now)
    translation.machine = machine
    translation.words = sum(count_words(segment.source_text) for segment in open_ones)
    if translation.released_at is None:
        translation.stale = 0
        translation.missing = sum(segment.character == Character.NEW for segment in now)
        translation.current = len(now) - translation.missing - machine
        since = translation.waiting_since or timezone.now()
    else:
        translation.stale = len(behind)
        translation.missing = len(added)
        changed = sum(present != "" for _since, present in behind)
        translation.current = len(now) - changed - translation.missing
        since = min((*(date for date, _present in behind), *added), default=None)
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

"""What a release made public, text by text, with the Chinese that each was made from."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail_localize.models import StringTranslation, TranslationSource

from portal.foreign.models import LiveSegment, MadeBy, PageTranslation
from portal.foreign.selectors.origins import made_by_of
from portal.foreign.selectors.source_texts import StoredTexts

from .ending import end, reason_to_end
from .syncing import mark_behind, recount


@transaction.atomic
def record_release(translation: PageTranslation, *, user: Any) -> None:
    """Remember the texts that were just published; what is public is in step with the Chinese.

    To be called in the transaction of the publication, after it. What was released before and has
    not changed keeps its date and origin.
    """
    stored = StoredTexts.of(translation.source)
    if stored is None:
        raise TranslationSource.DoesNotExist(
            f"{translation.source} was never taken over: call sync_source first."
        )
    now = timezone.now()
    before = {
        (row.source_hash, row.text): (row.made_by, row.made_at)
        for row in translation.live_segments.all()
    }
    drafts = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(
            context__object_id=stored.source.object_id,
            locale_id=translation.section.locale_id,
            has_error=False,
        )
    }
    origins = made_by_of(translation)
    live = []
    for row, text in zip(stored.rows, stored.texts, strict=True):
        draft = drafts.get((row.string_id, row.context_id))
        if draft is None:
            continue  # not translated: the release has refused it, or it was taken over since
        made_by, made_at = before.get(
            (text.hash, draft.data), (_reviewed(origins.get((text.path, text.hash))), now)
        )
        live.append(
            LiveSegment(
                translation=translation,
                path=text.path,
                position=text.position,
                source_hash=text.hash,
                source_text=text.words,
                text=draft.data,
                made_by=made_by,
                made_at=made_at,
            )
        )
    translation.live_segments.all().delete()
    translation.added_texts.all().delete()
    LiveSegment.objects.bulk_create(live)
    machine = any(row.made_by == MadeBy.REVIEWED_MACHINE for row in live)
    translation.made_by = MadeBy.REVIEWED_MACHINE if machine else MadeBy.HUMAN
    translation.released_at = now
    translation.released_by = user if getattr(user, "pk", None) else None
    translation.ended_at, translation.ended_because = None, ""
    mark_behind(translation, stored, now)
    recount(translation, texts=stored)
    if because := reason_to_end(translation.source):  # it ended while the release was prepared
        end(translation, because=because)


def _reviewed(made_by: MadeBy | None) -> str:
    """What a text counts as once it is released: a machine's has been looked at."""
    return MadeBy.REVIEWED_MACHINE if made_by == MadeBy.MACHINE else made_by or MadeBy.HUMAN

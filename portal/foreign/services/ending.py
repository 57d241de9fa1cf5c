"""What ends a Chinese page ends its translations; what brings it back brings them back.

A translation that the portal withdrew by itself says so (``ended_because``) and returns by itself,
with the words that were public before. One that a person withdrew stays withdrawn.
"""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, PageViewRestriction

from portal.foreign.models import Ending, PageTranslation
from portal.foreign.selectors.core_content import core_rule
from portal.plugin_api import public_pages, site_of_path, take_turn

from .publishing import publish_row

_PATHS_AT_ONCE = 50

LOG_ENDED = "foreign.ended"
LOG_RETURNED = "foreign.returned"
LOG_DELETED = "foreign.deleted"


def reason_to_end(source: Page, *, moved: bool = False) -> str:
    """Why translations of a Chinese page must not be public; "" where they may.

    Args:
        moved: also ask whether it still is core content. Not asked otherwise: what was translated
            of one's own accord stays.
    """
    if not source.live:
        return Ending.EXPIRED if source.expired else Ending.WITHDRAWN
    if not Page.objects.filter(public_pages(), pk=source.pk).exists() and (
        because := _why_hidden(source)
    ):
        return because
    if moved and core_rule(source) is None:
        return Ending.NOT_CORE
    return ""


def _why_hidden(source: Page) -> str:
    """It is live and yet not for the public: because of what lies above it.

    A closed site is no reason: its sections in other languages are closed with it.
    """
    paths = [source.path[:end] for end in range(4, len(source.path) + 1, 4)]
    if PageViewRestriction.objects.filter(page__path__in=paths).exists():
        return Ending.RESTRICTED
    if Page.objects.filter(path__in=paths, live=False, depth__gt=1).exists():
        return Ending.WITHDRAWN
    return ""


def translations_below(path: str) -> list[PageTranslation]:
    """Of the page at a treebeard path and of all below it."""
    return list(
        PageTranslation.objects.filter(source__path__startswith=path)
        .exclude(target=None)
        .select_related("source", "target", "section__locale")
    )


def paths_with_translations(paths: Iterable[str]) -> set[str]:
    """Those of some treebeard paths at or below which ``translations_below`` finds any."""
    found: set[str] = set()
    for some in batched(paths, _PATHS_AT_ONCE):
        below = Q()
        for path in some:
            below |= Q(source__path__startswith=path)
        rows = PageTranslation.objects.filter(below).exclude(target=None)
        sources = tuple(rows.values_list("source__path", flat=True).distinct())
        found.update(path for path in some if any(row.startswith(path) for row in sources))
    return found


@transaction.atomic
def follow_ends(*, path: str, moved: bool = False) -> int:
    """Withdraw or bring back the translations of a page and of all below it; how many changed.

    Idempotent: for receivers, the outbox and the nightly look alike.
    """
    translations = translations_below(path)
    if not translations:
        return 0
    take_turn()
    return sum(_follow(translation, moved=moved) for translation in translations)


def _follow(translation: PageTranslation, *, moved: bool) -> bool:
    because = reason_to_end(translation.source, moved=moved)
    if not because and site_of_path(translation.source.path) != translation.section.site_id:
        because = Ending.NOT_CORE  # moved to another site, which has sections of its own
    if because:
        return end(translation, because=because)
    return bring_back(translation, moved=moved)


@transaction.atomic
def end(translation: PageTranslation, *, because: str) -> bool:
    """Withdraw a translation, with the reason in its history; False where it was not public."""
    target = translation.target
    if target is None or not target.live:
        if translation.ended_because and translation.ended_because != because:
            translation.ended_because = because
            translation.save(update_fields=["ended_because"])
        return False
    translation.ended_at, translation.ended_because = timezone.now(), because
    translation.save(update_fields=["ended_at", "ended_because"])
    page = target.specific
    UnpublishPageAction(page, log_action=False).execute(skip_permission_checks=True)
    log(instance=page, action=LOG_ENDED, data={"because": because})
    return True


@transaction.atomic
def bring_back(translation: PageTranslation, *, moved: bool = False) -> bool:
    """Publish again what the portal withdrew, in the words that were released; else do nothing."""
    target = translation.target
    if not translation.ended_because or target is None or target.live:
        return False
    if translation.released_at is None or not translation.live_segments.exists():
        return False
    if translation.ended_because == Ending.NOT_CORE and not moved:
        return False
    translation.ended_at, translation.ended_because = None, ""
    translation.save(update_fields=["ended_at", "ended_because"])
    publish_row(page=target.specific, action=LOG_RETURNED)
    return True


def end_before_deletion(source: Page) -> list[int]:
    """Withdraw the translations of a page that is being deleted; the pages that are left over."""
    left = []
    for translation in PageTranslation.objects.filter(source_id=source.pk).select_related(
        "target", "section__locale"
    ):
        end(translation, because=Ending.DELETED)
        if translation.target_id is not None:
            left.append(translation.target_id)
    return left


@transaction.atomic
def delete_left_over(page_pks: Iterable[int]) -> None:
    """Delete translations whose Chinese page is gone, unless somebody has given them another."""
    take_turn()
    for page in Page.objects.filter(pk__in=list(page_pks)):
        if PageTranslation.objects.filter(target_id=page.pk).exists() or page.get_children_count():
            continue
        log(instance=page, action=LOG_DELETED, data={"because": Ending.DELETED}, deleted=True)
        page.specific.delete()

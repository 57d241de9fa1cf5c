"""Keeping entries true: what follows from saving one, and from a change of what it rests on."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from assistant.portal_plugin.index import services as index
from assistant.portal_plugin.models import QuestionPage, QuestionSource
from portal.plugin_api import follow_validity

_MOST_VISITS = 5


@transaction.atomic
def follow_save(*, page: QuestionPage) -> None:
    """Tell the index and what rests on an entry of its new state; in the save's transaction.

    Drafts are revisions and do not come here.
    """
    index.follow(page=page)
    follow_targets(page_pks=[page.pk])


@transaction.atomic
def withdraw(*, page_pk: int) -> None:
    """Take an entry out of the index; for every way out of the public."""
    page = QuestionPage.objects.filter(pk=page_pk).first()
    if page is not None:
        page.live = False
        index.follow(page=page)
    follow_targets(page_pks=[page_pk])


@transaction.atomic
def withdraw_translations(*, page_pk: int) -> None:
    """Before an entry is deleted: what translates it would go on as an answer of its own."""
    for page in QuestionPage.objects.filter(translation_of=page_pk, live=True):
        page.unpublish(log_action=True)


@transaction.atomic
def follow_targets(*, page_pks: Iterable[int]) -> int:
    """Say anew how each public entry stands that rests on one of some pages; how many changed.

    An entry rests on its sources, on what it is a translation of, and on what replaces it; what
    rests on an entry that changed is looked at in turn.
    """
    changed = 0
    waiting = set(page_pks)
    visits: Counter[int] = Counter()
    while waiting:  # an entry that rests on many of the pages is looked at once
        found = list(resting_on(waiting))
        waiting = set()
        for entry in found:
            visits[entry.pk] += 1  # of entries that name each other, each has its turn
            if visits[entry.pk] <= _MOST_VISITS and follow_entry(page=entry):
                changed += 1
                waiting.add(entry.pk)
    return changed


@transaction.atomic
def follow_entries(*, page_pks: Iterable[int]) -> int:
    """Say anew how some entries stand, and what rests on them; how many of them changed."""
    found = QuestionPage.objects.filter(pk__in=list(page_pks), live=True)
    changed = [entry.pk for entry in found if follow_entry(page=entry)]
    follow_targets(page_pks=changed)
    return len(changed)


def resting_on(page_pks: Collection[int]) -> QuerySet[QuestionPage]:
    """The public entries that rest on some pages, each once."""
    pks = list(page_pks)
    citing = QuestionSource.objects.filter(target__in=pks).values("page")
    about = Q(pk__in=citing) | Q(translation_of__in=pks) | Q(superseded_by__in=pks)
    found: QuerySet[QuestionPage] = QuestionPage.objects.filter(about, live=True).order_by("pk")
    return found


@transaction.atomic
def follow_entry(*, page: QuestionPage) -> bool:
    """Say anew how one public entry stands; False when nothing changed."""
    if not follow_validity(page):
        return False
    index.follow(page=page)
    return True

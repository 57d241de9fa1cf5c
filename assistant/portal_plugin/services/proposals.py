"""Phrasings that visitors used: counted, shown to who answers for the entry, taken or refused.

Once taken, a phrasing is part of the public entry and counts at once: the biggest lever that was
measured.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from assistant.dialogue.cleaning import clean
from assistant.portal_plugin.models import PhrasingProposal, QuestionPage
from assistant.portal_plugin.texts import wording_key
from portal.text.personal_data import MASK, scrub

from .public_changes import change_public

SHORTEST, LONGEST = 2, 200
# Somebody who plays must not bury an owner.
MOST_OPEN = 200
MOST_PHRASINGS = 100
_STATE = PhrasingProposal.State


def propose(*, entry: QuestionPage | int, text: str, language: str) -> bool:
    """Count a question that a visitor asked and for which this entry was the right one.

    Without personal data, and never what the entry knows already, what its owner refused, letters
    and shreds. False when nothing was counted.
    """
    pk = entry if isinstance(entry, int) else entry.pk
    asked = " ".join(scrub(clean(text)).text.split())
    same_as = wording_key(asked)
    if not len(same_as) >= SHORTEST or len(asked) > LONGEST or not _says_something(asked):
        return False
    page = QuestionPage.objects.filter(pk=pk, live=True, alias_of__isnull=True).first()
    if page is None or same_as in _known(page):
        return False
    now = timezone.now()
    if _count(pk, same_as, now):
        return True
    if PhrasingProposal.objects.filter(page=pk, same_as=same_as).exists():
        return False  # refused
    if PhrasingProposal.objects.filter(page=pk, state=_STATE.OPEN).count() >= MOST_OPEN:
        return False
    try:
        with transaction.atomic():
            PhrasingProposal.objects.create(
                page=page, text=asked, same_as=same_as, language=language[:12], last_at=now
            )
    except IntegrityError:  # asked twice at the same moment
        return _count(pk, same_as, now)
    return True


def _count(page_pk: int, same_as: str, now: Any) -> bool:
    row = PhrasingProposal.objects.filter(page=page_pk, same_as=same_as, state=_STATE.OPEN)
    return bool(row.update(count=F("count") + 1, last_at=now))


def _says_something(text: str) -> bool:
    """Not only a mask and some digits."""
    return sum(sign.isalpha() for sign in text.replace(MASK, "")) >= SHORTEST


def _known(page: QuestionPage) -> set[str]:
    return {wording_key(text) for text in (page.question, *(page.phrasings or ()))}


# --- deciding -------------------------------------------------------------------------------------
def accept(*, pks: Iterable[int], user: Any) -> int:
    """Add proposed phrasings to their entries, public at once; how many were added.

    Raises:
        PermissionDenied: the account may not publish one of the entries. Nothing is added.
    """
    with transaction.atomic():
        rows = _open_rows(pks)
        by_page: dict[int, list[PhrasingProposal]] = {}
        for row in rows:
            by_page.setdefault(row.page_id, []).append(row)
        pages = QuestionPage.objects.in_bulk(by_page)
        for page in pages.values():
            if not page.permissions_for_user(user).can_publish() or page.locked:
                raise PermissionDenied
        added = 0
        for pk, proposals in by_page.items():
            room = max(0, MOST_PHRASINGS - len(pages[pk].phrasings or ()))
            taken = proposals[:room]
            if taken:
                texts = [row.text for row in taken]
                change_public(page=pages[pk], change=partial(_add, texts=texts), user=user)
                _decide(taken, _STATE.ACCEPTED, user)
                added += len(taken)
    return added


def _add(page: QuestionPage, *, texts: Iterable[str]) -> None:
    known = _known(page)
    phrasings = list(page.phrasings or ())
    for text in texts:
        key = wording_key(text)
        if key not in known:
            known.add(key)
            phrasings.append(text)
    page.phrasings = phrasings


@transaction.atomic
def refuse(*, pks: Iterable[int], user: Any) -> int:
    """Refuse proposed phrasings: they are not proposed again; how many.

    Raises:
        PermissionDenied: the account may not change one of the entries. Nothing is refused.
    """
    rows = _open_rows(pks)
    for page in QuestionPage.objects.in_bulk({row.page_id for row in rows}).values():
        if not page.permissions_for_user(user).can_edit():
            raise PermissionDenied
    return _decide(rows, _STATE.REFUSED, user)


def _open_rows(pks: Iterable[int]) -> list[PhrasingProposal]:
    rows = PhrasingProposal.objects.select_for_update()
    return list(rows.filter(pk__in=list(pks), state=_STATE.OPEN).order_by("pk"))


def _decide(rows: Iterable[PhrasingProposal], state: str, user: Any) -> int:
    found = PhrasingProposal.objects.filter(pk__in=[row.pk for row in rows])
    return found.update(state=state, decided_by=user, decided_at=timezone.now())

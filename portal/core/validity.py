"""Whether what a page says is in force: told to everybody when it changes, and when a date comes.

A publication remembers how its page stood and when that changes next. Both are written in the
transaction that tells of the change, so that each change is told once, whatever dies in between.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page

from . import listing, outbox, publications
from .models import MARKED, Publication, Standing, mark_text
from .turns import take_turn

logger = logging.getLogger(__name__)

TOLD = ("valid_from", "valid_until", "standing")


@transaction.atomic
def follow_validity(page: Page) -> bool:
    """Say anew how a public page stands; False when nothing changed.

    For what becomes invalid by another document or by the calendar, without a new version of the
    page. Publication, lists and aliases follow; the outbox gets ``page.validity``.

    Args:
        page: the specific page, with what decides already stored.
    """
    take_turn()
    changed = _follow(page)
    for alias in Page.objects.filter(alias_of_id=page.pk, live=True).specific():
        changed = _follow(alias) or changed
    return changed


def _follow(page: Page) -> bool:
    row = Publication.objects.filter(item=publications.item_key(page), closed=False).first()
    if row is None:
        return False
    now = timezone.now()
    values = publications.validity_values(page, now)
    came = row.changes_at is not None and row.changes_at <= now
    tells = came or any(getattr(row, name) != values[name] for name in TOLD)
    if not tells and row.changes_at == values["changes_at"]:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values])
    if tells:
        payload = {name: values[name] for name in TOLD}
        outbox.append("page.validity", row.item, payload | {"page": page.pk, "site": row.site_id})
        listing.sync(page)
    return tells


def follow_calendar() -> int:
    """Follow every page at which a date has come; how many. Run each minute.

    One that fails is logged, tried again with the next run, and holds up no other.
    """
    due = Publication.objects.filter(closed=False, changes_at__lte=timezone.now())
    done = 0
    for pk in list(due.order_by("changes_at").values_list("page_id", flat=True)):
        try:
            done += _when_due(pk)
        except Exception:
            logger.exception("The validity of page %s could not be followed", pk)
    return done


@transaction.atomic
def _when_due(page_pk: int) -> bool:
    take_turn()  # another process may just have done it: look again
    page = Page.objects.filter(pk=page_pk).specific().first()
    if page is None or not hasattr(page, "standing_changes"):
        # Of a plugin that is not installed any more: nobody can say how it stands.
        Publication.objects.filter(page_id=page_pk, closed=False).update(changes_at=None)
        return False
    return _follow(page)


def with_standing(pages: QuerySet[Page]) -> QuerySet[Any]:
    """Pages with ``standing`` of what is public of them; for ``values_list``, without a query."""
    row = Publication.objects.filter(page_id=OuterRef("pk"), closed=False)
    return pages.annotate(
        standing=Coalesce(Subquery(row.values("standing")[:1]), Value(Standing.IN_FORCE.value))
    )


def marks_of(page_pks: Iterable[int]) -> dict[int, str]:
    """The marks of those public pages that must carry one, in the active language; one query."""
    rows = Publication.objects.filter(page_id__in=list(page_pks), closed=False, standing__in=MARKED)
    return {pk: mark_text(standing) for pk, standing in rows.values_list("page_id", "standing")}

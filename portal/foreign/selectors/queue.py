"""What is to be translated first: harm × readers × age (feature 9).

    priority = harm × (1 + readers) × (age + share)

``harm`` is the rule's (1, 2, 4, 8), ``readers`` the views in that language in the last 90 days,
``age`` the working days since the translation fell behind or was owed, by the site's calendar, and
``share`` the part of the page's texts that are not current (1 for a missing page), so that of two
equals that fell behind today the one with more to do comes first. Equal ones go by their due day.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.foreign.models import ForeignSection, PageTranslation
from portal.plugin_api import clocks

from .coverage import OWED

_FIELDS = ("pk", "harm", "readers", "waiting_since", "segments", "current", "due")


@dataclass(frozen=True, slots=True)
class Place:
    """One translation in the queue."""

    pk: int
    priority: float
    age: int
    overdue_days: int


def priority(*, harm: int, readers: int, age: int, segments: int, current: int) -> float:
    """The formula above."""
    share = (segments - current) / segments if segments else 1.0
    return harm * (1 + readers) * (age + share)


def queue(
    section: ForeignSection,
    translations: QuerySet[PageTranslation] | None = None,
    *,
    today: datetime.date | None = None,
) -> list[Place]:
    """All that is owed in a section, the most urgent first. One query, however long it is.

    Args:
        translations: only these rows; what is up to date is left out in any case.
    """
    rows = PageTranslation.objects.all() if translations is None else translations
    owed = rows.filter(OWED, section=section).order_by().values_list(*_FIELDS)
    return _ordered(owed, section.site_id, today or timezone.localdate())


def _ordered(
    rows: Iterable[tuple[int, int, int, datetime.datetime | None, int, int, datetime.date | None]],
    site_pk: int,
    today: datetime.date,
) -> list[Place]:
    zone = timezone.get_current_timezone()
    found = [
        (pk, harm, readers, since.astimezone(zone).date() if since else today, texts, current, due)
        for pk, harm, readers, since, texts, current, due in rows
    ]
    days = {row[3] for row in found} | {row[6] for row in found if row[6] is not None}
    passed = clocks.working_days_since(site_pk, days, today)
    places = []
    for pk, harm, readers, since, texts, current, due in found:
        age = max(passed[since], 0)
        weight = priority(harm=harm, readers=readers, age=age, segments=texts, current=current)
        late = max(passed[due], 0) if due is not None and due < today else 0
        places.append((-weight, due or datetime.date.max, pk, Place(pk, weight, age, late)))
    places.sort(key=lambda place: place[:3])
    return [place[3] for place in places]


def overdue_q(today: datetime.date | None = None) -> Q:
    """What is owed and past its day."""
    return OWED & Q(due__lt=today or timezone.localdate())

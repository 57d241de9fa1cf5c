"""Adding up the days: each night what was asked, day by day, to figures without any visitor."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.models.figures import DailyEntry, DailyFigures, RolledDay
from assistant.portal_plugin.selectors.counting import count_day

# Feedback may come after midnight: so many days are added up again.
_AGAIN = 3


def roll_up(*, site: int | None = None, today: datetime.date | None = None) -> int:
    """Add up the days before today that are not added up yet, of a site and of answers of no site.

    A day is one transaction: a run that is cut off goes on with the next day. Returns how many days
    were added up.
    """
    today = today or timezone.localdate()
    done = 0
    for number in dict.fromkeys((site or 0, 0)):
        for day in _days(number, today):
            _roll(day, number)
            done += 1
    return done


def _days(site: int, today: datetime.date) -> list[datetime.date]:
    """Every day since the oldest answer that is kept and not added up, and the last few again.

    Days whose conversations are forgotten already are left as they were added up.
    """
    rolled = set(RolledDay.objects.filter(site=site).values_list("day", flat=True))
    oldest = AnswerRecord.objects.filter(site=site or None).aggregate(at=Min("asked_at"))["at"]
    if oldest is None:
        return []
    first = timezone.localdate(oldest)
    again = today - datetime.timedelta(days=_AGAIN)
    days = (first + datetime.timedelta(days=n) for n in range((today - first).days))
    return [day for day in days if day >= again or day not in rolled]


@transaction.atomic
def _roll(day: datetime.date, site: int) -> None:
    counted = count_day(day, [site])
    about: dict[str, Any] = {"day": day, "site": site}
    DailyFigures.objects.filter(**about).delete()
    DailyEntry.objects.filter(**about).delete()
    DailyFigures.objects.bulk_create(counted.figures)
    DailyEntry.objects.bulk_create(counted.entries, batch_size=500)
    RolledDay.objects.get_or_create(**about)

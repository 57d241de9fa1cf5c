"""Which steps count for which figure; kept by month and by year with the step itself.

The ledger and the statistics read these sums. ``selectors.figures.recompute`` comes to the same
from exported steps, by its own way.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.interaction.models import (
    NOT_VALID_STATES,
    Letter,
    LetterFigure,
    LetterState,
    LetterStep,
    Verb,
)
from portal.plugin_api import take_turn

MEASURES = (
    "received",
    "sorted",  # taken on: what it is about is known from then on
    "invalid",  # no valid letter after all: invalid, directed elsewhere, withdrawn
    "revived",  # one of those that counts again
    "assigned",
    "answered",  # first answers, by working days
    "in_time",
    "again",  # answers after the first
    "published",
    "hidden",  # taken out of the public again
    "rated",  # first ratings, by score
    "reopened",
)
SATISFIED_FROM = 4


def measures_of(step: LetterStep) -> list[tuple[str, int]]:
    """What a step counts for: (measure, bucket)."""
    verb, data = step.verb, step.data
    if verb == Verb.RECEIVE:
        return [("received", 0)]
    if verb == Verb.ACCEPT and step.from_state == LetterState.RECEIVED:
        return [("sorted", 0)]
    if verb == Verb.ASSIGN and data.get("first"):
        return [("assigned", 0)]
    if verb == Verb.RELEASE:
        if not data.get("first"):
            return [("again", 0)]
        found = [("answered", int(data.get("days", 0)))]
        return [*found, ("in_time", 0)] if data.get("in_time") else found
    if verb == Verb.PUBLISH and data.get("newly"):
        return [("published", 0)]
    if verb == Verb.WITHHOLD and data.get("was_public"):
        return [("hidden", 0)]
    if verb == Verb.RATE and data.get("first"):
        return [("rated", int(data["score"]))]
    found = []
    if step.to_state in NOT_VALID_STATES and step.from_state not in NOT_VALID_STATES:
        found.append(("invalid", 0))
    if step.from_state in NOT_VALID_STATES and step.to_state not in NOT_VALID_STATES:
        found.append(("revived", 0))
    if data.get("reopens"):
        found.append(("reopened", 0))
    return found


# What a figure is kept for: site, month or year, kind, theme, unit, measure, bucket.
type Key = tuple[int, datetime.date, str, str, int | None, str, int]
FIELDS = ("site_id", "month", "kind", "theme", "unit_id", "measure", "bucket")
_MOST_DAYS = 32_000


def keys_of(site: int, step: LetterStep) -> list[Key]:
    """The figures that a step is counted in: the site's of its month; those of its kind, its theme
    and its unit of its year. One row for all of them together would be nearly one for each letter.
    """
    month = timezone.localdate(step.at).replace(day=1)
    year = month.replace(month=1)
    kind, theme, unit = step.data["kind"], step.data["theme"], step.unit_id
    parts: list[tuple[datetime.date, str, str, int | None]] = [
        (month, "", "", None),
        (year, kind, "", None),
    ]
    if theme:
        parts.append((year, "", theme, None))
    if unit is not None:
        parts.append((year, "", "", unit))
    return [
        (site, *part, measure, min(bucket, _MOST_DAYS))
        for measure, bucket in measures_of(step)
        for part in parts
    ]


def count(letter: Letter, step: LetterStep) -> None:
    """Add a step to the figures."""
    for key in keys_of(letter.site_id, step):
        add(key, 1)


def add(key: Key, number: int) -> None:
    where: dict[str, Any] = dict(zip(FIELDS, key, strict=True))
    rows = LetterFigure.objects.filter(**where)
    if rows.update(count=F("count") + number):
        return
    try:
        with transaction.atomic():
            LetterFigure.objects.create(**where, count=number)
    except IntegrityError:  # another was faster
        rows.update(count=F("count") + number)


def rebuild(site_pk: int) -> int:
    """Make the figures of a site anew from its history; how many steps were looked at."""
    with transaction.atomic():
        take_turn()
        LetterFigure.objects.filter(site_id=site_pk).delete()
        sums: Counter[Key] = Counter()
        seen = 0
        steps = LetterStep.objects.filter(letter__site=site_pk)
        for step in steps.order_by("pk").iterator(chunk_size=2000):
            sums.update(keys_of(site_pk, step))
            seen += 1
        write(sums)
    return seen


def write(sums: Mapping[Key, int]) -> None:
    """Store figures of which there are no rows yet."""
    rows = (
        LetterFigure(**dict(zip(FIELDS, key, strict=True)), count=number)
        for key, number in sums.items()
    )
    LetterFigure.objects.bulk_create(rows, batch_size=1000)

"""One day of answers, added up in the database: the source of all figures."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assistant.portal_plugin.latencies import added_up
from assistant.portal_plugin.models.conversations import AnswerRecord, AnswerStatus
from assistant.portal_plugin.models.figures import DailyEntry, DailyFigures

_MOST_ENTRIES = 2_000


@dataclass(slots=True)
class Day:
    """The figures of one day, not stored."""

    figures: list[DailyFigures] = field(default_factory=list)
    entries: list[DailyEntry] = field(default_factory=list)


def span_of(day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """A day of the portal's calendar: first moment, and the first one after it."""
    first = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    following = day + datetime.timedelta(days=1)
    return first, timezone.make_aware(datetime.datetime.combine(following, datetime.time()))


def count_day(day: datetime.date, sites: Iterable[int] | None) -> Day:
    """Add up a day of some sites (0: answers of no site; None: of all). Six queries."""
    first, following = span_of(day)
    answers = AnswerRecord.objects.filter(asked_at__gte=first, asked_at__lt=following)
    if sites is not None:
        wanted = set(sites)
        about = Q(site__in=wanted - {0})
        answers = answers.filter(about | Q(site=None) if 0 in wanted else about)
    return Day(_figures(day, answers), _entries(day, answers))


def _figures(day: datetime.date, answers: QuerySet[AnswerRecord]) -> list[DailyFigures]:
    rows: dict[tuple[int, str], DailyFigures] = {}

    def row_of(site: int | None, language: str) -> DailyFigures:
        key = (site or 0, language)
        if key not in rows:
            rows[key] = DailyFigures(day=day, site=key[0], language=language)
        return rows[key]

    for site, language, status, number in _counted(answers, "status"):
        row_of(site, language).statuses[status] = number
    for site, language, channel, number in _counted(answers, "conversation__channel"):
        row_of(site, language).channels[channel] = number
    durations: dict[tuple[int | None, str], list[tuple[int, int]]] = {}
    for site, language, took, number in _counted(answers, "took_ms"):
        durations.setdefault((site, language), []).append((took, number))
    for (site, language), counts in durations.items():
        row_of(site, language).latencies = added_up(counts)
    for site, language, useful, reason, number in _counted(
        answers.filter(feedback__isnull=False), "feedback__useful", "feedback__reason"
    ):
        row = row_of(site, language)
        if useful:
            row.useful += number
        else:
            row.not_useful += number
            if reason:
                row.reasons[reason] = row.reasons.get(reason, 0) + number
    talks = answers.order_by().values_list("site", "language")
    for site, language, number in talks.annotate(n=Count("conversation", distinct=True)):
        row_of(site, language).conversations = number
    return list(rows.values())


def _entries(day: datetime.date, answers: QuerySet[AnswerRecord]) -> list[DailyEntry]:
    """The entries that were the answer, those given most first; each by its last title."""
    given = answers.filter(status=AnswerStatus.ANSWERED, page__isnull=False).order_by()
    found = (
        given.values_list("site", "language", "page", "page__title")
        .annotate(
            given=Count("pk"),
            useful=Count("pk", filter=Q(feedback__useful=True)),
            not_useful=Count("pk", filter=Q(feedback__useful=False)),
        )
        .order_by("-given", "page")[:_MOST_ENTRIES]
    )
    return [
        DailyEntry(
            day=day,
            site=site or 0,
            language=language,
            page=page,
            title=title,
            given=number,
            useful=useful,
            not_useful=not_useful,
        )
        for site, language, page, title, number, useful, not_useful in found
    ]


def _counted(answers: QuerySet[AnswerRecord], *by: str) -> Iterator[tuple[Any, ...]]:
    rows = answers.order_by().values_list("site", "language", *by).annotate(number=Count("pk"))
    yield from rows

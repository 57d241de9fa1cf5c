"""How much of the core content a section has, and how it stands: figures of whole sections."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, FloatField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from portal.foreign.models import ForeignSection, PageTranslation

Status = PageTranslation.Status
# What is released and whole counts in full, what is behind by its share, the rest not at all.
_SHARE = Case(
    When(status=Status.CURRENT, then=Value(1.0)),
    When(
        released_at__isnull=False,
        segments__gt=0,
        then=Cast(F("current"), FloatField()) / Cast(F("segments"), FloatField()),
    ),
    default=Value(0.0),
    output_field=FloatField(),
)
# A page that is withdrawn takes its translations along: nothing is owed for it.
COUNTED = Q(source__live=True, ended_because="")
OWED = COUNTED & ~Q(status=Status.CURRENT)


@dataclass(frozen=True, slots=True)
class Figures:
    """One section: pages by status, coverage in per cent, what is to be translated.

    ``oldest``: since when the oldest debt stands.
    """

    pages: int = 0
    coverage: int = 0
    words: int = 0
    overdue: int = 0
    stale_segments: int = 0
    oldest: datetime.datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        return self.pages - self.counts.get(Status.CURRENT, 0)


def coverage(section: ForeignSection) -> int:
    """Per cent of the core content that is released and follows the Chinese text; 0 for none.

    The mean of the pages: one that is behind counts with the share of its texts that are current.
    Rounded down, so that 100 means all of it.
    """
    return figures([section.pk])[section.pk].coverage


def figures(
    section_pks: Iterable[int], translations: QuerySet[PageTranslation] | None = None
) -> dict[int, Figures]:
    """The figures of sections, in one query however many pages they have.

    Args:
        translations: only these rows, such as those of one column.
    """
    wanted = list(section_pks)
    rows = PageTranslation.objects.all() if translations is None else translations
    today = timezone.localdate()
    found: dict[int, dict[str, Any]] = {
        pk: {"counts": dict.fromkeys(Status.values, 0), "share": 0.0} for pk in wanted
    }
    grouped = (
        rows.filter(COUNTED, section__in=wanted)
        .order_by()
        .values("section", "status")
        .annotate(
            pages=Count("pk"),
            share=Sum(_SHARE),
            to_do=Sum("words"),
            behind=Sum("stale"),
            oldest=Min("waiting_since", filter=OWED),
            late=Count("pk", filter=OWED & Q(due__lt=today)),
        )
    )
    rows_found: Iterable[Mapping[str, Any]] = grouped
    for row in rows_found:
        place = found[row["section"]]
        place["counts"][row["status"]] = row["pages"]
        place["share"] += row["share"] or 0.0
        if row["oldest"] is not None:
            place["oldest"] = min(row["oldest"], place.get("oldest", row["oldest"]))
        for name, column in (("words", "to_do"), ("stale", "behind"), ("overdue", "late")):
            place[name] = place.get(name, 0) + (row[column] or 0)
    return {pk: _figures(place) for pk, place in found.items()}


def _figures(place: Mapping[str, Any]) -> Figures:
    counts: dict[str, int] = place["counts"]
    pages = sum(counts.values())
    # The tiny sum is what fractions lose on their way.
    percent = int(100 * place["share"] / pages + 1e-6) if pages else 0
    return Figures(
        pages=pages,
        coverage=percent,
        words=place.get("words", 0),
        overdue=place.get("overdue", 0),
        stale_segments=place.get("stale", 0),
        oldest=place.get("oldest"),
        counts=counts,
    )

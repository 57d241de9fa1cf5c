"""Who hands in how much, and how much of it is accepted."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.editorial.models import Contribution


@dataclass(frozen=True, slots=True)
class Rank:
    """``submitted`` and ``accepted`` are of the same items: those handed in within the time."""

    group: str
    name: str
    submitted: int
    accepted: int
    words: int

    @property
    def share(self) -> int:
        return round(100 * self.accepted / self.submitted) if self.submitted else 0


def ranking(
    rows: QuerySet[Contribution], *, since: datetime.date, until: datetime.date
) -> tuple[list[Rank], list[Rank]]:
    """Units and people, those with most accepted items first. Two queries."""
    found = rows.filter(submitted_at__date__gte=since, submitted_at__date__lte=until).order_by()
    return (
        _ranked(found, ("unit_name",), _("Unit")),
        _ranked(found, ("user", "person"), pgettext("contribution", "Person")),
    )


def _ranked(rows: QuerySet[Contribution], keys: tuple[str, ...], group: str) -> list[Rank]:
    accepted = Q(accepted_at__isnull=False)
    counted = rows.values(*keys).annotate(
        submitted=Count("pk"),
        accepted=Count("pk", filter=accepted),
        total=Sum("words", filter=accepted),
    )
    ranks = [
        Rank(
            group,
            row[keys[-1]] or _("without a unit"),
            row["submitted"],
            row["accepted"],
            row["total"] or 0,
        )
        for row in counted
    ]
    return sorted(ranks, key=lambda rank: (-rank.accepted, -rank.words, rank.name))

"""Who made a translation, who answers for it, and that the Chinese text prevails (feature 12)."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.foreign.models import MadeBy, PageTranslation, TeamRole
from portal.plugin_api import TrustLabel


@dataclass(frozen=True, slots=True)
class Trust:
    """``made_by`` is a code of ``MadeBy``; ``source`` the Chinese page that prevails."""

    made_by: str
    reviewer_role: str
    date: datetime.date | None
    source: int

    @property
    def label(self) -> str:
        return str(MadeBy(self.made_by).label)

    @property
    def reviewer(self) -> str:
        """In the active language; "" where nobody reviewed."""
        if self.reviewer_role in TeamRole:
            return str(TeamRole(self.reviewer_role).label)
        return self.reviewer_role

    @property
    def prevails(self) -> str:
        return _("This is a translation. The Chinese text prevails.")


def trust_of(page: Page) -> Trust | None:
    """Of a page in a foreign section that says a Chinese one; None for every other."""
    return trusts_of([page.pk]).get(page.pk)


def trusts_of(pages: Iterable[int]) -> dict[int, Trust]:
    """By the id of the foreign page; one query."""
    rows = PageTranslation.objects.filter(
        target__in=list(pages), released_at__isnull=False
    ).exclude(made_by="")
    return {
        row.target_id: Trust(row.made_by, row.reviewer_role, row.released_at.date(), row.source_id)
        for row in rows
        if row.target_id is not None and row.released_at is not None
    }


class SectionTrusts:
    """What the portal's lists, its API and its feeds ask (capability ``trust``)."""

    def trust_labels(self, pages: Sequence[int]) -> Mapping[int, TrustLabel]:
        return {
            page: TrustLabel(
                made_by=trust.made_by,
                label=trust.label,
                reviewer=trust.reviewer,
                date=trust.date,
                prevails=trust.prevails,
                original=trust.source,
            )
            for page, trust in trusts_of(pages).items()
        }

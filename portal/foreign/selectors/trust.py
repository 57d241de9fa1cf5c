"""Who made a translation, who answers for it, and that the Chinese text prevails (feature 12)."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.foreign.models import MadeBy, PageTranslation, TeamRole
from portal.plugin_api import TrustLabel

from .translations import translation_of

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Trust:
    """``made_by`` is a code of ``MadeBy``; ``source`` the Chinese page that prevails."""

    made_by: str
    reviewer_role: str
    date: datetime.date | None
    source: int

    @property
    def label(self) -> "str | Promise":
        return MadeBy(self.made_by).label

    @property
    def reviewer(self) -> "str | Promise":
        """Empty where nobody reviewed."""
        if self.reviewer_role in TeamRole:
            return TeamRole(self.reviewer_role).label
        return self.reviewer_role

    @property
    def prevails(self) -> "str | Promise":
        return _("This is a translation. The Chinese text prevails.")


def trust_of(page: Page) -> Trust | None:
    """Of a page in a foreign section that says a Chinese one; None for every other."""
    row = translation_of(page)
    return trust_from(row) if row is not None else None


def trust_from(row: PageTranslation) -> Trust | None:
    """Of a translation; None as long as nothing of it was released."""
    if row.released_at is None or not row.made_by:
        return None
    return Trust(row.made_by, row.reviewer_role, row.released_at.date(), row.source_id)


def trusts_of(pages: Iterable[int]) -> dict[int, Trust]:
    """By the id of the foreign page; one query."""
    rows = PageTranslation.objects.filter(target__in=list(pages))
    found = {row.target_id: trust_from(row) for row in rows if row.target_id is not None}
    return {pk: trust for pk, trust in found.items() if trust is not None}


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

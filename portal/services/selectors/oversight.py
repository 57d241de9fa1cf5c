"""How guides stand: complete, confirmed by the counter, with open reports."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from portal.services.completeness import CRITICAL
from portal.services.models import CounterConfirmation, GuidePage, GuideRecord
from portal.services.permissions import may_confirm, may_settle, sites_overseen


@dataclass(frozen=True, slots=True)
class Standing:
    """What the counter said last of a public guide, and whether it still holds."""

    digest: str
    agreed: CounterConfirmation | None
    open_reports: list[CounterConfirmation]
    may_confirm: bool
    may_settle: bool

    @property
    def is_confirmed(self) -> bool:
        return (
            not self.open_reports
            and self.agreed is not None
            and self.agreed.digest == (self.digest)
        )

    @property
    def is_outdated(self) -> bool:
        """Confirmed once, and changed since."""
        return self.agreed is not None and self.agreed.digest != self.digest


def confirmation_of(page: GuidePage, user: Any) -> Standing | None:
    """None for what has no public text. Two queries."""
    record = GuideRecord.objects.filter(page=page.pk).first()
    if record is None:
        return None
    rows = list(CounterConfirmation.objects.filter(page=page.pk).order_by("-at", "-pk"))
    return Standing(
        digest=record.digest,
        agreed=next((row for row in rows if row.agrees), None),
        open_reports=[row for row in rows if not row.agrees and row.settled_at is None],
        may_confirm=may_confirm(user, page),
        may_settle=may_settle(user, page),
    )


def visible_records(user: Any) -> QuerySet[GuideRecord]:
    """The guides of the own sites and of the own unit."""
    sites = sites_overseen(user)
    rows = GuideRecord.objects.all()
    if sites is None:
        return rows
    wanted = Q(site__in=sites)
    unit = getattr(user, "organisation_id", None)
    if unit:
        wanted |= Q(page__owner_unit=unit)
    return rows.filter(wanted)


def with_confirmations(rows: QuerySet[GuideRecord]) -> QuerySet[Any]:
    """``agreed_at``, ``agreed_digest``, ``agreed_by`` and ``is_disputed`` of each."""
    agreed = CounterConfirmation.objects.filter(page=OuterRef("page"), agrees=True).order_by(
        "-at", "-pk"
    )
    disputed = CounterConfirmation.objects.filter(
        page=OuterRef("page"), agrees=False, settled_at=None
    )
    return rows.annotate(
        agreed_at=Subquery(agreed.values("at")[:1]),
        agreed_digest=Subquery(agreed.values("digest")[:1]),
        agreed_by=Subquery(agreed.values("by_name")[:1]),
        is_disputed=Exists(disputed),
    )


# States of the confirmation, as the report filters by them.
DISPUTED, CONFIRMED, OUTDATED, NEVER = "disputed", "confirmed", "outdated", "never"


def in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Of rows ``with_confirmations``."""
    if state == DISPUTED:
        return rows.filter(is_disputed=True)
    undisputed = rows.filter(is_disputed=False)
    if state == CONFIRMED:
        return undisputed.filter(agreed_digest=F("digest"))
    if state == OUTDATED:
        return undisputed.filter(agreed_digest__isnull=False).exclude(agreed_digest=F("digest"))
    # As what is not there: databases join for that, in place of sorting for each guide.
    agreed = CounterConfirmation.objects.filter(page=OuterRef("page"), agrees=True)
    return undisputed.filter(~Exists(agreed))


def state_of(row: Any) -> str:
    """As ``in_state``, of one row."""
    if row.is_disputed:
        return DISPUTED
    if row.agreed_digest is None:
        return NEVER
    return CONFIRMED if row.agreed_digest == row.digest else OUTDATED


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits at the sites of an account."""

    guides: int
    critical: int
    incomplete: int
    disputed: int

    @property
    def is_empty(self) -> bool:
        return not (self.critical or self.disputed)


def overview(user: Any) -> Overview:
    """Two queries; one where there are no guides."""
    rows = visible_records(user)
    counts = rows.aggregate(
        guides=Count("pk"),
        critical=Count("pk", filter=Q(key_missing__gte=CRITICAL)),
        incomplete=Count("pk", filter=Q(key_missing__gt=0)),
    )
    if not counts["guides"]:
        return Overview(0, 0, 0, 0)
    open_reports = CounterConfirmation.objects.filter(
        agrees=False, settled_at=None, page__in=rows.values("page")
    )
    disputed = open_reports.values("page").distinct().count()
    return Overview(counts["guides"], counts["critical"], counts["incomplete"], disputed)


def open_reports(user: Any, count: int) -> list[CounterConfirmation]:
    """The newest reports that a text differs from the counter's."""
    found = CounterConfirmation.objects.filter(
        agrees=False, settled_at=None, page__in=visible_records(user).values("page")
    )
    return list(found.select_related("page").order_by("-at", "-pk")[:count])


def months_ago(months: int, today: datetime.date | None = None) -> datetime.date:
    """The first day of the month that lies so many months back."""
    day = today or timezone.localdate()
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(years, month + 1, 1)

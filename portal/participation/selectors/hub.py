"""The hub: every activity of a site, by how far it is."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from portal.participation.models import Activity, ActivityKind, SolicitationPage, Stage
from portal.plugin_api import (
    ListItem,
    PortalContext,
    is_recorded,
    page_holds_until,
    page_today,
    public_pages,
    public_urls,
    site_home,
)

from .public import OVERRUN, stage_of

# What is said beside the kind, where an activity is more than its kind.
FORMS = [
    choice
    for choice in SolicitationPage.Form.choices
    if choice[0] != SolicitationPage.Form.OPINIONS
]
# As ``end_of``, for the database.
ENDS = Coalesce(
    "ended_at",
    Case(
        When(
            started_at__isnull=False,
            then=ExpressionWrapper(F("closes_at") + OVERRUN, output_field=DateTimeField()),
        )
    ),
    "closes_at",
)
BEGINS = Coalesce("started_at", "opens_at")


@dataclass(frozen=True, slots=True)
class HubRow:
    """An activity in a list. ``owed_since``: from when on its result is missing."""

    pk: int
    title: str
    url: str
    kind: str
    form: str
    kind_label: str
    stage: Stage
    organiser: str
    summary: str
    opens_at: datetime.datetime | None
    closes_at: datetime.datetime | None
    result_at: datetime.datetime | None
    published_at: datetime.datetime | None
    received: int
    site: str = ""

    @property
    def stage_label(self) -> str:
        """In public nothing is "owed": it is being worked on."""
        return gettext("Closed, result to follow") if self.is_owed else str(self.stage.label)

    @property
    def is_owed(self) -> bool:
        return self.stage == Stage.OWED

    @property
    def lasts_days(self) -> bool:
        """Whether it begins and ends on different days."""
        days = [timezone.localtime(at).date() for at in (self.opens_at, self.closes_at) if at]
        return len(set(days)) > 1

    @property
    def days_left(self) -> int | None:
        """Whole days until the last one; None where it is not open."""
        if self.stage != Stage.OPEN or self.closes_at is None:
            return None
        return max(0, (timezone.localtime(self.closes_at).date() - page_today()).days)

    @property
    def owed_since(self) -> datetime.datetime | None:
        return self.closes_at if self.stage == Stage.OWED else None


def stage_condition(stage: str, now: datetime.datetime) -> Q:
    """As ``stage_of``, for the database. The annotations ``ends`` and ``begins`` are there."""
    has_result = Q(result_at__isnull=False)
    is_over = Q(ends__lte=now)
    is_on = Q(begins__lte=now)
    return {
        Stage.CLOSED: has_result,
        Stage.OWED: ~has_result & is_over,
        Stage.OPEN: ~has_result & ~is_over & is_on,
        Stage.COMING: ~has_result & ~is_over & ~is_on,
    }[Stage(stage)]


def public_activities(language: str, site_pk: int | None) -> QuerySet[Any]:
    """What everybody may see of a site (None: of all), with ``begins`` and ``ends``."""
    rows = Activity.objects.filter(
        public_pages("page__path"),
        page__live=True,
        page__locale__language_code=language,
        opens_at__isnull=False,
        closes_at__isnull=False,
    ).annotate(ends=ENDS, begins=BEGINS)
    return rows if site_pk is None else rows.filter(site=site_pk)


def _hold_until_next(rows: QuerySet[Any], now: datetime.datetime) -> None:
    """A page made from these activities holds until the next of them begins or ends. Two queries,
    while a page is recorded."""
    if is_recorded():
        for name in ("begins", "ends"):
            coming = rows.filter(**{f"{name}__gt": now}).order_by(name)
            page_holds_until(coming.values_list(name, flat=True).first())


class Hub:
    """One question to the hub. Two queries, whatever it holds. Values that do not exist are
    dropped: an old address shows too much rather than nothing."""

    def __init__(
        self,
        portal: PortalContext,
        site_pk: int | None,
        *,
        kind: str = "",
        stage: str = "",
        form: str = "",
    ) -> None:
        self.portal, self.now = portal, timezone.now()
        self.asked = {
            "kind": kind if kind in ActivityKind.values else "",
            "stage": stage if stage in Stage.values else "",
            "form": form if form in dict(FORMS) else "",
        }
        self._base = public_activities(portal.language, site_pk)

    def _condition(self, name: str, value: str) -> Q:
        if not value:
            return Q()
        if name == "stage":
            return stage_condition(value, self.now)
        return Q(**{name: value})

    def _fitting(self, leaving_out: str = "") -> Q:
        found = Q()
        for name, value in self.asked.items():
            if name != leaving_out:
                found &= self._condition(name, value)
        return found

    def counts(self) -> tuple[int, dict[str, dict[str, int]]]:
        """(how many fit, for each filter how many each of its choices would leave)."""
        _hold_until_next(self._base, self.now)
        values = {"kind": ActivityKind.values, "stage": Stage.values, "form": dict(FORMS)}
        asked = {"total": Count("pk", filter=self._fitting() or Q(pk__isnull=False))}
        for name, choices in values.items():
            others = self._fitting(name)
            for value in choices:
                asked[f"{name}_{value}"] = Count("pk", filter=others & self._condition(name, value))
        found: dict[str, int] = self._base.aggregate(**asked)
        return found["total"], {
            name: {value: found[f"{name}_{value}"] for value in choices}
            for name, choices in values.items()
        }

    def total(self) -> int:
        return self._rows().count()

    def _rows(self) -> QuerySet[Any]:
        return self._base.filter(self._fitting())

    def rows(self, *, offset: int, limit: int) -> list[HubRow]:
        """Open ones first, those that end soonest on top; then coming, owed, closed."""
        order = Case(
            *(
                When(stage_condition(stage, self.now), then=Value(number))
                for number, stage in enumerate((Stage.OPEN, Stage.COMING, Stage.OWED, Stage.CLOSED))
            ),
            default=Value(9),
            output_field=IntegerField(),
        )
        soonest = Case(
            When(stage_condition(Stage.OPEN, self.now) | stage_condition(Stage.COMING, self.now),
                 then="ends"),
        )  # fmt: skip
        found = self._rows().annotate(place=order, soonest=soonest)
        ordered = found.order_by("place", "soonest", "-ends", "-page")
        return read_rows(ordered[offset : offset + limit], self.portal)

    def latest(self, limit: int) -> list[HubRow]:
        rows = self._rows().order_by("-page__first_published_at", "-page")
        return read_rows(rows[:limit], self.portal)


def read_rows(rows: QuerySet[Any], portal: PortalContext) -> list[HubRow]:
    found = rows.select_related("page", "site")
    kinds, forms = dict(ActivityKind.choices), dict(FORMS)
    return [
        HubRow(
            pk=row.page_id,
            title=row.page.title,
            url=portal.structure.url(row.page.url_path, portal.host),
            kind=row.kind,
            kind_label=str(forms.get(row.form) or kinds[row.kind]),
            form=row.form,
            stage=stage_of(row),
            organiser=row.organiser,
            summary=row.summary,
            opens_at=row.opens_at,
            closes_at=row.ended_at or row.closes_at,
            result_at=row.result_at,
            published_at=row.page.first_published_at,
            received=row.received,
            site=row.site.short_name if row.site else "",
        )
        for row in found
    ]


def latest_items(
    site_pk: int | None, language: str, count: int, *, only: Stage | None = None
) -> list[ListItem]:
    """For lists in homes: the newest activities of a site and what lies in it. One query."""
    root = site_home(site_pk, language)
    if root is None:
        return []
    rows = public_activities(language, None).filter(page__path__startswith=root.path)
    if only is not None:
        now = timezone.now()
        _hold_until_next(rows, now)
        rows = rows.filter(stage_condition(only, now))
    found = list(rows.order_by("-page__first_published_at", "-page").select_related("page")[:count])
    urls = public_urls((row.page_id, row.page.path, row.page.url_path) for row in found)
    return [
        ListItem(
            title=row.page.title,
            url=urls[row.page_id],
            date=row.page.first_published_at,
            summary=row.summary,
            source=row.organiser,
        )
        for row in found
        if row.page_id in urls and row.page.first_published_at
    ]

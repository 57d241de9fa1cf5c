"""What documents owe, kept in line with documents, plans, rules and products.

Everything is computed from what is stored now and may be computed again: after a crash, at night,
or after a rule has changed.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.plugin_api import Clock, Limit, Unit, clocks, is_enabled
from portal.policy_interpretation.deadlines import CLOCK_KIND, SLUG
from portal.policy_interpretation.demands import Demand, demands_of
from portal.policy_interpretation.matching import assign
from portal.policy_interpretation.models import (
    InterpretationLink,
    InterpretationPage,
    Obligation,
    PlanItem,
    PolicyPage,
    PolicyRecord,
    PolicyText,
    Timing,
)
from portal.policy_interpretation.selectors.obligations import over_q
from portal.policy_interpretation.selectors.rules import (
    conditions_of,
    documents_under,
    rules_at,
    rules_for,
)

LOG_WAIVED = f"{SLUG}.waived"
LOG_OWED_AGAIN = f"{SLUG}.owed_again"


# --- keeping them in line -------------------------------------------------------------------------
@transaction.atomic
def recompute(*, policy_pk: int, now: datetime.datetime | None = None) -> None:
    """Bring the obligations of one document in line with what is stored."""
    now = now or timezone.now()
    record = (
        PolicyRecord.objects.select_for_update(of=("self",))
        .select_related("page", "site")
        .filter(page=policy_pk)
        .first()
    )
    if record is None:
        _stop_clocks_of(policy_pk, now)
        return
    page = record.page
    kept = {row.key: row for row in Obligation.objects.filter(policy=page).select_related("clock")}
    is_owing = (
        page.live
        and page.alias_of_id is None
        and page.first_published_at is not None
        and record.site_id is not None
        and is_enabled(SLUG, record.site_id)
    )
    is_over = PolicyRecord.objects.filter(over_q(timezone.localdate(now)), pk=record.pk).exists()
    demands = demands_of(page, rules_for(page, record.site_id)) if is_owing else []
    rows = [_row(kept.pop(demand.key, None), demand, record, now) for demand in demands]
    for row in kept.values():
        _lapse(row, now)
    _fulfil(page, demands, rows)
    for demand, row in zip(demands, rows, strict=True):
        _exempt(row, demand, page)
        if is_over and row.fulfilled_at is None and row.waived_at is None:
            _lapse(row, now)
            continue
        row.lapsed_at = None
        row.save()
        _keep_clock(row, demand, now)


def recompute_site(site_pk: int | None, now: datetime.datetime | None = None) -> int:
    """All documents of a site that may owe something; how many were looked at.

    The nightly job, and what follows when a rule has changed.
    """
    if site_pk is None:
        return 0
    wanted = set(
        Obligation.objects.filter(site=site_pk, lapsed_at=None).values_list("policy", flat=True)
    )
    wanted.update(
        PlanItem.objects.filter(page__live=True, page__policy_record__site=site_pk).values_list(
            "page", flat=True
        )
    )
    for rule in rules_at(site_pk):
        found = documents_under(conditions_of(rule), site_pk)
        wanted.update(found.values_list("pk", flat=True))
    for pk in sorted(wanted):
        recompute(policy_pk=pk, now=now)
    return len(wanted)


def concerned(page_pks: set[int]) -> set[int]:
    """The documents whose obligations may change when these pages did."""
    found = set(PolicyRecord.objects.filter(pk__in=page_pks).values_list("pk", flat=True))
    links = InterpretationLink.objects.filter(page__in=page_pks)
    found.update(links.values_list("policy", flat=True))
    # Those that a product fulfilled which no longer names them, or is gone.
    fulfilled = Obligation.objects.filter(fulfilled_at__isnull=False)
    found.update(fulfilled.filter(product__in=page_pks).values_list("policy", flat=True))
    found.update(fulfilled.filter(product=None).values_list("policy", flat=True))
    return found


def forget_deleted(*, page_pks: Iterable[int], now: datetime.datetime | None = None) -> None:
    """Stop the clocks of documents that are gone with all their obligations."""
    for pk in page_pks:
        if not PolicyRecord.objects.filter(pk=pk).exists():
            _stop_clocks_of(pk, now or timezone.now())


def mark_text(*, page: PolicyPage) -> None:
    """Note when the words of a public document changed; in the transaction of the save."""
    words = [page.title, [[c.number, c.text] for c in page.clauses()]]
    digest = hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()
    mark = PolicyText.objects.filter(policy=page).first()
    if mark is None:
        PolicyText.objects.create(policy=page, digest=digest)
    elif mark.digest != digest:
        mark.digest, mark.changed_at = digest, timezone.now()
        mark.save()


def _row(
    row: Obligation | None, demand: Demand, record: PolicyRecord, now: datetime.datetime
) -> Obligation:
    row = row or Obligation(policy=record.page, key=demand.key)
    start = record.page.first_published_at
    assert start is not None
    assert record.site is not None
    row.rule, row.site, row.unit_id = demand.rule, record.site, demand.unit_id
    row.person, row.accepted, row.timing = demand.person, demand.accepted, demand.timing
    row.grace_days, row.published_at = demand.grace_days, start
    clock = row.clock
    end = clock.due_at if clock else _counted(row.site_id, demand.working_days, start)
    if demand.timing == Timing.WITH_DOCUMENT:
        row.due_at, row.missing_at = _end_of_day(start), end
    else:
        row.due_at = end
        grace = Limit(demand.grace_days, Unit.WORKING_DAYS)
        row.missing_at = clocks.due(row.site_id, grace, end).at if demand.grace_days else end
    return row


def _end_of_day(moment: datetime.datetime) -> datetime.datetime:
    """The midnight after a moment: what is public by then came with the document."""
    day = timezone.localdate(moment) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _counted(site_pk: int, working_days: int | None, start: datetime.datetime) -> Any:
    limit = (
        Limit(working_days, Unit.WORKING_DAYS)
        if working_days
        else clocks.limit(CLOCK_KIND, site_pk)
    )
    return clocks.due(site_pk, limit, start).at


def _fulfil(page: PolicyPage, demands: list[Demand], rows: list[Obligation]) -> None:
    products = list(
        InterpretationPage.objects.filter(
            interprets__policy=page, live=True, alias_of=None, first_published_at__isnull=False
        )
        .distinct()
        .order_by("first_published_at", "pk")
    )
    kinds = [(product.form, product.author_kind) for product in products]
    for group in dict.fromkeys(demand.group for demand in demands):
        members = [n for n, demand in enumerate(demands) if demand.group == group]
        chosen = assign([demands[n].accepted for n in members], kinds)
        for number, position in zip(members, chosen, strict=True):
            product = None if position is None else products[position]
            rows[number].product = product
            rows[number].fulfilled_at = product.first_published_at if product else None


def _exempt(row: Obligation, demand: Demand, page: PolicyPage) -> None:
    """What the document's own statement exempts it from: all that was not planned."""
    reason = page.plan_exemption.strip()
    if reason and not demand.is_planned:
        if row.waived_at is None or row.is_exempt:
            row.waived_at, row.waived_by = row.published_at, None
            row.waiver_reason, row.is_exempt = reason, True
    elif row.is_exempt:
        row.waived_at, row.waiver_reason, row.is_exempt = None, "", False


# --- clocks ---------------------------------------------------------------------------------------
def _subject(row: Obligation) -> str:
    return f"policy:{row.policy_id}:{row.key}"


def _keep_clock(row: Obligation, demand: Demand, now: datetime.datetime) -> None:
    """A clock runs exactly while the product is owed; the obligation keeps the last one."""
    running = row.clock if row.clock and row.clock.is_open else None
    if row.fulfilled_at is not None or row.waived_at is not None:
        if running is not None:
            outcome = "fulfilled" if row.fulfilled_at is not None else "waived"
            _stop(running, outcome, row.fulfilled_at or now, now, row.waiver_reason)
        return
    if running is None:
        days = demand.working_days
        row.clock = clocks.open(CLOCK_KIND, _subject(row)) or clocks.start(
            kind=CLOCK_KIND,
            subject=_subject(row),
            site=row.site_id,
            unit=row.unit,
            label=f"{row.policy.title} · {row.product_text}"[:200],
            url=_board_url(row),
            limit=Limit(days, Unit.WORKING_DAYS) if days else None,
            started_at=row.published_at,
            parameters={"policy": row.policy_id},
        )
        row.save(update_fields=["clock"])


def _board_url(row: Obligation) -> str:
    from django.urls import reverse

    return reverse("policy_obligation", args=[row.pk])


def _stop(
    clock: Clock,
    outcome: str,
    at: datetime.datetime,
    now: datetime.datetime,
    reason: str = "",
) -> None:
    last = clock.entries.last()
    began = last.at if last is not None else clock.started_at
    clocks.stop(clock=clock, outcome=outcome, reason=reason, at=min(now, max(at, began)))


def _lapse(row: Obligation, now: datetime.datetime) -> None:
    if row.clock is not None and row.clock.is_open:
        _stop(row.clock, "no longer owed", now, now)
    if row.lapsed_at is None:
        row.lapsed_at = now
        row.save()


def _stop_clocks_of(policy_pk: int, now: datetime.datetime) -> None:
    for clock in Clock.objects.filter(
        kind=CLOCK_KIND, subject__startswith=f"policy:{policy_pk}:"
    ).exclude(state=Clock.State.STOPPED):
        _stop(clock, "document deleted", now, now)


# --- by hand --------------------------------------------------------------------------------------
@transaction.atomic
def waive(*, obligation: Obligation, reason: str, by: Any) -> Obligation:
    """Say that a product is not owed after all, with the reason.

    Raises:
        PermissionDenied: who may not release the document may not waive what it owes.
        ValidationError: no reason, or nothing is open.
    """
    row = _locked(obligation, by)
    if not reason.strip():
        raise ValidationError(_("Say why it is not owed."))
    if row.lapsed_at or row.fulfilled_at or row.waived_at:
        raise ValidationError(_("This is no longer owed."))
    now = timezone.now()
    row.waived_at, row.waived_by, row.waiver_reason = now, by, reason.strip()
    row.save()
    if row.clock is not None and row.clock.is_open:
        clocks.stop(clock=row.clock, outcome="waived", reason=row.waiver_reason, by=by)
    log(
        row.policy,
        LOG_WAIVED,
        user=by,
        data={"product": row.product_text, "reason": row.waiver_reason},
    )
    return row


@transaction.atomic
def owe_again(*, obligation: Obligation, by: Any) -> Obligation:
    """Take a waiver back; the old date holds.

    Raises:
        PermissionDenied: as for ``waive``.
        ValidationError: it was not waived here, but in the document itself.
    """
    row = _locked(obligation, by)
    if row.waived_at is None or row.is_exempt:
        raise ValidationError(_("There is no waiver to take back."))
    row.waived_at, row.waived_by, row.waiver_reason = None, None, ""
    row.save()
    log(row.policy, LOG_OWED_AGAIN, user=by, data={"product": row.product_text})
    recompute(policy_pk=row.policy_id)
    row.refresh_from_db()
    return row


def _locked(obligation: Obligation, by: Any) -> Obligation:
    row = (
        Obligation.objects.select_for_update(of=("self",))
        .select_related("policy")
        .get(pk=obligation.pk)
    )
    if not row.policy.permissions_for_user(by).can_publish():
        raise PermissionDenied
    return row

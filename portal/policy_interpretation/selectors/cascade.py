"""Repeal cases: who sees which, who may decide what, and which pages carry a notice."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.plugin_api import Action, kept_text, may, page_today, sites_allowing
from portal.policy_interpretation.models import (
    CascadeCase,
    CascadeItem,
    InterpretationPage,
    PolicyPage,
    PolicyRecord,
)
from portal.policy_interpretation.selectors.validity import validity_of
from portal.policy_interpretation.validity import IN_FORCE, Validity, validity_on

_OPEN = CascadeItem.State.OPEN


def may_end(user: Any, policy: PolicyPage) -> bool:
    """Whether somebody may say that a document is no longer in force: who may publish it."""
    return bool(policy.permissions_for_user(user).can_publish())


def may_decide(user: Any, item: CascadeItem) -> bool:
    """Whether somebody answers for an item: who may publish at its page, or at its site."""
    if item.page is not None:
        return bool(item.page.specific_deferred.permissions_for_user(user).can_publish())
    site_pk = item.site_id if item.site_id is not None else item.case.site_id
    return may(user, Action.PAGE_PUBLISH, site_pk)


def visible_cases(user: Any) -> QuerySet[CascadeCase]:
    """The cases of the own sites, and those with an item in one of them."""
    sites = sites_allowing(user, Action.PAGE_PUBLISH)
    cases = CascadeCase.objects.filter(closed=False)
    if sites is None:
        return cases
    return cases.filter(Q(site__in=sites) | Q(items__site__in=sites)).distinct()


def with_counts(cases: QuerySet[CascadeCase]) -> QuerySet[CascadeCase]:
    """``open_items`` and ``all_items`` of each, with its document and record."""
    cases = cases.order_by("-opened_at", "-pk")
    return cases.select_related("policy__policy_record", "site").annotate(
        open_items=Count("items", filter=Q(items__state=_OPEN), distinct=True),
        all_items=Count("items", distinct=True),
    )


def open_cases(user: Any) -> QuerySet[CascadeCase]:
    """What somebody has to do: the own sites' cases, or others' with an open item of theirs."""
    sites = sites_allowing(user, Action.PAGE_PUBLISH)
    cases = CascadeCase.objects.filter(closed=False, done_at=None)
    if sites is not None:
        mine = Q(site__in=sites) | Q(items__state=_OPEN, items__site__in=sites)
        cases = cases.filter(mine).distinct()
    return with_counts(cases)


# --- notices on pages -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ended:
    """A document that a page rests on and that is not in force now."""

    pk: int
    title: str
    validity: Validity

    @property
    def state(self) -> str:
        return str(self.validity.label)


def ended_behind(page: Any) -> list[Ended]:
    """The documents no longer in force that readers of a marked page must be told of.

    Which pages are marked is kept in memory: no query for all the others. Interpretations say by
    themselves how their documents stand.
    """
    if page is None or not page.pk or isinstance(page, InterpretationPage):
        return []
    pks = _marked().get(page.pk, [])
    return _ended(pks) if pks else []


def _ended(pks: Iterable[int]) -> list[Ended]:
    states = validity_of(pks)
    gone = [pk for pk, state in states.items() if state in (Validity.REPEALED, Validity.EXPIRED)]
    titles = dict(PolicyPage.objects.filter(pk__in=gone).values_list("pk", "title")) if gone else {}
    return [Ended(pk, titles[pk], states[pk]) for pk in gone if pk in titles]


def _marked() -> dict[int, list[int]]:
    """For each page that is marked as outdated the documents that it rests on."""

    def read() -> str:
        rows = CascadeItem.objects.filter(
            state=CascadeItem.State.MARKED, page__isnull=False, case__closed=False
        )
        found: dict[int, list[int]] = {}
        for page_pk, policy_pk in rows.values_list("page_id", "case__policy_id"):
            found.setdefault(page_pk, []).append(policy_pk)
        return json.dumps(found)

    kept = json.loads(kept_text(("policy_interpretation", "marked"), read))
    return {int(page_pk): policies for page_pk, policies in kept.items()}


def is_concerned(record: PolicyRecord) -> bool:
    """Whether a document calls for a case: it ended, wholly or in part, or its end is decided."""
    if record.repealed_on or record.early_end or record.ended_clauses:
        return True
    return validity_on(record.page.dates, page_today()) not in (
        *IN_FORCE,
        Validity.NOT_YET_EFFECTIVE,
    )

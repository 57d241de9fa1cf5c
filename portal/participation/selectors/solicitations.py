"""Solicitations: what the public reads, and what staff work through."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.participation.drafts import DraftClause, clauses_of
from portal.participation.models import (
    ClauseTally,
    Opinion,
    SolicitationPage,
    Stage,
    Verdict,
)
from portal.plugin_api import PortalContext, public_pages, public_urls, site_of_path

from .public import activity_of, page_stage

SHOWN = 100
MOST_BEHIND = 10
SHOWN_REASONS = 20
LOOKED_BACK = 500


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with its counts. ``url``: the form for an opinion on it, "" where none is taken."""

    clause: DraftClause
    tally: ClauseTally
    url: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The counts of all clauses together."""

    received: int = 0
    adopted: int = 0
    partly: int = 0
    not_adopted: int = 0
    invalid: int = 0

    @property
    def undecided(self) -> int:
        return self.received - self.adopted - self.partly - self.not_adopted - self.invalid


@dataclass(frozen=True, slots=True)
class ShownOpinion:
    clause: str
    text: str
    verdict: str
    reason: str
    alike: int


def tallies_of(page_pk: int | None) -> dict[str, ClauseTally]:
    if page_pk is None:
        return {}
    return {tally.clause: tally for tally in ClauseTally.objects.filter(solicitation=page_pk)}


def totals_of(tallies: dict[str, ClauseTally]) -> Totals:
    names = Totals.__dataclass_fields__
    return Totals(**{n: sum(getattr(t, n) for t in tallies.values()) for n in names})


def whole() -> DraftClause:
    """What opinions are about that name no clause."""
    return DraftClause("", "whole", _("the whole"), "")


def rows_of(page: SolicitationPage, site_pk: int | None, tallies: dict[str, ClauseTally],
            *, is_open: bool) -> list[ClauseRow]:  # fmt: skip
    """Each clause in order, then the whole, then clauses that the draft has no longer."""
    original = page.alias_of_id or page.pk
    clauses = clauses_of(page, site_pk)
    known = {clause.id for clause in clauses}
    gone = [
        DraftClause(key, "gone", _("a clause that the draft has no longer"), "")
        for key in tallies
        if key and key not in known
    ]
    form = reverse("participation:opinion", args=[original]) if is_open and original else ""
    return [
        ClauseRow(
            clause,
            tallies.get(clause.id) or ClauseTally(clause=clause.id),
            f"{form}?clause={clause.id}" if form and clause.can_be_named else "",
        )
        for clause in clauses
    ] + [
        ClauseRow(clause, tallies.get(clause.id) or ClauseTally(), form if not clause.id else "")
        for clause in [whole(), *gone]
    ]


def public_view(page: SolicitationPage, portal: PortalContext) -> dict[str, Any]:
    """What the page's template shows. Six queries at most, whatever the number of opinions."""
    activity = activity_of(page)
    stage = page_stage(page, activity)
    original = page.alias_of_id or page.pk
    tallies = tallies_of(original)
    rows = rows_of(page, portal.site_pk, tallies, is_open=stage == Stage.OPEN)
    is_closed = stage == Stage.CLOSED
    return {
        "activity": activity,
        "stage": stage,
        "rows": [row for row in rows if row.clause.level not in ("whole", "gone")],
        "whole": next(row for row in rows if row.clause.level == "whole"),
        "table": [row for row in rows if row.tally.received] if is_closed else [],
        "totals": totals_of(tallies),
        "opinions": _shown(page, original, {row.clause.id: row.clause for row in rows})
        if is_closed
        else [],
        "policy_link": _link(page.policy_id),
        "draft_link": _link(page.draft_page_id),
        "lasts": (page.closes_at - page.opens_at).days if page.opens_at and page.closes_at else 0,
    }


def _shown(
    page: SolicitationPage, original: int | None, clauses: dict[str, DraftClause]
) -> list[ShownOpinion]:
    wanted = Opinion.objects.filter(solicitation=original, is_shown=True, merged_into=None)
    if page.display == SolicitationPage.Display.NONE:
        return []
    if page.display == SolicitationPage.Display.ADOPTED:
        wanted = wanted.filter(verdict__in=[Verdict.ADOPTED, Verdict.PARTLY])
    rows = wanted.annotate(alike=alike()).order_by("-sent_at", "-pk")[:SHOWN]
    gone = _("a clause that the draft has no longer")
    return [
        ShownOpinion(
            clauses[row.clause].label if row.clause in clauses else gone,
            row.text,
            str(row.get_verdict_display()),
            row.reason,
            row.alike,
        )
        for row in rows
    ]


def _link(pk: int | None) -> tuple[str, str] | None:
    """Title and address of another page, where everybody may read it."""
    if pk is None:
        return None
    found = Page.objects.filter(public_pages(), pk=pk, live=True).values(
        "pk", "title", "path", "url_path"
    )
    for row in found:
        urls = public_urls([(row["pk"], row["path"], row["url_path"])])
        if row["pk"] in urls:
            return row["title"], urls[row["pk"]]
    return None


# --- for staff ------------------------------------------------------------------------------------
STATES = ("open", *(verdict for verdict in Verdict.values if verdict))


def opinions_of(page: SolicitationPage, *, clause: str | None, state: str) -> QuerySet[Opinion]:
    """The opinions to work through, those that were merged standing behind theirs."""
    rows = Opinion.objects.filter(solicitation=page, merged_into=None).select_related("sender")
    if clause is not None:
        rows = rows.filter(clause=clause)
    if state in STATES:
        rows = rows.filter(verdict="" if state == "open" else state)
    return rows.annotate(alike=alike()).order_by("clause", "sent_at", "pk")


def alike() -> Coalesce:
    """How many were merged into an opinion, counted for the rows that are read only: joined and
    grouped it would be counted for all before the first is shown."""
    merged = Opinion.objects.filter(merged_into=OuterRef("pk")).order_by().values("merged_into")
    return Coalesce(Subquery(merged.annotate(number=Count("pk")).values("number")), 0)


def reasons_of(page: SolicitationPage) -> list[tuple[str, int]]:
    """The reasons that were given of late, the most frequent first: one for many opinions."""
    decided = Opinion.objects.filter(solicitation=page, decided_at__isnull=False)
    latest = decided.order_by("-decided_at", "-pk").values_list("reason", flat=True)[:LOOKED_BACK]
    return Counter(reason for reason in latest if reason).most_common(SHOWN_REASONS)


def staff_rows(page: SolicitationPage) -> list[ClauseRow]:
    tallies = tallies_of(page.pk)
    return rows_of(page, site_of_path(page.path), tallies, is_open=False)


# --- for pages of others --------------------------------------------------------------------------
def _of_documents() -> QuerySet[SolicitationPage]:
    return SolicitationPage.objects.filter(live=True, alias_of=None)


def documents_asked_about() -> set[int]:
    """The documents that public solicitations came of or led to. One query."""
    pairs = _of_documents().values_list("policy", "draft_page")
    return {pk for pair in pairs for pk in pair if pk is not None}


def solicitations_behind(page_pk: int) -> list[tuple[int, str, str, str]]:
    """(pk, title, path, url_path) of the solicitations on a document, newest first. One query."""
    rows = _of_documents().filter(Q(policy=page_pk) | Q(draft_page=page_pk))
    rows = rows.order_by(F("closes_at").desc(), "-pk")
    return list(rows.values_list("pk", "title", "path", "url_path")[:MOST_BEHIND])

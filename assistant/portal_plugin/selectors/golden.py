"""Golden questions: which are asked, which somebody may see and change, how they went."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assistant.portal_plugin.models import GoldenQuestion, GoldenResult, GoldenRun
from portal.plugin_api import Action, main_site_pk, may, sites_allowing


def golden_in_use() -> QuerySet[GoldenQuestion]:
    """Those that are asked, each with its expected entries."""
    rows = GoldenQuestion.objects.filter(is_active=True)
    return rows.prefetch_related("expected").order_by("key")


def golden_for(user: Any) -> QuerySet[GoldenQuestion]:
    """Those of the sites where somebody changes pages; all where no site is named, since their
    answers may come from each."""
    rows = GoldenQuestion.objects.select_related("site", "owner_unit", "topic", "source")
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    if sites is None:
        return rows
    return rows.filter(Q(site__in=sites) | Q(site=None)) if sites else rows.none()


def may_change_golden(user: Any, question: GoldenQuestion) -> bool:
    """Whoever changes pages of its site; where it names none, of the portal's own site."""
    site = question.site_id or main_site_pk()
    return bool(site is not None and may(user, Action.PAGE_CHANGE, site))


def with_last_result(rows: QuerySet[GoldenQuestion]) -> QuerySet[GoldenQuestion]:
    """With ``last_status`` and ``last_right`` of the newest run that was finished."""
    last = GoldenRun.objects.filter(ended_at__isnull=False).order_by("-pk").values("pk")[:1]
    found = GoldenResult.objects.filter(run=Subquery(last), question=OuterRef("pk"))
    return rows.annotate(
        last_status=Subquery(found.values("status")[:1]),
        last_right=Subquery(found.values("right")[:1]),
    )

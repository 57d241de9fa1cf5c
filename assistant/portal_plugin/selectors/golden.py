"""Golden questions: which are asked, and how they went last."""

from django.db.models import OuterRef, QuerySet, Subquery

from assistant.portal_plugin.models import GoldenQuestion, GoldenResult, GoldenRun


def golden_in_use() -> QuerySet[GoldenQuestion]:
    """Those that are asked, each with the entries that it expects."""
    rows: QuerySet[GoldenQuestion] = GoldenQuestion.objects.filter(is_active=True)
    return rows.prefetch_related("expectations").order_by("key")


def with_last_result(rows: QuerySet[GoldenQuestion]) -> QuerySet[GoldenQuestion]:
    """With ``last_status`` and ``last_right`` of the newest run that was finished."""
    last = GoldenRun.objects.filter(ended_at__isnull=False).order_by("-pk").values("pk")[:1]
    found = GoldenResult.objects.filter(run=Subquery(last), question=OuterRef("pk"))
    annotated: QuerySet[GoldenQuestion] = rows.annotate(
        last_status=Subquery(found.values("status")[:1]),
        last_right=Subquery(found.values("right")[:1]),
    )
    return annotated

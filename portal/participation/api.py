"""Participation in the public API, below ``/api/v1/participation``: what the hub and pages say."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router

from portal.plugin_api import (
    ApiId,
    ApiMissing,
    PortalContext,
    PublicTree,
    api_frame,
    portal_of,
    public_tree,
)

from .api_schemas import (
    ActivitiesQuery,
    ActivityClause,
    ActivityDetail,
    ActivityItem,
    ActivityListing,
    ActivityOption,
    ActivityQuestion,
    ActivityResult,
    Wording,
)
from .models import Activity
from .selectors.hub import Hub, HubRow, public_activities, read_rows
from .selectors.open_data import OpenResult, open_result

NO_ACTIVITY = _("There is no such public activity.")


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["participation"])
    router.get(
        "",
        response=ActivityListing,
        operation_id="list_activities",
        summary="Solicitations of opinions, surveys and online interviews",
    )(list_activities)
    router.get(
        "/{int:activity_id}",
        response=ActivityDetail,
        operation_id="get_activity",
        summary="One activity, with its result as counts",
    )(get_activity)
    return router


def list_activities(request: HttpRequest, query: Query[ActivitiesQuery]) -> ActivityListing:
    """In the hub's order: what is open first. Without `language` those in Chinese."""
    tree = public_tree(request)
    site_pk = tree.site(query.site).pk if query.site is not None else None
    found = Hub(
        _surroundings(request, query.language),
        site_pk,
        kind=query.kind or "",
        stage=query.stage or "",
        form=query.form or "",
    )
    total = found.total()
    rows = found.rows(offset=query.offset, limit=query.page_size) if total > query.offset else []
    return ActivityListing(
        items=[ActivityItem(**_item(row)) for row in rows],
        **api_frame(request, query, total=total, more=total > query.end),
    )


def get_activity(
    request: HttpRequest, activity_id: Path[ApiId], query: Query[Wording]
) -> ActivityDetail:
    """The result is there once it is published: adoption by clause, or counts by question."""
    tree = public_tree(request)
    activity = Activity.objects.select_related("page__locale").filter(page=activity_id).first()
    if activity is None or tree.node_around(activity.page.path) is None:
        raise ApiMissing(NO_ACTIVITY)
    language = activity.page.locale.language_code
    rows = public_activities(language, None).filter(page=activity_id)
    row = next(iter(read_rows(rows, _surroundings(request, language))), None)
    if row is None:
        raise ApiMissing(NO_ACTIVITY)
    result = open_result(activity)
    return ActivityDetail(**_item(row), result=_result(result, tree) if result else None)


def _surroundings(request: HttpRequest, language: str | None) -> PortalContext:
    """As selectors want them; without a host, for addresses that are the same on every one."""
    portal = portal_of(request)
    return PortalContext(
        request,
        portal.structure,
        root=portal.root,
        host="",
        language=language or portal.language,
    )


def _item(row: HubRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "form": row.form,
        "stage": row.stage.value,
        "title": row.title,
        "organiser": row.organiser,
        "summary": row.summary,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "published_at": row.published_at,
        "result_published_at": row.result_at,
        "result_owed_since": row.owed_since,
        "received": row.received,
        "url": row.url,
    }


def _result(found: OpenResult, tree: PublicTree) -> ActivityResult:
    return ActivityResult(
        summary=found.summary,
        policy_url=tree.url(found.policy_path) if found.policy_path else "",
        clauses=[
            ActivityClause(
                clause=row.clause,
                label=row.label,
                text=row.text,
                received=row.tally.received,
                adopted=row.tally.adopted,
                partly_adopted=row.tally.partly,
                not_adopted=row.tally.not_adopted,
                invalid=row.tally.invalid,
            )
            for row in found.clauses
        ],
        questions=[
            ActivityQuestion(
                number=question.number,
                kind=question.kind,
                question=question.text,
                answered=question.answered,
                options=[
                    ActivityOption(row=option.row, option=option.option, count=option.count)
                    for option in question.options
                ],
            )
            for question in found.questions
        ],
        questions_answered=found.questions_answered,
    )

"""Policy documents in the public API, below ``/api/v1/policies``: what the library and pages say.

Their first addresses, below ``/policies/api/v1/documents``, lead on to these for good.
"""

import datetime
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
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
    AsOf,
    PoliciesQuery,
    PolicyClause,
    PolicyDetail,
    PolicyItem,
    PolicyListing,
    PolicyRelated,
)
from .clauses import ClauseData
from .models import PolicyPage
from .models.documents import Genre
from .selectors.catalogue import index_number_of
from .selectors.facts import repealing_document
from .selectors.library import Filters, Library, LibraryRow
from .selectors.relations import flat, relations_of
from .selectors.texts import reading_on
from .validity import IN_FORCE

NO_POLICY = _("There is no such public policy document.")


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["policies"])
    router.get(
        "",
        response=PolicyListing,
        operation_id="list_policies",
        summary="The library of policy documents",
    )(list_policies)
    router.get(
        "/{int:policy_id}",
        response=PolicyDetail,
        operation_id="get_policy",
        summary="One policy document with its clauses",
    )(get_policy)
    return router


def list_policies(request: HttpRequest, query: Query[PoliciesQuery]) -> PolicyListing:
    """With the filters of the library's own page; without `language` those in Chinese."""
    tree = public_tree(request)
    site_pk = tree.site(query.site).pk if query.site is not None else None
    narrowed = query.model_dump(exclude={"site", "language", "page", "page_size"})
    filters = Filters(**{name: str(value or "").strip() for name, value in narrowed.items()})
    found = Library(_surroundings(request, query.language), site_pk, filters)
    total = found.total()
    rows = found.rows(offset=query.offset, limit=query.page_size) if total > query.offset else []
    return PolicyListing(
        items=[_item(row) for row in rows],
        **api_frame(request, query, total=total, more=total > query.end),
    )


def get_policy(request: HttpRequest, policy_id: Path[ApiId], query: Query[AsOf]) -> PolicyDetail:
    """As of today, or with `as_of` as of that day."""
    tree = public_tree(request)
    pages = PolicyPage.objects.select_related(*PolicyPage.serve_select_related)
    page = pages.filter(pk=policy_id, live=True, alias_of__isnull=True).first()
    if page is None or tree.node_around(page.path) is None:
        raise ApiMissing(NO_POLICY)
    day = query.as_of or timezone.localdate()
    return _detail(page, tree, _surroundings(request, None), day)


@require_safe
def moved(request: HttpRequest, pk: int | None = None) -> HttpResponsePermanentRedirect:
    """From the first addresses to those of today, with what was asked."""
    address = (
        reverse("api-v1:list_policies") if pk is None else reverse("api-v1:get_policy", args=[pk])
    )
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


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


def _item(row: LibraryRow) -> PolicyItem:
    return PolicyItem(
        id=row.pk,
        title=row.title,
        document_number=row.document_number,
        issuing_bodies=row.body_names,
        issued_on=row.issued_on,
        published_at=row.published_at,
        validity=row.validity.value,
        in_force=row.validity in IN_FORCE,
        summary=row.summary,
        url=row.url,
    )


def _detail(
    page: PolicyPage, tree: PublicTree, portal: PortalContext, day: datetime.date
) -> PolicyDetail:
    read = reading_on(page, day)
    record = page.record
    ended_by = repealing_document(record, portal)
    url = tree.url(page.url_path)
    return PolicyDetail(
        id=page.pk,
        title=page.title,
        document_number=page.document_number,
        index_number=index_number_of(page),
        issuing_bodies=page.body_names(),
        genre=Genre(page.genre).value,
        level=page.level,
        theme=page.theme_id or "",
        issued_on=page.issued_on,
        effective_on=page.effective_on,
        valid_through=page.valid_through,
        repealed_on=record.repealed_on if record else None,
        repealed_by=ended_by.pk if ended_by else None,
        url=url,
        as_of=day,
        validity=read.validity.value,
        in_force=read.validity in IN_FORCE,
        existed=read.existed,
        text_is_known=read.is_known,
        text_since=read.since,
        text_until=read.until,
        clauses=[_clause(clause, page.pk, url, read.day) for clause in read.clauses],
        relations=[
            PolicyRelated(
                kind=group.kind,
                incoming=group.incoming,
                id=item.pk,
                title=item.title,
                document_number=item.document_number,
                since=item.since,
                validity=item.validity.value if item.validity else None,
            )
            for group, item in flat(relations_of(page.pk, portal, day))
        ],
    )


def _clause(clause: ClauseData, pk: int, page_url: str, day: datetime.date) -> PolicyClause:
    address = reverse("policy_interpretation:clause", args=[pk, clause.short_id])
    values: dict[str, Any] = {
        "parent": clause.parent or None,
        "in_force": clause.invalid_from is None or clause.invalid_from > day,
        "url": urljoin(page_url, address),
    }
    for name in ("id", "level", "number", "text", "since", "invalid_from"):
        values[name] = getattr(clause, name)
    return PolicyClause(**values)

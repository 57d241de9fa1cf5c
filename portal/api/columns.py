import datetime

from django.http import HttpRequest
from ninja import Path, Query, Router

from portal.core.models import Organisation
from portal.core.public_api.errors import ApiMissing
from portal.core.public_api.messages import NO_COLUMN
from portal.core.public_api.pagination import ApiWindow, api_frame
from portal.core.public_api.parameters import ApiId, ApiLanguage, ApiSiteCode
from portal.core.public_api.tree import PublicTree, public_tree
from portal.core.structure import Node
from portal.pages.models import ColumnPage, TopicPage
from portal.pages.models.column_types import split

from . import selectors
from .organisations import reference
from .schemas import ColumnDetail, ColumnItem, ColumnListing, ColumnRef

router = Router(tags=["columns"])
type Kept = dict[int, tuple[int, datetime.datetime | None]]


class ColumnsQuery(ApiWindow):
    site: ApiSiteCode | None = None
    language: ApiLanguage | None = None


@router.get(
    "/columns",
    response=ColumnListing,
    operation_id="list_columns",
    summary="Columns and special topics",
)
def list_columns(request: HttpRequest, query: Query[ColumnsQuery]) -> ColumnListing:
    """In the order of the tree, without archived topics."""
    tree = public_tree(request)
    site_pk = tree.site(query.site).pk if query.site is not None else None
    found = [
        node
        for node in tree.columns
        if site_pk in (None, node.site_pk) and query.language in (None, node.language)
    ]
    shown = found[query.offset : query.end]
    kept = selectors.counts(node.pk for node in shown)
    public = selectors.public(node.pk for node in shown)
    items = [_item(tree, node, kept) for node in shown if node.pk in public]
    more = len(found) > query.end
    return ColumnListing(items=items, **api_frame(request, query, total=len(found), more=more))


@router.get(
    "/columns/{int:column_id}",
    response=ColumnDetail,
    operation_id="get_column",
    summary="One column or special topic",
)
def get_column(request: HttpRequest, column_id: Path[ApiId]) -> ColumnDetail:
    """Archived topics too: they can still be read."""
    tree = public_tree(request)
    node = tree.column(column_id)
    publication = selectors.publication_of(node.pk)
    if publication is None:
        raise ApiMissing(NO_COLUMN)
    column = _load(node)
    hosted_for: Organisation | None = getattr(column, "hosted_for", None)
    return ColumnDetail(
        **dict(_item(tree, node, selectors.counts([node.pk]))),
        keywords=column.keywords,
        intro=column.intro,
        owner=reference(tree, column.owner_unit),
        hosted_for=reference(tree, hosted_for),
        state=getattr(column, "state", ""),
        starts_on=getattr(column, "starts_on", None),
        ends_on=getattr(column, "ends_on", None),
        children=[
            column_ref(tree, child)
            for child in node.children
            if child.kind in ("column", "topic") and tree.shows(child)
        ],
    )


def _load(node: Node) -> ColumnPage | TopicPage:
    """The column's page with the units that it names: one query."""
    column: ColumnPage | TopicPage | None
    if node.kind == "topic":
        column = TopicPage.objects.select_related("owner_unit").filter(pk=node.pk).first()
    else:
        units = ("owner_unit", "hosted_for")
        column = ColumnPage.objects.select_related(*units).filter(pk=node.pk).first()
    if column is None:
        raise ApiMissing(NO_COLUMN)
    return column


def column_ref(tree: PublicTree, node: Node) -> ColumnRef:
    return ColumnRef(id=node.pk, title=node.title, url=tree.url(node.url_path))


def _item(tree: PublicTree, node: Node, kept: Kept) -> ColumnItem:
    parent = tree.column_above(node.parent)
    count, latest = kept.get(node.pk, (0, None))
    return ColumnItem(
        id=node.pk,
        kind=node.kind,
        title=node.title,
        url=tree.url(node.url_path),
        site=tree.code_of(node.site_pk),
        language=node.language,
        parent=parent.pk if parent is not None else None,
        types=split(node.extra.get("column_type")),
        description=node.extra.get("search_description") or "",
        count=count,
        latest=latest,
        archived_at=tree.archived_at(node),
    )

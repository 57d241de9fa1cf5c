from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Path, Query, Router
from pydantic import Field
from wagtail.models import Page

from portal.core.context import context_for_page
from portal.core.extension_points import TrustLabel, trust_labels
from portal.core.media import prepare_media
from portal.core.models import ListingRow, Publication
from portal.core.public_api.errors import ApiMissing
from portal.core.public_api.html import absolute_html, absolute_url
from portal.core.public_api.pagination import ApiWindow, api_frame
from portal.core.public_api.parameters import ApiDay, ApiId, ApiKind, ApiLanguage, ApiSiteCode
from portal.core.public_api.tree import PublicTree, public_tree
from portal.core.structure import Node
from portal.pages.models import ExternalLinkPage, LeaderPage

from . import selectors
from .columns import column_ref
from .messages import NO_PAGE
from .organisations import reference
from .schemas import (
    Attachment,
    Image,
    Leader,
    PageDetail,
    PageItem,
    PageListing,
    Translation,
    Trust,
)
from .selectors import Choice

router = Router(tags=["pages"])


class PagesQuery(ApiWindow):
    site: ApiSiteCode | None = None
    column: ApiId | None = Field(None, description="Of a column or special topic, archived too.")
    kind: ApiKind | None = None
    language: ApiLanguage | None = None
    first: ApiDay | None = Field(None, alias="from", description="The first day.")
    last: ApiDay | None = Field(None, alias="to", description="The last day.")


@router.get(
    "/pages", response=PageListing, operation_id="list_pages", summary="Pages, the newest first"
)
def list_pages(request: HttpRequest, query: Query[PagesQuery]) -> PageListing:
    """What the portal's lists hold: of a column with the columns below it, of a site, of all.

    Special topics are part of their site; pages of archived ones are listed only where `column`
    names the topic or a column in it. In the minute after a page ends, its place stays empty.
    """
    tree = public_tree(request)
    containers = [node.pk for node in _containers(tree, query)]
    choice = Choice(kind=query.kind, first=query.first, last=query.last)
    total = selectors.total(containers, choice) if containers else 0
    keys: list[tuple[int, int]] = []
    if total is None or total > query.offset:
        keys = selectors.newest(containers, choice, offset=query.offset, limit=query.page_size + 1)
    more = len(keys) > query.page_size
    rows = list(selectors.listing_rows(keys[: query.page_size]))
    trusted = _trust_of([(row.page_id, publication.language) for row, publication in rows])
    items = [
        _item(tree, row, around, publication, trusted.get(row.page_id))
        for row, publication in rows
        if (around := tree.node_around(row.page.path)) is not None
    ]
    return PageListing(items=items, **api_frame(request, query, total=total, more=more))


def _containers(tree: PublicTree, query: PagesQuery) -> Iterator[Node]:
    """The containers whose rows answer the query, each page in one of them only."""
    site_pk = tree.site(query.site).pk if query.site is not None else None
    heads = [tree.column(query.column)] if query.column is not None else tree.list_heads
    for node in heads:
        if site_pk in (None, node.site_pk) and query.language in (None, node.language):
            yield node


def _item(
    tree: PublicTree,
    row: ListingRow,
    around: Node,
    publication: Publication,
    trusted: TrustLabel | None,
) -> PageItem:
    url = tree.url(row.page.url_path)
    column = tree.column_above(around)
    return PageItem(
        id=row.page_id,
        kind=row.kind,
        title=row.title,
        url=url,
        site=tree.code_of(around.site_pk),
        column=column_ref(tree, column) if column is not None else None,
        language=around.language,
        published_at=row.date,
        source=row.source,
        summary=row.summary,
        image=_image(row, url),
        trust=_trust(trusted, around.language),
        **_validity(publication),
    )


def _trust_of(pages: Iterable[tuple[int, str]]) -> Mapping[int, TrustLabel]:
    """Of pages (number, language); no query where all are Chinese, which are no translations."""
    foreign = [pk for pk, language in pages if language != settings.LANGUAGE_CODE]
    return trust_labels(foreign) if foreign else {}


def _trust(label: TrustLabel | None, language: str) -> Trust | None:
    if label is None:
        return None
    with override(language):
        return Trust(
            made_by=label.made_by,
            reviewer=str(label.reviewer),
            date=label.date,
            prevails=str(label.prevails),
            original=label.original,
        )


def _validity(publication: Publication) -> dict[str, Any]:
    """A document that is not in force stays findable; what is said of it must be true."""
    return {
        "in_force": publication.is_in_force(),
        "validity": publication.standing_now(),
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
    }


def _image(row: ListingRow, base: str) -> Image | None:
    if not row.image_url:
        return None
    return Image(
        url=absolute_url(row.image_url, base),
        alt=row.image_alt,
        width=row.image_width,
        height=row.image_height,
    )


@router.get(
    "/pages/{int:page_id}", response=PageDetail, operation_id="get_page", summary="One page"
)
def get_page(request: HttpRequest, response: HttpResponse, page_id: Path[ApiId]) -> PageDetail:
    """Articles, standard pages, leaders, organisations; columns and homes have their own lists."""
    tree = public_tree(request)
    publication = selectors.publication_of(page_id)
    if publication is None or publication.page is None:
        raise ApiMissing(NO_PAGE)
    around = tree.node_around(publication.page.path)
    page = _load(publication.page)
    if around is None or page is None:
        raise ApiMissing(NO_PAGE)
    url = tree.url(page.url_path)
    column = tree.column_above(around)
    response.headers["Content-Language"] = around.language
    with override(around.language):
        body = _body_html(request, page)
        trusted = _trust(_trust_of([(page.pk, around.language)]).get(page.pk), around.language)
    return PageDetail(
        **_listed(page, url),
        **_validity(publication),
        id=page.pk,
        title=page.title,
        url=url,
        site=tree.code_of(around.site_pk),
        column=column_ref(tree, column) if column is not None else None,
        language=around.language,
        updated_at=page.last_published_at or publication.since,
        subtitle=getattr(page, "subtitle", ""),
        author=getattr(page, "author", ""),
        source_url=getattr(page, "source_url", ""),
        keywords=getattr(page, "keywords", ""),
        body_html=absolute_html(body, url),
        attachments=list(_attachments(page, url)),
        translations=[
            Translation(id=pk, language=language, url=tree.url(url_path))
            for pk, language, path, url_path in selectors.translations_of(page)
            if tree.node_around(path) is not None
        ],
        organisation=reference(tree, getattr(page, "organisation", None)),
        leader=_leader(page),
        archived_at=tree.archived_at(around),
        trust=trusted,
    )


def _load(page: Page) -> Page | None:
    """The specific page, where it is of a type that one reads: one query."""
    model = page.specific_class
    if model is None or getattr(model, "is_container", False) or model is ExternalLinkPage:
        return None
    related = getattr(model, "serve_select_related", ())
    found: Page | None = (
        model.objects.select_related("locale", *related).filter(pk=page.pk, live=True).first()
    )
    return found


def _listed(page: Page, url: str) -> dict[str, Any]:
    """What lists say of a page; of types that are never listed, what they would say."""
    row = ListingRow.objects.filter(page_id=page.pk, is_own=True).first()
    if row is not None:
        return {
            "kind": row.kind,
            "published_at": row.date,
            "source": row.source,
            "summary": row.summary,
            "image": _image(row, url),
        }
    values = page.listing_values() if hasattr(page, "listing_values") else {}
    return {
        "kind": getattr(page, "structure_kind", "") or values.get("kind", ""),
        "published_at": values.get("date") or page.first_published_at,
        "source": values.get("source", ""),
        "summary": values.get("summary", ""),
        "image": None,
    }


def _body_html(request: HttpRequest, page: Page) -> str:
    body = getattr(page, "body", None)
    if body is None:
        return ""
    prepare_media(body)
    return str(body.render_as_block({"page": page, "portal": context_for_page(request, page)}))


def _attachments(page: Page, url: str) -> Iterator[Attachment]:
    for block in getattr(page, "body", None) or ():
        if block.block_type != "attachments":
            continue
        for document in block.value.get("documents") or ():
            if document is not None:
                yield Attachment(
                    title=document.title,
                    url=absolute_url(document.url, url),
                    size=document.file_size or 0,
                    extension=document.file_extension.lower(),
                )


def _leader(page: Page) -> Leader | None:
    if not isinstance(page, LeaderPage):
        return None
    return Leader(name=page.name, resume=page.resume, duties=page.duties)

from django.http import HttpRequest
from ninja import Path, Query, Router

from portal.core.models import SiteRecord
from portal.core.public_api.errors import ApiMissing
from portal.core.public_api.pagination import ApiWindow, api_frame
from portal.core.public_api.parameters import ApiLanguage, ApiSiteCode
from portal.core.public_api.tree import PublicTree, public_tree
from portal.core.structure import SiteIdentity

from .messages import NO_LANGUAGE
from .schemas import Contact, SiteDetail, SiteItem, SiteListing

router = Router(tags=["sites"])


class SitesQuery(ApiWindow):
    language: ApiLanguage | None = None


@router.get("/sites", response=SiteListing, operation_id="list_sites", summary="All sites")
def list_sites(request: HttpRequest, query: Query[SitesQuery]) -> SiteListing:
    """With `language`, those with content in it, named in it."""
    tree = public_tree(request)
    found = [
        record
        for record in tree.sites
        if query.language is None or query.language in tree.languages(record.pk)
    ]
    items = [_item(tree, record, query.language) for record in found[query.offset : query.end]]
    more = len(found) > query.end
    return SiteListing(items=items, **api_frame(request, query, total=len(found), more=more))


@router.get("/sites/{code}", response=SiteDetail, operation_id="get_site", summary="One site")
def get_site(
    request: HttpRequest, code: Path[ApiSiteCode], language: ApiLanguage | None = None
) -> SiteDetail:
    tree = public_tree(request)
    record = tree.site(code)
    if language is not None and language not in tree.languages(record.pk):
        raise ApiMissing(NO_LANGUAGE)
    identity = _identity(tree, record, language)
    return SiteDetail(
        **dict(_item(tree, record, language)),
        domain=identity.domain,
        chinese_domain=identity.chinese_domain,
        id_code=identity.id_code,
        icp_number=identity.icp_number,
        police_number=identity.police_number,
        party_mark_number=identity.party_mark_number,
        owner=identity.owner,
        operator=identity.operator,
        supervisor=identity.supervisor,
        contact=Contact(
            phone=identity.contact_phone,
            email=identity.contact_email,
            address=identity.contact_address,
            office_hours=identity.office_hours,
        ),
        error_report_url=identity.error_report_url,
        opened_on=record.opened_on,
    )


def _identity(tree: PublicTree, record: SiteRecord, language: str | None) -> SiteIdentity:
    language = language or tree.languages(record.pk)[0]
    identity = tree.structure.identity(record.pk, language, None)
    if identity is None:
        raise ApiMissing(NO_LANGUAGE)
    return identity


def _item(tree: PublicTree, record: SiteRecord, language: str | None) -> SiteItem:
    identity = _identity(tree, record, language)
    home = tree.home(record.pk, identity.language)
    parent = tree.structure.records.get(record.parent_id or 0)
    return SiteItem(
        code=record.code,
        kind=record.kind,
        name=identity.name,
        short_name=identity.short_name,
        language=identity.language,
        languages=tree.languages(record.pk),
        url=tree.url(home.url_path) if home is not None else "",
        parent=parent.code if parent is not None and tree.languages(parent.pk) else None,
    )

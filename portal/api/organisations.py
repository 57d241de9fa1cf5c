from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router

from portal.core.models import Organisation
from portal.core.public_api.errors import ApiMissing
from portal.core.public_api.pagination import ApiWindow, api_frame
from portal.core.public_api.parameters import ApiKind, ApiOrganisationCode, ApiSiteCode
from portal.core.public_api.tree import PublicTree, public_tree

from .messages import NO_ORGANISATION
from .schemas import (
    OrganisationDetail,
    OrganisationItem,
    OrganisationListing,
    OrganisationRef,
    Person,
)

router = Router(tags=["organisations"])


class OrganisationsQuery(ApiWindow):
    site: ApiSiteCode | None = None
    kind: ApiKind | None = None


@router.get(
    "/organisations",
    response=OrganisationListing,
    operation_id="list_organisations",
    summary="The registry of organisations",
)
def list_organisations(
    request: HttpRequest, query: Query[OrganisationsQuery]
) -> OrganisationListing:
    """With `site`, the entries that this site maintains."""
    tree = public_tree(request)
    found = _shown(tree)
    if query.site is not None:
        found = found.filter(site_id=tree.site(query.site).pk)
    if query.kind is not None:
        found = found.filter(kind=query.kind)
    total = found.count()  # a register of hundreds
    units = found.order_by("sort_order", "full_name", "pk")[query.offset : query.end]
    items = [_item(tree, unit) for unit in units]
    more = total > query.end
    return OrganisationListing(items=items, **api_frame(request, query, total=total, more=more))


@router.get(
    "/organisations/{code}",
    response=OrganisationDetail,
    operation_id="get_organisation",
    summary="One organisation",
)
def get_organisation(request: HttpRequest, code: Path[ApiOrganisationCode]) -> OrganisationDetail:
    tree = public_tree(request)
    unit = _shown(tree).filter(code=code).first()
    if unit is None:
        raise ApiMissing(NO_ORGANISATION)
    return OrganisationDetail(
        **dict(_item(tree, unit)),
        duties=unit.duty_list,
        phone=unit.phone,
        email=unit.email,
        address=unit.address,
        office_hours=unit.office_hours,
        persons=[
            Person(role=person.role, name=person.name, phone=person.phone)
            for person in unit.persons.all()
        ],
        children=[
            OrganisationRef(code=child.code, name=child.full_name)
            for child in _shown(tree).filter(parent=unit)
        ],
    )


def reference(tree: PublicTree, unit: Organisation | None) -> OrganisationRef | None:
    """How other entries name an organisation; None for one that is not shown."""
    if unit is None or not _is_shown(tree, unit):
        return None
    return OrganisationRef(code=unit.code, name=unit.full_name)


def _shown(tree: PublicTree) -> QuerySet[Organisation]:
    """Without the entries of sites that the public does not see."""
    sites = [record.pk for record in tree.sites]
    found: QuerySet[Organisation] = Organisation.objects.select_related("parent")
    return found.filter(Q(site__isnull=True) | Q(site_id__in=sites))


def _is_shown(tree: PublicTree, unit: Organisation) -> bool:
    return unit.site_id is None or bool(tree.languages(unit.site_id))


def _item(tree: PublicTree, unit: Organisation) -> OrganisationItem:
    parent = reference(tree, unit.parent)
    return OrganisationItem(
        code=unit.code,
        full_name=unit.full_name,
        short_name=unit.short_name,
        english_name=unit.english_name,
        kind=unit.kind,
        parent=parent.code if parent is not None else None,
    )

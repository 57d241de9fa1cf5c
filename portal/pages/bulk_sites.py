"""Synthetic sub-sites for synthetic articles, made the way an administrator would make them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.core import provisioning, structure
from portal.core.models import Organisation, SiteRecord
from portal.core.structure import Node

from .bulk import BulkRefused, article_columns
from .bulk_text import vocabulary
from .models import ColumnPage, ColumnType, SubSitePage


def synthetic_columns(sites: int, seed: int) -> tuple[Node, ...]:
    """The columns of this many synthetic sub-sites of a seed; what is missing is made.

    Raises:
        BulkRefused: there is no portal to put them under.
    """
    portal = SiteRecord.objects.filter(kind=SiteRecord.Kind.PORTAL).order_by("pk").first()
    if portal is None:
        raise BulkRefused(_("There is no portal yet; load the demo city or make one first."))
    records = [_site(portal, seed, number) for number in range(1, sites + 1)]
    nodes = structure.current().nodes
    return tuple(
        column for record in records for column in article_columns(nodes[record.root_page_id])
    )


def _site(portal: SiteRecord, seed: int, number: int) -> SiteRecord:
    """One sub-site with its columns; the one that is there already, completed."""
    code = f"synthetic-site-{seed}-{number}"
    names = vocabulary()["site_names"]
    name = f"{names[(number - 1) % len(names)]}{number:02}"
    record = SiteRecord.objects.filter(code=code).first()
    with transaction.atomic():
        unit, _created = Organisation.objects.get_or_create(
            code=code,
            defaults={
                "full_name": f"{name}人民政府",
                "short_name": f"{name}政府",
                "kind": Organisation.Kind.GOVERNMENT,
            },
        )
        home = _child(portal.root_page, SubSitePage, code, name)
        for position, title in enumerate(vocabulary()["columns"], start=1):
            _child(
                home,
                ColumnPage,
                f"column-{position}",
                title,
                column_type=title if title in ColumnType.values else ColumnType.OTHER,
                owner_unit=unit,
                responsible_person=f"{unit.short_name}办公室",
                show_in_menus=True,
            )
        if record is None:
            record = provisioning.create_site(
                root_page=home,
                code=code,
                kind=SiteRecord.Kind.SUB_SITE,
                parent=portal,
                name=unit.full_name,
                short_name=name,
                owner=unit,
            )
    return record


def _child(parent: Page, model: type[Page], slug: str, title: str, **fields: Any) -> Page:
    """The published child with this slug."""
    found = Page.objects.child_of(parent).filter(slug=slug).first()
    if found is not None:
        return found
    page: Page = model(title=title, slug=slug, live=False, locale=parent.locale, **fields)
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return page

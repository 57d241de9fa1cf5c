"""Offices: what the registry of units says about where they are and when one can come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from portal.plugin_api import public_pages, public_urls


@dataclass(frozen=True, slots=True)
class Office:
    """``url`` is "" where the unit has no public page of its own."""

    pk: int
    name: str
    short_name: str
    english_name: str
    address: str
    hours: str
    phone: str
    url: str = ""

    @property
    def names(self) -> Iterable[str]:
        """What people call it: 云湖市教育局, 市教育局, 教育局, Education Bureau."""
        yield self.name
        yield self.short_name
        if self.short_name.startswith(("市", "区", "县")) and len(self.short_name) > 3:
            yield self.short_name[1:]
        if self.english_name:
            yield self.english_name


def offices() -> Sequence[Office]:
    """All units of which there is something to tell. Two queries, small tables."""
    units = apps.get_model("core", "Organisation").objects.exclude(
        Q(address="") & Q(phone="") & Q(office_hours="")
    )
    pages = apps.get_model("pages", "OrganisationPage").objects.filter(
        public_pages(), live=True, alias_of__isnull=True, organisation__isnull=False
    )
    rows = list(pages.values_list("pk", "path", "url_path", "organisation_id"))
    urls = public_urls((pk, path, url_path) for pk, path, url_path, _unit in rows)
    by_unit = {unit: urls[pk] for pk, _path, _url_path, unit in rows if pk in urls}
    return [
        Office(
            unit.pk,
            unit.full_name,
            unit.short_name,
            unit.english_name,
            unit.address,
            unit.office_hours,
            unit.phone,
            by_unit.get(unit.pk, ""),
        )
        for unit in units.order_by("sort_order", "full_name")
    ]

"""The disclosure platforms of the demo city (``demo/disclosure.yaml``)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .models import AnnualReport, DisclosureColumn, DisclosurePlatform, StatutoryCategory
from .services import catalogue

FILE = Path(__file__).parent / "demo" / "disclosure.yaml"
_PAGES = ("guide", "rules", "reports")
_PLAIN = (
    "is_government", "guide_person", "rules_person", "first_report_year", "unified_code", "office",
    "address", "postcode", "phone", "email", "office_hours",
)  # fmt: skip


def finish(demo: Any) -> None:
    """Make each platform that is not there yet, then its catalogue."""
    categories = {category.code: category for category in StatutoryCategory.objects.all()}
    for row in demo.read_yaml(FILE):
        site = demo.records.get(row["site"])
        if site is None or DisclosurePlatform.objects.filter(site=site, unit=None).exists():
            continue
        _platform(row, site, categories, demo)
        catalogue.rebuild(site_pk=site.pk)


def _platform(row: Mapping[str, Any], site: Any, categories: Mapping[str, Any], demo: Any) -> None:
    values = {name: row[name] for name in _PLAIN if name in row}
    # The page classes differ; the fields are of Wagtail's own.
    pages = {f"{name}_id": demo.pages[row[name]].pk for name in _PAGES if name in row}
    platform = DisclosurePlatform(site=site, gives_numbers=True, **values, **pages)
    if "request_form" in row:
        platform.request_form = demo.documents[row["request_form"]]
    platform.full_clean()
    platform.save()
    for order, entry in enumerate(row.get("columns") or ()):
        DisclosureColumn.objects.create(
            platform=platform,
            sort_order=order,
            column_id=demo.pages[entry["column"]].pk,
            category=categories.get(entry.get("category") or ""),
        )
    for year, key in (row.get("annual_reports") or {}).items():
        AnnualReport.objects.create(platform=platform, year=year, page_id=demo.pages[key].pk)

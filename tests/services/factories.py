"""Guides for tests, through the same doors that editors use."""

from typing import Any

from wagtail.models import Page

from portal.services.models import (
    GuideBasis,
    GuideMaterial,
    GuidePage,
    GuidePlace,
    GuideStep,
    ServiceTerm,
)
from tests.factories import OrganisationFactory

MORNING = {"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "12:00"}
AFTERNOON = {"days": [1, 2, 3, 4, 5], "from": "13:30", "until": "17:00"}


def term(dimension: str, key: str) -> ServiceTerm:
    """A word of the lists that come with the portal."""
    return ServiceTerm.objects.get(dimension=dimension, key=key)


def make_guide(
    column: Page, *, live: bool = True, terms: list[ServiceTerm] | None = None, **fields: Any
) -> GuidePage:
    """A guide with all key parts; public unless told otherwise. Parts are given as lists."""
    values: dict[str, Any] = {
        "title": "居住证办理",
        "summary": "在本市居住半年以上的，可以申领居住证。",
        "everyday_names": "办居住证 暂住证",
        "conditions": "<p>有合法稳定住所。</p>",
        "promised_limit": "5个工作日",
        "contact_phone": "0999-10000110",
        "materials": [GuideMaterial(name="居民身份证", source="申请人自备")],
        "steps": [GuideStep(name="申请", text="到窗口提交。"), GuideStep(name="发证")],
        "places": [
            GuidePlace(
                name="市民中心",
                counter="二楼12号窗口",
                address="云水路1号",
                hours=[MORNING, AFTERNOON],
            )
        ],
        "basis": [GuideBasis(label="《居住证暂行条例》", url="https://www.elsewhere.example/663")],
    }
    values |= fields
    if "owner_unit" not in values:
        values["owner_unit"] = OrganisationFactory()
    parts = {name: values.pop(name) for name in ("materials", "steps", "places", "basis")}
    page = GuidePage(**values, live=False)
    for name, rows in parts.items():
        setattr(page, name, rows)
    if terms:
        page.terms = terms
    column.add_child(instance=page)
    if live:
        page.save_revision().publish()
    found: GuidePage = GuidePage.objects.get(pk=page.pk)
    return found

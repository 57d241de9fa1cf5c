"""The demo's guides in English: every text of the six guides is translated as it stands."""

from typing import Any

import pytest
import yaml
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.foreign.demo_translations import DIRECTORY, Texts
from portal.services.demo_content import DIRECTORY as GUIDES
from portal.services.demo_content import DemoGuides
from portal.services.models import GuidePage
from tests.factories import OrganisationFactory, World
from tests.services.factories import make_guide

pytestmark = pytest.mark.django_db


class _Demo:
    records: dict[str, Any] = {}
    pages: dict[str, Any] = {}

    def read_yaml(self, path: Any) -> Any:
        return yaml.safe_load(path.read_text(encoding="utf-8"))


class _Guides(DemoGuides):
    """Files and documents are the demo's; neither is translated with the guide."""

    def _hash(self, name: str, demo: Any) -> str:
        return ""

    def _basis(self, row: Any, demo: Any) -> dict[str, Any]:
        return {"label": "某法"}


def core() -> list[str]:
    rows = yaml.safe_load((DIRECTORY / "core.yaml").read_text(encoding="utf-8"))
    return [row["page"] for row in rows if row["page"].startswith("svc-")]


def test_at_least_six_guides_are_core_content() -> None:
    assert len(core()) >= 6


@pytest.mark.parametrize("key", core())
def test_every_text_is_translated(world: World, key: str) -> None:
    rows = {
        row["key"]: row
        for path in GUIDES.glob("articles/yunhu/*.yaml")
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    row = rows[key]
    OrganisationFactory(code=row["unit"])
    page = make_guide(
        world.column, live=False, title=row["title"], keywords=",".join(row["keywords"])
    )
    demo: Any = _Demo()
    _Guides()._fill(row, page, demo)
    page.save_revision().publish()
    found = extract_segments(GuidePage.objects.get(pk=page.pk))
    told = [one.string.data for one in found if isinstance(one, StringSegmentValue)]
    texts = Texts.read("en")
    assert [text for text in told if not texts.of(key, text)] == []

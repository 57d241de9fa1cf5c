"""The draft of the demo city: something is found in it, and it stays a draft."""

from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from portal.pages.models import ArticlePage
from portal.proofreading.demo_content import FILE, DemoDrafts
from portal.proofreading.selectors.findings import scan_page
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db


def test_editors_find_a_draft_with_marks(world: World) -> None:
    UserFactory(username="portal-editor")

    def add(parent: Any, model: Any, slug: str, title: str, fields: Any, publish: bool) -> Any:
        assert not publish
        return parent.add_child(instance=model(slug=slug, title=title, live=False, **fields))

    demo = SimpleNamespace(
        pages={"tongzhi": world.column}, add=add, read_yaml=lambda path: yaml.safe_load(path.open())
    )
    for _time in range(2):
        DemoDrafts().after_all(demo)
    page = ArticlePage.objects.get(slug=yaml.safe_load(FILE.open())[0]["slug"])
    assert not page.live
    assert page.latest_revision.user.username == "portal-editor"
    found = {(one.finding.text, one.finding.suggestion, one.grade) for one in scan_page(page).found}
    assert found == {
        ("布署", "部署", "warning"), ("渡假", "度假", "warning"), ("13800000000", "", "warning"),
    }  # fmt: skip

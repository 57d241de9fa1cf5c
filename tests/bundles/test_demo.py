"""The sets of the demo city, loaded into a small one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from wagtail.models import Page

from portal.bundles.demo_content import FILE, DemoSets
from portal.bundles.models import Bundle
from portal.bundles.selectors import Stage, row_of
from portal.core.models import Basis
from portal.core.reviews.grounds import releasing_as
from portal.pages.demo_content import DemoLoader
from portal.pages.demo_reviews import REVIEWERS
from tests.factories import World, member
from tests.policy_interpretation.factories import make_policy, make_product

pytestmark = pytest.mark.django_db


@dataclass
class SmallCity:
    """As much of the loader as plugins use."""

    records: dict[str, Any]
    pages: dict[str, Page]
    locale: Any
    add = DemoLoader.add
    hand_in = DemoLoader.hand_in

    def read_yaml(self, path: Path) -> Any:
        return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def city(provisioned_world: World) -> SmallCity:
    column = provisioned_world.column
    with releasing_as(Basis.OPERATOR, "tests"):
        policy = make_policy(column, title="既有住宅加装电梯管理办法")
        product = make_product(column, policy, title="装电梯要过几道门？")
    member("editor", provisioned_world.site, username="portal-editor")
    for username, role in REVIEWERS.values():
        member(role, provisioned_world.site, username=username)
    return SmallCity(
        {"yunhu": provisioned_world.site},
        {"bumen": column, "doc-elevator-2026-13": policy, "read-elevator": product},
        column.locale,
    )


def test_one_of_each_kind_and_loading_again_changes_nothing(city: SmallCity) -> None:
    DemoSets().after_all(city)
    rows = [row_of(bundle) for bundle in Bundle.objects.order_by("pk")]
    assert [row.stage for row in rows] == [Stage.IN_REVIEW, Stage.SCHEDULED, Stage.RELEASED]
    assert rows[0].ready == 1
    product = rows[0].pages[1].specific
    assert product.interprets.get().policy_id == rows[0].pages[0].pk
    before = list(Page.objects.order_by("pk").values()), list(Bundle.objects.values())
    DemoSets().after_all(city)
    assert (list(Page.objects.order_by("pk").values()), list(Bundle.objects.values())) == before


def test_the_file_names_no_page_twice() -> None:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    slugs = [item["slug"] for row in rows for item in row["items"]]
    assert len(slugs) == len(set(slugs))

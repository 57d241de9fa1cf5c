"""Rules and figures of the demo city, loaded into a small one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from wagtail.models import Page

from portal.search.demo_content import FILE, DemoSearch
from portal.search.models import (
    BestBet,
    QueryDay,
    RuleChange,
    SavedQuery,
    SearchTask,
    SiteWeights,
    SynonymRule,
)
from portal.search.services import tasking
from portal.search.services.changing import delete_rule
from portal.search.services.contract import Outcome
from portal.search.services.rules import rules_for
from tests.factories import ArticleFactory, World, add_path_sub_site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class SmallCity:
    """As much of the loader as plugins use."""

    records: dict[str, Any]
    pages: dict[str, Page]
    sites: list[dict[str, str]] = field(default_factory=lambda: [{"code": "yunhu"}])

    def read_yaml(self, path: Path) -> Any:
        return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def city(world: World, monkeypatch: pytest.MonkeyPatch) -> SmallCity:
    monkeypatch.setattr(tasking, "find", lambda search: Outcome())
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    keys = {row["page"] for row in told["best_bets"]} - {"topic-tea"}
    pages = {key: ArticleFactory(parent=world.column, title=key) for key in sorted(keys)}
    records = {"yunhu": world.site, "hubin": world.hubin, "gaoxin": world.gaoxin}
    _home, records["rsj"] = add_path_sub_site(
        world.site, world.home, code="rsj", name="人社局网站", short_name="人社局"
    )
    return SmallCity(records, pages)


def counts() -> dict[str, int]:
    models = (SynonymRule, BestBet, SiteWeights, SavedQuery, RuleChange, QueryDay, SearchTask)
    return {model.__name__: model._default_manager.count() for model in models}


def test_every_screen_has_something_to_show(city: SmallCity, world: World) -> None:
    DemoSearch().after_all(city)
    found = counts()
    assert all(found.values()), found
    rules = rules_for(world.site.pk)
    assert ("上户口", "报户口", "落户口") in [rule.words for rule in rules.synonyms]
    # What a plugin that is not installed would have is left out.
    assert len(rules.best_bets) == 4
    assert not QueryDay.objects.filter(is_invented=False).exists()
    assert {task.done for task in SearchTask.objects.filter(state="closed")} == {
        "not_ours",
        "content",
    }
    assert SearchTask.objects.filter(state="open").exists()


def test_loading_again_brings_nothing_back(city: SmallCity, world: World) -> None:
    DemoSearch().after_all(city)
    rule = SynonymRule.objects.first()
    assert rule is not None
    delete_rule(rule=rule, by=None)
    before = counts()
    DemoSearch().after_all(city)
    assert counts() == before

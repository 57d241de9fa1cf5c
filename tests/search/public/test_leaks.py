"""With an index as in life: what is not public stands on no surface, and official text is found."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.plugin_api import Passage, capability, passages
from portal.policy_interpretation.capabilities import PassagesOfPolicies
from portal.search.indexing.indexer import Indexer
from portal.search.passages import FoundPassages
from portal.search.suggestions import following, store
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, ColumnFactory, World
from tests.policy_interpretation.factories import clause, make_policy
from tests.search.indexing.conftest import folder, make_indexer, tell, until_idle

__all__ = ["folder", "make_indexer"]

client = Client()
WORD = "云雾鱼"
SURFACES = (
    f"/search/?q={WORD}",
    f"/search/?q={WORD}&in=title&sort=date",
    f"/search/feed/?q={WORD}",
    f"/api/v1/search?q={WORD}",
    f"/api/v1/suggest?q={WORD}",
    f"/yaowen/{WORD}/",
    f"/zh-hant/search/?q={WORD}",
)
SECRETS = ("草稿", "内部", "过期", "撤回", "未到", "下层")


@pytest.fixture
def index(world: World, make_indexer: Callable[[], Indexer]) -> Iterator[Callable[[], None]]:
    """Brings index and names up to date with what the test published."""
    indexer = make_indexer()

    def catch_up() -> None:
        tell()
        until_idle(indexer)
        while following.follow():
            pass

    yield catch_up
    indexer.close()
    store.close_reader()


def article(parent: Page, title: str, **values: Any) -> Any:
    return ArticleFactory(parent=parent, title=f"{WORD}{title}", **values)


@pytest.fixture
def city(world: World, index: Callable[[], None]) -> World:
    now = timezone.now()
    hidden = ColumnFactory(parent=world.home, title="内部栏目", slug="neibu")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    structure.touch()
    article(world.column, "公开")
    article(world.column, "草稿", live=False)
    article(hidden, "内部")
    article(world.column, "过期", expire_at=now - datetime.timedelta(hours=1))
    withdrawn = article(world.column, "撤回")
    index()
    withdrawn.unpublish()
    embargoed = article(world.column, "未到")
    embargoed.live = False
    embargoed.go_live_at = now + datetime.timedelta(days=1)
    embargoed.save()
    return world


@pytest.mark.parametrize("address", SURFACES)
def test_nothing_that_is_not_public_leaks(city: World, address: str) -> None:
    """The index has not heard of what was withdrawn last: the database has the last word."""
    html = client.get(address).content.decode()
    for secret in SECRETS:
        assert f"{WORD}{secret}" not in html, secret
    if "search" in address and "hant" not in address:
        assert "公开" in html


def test_counts_tell_nothing_either(city: World, index: Callable[[], None]) -> None:
    index()
    answer = client.get(f"/api/v1/search?q={WORD}").json()
    assert answer["total"] == 1
    assert sum(value["count"] for value in answer["facets"]["kind"]) == 1


# --- official text --------------------------------------------------------------------------------
QUESTION = "公共自行车押金多久退还"


def ask(text: str = QUESTION, **about: Any) -> list[Passage]:
    values: dict[str, Any] = {"site": None, "language": "zh-hans", "count": 3} | about
    return list(FoundPassages().passages(text, **values))


@pytest.fixture
def policy(world: World, index: Callable[[], None]) -> Any:
    page = make_policy(
        world.column,
        body=[
            clause("第一条", "为了方便市民出行，制定本办法。"),
            clause("第二条", "公共自行车的押金应当在三个工作日内退还。"),
        ],
    )
    article(world.column, "公共自行车押金退还的新闻")
    index()
    return page


def test_clauses_in_force_are_found_by_search(policy: Any) -> None:
    (found,) = ask()
    assert (found.kind, found.label) == ("policy", "第二条")
    assert found.title == policy.title
    assert "三个工作日" in found.text
    assert found.key.startswith(f"page:{policy.pk}#c-")
    assert found.url.startswith("/")
    assert 0.5 <= found.score <= 1
    assert ask("养老金领取资格认证") == []


def test_the_same_key_whoever_tells(policy: Any) -> None:
    """Receipts name passages by their keys."""
    other = PassagesOfPolicies().passages(QUESTION, site=None, language="zh-hans")
    assert [one.key for one in ask()] == [one.key for one in other]


def test_what_is_no_longer_in_force_is_no_passage(policy: Any, index: Callable[[], None]) -> None:
    policy.valid_through = timezone.localdate() - datetime.timedelta(days=1)
    policy.save_revision().publish()
    index()
    assert ask() == []


def test_another_moment_is_told_by_who_knows_it(
    policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        PassagesOfPolicies, "passages", lambda self, text, **about: asked.append(about["at"]) or ()
    )
    earlier = timezone.now() - datetime.timedelta(days=30)
    assert ask(at=earlier) == []
    assert asked == [earlier]


def test_without_an_index_the_others_tell(world: World, folder: Any) -> None:
    make_policy(world.column, body=[clause("第一条", "公共自行车的押金应当三日内退还。")])
    assert [one.label for one in ask()] == ["第一条"]


def test_search_is_asked_first_where_it_is_on(world: World) -> None:
    assert isinstance(capability(passages, world.site.pk), FoundPassages)
    with disable_plugin("search"):
        assert isinstance(capability(passages, world.site.pk), PassagesOfPolicies)

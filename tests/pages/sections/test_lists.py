"""Lists that fill themselves, links, entrances."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.utils import timezone

from portal.core.extension_points import ListItem, list_sources
from portal.plugins.registry import PORTAL
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ImageFactory,
    LeaderFactory,
    TopicFactory,
    World,
    publish,
)

from .conftest import block, items

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("style", "sign"),
    [
        ("list", "row-list"),
        ("lead", "row-list"),
        ("notice", "row-list"),
        ("cards", "cards--grid"),
        ("dates", "dated__day"),
        ("numbered", '<ol class="numbered"'),
        ("pictures", "pictured__item"),
    ],
)
def test_styles_of_a_feed(world: World, show: Callable[..., str], style: str, sign: str) -> None:
    ArticleFactory(parent=world.column, title="第一条")
    html = show(block("feed", column=world.column.pk, style=style, count=3))
    assert sign in html
    assert "第一条" in html
    assert "云湖要闻" in html  # the column's name, where the editor gave none


class TestFeedWithoutColumn:
    def test_shows_what_is_below_its_page(self, world: World, show: Callable[..., str]) -> None:
        topic = TopicFactory(parent=world.home)
        ArticleFactory(parent=ColumnFactory(parent=topic), title="专题里的")
        ArticleFactory(parent=world.column, title="别处的")
        html = show(block("feed", column=None), page=topic)
        assert "专题里的" in html
        assert "别处的" not in html

    def test_a_column_that_is_gone_is_not_replaced(
        self, world: World, show: Callable[..., str]
    ) -> None:
        ArticleFactory(parent=world.column, title="别处的")
        assert "别处的" not in show(block("feed", column=987654), page=world.home)


class TestKeyword:
    def test_finds_across_the_site_and_nowhere_else(
        self, world: World, show: Callable[..., str]
    ) -> None:
        topic = TopicFactory(parent=world.home)
        ArticleFactory(parent=world.column, title="栏目里的", keywords="水质, 湿地")
        ArticleFactory(parent=ColumnFactory(parent=topic), title="专题里的", keywords="水质")
        ArticleFactory(parent=world.column, title="别的词", keywords="水质月报")
        ArticleFactory(parent=world.hubin_column, title="区里的", keywords="水质")
        html = show(block("keyword_feed", keyword="水质", count=10))
        assert "栏目里的" in html
        assert "专题里的" in html
        assert "别的词" not in html
        assert "区里的" not in html

    @pytest.mark.parametrize("typed", ["ＧＤＰ", "gdp ", " Gdp"])
    def test_width_case_and_spaces_do_not_matter(
        self, world: World, show: Callable[..., str], typed: str
    ) -> None:
        ArticleFactory(parent=world.column, title="三季度", keywords="GDP，统计")
        assert "三季度" in show(block("keyword_feed", keyword=typed))

    def test_follows_edits_and_withdrawal(self, world: World, show: Callable[..., str]) -> None:
        article = ArticleFactory(parent=world.column, title="一篇", keywords="水质")
        article = publish(article, keywords="湿地")
        assert "一篇" not in show(block("keyword_feed", keyword="水质"))
        assert "一篇" in show(block("keyword_feed", keyword="湿地"))
        article.unpublish()
        assert "一篇" not in show(block("keyword_feed", keyword="湿地"))

    def test_the_newest_first(self, world: World, show: Callable[..., str]) -> None:
        now = timezone.now()
        for days, title in ((3, "旧"), (1, "新"), (2, "中")):
            date = now - datetime.timedelta(days=days)
            ArticleFactory(parent=world.column, title=title, keywords="水质", date=date)
        html = show(block("keyword_feed", keyword="水质", title="t", count=2))
        assert html.index("新") < html.index("中")
        assert ">旧<" not in html


class TestPlugin:
    class Source:
        label = "来信"

        def __init__(self, *found: ListItem) -> None:
            self.found = found

        def items(self, *, site: int | None, language: str, count: int) -> list[ListItem]:
            return list(self.found)

    @pytest.fixture
    def feed(self) -> Iterator[Callable[..., dict[str, object]]]:
        """A block that shows the items of a source which is there for this test only."""
        with ExitStack() as stack:

            def make(*found: ListItem) -> dict[str, object]:
                source = self.Source(*found)
                stack.enter_context(list_sources.temporarily(source, plugin=PORTAL, name="letters"))
                return block("plugin_feed", source=f"{PORTAL}.letters", count=1)

            yield make

    def test_shows_its_items(
        self, world: World, show: Callable[..., str], feed: Callable[..., dict[str, object]]
    ) -> None:
        first = ListItem("路灯坏了", "/letters/1/", timezone.now())
        html = show(feed(first, ListItem("多的", "/letters/2/", timezone.now())))
        assert 'href="/letters/1/"' in html
        assert "来信" in html
        assert "多的" not in html  # more than it was asked for

    @pytest.mark.parametrize(
        "wrong",
        [
            ListItem("x", "javascript:alert(1)", timezone.now()),
            ListItem("x", "/letters/1/", datetime.datetime(2026, 1, 1)),  # noqa: DTZ001
        ],
    )
    def test_a_broken_list_shows_nothing(
        self,
        world: World,
        show: Callable[..., str],
        feed: Callable[..., dict[str, object]],
        monkeypatch: pytest.MonkeyPatch,
        wrong: ListItem,
    ) -> None:
        monkeypatch.setattr("portal.plugins.breaker.breaker.call", _swallowing)
        assert "<section" not in show(feed(wrong))

    def test_a_plugin_that_is_off_shows_nothing(
        self, world: World, show: Callable[..., str]
    ) -> None:
        assert "<section" not in show(block("plugin_feed", source="letters.letters"))


def _swallowing(_plugin: str, _point: str, work: Callable[[], object], default: object) -> object:
    """As in production, where a failing plugin is logged; in tests it fails loudly."""
    try:
        return work()
    except Exception:
        return default


class TestLeaders:
    def test_of_the_chosen_column(self, world: World, show: Callable[..., str]) -> None:
        column = ColumnFactory(parent=world.home, title="政府领导", display="leaders")
        LeaderFactory(parent=column, title="市长", duties="主持全面工作。")
        LeaderFactory(parent=column, title="副市长")
        html = show(block("leaders", column=column.pk, count=1))
        assert "市长" in html
        assert "主持全面工作。" in html
        assert "副市长" not in html

    def test_of_the_site_when_none_is_chosen(self, world: World, show: Callable[..., str]) -> None:
        LeaderFactory(parent=ColumnFactory(parent=world.home, display="leaders"), title="市长")
        LeaderFactory(
            parent=ColumnFactory(parent=world.hubin_home, display="leaders"), title="区长"
        )
        html = show(block("leaders"))
        assert "市长" in html
        assert "区长" not in html


class TestLinks:
    def test_page_address_and_what_is_not_public(
        self, world: World, show: Callable[..., str]
    ) -> None:
        public = ArticleFactory(parent=world.column, title="指南", slug="guide")
        draft = ArticleFactory(parent=world.column, title="草稿", draft=True)
        html = show(
            block(
                "links",
                items=items(
                    {"page": public.pk, "url": "", "title": "", "summary": "怎么办"},
                    {"page": draft.pk, "url": "", "title": "看不到", "summary": ""},
                    {"page": None, "url": "https://example.org/", "title": "别处", "summary": ""},
                    {"page": None, "url": "", "title": "没有地址", "summary": ""},
                ),
            )
        )
        assert "/yaowen/guide/" in html
        assert "怎么办" in html
        assert "https://example.org/" in html
        assert "看不到" not in html
        assert "没有地址" not in html

    def test_in_a_preview_the_unfinished_is_seen(
        self, world: World, show: Callable[..., str]
    ) -> None:
        entries = items({"page": None, "url": "", "title": "没有地址"}, {"title": ""})
        html = show(block("links", items=entries), preview=True)
        assert "没有地址" in html
        assert html.count('class="card"') == 2
        assert "href" not in html

    def test_lists_of_the_older_form(self, world: World, show: Callable[..., str]) -> None:
        stored = block("links", items=[{"url": "https://example.org/", "title": "别处"}])
        assert "别处" in show(stored)


def test_service_entries(world: World, show: Callable[..., str]) -> None:
    entries = items(
        {"icon": "baby", "title": "生孩子", "text": "一次带齐", "page": world.column.pk, "url": ""},
        {"icon": "no-such", "title": "其他", "page": world.column.pk, "url": ""},
        {"icon": "work", "title": "没有去处", "page": None, "url": ""},
    )
    html = show(block("services", title="人生大事", items=entries))
    assert "services.svg#baby" in html
    assert "services.svg#document" in html
    assert "no-such" not in html
    assert "没有去处" not in html


def test_a_group_without_links_is_not_shown(world: World, show: Callable[..., str]) -> None:
    link = {"page": world.column.pk, "url": "", "title": "老年优待卡", "summary": ""}
    groups = items(
        {"icon": "elder", "title": "老年人", "links": items(link)},
        {"icon": "business", "title": "企业", "links": []},
    )
    html = show(block("service_groups", groups=groups))
    assert "老年优待卡" in html
    assert "企业" not in html


def test_list_pictures_name_their_size(world: World, show: Callable[..., str]) -> None:
    ArticleFactory(parent=world.column, cover=ImageFactory())
    from portal.core.models import ListingRow

    ListingRow.objects.update(image_url="/media/a.webp", image_width=800, image_height=450)
    html = show(block("feed", column=world.column.pk, style="pictures"))
    assert 'width="800" height="450"' in html

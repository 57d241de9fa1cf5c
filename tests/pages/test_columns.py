"""Columns, channels and homes: rules, displays, sections."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.core.gate import PublishRefused
from portal.core.models import EditableMessage
from portal.pages.models import ColumnPage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    LeaderFactory,
    OrganisationPageFactory,
    StandardPageFactory,
    TopicFactory,
    World,
    publish,
)

pytestmark = pytest.mark.django_db


# --- rules ----------------------------------------------------------------------------------------
def test_a_periodic_column_has_a_period(world: World) -> None:
    world.column.publication_class = ColumnPage.PublicationClass.PERIODIC
    with pytest.raises(ValidationError) as refused:
        world.column.full_clean()
    assert "update_period_days" in refused.value.message_dict
    world.column.update_period_days = 14
    world.column.full_clean()


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"owner_unit": None}, "owner_unit"),
        ({"responsible_person": " "}, "responsible_person"),
    ],
)
def test_a_column_without_somebody_who_answers_for_it(
    world: World, missing: dict[str, Any], field: str
) -> None:
    with pytest.raises(PublishRefused) as refused:
        ColumnFactory(parent=world.home, **missing)
    assert [problem.field for problem in refused.value.problems] == [field]
    ColumnFactory(parent=world.home, draft=True, **missing)


@pytest.mark.parametrize("model", [LeaderFactory, OrganisationPageFactory])
def test_unit_pages_must_be_complete(world: World, model: Any) -> None:
    missing = {"resume": "", "duties": ""} if model is LeaderFactory else {"organisation": None}
    with pytest.raises(PublishRefused):
        model(parent=world.column, **missing)


def test_an_organisation_that_the_register_knows_too_little_of(world: World) -> None:
    from tests.factories import OrganisationFactory

    with pytest.raises(PublishRefused):
        OrganisationPageFactory(parent=world.column, organisation=OrganisationFactory(bare=True))


# --- displays -------------------------------------------------------------------------------------
def test_an_empty_column_says_so_in_the_site_s_words(world: World, client: Client) -> None:
    EditableMessage.objects.create(key="empty_column", text="暂无内容，敬请期待")
    assert "暂无内容，敬请期待" in client.get("/yaowen/").content.decode()


@pytest.mark.parametrize("display", ColumnPage.Display.values)
def test_every_display_answers_empty_and_filled(world: World, client: Client, display: str) -> None:
    publish(world.column, display=display)
    assert client.get("/yaowen/").status_code == 200
    ArticleFactory(parent=world.column, title="文章")
    LeaderFactory(parent=world.column, title="市长")
    OrganisationPageFactory(parent=world.column, title="档案局")
    page = client.get("/yaowen/").content.decode()
    expected = {"leaders": "市长", "organisations": "档案局", "list": "文章", "cards": "文章"}
    assert expected.get(display, "云湖要闻") in page


def test_leaders_stand_in_the_tree_s_order(world: World, client: Client) -> None:
    publish(world.column, display="leaders")
    for title in ("市长", "副市长"):
        LeaderFactory(parent=world.column, title=title)
    cards = client.get("/yaowen/").context["cards"]
    assert [card.title for card in cards] == ["市长", "副市长"]


def test_sub_columns_are_a_menu_of_their_own(world: World, client: Client) -> None:
    filled, blank = (ColumnFactory(parent=world.column) for _ in range(2))
    ArticleFactory(parent=filled)
    children = client.get("/yaowen/").context["children"]
    assert [child.title for child in children] == [filled.title]
    assert blank.title not in [child.title for child in children]
    # A column without columns below shows those beside it.
    siblings = client.get(f"/yaowen/{filled.slug}/").context["children"]
    assert [(child.title, child.is_current) for child in siblings] == [(filled.title, True)]


# --- sections -------------------------------------------------------------------------------------
class TestSections:
    def sections(self, world: World, client: Client, *blocks: tuple[str, Any]) -> list[Any]:
        publish(world.home, sections=list(blocks))
        response = client.get("/")
        assert response.status_code == 200
        return self.shown(response)

    def shown(self, response: Any) -> list[Any]:
        """The sections at the top of the page: each is rendered by itself."""
        lists = [
            rendered["sections"]
            for template, rendered in zip(response.templates, response.context, strict=False)
            if template.name == "portal/section_list.html"
        ]
        return [section for sections in lists for section in sections]

    def feed(self, world: World, **values: Any) -> tuple[str, Any]:
        fields = {"column": world.column, "title": "", "count": 6, "style": "list"}
        return ("feed", fields | values)

    def test_a_feed(self, world: World, client: Client) -> None:
        ArticleFactory.create_batch(3, parent=world.column)
        [section] = self.sections(world, client, self.feed(world, count=2))
        assert (section.kind, section.title, section.url) == ("feed", "云湖要闻", "/yaowen/")
        assert len(section.rows) == 2

    def test_what_has_nothing_to_show_is_left_out(self, world: World, client: Client) -> None:
        blocks = [self.feed(world), ("topics", {"title": "专题"}), ("links", {"items": []})]
        assert self.sections(world, client, *blocks) == []

    def test_a_private_column_is_not_fed(self, world: World, client: Client) -> None:
        ArticleFactory(parent=world.column, title="内部")
        PageViewRestriction.objects.create(
            page=world.column, restriction_type=PageViewRestriction.LOGIN
        )
        assert self.sections(world, client, self.feed(world)) == []

    def test_a_column_that_is_gone(self, world: World, client: Client) -> None:
        ArticleFactory(parent=world.column)
        publish(world.home, sections=[self.feed(world)])
        world.column.delete()
        response = client.get("/")
        assert response.status_code == 200
        assert self.shown(response) == []

    def test_open_topics_of_this_site(self, world: World, client: Client) -> None:
        TopicFactory(parent=world.home, title="开")
        TopicFactory(parent=world.home, title="备", state="planned")
        TopicFactory(parent=world.home, title="闭", state="closed")
        TopicFactory(parent=world.home, title="档", archived=True)
        TopicFactory(parent=world.hubin_home, title="区")
        [section] = self.sections(world, client, ("topics", {"title": ""}))
        assert [card.title for card in section.items] == ["开"]

    def test_sub_sites_with_their_addresses(self, world: World, client: Client) -> None:
        [section] = self.sections(world, client, ("sub_sites", {"title": ""}))
        assert [card.url for card in section.items] == [
            "/hubin/",
            "http://gaoxin.yunhu.gov.cn/",
        ]

    def test_sub_sites_that_do_not_run(self, world: World, client: Client) -> None:
        world.hubin.state = world.hubin.State.PREPARING
        world.hubin.save()
        [section] = self.sections(world, client, ("sub_sites", {"title": ""}))
        assert [card.url for card in section.items] == ["http://gaoxin.yunhu.gov.cn/"]

    def test_links(self, world: World, client: Client) -> None:
        about = StandardPageFactory(parent=world.home, title="关于", slug="about")
        article = ArticleFactory(parent=world.column, title="通知", slug="a")
        draft = ArticleFactory(parent=world.column, draft=True)
        items = [
            {"page": about, "url": "", "title": "", "summary": ""},
            {"page": article, "url": "", "title": "改名", "summary": ""},
            {"page": draft, "url": "", "title": "草稿", "summary": ""},
            {"page": None, "url": "https://x.example/", "title": "外", "summary": ""},
        ]
        [section] = self.sections(world, client, ("links", {"title": "", "items": items}))
        assert [(card.title, card.url) for card in section.items] == [
            ("关于", "/about/"),
            ("改名", "/yaowen/a/"),
            ("外", "https://x.example/"),
        ]

    def test_the_lead_is_not_repeated(self, world: World, client: Client) -> None:
        from portal.core.renditions import fill_listing_images
        from tests.factories import ImageFactory

        ArticleFactory.create_batch(2, parent=world.column)
        pictured = ArticleFactory(parent=world.column, cover=ImageFactory())
        fill_listing_images([pictured.pk])
        [section] = self.sections(world, client, self.feed(world, style="lead"))
        assert section.lead.pk == pictured.pk
        assert pictured.pk not in [row.pk for row in section.rows]
        assert len(section.rows) == 2

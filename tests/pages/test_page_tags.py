"""The page tags of the national standard: the exact set on each kind of page, nothing empty."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from portal.core.extension_points import page_tags
from portal.plugins.registry import PORTAL
from tests.factories import (
    ArticleFactory,
    LeaderFactory,
    OrganisationFactory,
    OrganisationPageFactory,
    StandardPageFactory,
    TopicFactory,
    World,
    publish,
)

pytestmark = pytest.mark.django_db

type Tags = Callable[..., list[tuple[str, str]]]
SITE = ["SiteName", "SiteDomain", "SiteIDCode"]
COLUMN = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]
AT = datetime.datetime(2026, 3, 2, 8, 5, tzinfo=datetime.UTC)


def names(found: list[tuple[str, str]]) -> list[str]:
    return [name for name, _value in found]


def test_home(world: World, tags: Tags) -> None:
    found = tags("/")
    assert names(found) == SITE + COLUMN
    assert dict(found)["SiteName"] == "云湖市人民政府"
    assert dict(found)["SiteDomain"] == "www.yunhu.gov.cn"
    assert dict(found)["SiteIDCode"] == "3399000001"
    assert dict(found)["ColumnType"] == "首页"


def test_list(world: World, tags: Tags) -> None:
    publish(
        world.column,
        column_type="政策文件,政策解读",
        keywords="规范性文件,公报",
        search_description="市政府文件",
    )
    found = tags("/yaowen/")
    assert names(found) == SITE + COLUMN
    assert found[3:] == [
        ("ColumnName", "云湖要闻"),
        ("ColumnDescription", "市政府文件"),
        ("ColumnKeywords", "规范性文件,公报"),
        ("ColumnType", "政策文件,政策解读"),
    ]


def test_required_tags_are_never_missing(world: World, tags: Tags) -> None:
    """A column without keywords or description still has both tags."""
    found = dict(tags("/yaowen/"))
    assert "云湖要闻" in found["ColumnDescription"]
    assert found["ColumnKeywords"]


def test_detail_with_everything(world: World, tags: Tags) -> None:
    ArticleFactory(
        parent=world.column, slug="a", title="开放日", date=AT, source="市政府办公室",
        author="王敏", keywords="开放,参观", search_description="请来参观",
    )  # fmt: skip
    found = tags("/yaowen/a/")
    assert names(found)[:7] == SITE + COLUMN
    assert found[7:] == [
        ("ArticleTitle", "开放日"),
        ("PubDate", "2026-03-02 16:05"),
        ("ContentSource", "市政府办公室"),
        ("Keywords", "开放,参观"),
        ("Author", "王敏"),
        ("Description", "请来参观"),
        ("Url", "http://testserver/yaowen/a/"),
    ]


def test_optional_tags_are_left_out_and_not_empty(world: World, tags: Tags) -> None:
    ArticleFactory(parent=world.column, slug="a")
    found = tags("/yaowen/a/")
    assert {"ArticleTitle", "PubDate", "ContentSource"} <= set(names(found))
    assert not {"Keywords", "Author"} & set(names(found))


@pytest.mark.parametrize("hour", [0, 11, 12, 13, 23])
def test_the_date_is_the_visible_one_on_the_24_hour_clock(
    world: World, tags: Tags, client: Client, hour: int
) -> None:
    local = datetime.timezone(datetime.timedelta(hours=8))
    date = datetime.datetime(2026, 3, 2, hour, 7, tzinfo=local)
    ArticleFactory(parent=world.column, slug="a", date=date)
    expected = f"2026-03-02 {hour:02}:07"
    assert dict(tags("/yaowen/a/"))["PubDate"] == expected
    assert f'<time class="label-value" datetime="{expected}">{expected}</time>' in (
        client.get("/yaowen/a/").content.decode()
    )
    assert client.get("/yaowen/").context["rows"][0].date_text == expected


def test_without_a_date_of_its_own_the_moment_of_publishing(world: World, tags: Tags) -> None:
    ArticleFactory(parent=world.column, slug="a", published_at=AT)
    assert dict(tags("/yaowen/a/"))["PubDate"] == "2026-03-02 16:05"


def test_the_address_is_the_canonical_one(world: World, tags: Tags, client: Client) -> None:
    ArticleFactory(parent=world.gaoxin_column, slug="a")
    url = dict(tags("/dongtai/a/", "gaoxin.yunhu.gov.cn"))["Url"]
    assert url == "http://gaoxin.yunhu.gov.cn/dongtai/a/"
    html = client.get("/dongtai/a/", headers={"host": "gaoxin.yunhu.gov.cn"}).content.decode()
    assert f'<link rel="canonical" href="{url}">' in html


def test_a_sub_site_names_itself(world: World, tags: Tags) -> None:
    ArticleFactory(parent=world.hubin_column, slug="a")
    for path in ("/hubin/", "/hubin/dongtai/", "/hubin/dongtai/a/"):
        assert dict(tags(path))["SiteName"] == "湖滨区人民政府"


def test_units(world: World, tags: Tags) -> None:
    unit = OrganisationFactory(full_name="云湖市档案局")
    LeaderFactory(parent=world.column, slug="leader", organisation=unit)
    OrganisationPageFactory(parent=world.column, slug="unit", organisation=unit)
    for path in ("/yaowen/leader/", "/yaowen/unit/"):
        found = dict(tags(path))
        assert {"ArticleTitle", "PubDate", "ContentSource", *COLUMN} <= set(found)
        assert found["ContentSource"] == "云湖市档案局"


@pytest.mark.parametrize("print_view", [False, True])
def test_no_value_is_empty_or_null(world: World, tags: Tags, print_view: bool) -> None:
    ArticleFactory(parent=world.column, slug="a", author="null", keywords="null")
    StandardPageFactory(parent=world.home, slug="about")
    LeaderFactory(parent=world.column, slug="leader")
    TopicFactory(parent=world.home, slug="topic")
    for path in ("/", "/yaowen/", "/yaowen/a/", "/about/", "/yaowen/leader/", "/topic/", "/hubin/"):
        found = tags(path + ("?print=1" if print_view else ""))
        assert len(found) >= 3 - 2 * (path == "/hubin/")
        assert all(value.strip() and value != "null" for _name, value in found), path
        assert len(set(names(found))) == len(found), path


def test_values_are_escaped(world: World, client: Client) -> None:
    ArticleFactory(parent=world.column, slug="a", title='"><script>alert(1)</script>')
    html = client.get("/yaowen/a/").content.decode()
    assert "<script>alert" not in html


def test_plugins_may_add_tags(world: World, tags: Tags) -> None:
    def add(found: list[tuple[str, str]], *, page: object, site: object) -> list[tuple[str, str]]:
        return [*found, ("Added", "1"), ("Empty", ""), ("Nothing", "null")]

    with page_tags.temporarily(add, plugin=PORTAL):
        assert tags("/")[-1] == ("Added", "1")

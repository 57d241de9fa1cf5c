"""What the API gives, object by object."""

import datetime
from typing import Any

from .conftest import Api, City


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [item["title"] for item in items]


# --- sites ----------------------------------------------------------------------------------------
def test_sites_the_portal_first(api: Api) -> None:
    answer = api.json("sites")
    assert [(item["code"], item["url"]) for item in answer["items"]] == [
        ("yunhu", "http://testserver/"),
        ("gaoxin", "http://gaoxin.yunhu.gov.cn/"),
        ("hubin", "http://testserver/hubin/"),
    ]
    assert answer["total"] == 3
    assert answer["items"][1]["parent"] == "yunhu"
    assert answer["items"][0]["languages"] == ["zh-hans", "en"]


def test_sites_of_a_language_are_named_in_it(api: Api) -> None:
    items = api.items("sites?language=en")
    assert [(item["name"], item["language"]) for item in items] == [("English city", "en")]
    assert items[0]["url"] == "http://testserver/en/"


def test_site(api: Api) -> None:
    site = api.json("sites/yunhu")
    assert site["owner"] == "云湖市人民政府办公室"
    assert site["id_code"] == "3399000001"
    assert api.json("sites/yunhu?language=en")["name"] == "English city"


# --- columns --------------------------------------------------------------------------------------
def test_columns_of_a_site_in_the_order_of_the_tree(api: Api) -> None:
    assert titles(api.items("columns?site=yunhu&language=zh-hans")) == [
        "云湖要闻", "News", "Local news", "Leaders", "Festival", "Stories",
    ]  # fmt: skip
    assert titles(api.items("columns?site=hubin")) == ["湖滨动态"]
    assert titles(api.items("columns?language=en")) == ["English news"]


def test_column(api: Api, city: City) -> None:
    column = api.json(f"columns/{city.pk('News')}")
    # Three of its own, one of the column below, one that is over and not yet taken down.
    assert column["count"] == 5
    assert column["types"] == ["工作动态", "其他"]
    assert column["owner"] == {"code": "city-hall", "name": "City Hall"}
    assert titles(column["children"]) == ["Local news"]
    assert api.json(f"columns/{city.pk('Local news')}")["parent"] == city.pk("News")


def test_an_archived_topic_left_the_lists_and_can_be_read(api: Api, city: City) -> None:
    assert not {"Old festival", "Old stories"} & set(titles(api.items("columns")))
    topic = api.json(f"columns/{city.pk('Old festival')}")
    assert topic["state"] == "archived"
    assert topic["archived_at"] == "2025-12-31T09:30:00+08:00"
    assert titles(api.items(f"pages?column={city.pk('Old festival')}")) == ["Old story"]
    assert api.json(f"pages/{city.pk('Old story')}")["archived_at"] == topic["archived_at"]


# --- pages ----------------------------------------------------------------------------------------
def test_pages_of_a_column_newest_first(api: Api, city: City) -> None:
    news = ["Local", "News 2", "News 1", "News 0"]
    assert titles(api.items(f"pages?column={city.pk('News')}")) == news
    assert titles(api.items(f"pages?column={city.pk('Local news')}")) == ["Local"]


def test_pages_of_a_site_hold_its_topics_and_not_its_sub_sites(api: Api) -> None:
    pages = titles(api.items("pages?site=yunhu&language=zh-hans&kind=article"))
    assert pages == ["Story", "Local", "News 2", "News 1", "News 0"]
    assert titles(api.items("pages?site=hubin")) == ["Hubin article"]


def test_pages_of_all_sites(api: Api) -> None:
    assert titles(api.items("pages?kind=article")) == [
        "Gaoxin article", "Hubin article", "Story", "Local", "News 2", "News 1", "Report", "News 0",
    ]  # fmt: skip


def test_pages_of_a_site_with_its_own_host(api: Api) -> None:
    (item,) = api.items("pages?site=gaoxin")
    assert item["url"] == "http://gaoxin.yunhu.gov.cn/dongtai/gaoxin-article/"
    assert item["site"] == "gaoxin"


def test_pages_by_language(api: Api) -> None:
    items = api.items("pages?language=en")
    assert [(item["title"], item["language"]) for item in items] == [("Report", "en")]
    assert items[0]["url"] == "http://testserver/en/news/news-0/"


def test_pages_by_kind(api: Api) -> None:
    assert titles(api.items("pages?kind=leader")) == ["Mayor"]
    assert api.items("pages?kind=poem") == []


def test_pages_by_days_both_included(api: Api, city: City) -> None:
    answer = api.json(f"pages?column={city.pk('News')}&from=2026-03-03&to=2026-03-04")
    assert titles(answer["items"]) == ["News 2", "News 1"]
    assert answer["total"] == 2
    assert api.items("pages?from=2026-03-05&to=2026-03-04") == []


def test_days_that_no_database_knows_leave_the_list_open(api: Api, city: City) -> None:
    address = f"pages?column={city.pk('News')}&from=0001-01-01&to=9999-12-31"
    assert len(api.items(address)) == 4


def test_filters_that_exclude_each_other(api: Api, city: City) -> None:
    assert api.json(f"pages?column={city.pk('News')}&site=hubin")["total"] == 0
    assert api.items(f"pages?column={city.pk('News')}&language=en") == []


def test_page(api: Api, city: City) -> None:
    response = api.get(f"pages/{city.pk('News 0')}")
    page = response.json()
    assert response.headers["Content-Language"] == "zh-hans"
    assert page["url"] == "http://testserver/news/news-0/"
    assert page["published_at"] == "2026-03-02T12:00:00+08:00"
    assert datetime.datetime.fromisoformat(page["updated_at"]).utcoffset() is not None
    assert page["column"] == {
        "id": city.pk("News"),
        "title": "News",
        "url": "http://testserver/news/",
    }
    assert page["summary"] == "About News 0"
    assert 'href="http://testserver/other/"' in page["body_html"]
    assert "&amp; see." in page["body_html"]
    assert page["translations"] == [
        {"id": city.pk("Report"), "language": "en", "url": "http://testserver/en/news/news-0/"}
    ]


def test_a_page_tells_its_language(api: Api, city: City) -> None:
    response = api.get(f"pages/{city.pk('Report')}")
    assert response.headers["Content-Language"] == "en"
    assert response.json()["language"] == "en"


def test_pages_of_other_kinds(api: Api, city: City) -> None:
    assert api.json(f"pages/{city.pk('Contact')}")["kind"] == "standard"
    mayor = api.json(f"pages/{city.pk('Mayor')}")
    assert mayor["leader"] == {"name": "A", "resume": "Born", "duties": "All"}
    assert mayor["organisation"] == {"code": "city-hall", "name": "City Hall"}


# --- organisations --------------------------------------------------------------------------------
def test_organisations_of_a_site_or_kind(api: Api) -> None:
    (office,) = api.items("organisations?site=hubin")
    assert (office["code"], office["parent"]) == ("hubin-office", "city-hall")
    assert [item["code"] for item in api.items("organisations?kind=government")] == ["city-hall"]


def test_organisation(api: Api) -> None:
    unit = api.json("organisations/city-hall")
    assert unit["duties"] == ["Govern", "Serve"]
    assert unit["persons"] == [{"role": "Duty officer", "name": "", "phone": "2"}]
    assert unit["children"] == [{"code": "hubin-office", "name": "Hubin Office"}]

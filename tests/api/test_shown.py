"""What the API gives, object by object."""

import datetime

from .conftest import Api, City


def titles(items: list[dict]) -> list[str]:
    return [item["title"] for item in items]


# --- sites ----------------------------------------------------------------------------------------
def test_sites(api: Api) -> None:
    answer = api.json("sites")
    assert [(item["code"], item["url"]) for item in answer["items"]] == [
        ("city", "http://testserver/"),
        ("lakeside", "http://testserver/lakeside/"),
    ]
    assert answer["total"] == 2
    assert answer["items"][1]["parent"] == "city"
    assert answer["items"][0]["languages"] == ["zh-hans", "en"]


def test_sites_of_a_language_are_named_in_it(api: Api) -> None:
    items = api.items("sites?language=en")
    assert [(item["name"], item["language"]) for item in items] == [("English city", "en")]
    assert items[0]["url"] == "http://testserver/en/"


def test_site(api: Api) -> None:
    site = api.json("sites/city")
    assert site["owner"] == "City Hall"
    assert site["contact"]["phone"] == "0999-1"
    assert site["opened_on"] == "2020-01-01"


# --- columns --------------------------------------------------------------------------------------
def test_columns_of_a_site_in_the_order_of_the_tree(api: Api) -> None:
    assert titles(api.items("columns?site=city&language=zh-hans")) == [
        "News", "Local news", "Leaders", "Festival", "Stories",
    ]  # fmt: skip
    assert titles(api.items("columns?site=lakeside")) == ["Lakeside column"]
    assert titles(api.items("columns?language=en")) == ["English news"]


def test_column(api: Api, city: City) -> None:
    column = api.json(f"columns/{city.pk('News')}")
    assert column["count"] == 5  # three of its own, one below, one over that is still counted
    assert column["types"] == ["工作动态", "其他"]
    assert column["owner"] == {"code": "city-hall", "name": "City Hall"}
    assert titles(column["children"]) == ["Local news"]
    assert api.json(f"columns/{city.pk('Local news')}")["parent"] == city.pk("News")


def test_archived_topic_left_the_lists_and_can_be_read(api: Api, city: City) -> None:
    assert not {"Old festival", "Old stories"} & set(titles(api.items("columns")))
    topic = api.json(f"columns/{city.pk('Old festival')}")
    assert topic["state"] == "archived"
    assert topic["archived_at"]
    assert titles(api.items(f"pages?column={city.pk('Old festival')}")) == ["Old story"]
    assert api.json(f"pages/{city.pk('Old story')}")["archived_at"] == topic["archived_at"]


# --- pages ----------------------------------------------------------------------------------------
def test_pages_newest_first(api: Api, city: City) -> None:
    news = ["Local", "News 2", "News 1", "News 0"]
    assert titles(api.items(f"pages?column={city.pk('News')}")) == news
    assert titles(api.items(f"pages?column={city.pk('Local news')}")) == ["Local"]


def test_pages_of_a_site_hold_its_topics_and_not_its_sub_sites(api: Api) -> None:
    pages = titles(api.items("pages?site=city&language=zh-hans&kind=article"))
    assert pages == ["Story", "Local", "News 2", "News 1", "News 0"]
    assert titles(api.items("pages?site=lakeside")) == ["Lakeside article"]


def test_pages_of_all_sites(api: Api) -> None:
    pages = titles(api.items("pages?kind=article"))
    assert pages == [
        "Lakeside article", "Story", "Local", "News 2", "News 1", "Report", "News 0",
    ]  # fmt: skip


def test_pages_by_language(api: Api) -> None:
    items = api.items("pages?language=en")
    assert [(item["title"], item["language"]) for item in items] == [("Report", "en")]
    assert items[0]["url"].startswith("http://testserver/en/")


def test_pages_by_kind(api: Api) -> None:
    assert titles(api.items("pages?kind=leader")) == ["Mayor"]
    assert api.items("pages?kind=poem") == []


def test_pages_by_days_both_included(api: Api, city: City) -> None:
    address = f"pages?column={city.pk('News')}&from=2026-03-03&to=2026-03-04"
    assert titles(api.items(address)) == ["News 2", "News 1"]
    assert api.json(address)["total"] == 2
    assert api.items("pages?from=2026-03-05&to=2026-03-04") == []


def test_days_of_no_calendar_leave_the_list_open(api: Api, city: City) -> None:
    address = f"pages?column={city.pk('News')}&from=0001-01-01&to=9999-12-31"
    assert len(api.items(address)) == 4


def test_filters_that_exclude_each_other(api: Api, city: City) -> None:
    assert api.json(f"pages?column={city.pk('News')}&site=lakeside")["total"] == 0
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


def test_page_in_another_language(api: Api, city: City) -> None:
    response = api.get(f"pages/{city.pk('Report')}")
    assert response.headers["Content-Language"] == "en"
    assert response.json()["language"] == "en"


def test_pages_of_other_kinds(api: Api, city: City) -> None:
    assert api.json(f"pages/{city.pk('Contact')}")["kind"] == "standard"
    mayor = api.json(f"pages/{city.pk('Mayor')}")
    assert mayor["leader"] == {"name": "A", "resume": "Born", "duties": "All"}
    assert mayor["organisation"] == {"code": "city-hall", "name": "City Hall"}


# --- organisations --------------------------------------------------------------------------------
def test_organisations(api: Api) -> None:
    items = api.items("organisations")
    assert [item["code"] for item in items] == ["city-hall", "lakeside-office"]
    assert items[1]["parent"] == "city-hall"
    assert [i["code"] for i in api.items("organisations?site=lakeside")] == ["lakeside-office"]
    assert [i["code"] for i in api.items("organisations?kind=government")] == ["city-hall"]


def test_organisation(api: Api, city: City) -> None:
    city.unit.persons.create(role="Duty officer", phone="2")
    unit = api.json("organisations/city-hall")
    assert unit["duties"] == ["Govern", "Serve"]
    assert unit["persons"] == [{"role": "Duty officer", "name": "", "phone": "2"}]
    assert unit["children"] == [{"code": "lakeside-office", "name": "Lakeside Office"}]

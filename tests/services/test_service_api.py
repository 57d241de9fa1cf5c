"""Guides in the public API."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import OrganisationFactory, World

from .factories import make_guide, term

pytestmark = pytest.mark.django_db
API = "/api/v1/services"


def get(client: Client, path: str, status: int = 200, **query: Any) -> Any:
    response = client.get(API + path, query)
    assert response.status_code == status, response.content
    return response.json()


def test_the_list_narrows_and_pages(client: Client, world: World) -> None:
    police = OrganisationFactory(code="gaj", full_name="云湖市公安局")
    make_guide(world.column, title="居住证申领", owner_unit=police, served="natural",
               terms=[term("person", "xinshimin")], online_level=term("online_level", "yici"))  # fmt: skip
    make_guide(world.gaoxin_column, title="企业设立登记", everyday_names="开公司", served="legal")
    make_guide(world.column, title="草稿", live=False)
    everything = get(client, "/guides")
    assert [item["title"] for item in everything["items"]] == ["居住证申领", "企业设立登记"]
    assert everything["total"] == 2
    first = get(client, "/guides", page_size=1)
    assert first["next"]
    assert [i["title"] for i in get(client, "/guides", person="xinshimin")["items"]] == [
        "居住证申领"
    ]
    assert [i["title"] for i in get(client, "/guides", q="我要开公司")["items"]] == ["企业设立登记"]
    assert [i["title"] for i in get(client, "/guides", site="gaoxin")["items"]] == ["企业设立登记"]
    assert get(client, "/guides", unit="nobody")["total"] == 0
    get(client, "/guides", 422, served="somebody")
    terms = {row["key"]: row["count"] for row in get(client, "/terms", dimension="person")}
    assert terms["xinshimin"] == 1
    assert terms["qiye"] == 0


def test_one_guide_has_every_field(client: Client, world: World) -> None:
    guide = make_guide(world.column, implementation_code="A/1 b", visits=0)
    found = get(client, f"/guides/{guide.pk}")
    assert found["implementation_code"] == "A/1 b"
    assert found["visits"] == 0
    assert found["materials"][0]["name"] == "居民身份证"
    assert found["places"][0]["hours"][0] == {
        "days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "12:00",
    }  # fmt: skip
    assert found["url"].startswith("http")
    guide.unpublish()
    get(client, f"/guides/{guide.pk}", 404)
    get(client, "/guides/123456", 404)

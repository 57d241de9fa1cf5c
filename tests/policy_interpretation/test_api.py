"""Documents as JSON: what is public, as of a day, with clear problems."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from portal.policy_interpretation.models import PolicyAmendment, PolicyRelation
from portal.policy_interpretation.selectors.library import latest_documents
from portal.testing import disable_plugin
from tests.factories import World

from .factories import clause, make_policy, republish

pytestmark = pytest.mark.django_db
DAY = datetime.date
ADDRESS = "/api/v1/policies"


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


def test_the_list_is_the_library(world: World, client: Client) -> None:
    page = make_policy(world.column)
    make_policy(world.column, title="草案", live=False)
    make_policy(world.gaoxin_column, title="高新办法", document_number="高管发〔2026〕1号")
    content = client.get(ADDRESS, {"q": "云政发(2026)12号"}).json()
    assert (content["total"], [item["id"] for item in content["items"]]) == (1, [page.pk])
    assert content["items"][0]["validity"] == "valid"
    assert client.get(ADDRESS).json()["total"] == 2
    assert client.get(ADDRESS, {"page_size": "1", "page": "2"}).json()["page"] == 2


def test_a_document_as_of_a_day(column: Page, client: Client) -> None:
    page = make_policy(column, body=[clause("第一条", "旧"), clause("（一）", "项", level="item")])
    first, item = (block["id"] for block in page.body.raw_data)
    page.body = [
        clause("第一条", "新", id=first),
        clause("（一）", "项", level="item", id=item, invalid_from="2026-09-15"),
    ]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    now = client.get(f"{ADDRESS}/{page.pk}").json()
    assert [(row["id"], row["parent"], row["text"], row["in_force"]) for row in now["clauses"]] == [
        (first, None, "新", True), (item, first, "项", False),
    ]  # fmt: skip
    then = client.get(f"{ADDRESS}/{page.pk}", {"as_of": "2026-08-31"}).json()
    assert (then["as_of"], then["text_until"]) == ("2026-08-31", "2026-09-01")
    assert [row["text"] for row in then["clauses"]] == ["旧", "项"]
    early = client.get(f"{ADDRESS}/{page.pk}", {"as_of": "2026-01-01"}).json()
    assert (early["existed"], early["clauses"]) == (False, [])


def test_nothing_presents_a_repealed_document_as_in_force(column: Page, client: Client) -> None:
    old = make_policy(column, title="旧办法")
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="repeals", target=old)]
    republish(new)
    content = client.get(f"{ADDRESS}/{old.pk}").json()
    assert (content["validity"], content["repealed_on"], content["repealed_by"]) == (
        "repealed", "2026-08-01", new.pk,
    )  # fmt: skip
    states = {item["id"]: item["validity"] for item in client.get(ADDRESS).json()["items"]}
    assert states[old.pk] == "repealed"
    [_newest, item] = latest_documents(None, "zh-hans", 5)
    assert item.title.startswith("【")


def test_what_is_not_public_is_not_there(column: Page, client: Client) -> None:
    draft = make_policy(column, title="草案", live=False)
    private = make_policy(column, title="内部")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for pk in (draft.pk, private.pk, 999_999):
        response = client.get(f"{ADDRESS}/{pk}")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
    assert client.get(ADDRESS).json()["total"] == 0
    assert latest_documents(None, "zh-hans", 5) == []


@pytest.mark.parametrize("query", ["page=0", "page=x", "page_size=101", "page=99999999999999999"])
def test_bad_parameters_get_a_sentence(world: World, client: Client, query: str) -> None:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 422
    assert response.json()["detail"]


def test_a_bad_day_gets_a_sentence(column: Page, client: Client) -> None:
    page = make_policy(column)
    assert client.get(f"{ADDRESS}/{page.pk}?as_of=2026-02-30").status_code == 422


def test_answers_can_be_kept_and_asked_for_again(column: Page, client: Client) -> None:
    address = f"{ADDRESS}/{make_policy(column).pk}"
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_first_addresses_lead_on(column: Page, client: Client) -> None:
    pk = make_policy(column).pk
    response = client.get(f"/policies/api/v1/documents/{pk}?as_of=2026-08-31")
    assert (response.status_code, response.headers["Location"]) == (
        301, f"{ADDRESS}/{pk}?as_of=2026-08-31",
    )  # fmt: skip
    again = client.get("/policies/api/v1/documents?q=x&page=1", follow=True)
    assert again.redirect_chain == [(f"{ADDRESS}?q=x&page=1", 301)]
    assert again.json()["total"] == 0


def test_it_is_gone_where_the_plugin_is_off(column: Page, client: Client) -> None:
    pk = make_policy(column).pk
    with disable_plugin("policy_interpretation"):
        for address in (ADDRESS, f"{ADDRESS}/{pk}"):
            response = client.get(address)
            assert response.status_code == 404
            assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["genre=x", "validity=x", "audience=x", "sort=x", "q=%00"])
def test_a_filter_that_does_not_exist_is_refused(world: World, client: Client, query: str) -> None:
    response = client.get(f"{ADDRESS}?{query}&language=zh-hans")
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert error["parameter"] == query.partition("=")[0]


def test_lists_are_framed_as_the_other_lists(world: World, client: Client) -> None:
    first, second = (make_policy(world.column, title=title) for title in ("甲办法", "乙办法"))
    make_policy(world.gaoxin_column, title="高新办法")
    content = client.get(ADDRESS, {"page_size": 2, "site": "yunhu"}).json()
    assert (content["total"], content["next"]) == (2, None)
    assert {item["id"] for item in content["items"]} == {first.pk, second.pk}
    assert all(item["url"].startswith("http") for item in content["items"])
    assert client.get(ADDRESS, {"page_size": 2}).json()["next"].endswith("page_size=2&page=2")

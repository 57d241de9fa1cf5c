"""Participation in the public API: the hub's list, and results as counts."""

from typing import Any

import pytest
from django.test import Client

from portal.participation.models import Activity, AnswerSheet
from portal.participation.questions import questions_of
from portal.participation.services import solicitations, surveys
from tests.factories import World, publish

from .factories import DAY, all_kinds, clause_ids, make_solicitation, make_survey

pytestmark = pytest.mark.django_db
API = "/api/v1/participation"


def read(client: Client, path: str = "") -> Any:
    response = client.get(f"{API}{path}")
    assert response.status_code == 200, response.content
    return response.json()


def test_the_list_has_the_hubs_filters(client: Client, world: World) -> None:
    make_solicitation(world.column, slug="one", form="hearing")
    make_survey(world.hubin_column, slug="two", since=-9, until=-2)
    both = read(client)
    assert both["total"] == 2
    assert [item["stage"] for item in both["items"]] == ["open", "owed"]
    assert both["items"][1]["result_owed_since"] == both["items"][1]["closes_at"]
    assert read(client, "?form=hearing")["items"][0]["kind"] == "solicitation"
    assert read(client, "?site=hubin")["items"][0]["kind"] == "survey"
    assert read(client, "?stage=closed")["total"] == 0
    assert client.get(f"{API}?stage=nonsense").status_code == 422


def test_what_is_not_public_does_not_exist(client: Client, world: World) -> None:
    draft = make_survey(world.column, slug="draft", live=False)
    assert client.get(f"{API}/{draft.pk}").status_code == 404
    assert client.get(f"{API}/999999").status_code == 404


def test_a_solicitation_gives_its_adoption_table_once_the_result_is_published(
    client: Client, world: World
) -> None:
    page = make_solicitation(world.column, slug="draft-law", since=-9, until=5)
    clause = clause_ids(page)[1]
    pks = [
        solicitations.give_opinion(
            page=page, clause=where, text="一条秘密的意见", key=f"{number:032d}",
            name="张三", contact="0999-10000100",
        ).pk
        for number, where in enumerate([clause, clause, ""])
    ]  # fmt: skip
    solicitations.decide(page=page, opinions=pks[:1], verdict="adopted", is_shown=True)
    solicitations.decide(page=page, opinions=pks[1:], verdict="not_adopted", reason="另有规定")
    assert read(client, f"/{page.pk}")["result"] is None
    Activity.objects.filter(page=page.pk).update(closes_at=page.opens_at + DAY)
    publish(page, closes_at=page.opens_at + DAY, result_summary="采纳一条。")
    answer = client.get(f"{API}/{page.pk}")
    assert "张三" not in answer.content.decode()
    assert "秘密" not in answer.content.decode()
    result = answer.json()["result"]
    assert result["summary"] == "采纳一条。"
    whole, second = result["clauses"]
    assert (whole["clause"], whole["not_adopted"]) == ("", 1)
    assert second["clause"] == clause
    assert (second["received"], second["adopted"], second["not_adopted"]) == (2, 1, 1)
    assert second["text"] == "草案的第二条。"


def test_a_survey_gives_its_counts_and_nobodys_words(client: Client, world: World) -> None:
    page = make_survey(world.column, slug="bus", since=-9, until=5, questions=all_kinds())
    questions = questions_of(page.questions)
    yes, no = questions[0].options
    for number, option in enumerate((yes, yes, no)):
        surveys.take_sheet(
            page=page,
            questions=questions,
            answers={questions[0].id: option.id, questions[4].id: 3, questions[5].id: "我的话"},
            key=f"{number:032d}",
        )
    publish(page, closes_at=page.opens_at + DAY, result_summary="多数人坐公交。")
    answer = client.get(f"{API}/{page.pk}")
    assert "我的话" not in answer.content.decode()
    found = answer.json()["result"]["questions"]
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[0]["answered"] == AnswerSheet.objects.count() == 3
    assert {one["option"]: one["count"] for one in found[0]["options"]} == {"是": 2, "否": 1}
    assert found[4]["options"] == [{"row": "", "option": "3", "count": 3}]
    assert found[5]["answered"] == 3
    assert found[5]["options"] == []

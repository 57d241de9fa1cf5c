"""Asking through the public API, and the same object from the command line."""

import datetime
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import finding, related
from assistant.portal_plugin.models import AnswerRecord, Feedback
from assistant.portal_plugin.models.conversations import AnswerStatus, digest_of
from assistant.retrieval.contract import Decision
from portal.testing import disable_plugin

from .asking import FakeRetriever
from .factories import make_question, source

ASK = "/api/v1/assistant/messages"


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRetriever]:
    """Let the portal's retriever rank these entries."""

    def make(*entries: Page, **values: Any) -> FakeRetriever:
        fake = FakeRetriever(entries, **values)
        monkeypatch.setattr(finding, "_retriever", lambda: fake)
        return fake

    return make


def ask(client: Client, text: str, **values: Any) -> Any:
    return client.post(ASK, json.dumps({"text": text, **values}), content_type="application/json")


def test_the_statuses_are_the_closed_list_of_the_contract() -> None:
    assert [status.value for status in Status] == list(AnswerStatus.values)


def test_an_answer_by_the_contract(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    entry = make_question(
        column,
        sources=[source(url="https://www.yunhu.gov.cn/rule")],
        valid_from=datetime.datetime(2025, 12, 31, 16, tzinfo=datetime.UTC),
    )
    other = make_question(column, "居住证怎么续签？")
    knows(entry, other)
    response = ask(client, "小孩咋落户", language="zh-CN", page="/home/?q=13812345678")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body["dialogue"] == "single-turn"
    assert body["took_ms"] >= 0
    found = body["answer"]
    assert found["status"] == "answered"
    assert found["text"] == "到户籍派出所办理，带出生医学证明。"
    assert (found["language"], found["trust"]) == ("zh-hans", "human")
    own, rule = found["citations"]
    assert own["entry"] == rule["entry"] == entry.entry_id
    assert own["url"].startswith("http://testserver/")
    assert datetime.datetime.fromisoformat(own["valid_from"]) == entry.valid_from
    assert rule["url"] == "https://www.yunhu.gov.cn/rule"
    assert {c["trust"] for c in found["citations"]} == {"human"}
    assert [c["entry"] for c in found["candidates"]] == [entry.entry_id, other.entry_id]
    assert {action["kind"] for action in found["actions"]} >= {"call"}
    assert AnswerRecord.objects.get(pk=found["id"]).asked_from == "/home/"

    again = ask(client, "还有呢", conversation=body["conversation"]).json()
    assert again["conversation"] == body["conversation"]
    assert again["answer"]["id"] != found["id"]


def test_a_decline_is_ranked_all_the_same(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    entry = make_question(column)
    knows(entry, decision=Decision.DECLINE)
    found = ask(client, "月球上能落户吗", language="en").json()["answer"]
    assert found["status"] == "declined_no_source"
    assert found["citations"] == []
    assert found["candidates"][0]["entry"] == entry.entry_id
    assert found["text"].startswith("I found no approved answer")


def test_the_receipt_shows_versions_hashes_and_state(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    entry = make_question(column)
    knows(entry)
    given = ask(client, "我叫王小明，小孩咋落户").json()["answer"]
    receipt = client.get(f"/api/v1/assistant/answers/{given['id']}").json()
    assert receipt["question"] == "我叫***，小孩咋落户"
    assert receipt["hash"] == digest_of(receipt["text"])
    assert receipt["version"] == entry.live_revision_id
    assert receipt["state"] == {"state": "valid", "since": None, "replaced_by": None}
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5)):
        entry.unpublish()
        receipt = client.get(f"/api/v1/assistant/answers/{given['id']}").json()
    assert receipt["state"]["state"] == "no_longer_in_force"
    assert receipt["state"]["since"]
    assert receipt["text"] == given["text"]


def test_feedback(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    given = ask(client, "小孩咋落户").json()["answer"]
    address = f"/api/v1/assistant/answers/{given['id']}/feedback"
    said = {"useful": False, "reason": "incomplete", "comment": "打13812345678"}
    response = client.post(address, json.dumps(said), content_type="application/json")
    assert response.json() == {"useful": False, "reason": "incomplete"}
    assert Feedback.objects.get().comment == "打***"
    wrong = client.post(address, '{"useful": "perhaps"}', content_type="application/json")
    assert wrong.status_code == 422
    unknown = client.post(
        "/api/v1/assistant/answers/nothing/feedback",
        '{"useful": true}',
        content_type="application/json",
    )
    assert unknown.status_code == 404
    assert unknown.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "{}", '{"text": 1}', '{"text": null}', '{"text": "a", "as_of": "2026-02-30"}',
     '{"text": "\\ud83d"}', json.dumps({"text": "a" * 10_001}), '{"text": "a", "language": ' + '"' + "x" * 99 + '"}'],
)  # fmt: skip
def test_bad_requests_are_problem_details(column: Page, client: Client, body: str) -> None:
    response = client.post(ASK, body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not AnswerRecord.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "‮‮‮", "啊" * 10_000, "😀" * 5_000, "<script>", "{{ x }}", "'; DROP --"],
)
def test_anything_gets_a_status(column: Page, client: Client, knows, text: str) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column), decision=Decision.DECLINE)
    response = ask(client, text)
    assert response.status_code == 200
    assert response.json()["answer"]["status"] in AnswerStatus.values


def test_too_many(column: Page, client: Client, knows, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ASSISTANT_PER_MINUTE = 1
    knows(make_question(column))
    responses = [ask(client, "小孩咋落户") for _number in range(4)]
    refused = [response for response in responses if response.status_code == 429]
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert refused[0].json()["answer"]["status"] == "rate_limited"


def test_as_of_is_the_end_of_a_day(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-03-10T08:00:00Z"):
        entry = make_question(column)
    knows(entry)
    with time_machine.travel("2026-05-01T04:00:00Z"):
        on_the_day = ask(client, "小孩咋落户", as_of="2026-03-10").json()["answer"]
        day_before = ask(client, "小孩咋落户", as_of="2026-03-09").json()["answer"]
    assert on_the_day["status"] == "answered"
    assert on_the_day["as_of"].startswith("2026-03-10T23:59:59")
    assert day_before["status"] == "declined_no_source"


def test_off_means_off(column: Page, client: Client) -> None:
    with disable_plugin("assistant"):
        assert ask(client, "小孩咋落户").status_code == 404


def test_the_document_names_it(column: Page, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/assistant/messages" in document["paths"]
    assert "/api/v1/assistant/answers/{answer_id}" in document["paths"]
    assert "AssistantReply" in document["components"]["schemas"]


def test_related_official_text_is_beside_and_never_the_answer(
    column: Page, client: Client, knows, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    class Passages:
        def passages(self, text: str, **_about: Any) -> list[Any]:
            class Found:
                title, label, url, text = "户籍管理规定", "第三条", "/p/", "新生儿应当登记。"
                valid_from, valid_until, kind = datetime.date(2026, 1, 1), None, "policy"

            return [Found()]

    knows(make_question(column), decision=Decision.DECLINE)
    monkeypatch.setattr(related, "capability", lambda name, site: Passages())
    found = ask(client, "出生登记的期限").json()["answer"]
    assert found["status"] == "declined_no_source"
    assert found["related"][0]["url"] == "http://testserver/p/"
    assert found["related"][0]["valid_from"] == "2026-01-01"
    assert "新生儿应当登记" not in found["text"]


# --- portal ask -----------------------------------------------------------------------------------
def run(*arguments: str) -> Any:
    out = StringIO()
    call_command("ask", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_the_same_object(column: Page, client: Client, knows) -> None:  # type: ignore[no-untyped-def]
    knows(make_question(column))
    told = run("小孩咋落户")
    asked = ask(client, "小孩咋落户").json()
    assert set(told) == set(asked)
    assert set(told["answer"]) == set(asked["answer"])
    assert told["answer"]["text"] == asked["answer"]["text"]
    assert told["answer"]["receipt"].startswith("http")
    english = run("小孩咋落户", "--language", "en", "--as-of", "2020-01-01")
    assert english["answer"]["status"] == "declined_no_source"


@pytest.mark.parametrize(
    "arguments",
    [("a", "--language", "xx"), ("a", "--as-of", "2026-02-30"), ("a", "--site", "nowhere")],
)
def test_bad_usage_exits_with_2(column: Page, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 2

"""Visitors who come back are told what no longer holds: once, with what does, and only that."""

import json

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.models import AnswerRecord
from assistant.portal_plugin.receipt_followers import ReceiptFollower
from assistant.portal_plugin.services.conversing import Message, converse
from assistant.portal_plugin.services.recall import notices_for, told_with
from portal.core.outbox import run_consumers
from tests.assistant.asking import FakeRetriever, ask
from tests.assistant.factories import make_question, republish

from .test_receipts import DAY

pytestmark = pytest.mark.django_db


def follow() -> None:
    run_consumers([ReceiptFollower()])


def test_a_returning_visitor_is_told_once_with_what_holds_now(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = make_question(column)
    monkeypatch.setattr(finding, "_retriever", lambda: FakeRetriever([entry]))
    first = converse(Message("小孩咋落户"))
    conversation = str(first.record.conversation_id)
    assert converse(Message("还有呢", conversation=conversation)).notices == ()
    entry = republish(entry, answer="<p>网上也能办。</p>")
    follow()
    # Days later: the conversation is over, and the visitor is known by its id all the same.
    with time_machine.travel(timezone.now() + 2 * DAY):
        back = converse(Message("小孩咋落户", conversation=conversation))
        [notice] = back.notices
        assert notice.title == entry.question
        assert notice.new_title == entry.question
        assert notice.url == f"/yaowen/{entry.slug}/"
        assert timezone.localdate(first.record.asked_at).isoformat() in notice.text
        stored = AnswerRecord.objects.get(pk=back.record.pk)
        assert told_with(stored) == back.notices
        assert converse(Message("小孩咋落户", conversation=conversation)).notices == ()


def test_told_again_only_when_it_changes_again(column: Page) -> None:
    entry = make_question(column)
    conversation = str(ask("小孩咋落户", entry).record.conversation_id)
    entry = republish(entry, answer="<p>网上也能办。</p>")
    follow()
    assert len(notices_for(conversation=conversation)) == 1
    assert notices_for(conversation=conversation) == ()
    entry.unpublish()
    follow()
    [notice] = notices_for(conversation=conversation)
    assert notice.new_title == ""
    assert notice.url.startswith("/assistant/answers/")


def test_the_same_answer_given_twice_is_recalled_once(column: Page) -> None:
    entry = make_question(column)
    first = ask("小孩咋落户", entry).record
    ask("新生儿落户", entry, conversation=str(first.conversation_id))
    entry.unpublish()
    follow()
    assert len(notices_for(conversation=str(first.conversation_id))) == 1
    assert notices_for(conversation=str(first.conversation_id)) == ()


def test_what_was_over_when_it_was_given_is_no_news(column: Page) -> None:
    entry = make_question(column)
    moment = timezone.now()
    with time_machine.travel(moment + 2 * DAY):
        entry = republish(entry, answer="<p>网上也能办。</p>")
        follow()
        record = ask("小孩咋落户", entry, as_of=moment).record
        assert record.text == "到户籍派出所办理，带出生医学证明。"
        look = notices_for(conversation=str(record.conversation_id), receipts=[record.pk])
        assert look == ()


def test_kept_receipts_are_told_of_whenever_they_are_asked(column: Page, client: Client) -> None:
    entry, other = make_question(column), make_question(column, "别的怎么办？")
    over, holds = ask("小孩咋落户", entry).record, ask("别的", other).record
    entry.unpublish()
    follow()
    body = {"receipts": [over.pk, holds.pk, "unknown", "../x", "a\x00b"], "language": "en"}
    for _again in range(2):
        response = client.post(
            "/api/v1/assistant/recalls", json.dumps(body), content_type="application/json"
        )
        assert response.status_code == 200
        [notice] = response.json()["notices"]
        assert notice["answer"] == over.pk
        assert notice["since"]
        assert notice["url"].startswith("http://testserver/")
        assert "not been in force since" in notice["text"]
        assert str(over.conversation_id) not in response.content.decode()


@pytest.mark.parametrize(
    "body",
    [{"receipts": ["x"] * 21}, {"receipts": "x"}, {"receipts": [1]}, {"receipts": ["x" * 65]}],
)
def test_bad_input_is_refused_with_a_problem(client: Client, column: Page, body: object) -> None:
    response = client.post(
        "/api/v1/assistant/recalls", json.dumps(body), content_type="application/json"
    )
    assert response.status_code == 422


@pytest.mark.parametrize("conversation", ["", "x", "6b0f5a52-9d5e-4a57-8d6e-0f4c2a1b7e33", "\x00"])
def test_conversations_that_are_not_there_have_no_news(column: Page, conversation: str) -> None:
    assert notices_for(conversation=conversation) == ()


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "ja", "ko", "ru", "fr", "ar"])
def test_notices_speak_the_visitors_language(column: Page, language: str) -> None:
    entry = make_question(column)
    record = ask("小孩咋落户", entry).record
    republish(entry, answer="<p>网上也能办。</p>")
    follow()
    [notice] = notices_for(receipts=[record.pk], language=language)
    assert timezone.localdate().isoformat() in notice.text
    assert "%(" not in notice.text

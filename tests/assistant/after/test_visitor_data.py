"""All of a conversation: given out, forgotten, kept no longer than said; by whom and by nobody else."""

import datetime
import json
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin import held
from assistant.portal_plugin.models import (
    AnswerBasis,
    AnswerRecord,
    Conversation,
    Feedback,
    ForgottenAnswer,
)
from assistant.portal_plugin.services.feedback import give_feedback
from assistant.portal_plugin.services.retention import forget_old_conversations
from assistant.portal_plugin.services.visitor_data import conversation_with, forget
from tests.assistant.asking import ask
from tests.assistant.factories import make_question

pytestmark = pytest.mark.django_db

API = "/api/v1/assistant/conversations"


class Drafts:
    """Another part of the portal that keeps something of conversations."""

    name = "drafts"

    def __init__(self) -> None:
        self.kept: dict[uuid.UUID, str] = {}
        self.fails = False

    def held(self, conversation: uuid.UUID) -> Any:
        return self.kept.get(conversation)

    def forget(self, conversations: Sequence[uuid.UUID]) -> None:
        if self.fails:
            raise DatabaseError("gone")
        for one in conversations:
            self.kept.pop(one, None)


@pytest.fixture
def drafts(monkeypatch: pytest.MonkeyPatch) -> Drafts:
    holder = Drafts()
    monkeypatch.setattr(held, "_holders", {"drafts": holder})
    return holder


@pytest.fixture
def conversation(column: Page, drafts: Drafts) -> Conversation:
    entry = make_question(column)
    record = ask("小孩咋落户 13812345678", entry).record
    ask("还有呢", conversation=str(record.conversation_id))
    give_feedback(record=record, useful=False, reason="incomplete", comment="缺电话")
    drafts.kept[record.conversation_id] = "一封信"
    return Conversation.objects.get(pk=record.conversation_id)


def answers_of(conversation: Conversation) -> list[str]:
    return list(conversation.answers.values_list("pk", flat=True))


# --- export ---------------------------------------------------------------------------------------
def test_the_visitor_gets_everything(client: Client, conversation: Conversation) -> None:
    response = client.get(f"{API}/{conversation.pk}/export")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    found = response.json()
    first, second = found["answers"]
    assert (first["question"], first["status"]) == ("小孩咋落户 ***", "answered")
    assert first["text"] == "到户籍派出所办理，带出生医学证明。"
    assert first["feedback"]["comment"] == "缺电话"
    assert first["content"]["citations"]
    assert first["state"] == "valid"
    assert second["feedback"] is None
    assert found["elsewhere"]["drafts"] == "一封信"
    # Every field of a stored answer is there but what points within the database.
    stored = {field.name for field in AnswerRecord._meta.concrete_fields}
    assert stored - first.keys() == {"conversation", "site", "page", "basis"}


def test_the_page_gives_the_same_file(client: Client, conversation: Conversation) -> None:
    address = f"/assistant/conversations/{conversation.pk}/data/"
    page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    response = client.post(f"{address}export/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(json.loads(response.content)["answers"]) == 2


@pytest.mark.parametrize(
    "wrong", ["6b0f5a52-9d5e-4a57-8d6e-0f4c2a1b7e33", "x", "0" * 32, "a%00b", "../1"]
)
def test_nobody_else_gets_anything(client: Client, conversation: Conversation, wrong: str) -> None:
    assert client.get(f"{API}/{wrong}/export").status_code in (404, 422)
    assert client.delete(f"{API}/{wrong}").status_code in (404, 405, 422)
    assert client.get(f"/assistant/conversations/{wrong}/data/").status_code == 404
    assert Conversation.objects.filter(pk=conversation.pk).exists()


def test_conversations_are_never_listed(client: Client, conversation: Conversation) -> None:
    for address in (API, f"{API}/", "/assistant/conversations/"):
        response = client.get(address)
        assert response.status_code in (404, 405)
        assert str(conversation.pk) not in response.content.decode()


# --- forgetting -----------------------------------------------------------------------------------
def test_forgotten_means_gone_and_receipts_say_why(
    client: Client, conversation: Conversation, drafts: Drafts
) -> None:
    first = answers_of(conversation)[0]
    response = client.delete(f"{API}/{conversation.pk}")
    assert (response.status_code, response.json()) == (200, {"forgotten": 2})
    assert not Conversation.objects.exists()
    assert not AnswerRecord.objects.exists()
    assert not Feedback.objects.exists()
    assert drafts.kept == {}
    page = client.get(f"/assistant/answers/{first}/", {"lang": "en"})
    assert page.status_code == 410
    assert "The visitor who asked wished it" in page.content.decode()
    problem = client.get(f"/api/v1/assistant/answers/{first}")
    assert (problem.status_code, problem.headers["Content-Type"]) == (
        410, "application/problem+json",
    )  # fmt: skip
    assert client.get(f"/assistant/answers/{first}/feed/").status_code == 410
    assert client.delete(f"{API}/{conversation.pk}").status_code == 404
    assert client.get(f"{API}/{conversation.pk}/export").status_code == 404


def test_the_page_asks_before_it_deletes(client: Client, conversation: Conversation) -> None:
    address = f"/assistant/conversations/{conversation.pk}/data/forget/"
    assert client.get(address).status_code == 405
    asked = client.post(address)
    assert asked.status_code == 200
    assert 'name="confirm" value="yes"' in asked.content.decode()
    assert Conversation.objects.exists()
    done = client.post(address, {"confirm": "yes", "lang": "en"})
    assert done.status_code == 303
    assert not Conversation.objects.exists()
    assert str(conversation.pk) not in done.headers["Location"]
    assert client.get(done.headers["Location"]).status_code == 200


def test_a_form_of_another_website_deletes_nothing(
    client: Client, conversation: Conversation
) -> None:
    response = client.post(
        f"/assistant/conversations/{conversation.pk}/data/forget/",
        {"confirm": "yes"},
        headers={"Origin": "https://evil.example"},
    )
    assert response.status_code == 404
    assert Conversation.objects.exists()


def test_where_a_part_fails_nothing_is_called_forgotten(
    conversation: Conversation, drafts: Drafts
) -> None:
    drafts.fails = True
    with pytest.raises(DatabaseError):
        forget(conversation=conversation)
    assert AnswerRecord.objects.count() == 2
    assert not ForgottenAnswer.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en", "ar"])
def test_the_pages_speak_the_visitors_language(
    client: Client, conversation: Conversation, language: str
) -> None:
    for address, method in (("data/", "get"), ("data/forget/", "post")):
        html = getattr(client, method)(
            f"/assistant/conversations/{conversation.pk}/{address}", {"lang": language}
        ).content.decode()
        assert f'name="lang" value="{language}"' in html


# --- the retention --------------------------------------------------------------------------------
def test_everything_goes_after_the_retention_in_batches(
    column: Page, drafts: Drafts, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.services import retention

    settings.ASSISTANT_RETENTION_DAYS = 30
    monkeypatch.setattr(retention, "_BATCH", 2)
    entry = make_question(column)
    old = [ask("小孩咋落户", entry).record for _number in range(5)]
    for record in old:
        drafts.kept[record.conversation_id] = "信"
    found = conversation_with(str(old[0].conversation_id))
    assert found is not None
    forget(conversation=found)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        young = ask("小孩咋落户", entry, language="en").record
        assert forget_old_conversations() == 4
        assert list(AnswerRecord.objects.values_list("pk", flat=True)) == [young.pk]
        assert Conversation.objects.count() == 1
        assert drafts.kept == {}
        assert not ForgottenAnswer.objects.exists()
        assert AnswerBasis.objects.get().pk == young.basis_id
        assert forget_old_conversations() == 0


def test_a_run_that_is_cut_off_has_done_what_it_has_done(
    column: Page, drafts: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.services import retention

    monkeypatch.setattr(retention, "_BATCH", 2)
    entry = make_question(column)
    for _number in range(5):
        ask("小孩咋落户", entry)
    calls: list[int] = []

    def dies(conversations: Sequence[uuid.UUID]) -> None:
        calls.append(len(conversations))
        if len(calls) == 2:
            raise DatabaseError("killed")

    monkeypatch.setattr(drafts, "forget", dies)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=200)):
        with pytest.raises(DatabaseError):
            forget_old_conversations()
        assert Conversation.objects.count() == 3
        assert forget_old_conversations() == 3

"""What other parts hold of a conversation: Rasa's memory, and questions without an answer."""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin import held
from assistant.portal_plugin.dialogue import client as rasa
from assistant.portal_plugin.dialogue.memory import RasaMemory
from assistant.portal_plugin.models import AnswerRecord, Conversation, GapQuestion
from assistant.portal_plugin.services.retention import forget_old_conversations
from tests.assistant.asking import ask
from tests.factories import World

from .test_receipts import DAY

pytestmark = pytest.mark.django_db


class Rasa:
    """What stands at the other end; keeps what it is told."""

    def __init__(self) -> None:
        self.kept: dict[str, list[dict[str, Any]]] = {}
        self.is_away = False
        self.calls = 0

    def post(self, path: str, body: bytes, **about: Any) -> dict[str, Any]:
        assert about["token"] == "a token"
        self.calls += 1
        if self.is_away:
            raise rasa.RasaAway("Rasa does not run")
        sender = json.loads(body)["sender"]
        if path.endswith("/held"):
            return {"held": self.kept.get(sender, [])}
        assert path.endswith("/forget")
        return {"forgotten": len(self.kept.pop(sender, []))}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Rasa:
    found = Rasa()
    settings.ASSISTANT_DIALOGUE = {"url": "http://127.0.0.1:1", "token": "a token"}
    monkeypatch.setattr(rasa, "post", found.post)
    return found


@pytest.fixture
def record(column: Page, memory: Rasa, settings: Any) -> AnswerRecord:
    found = ask("登月怎么办").record
    memory.kept[str(found.conversation_id)] = [{"event": "user", "text": "登月怎么办"}]
    return found


def test_the_registered_holders_are_these() -> None:
    assert {holder.name for holder in held.holders()} >= {"dialogue", "unanswered"}
    with pytest.raises(ValueError, match="dialogue"):
        held.register(RasaMemory())


def test_export_and_deletion_reach_every_part(
    client: Client, world: World, record: AnswerRecord, memory: Rasa
) -> None:
    GapQuestion.objects.create(
        source="assistant.answers", key=record.pk, kind="unanswered", text="登月怎么办",
        language="zh-hans", site=world.site, at=timezone.now(), answer=record,
    )  # fmt: skip
    address = f"/api/v1/assistant/conversations/{record.conversation_id}"
    found = client.get(f"{address}/export").json()["elsewhere"]
    assert found["dialogue"] == [{"event": "user", "text": "登月怎么办"}]
    assert found["unanswered"][0]["text"] == "登月怎么办"
    assert client.delete(address).status_code == 200
    assert memory.kept == {}
    assert not GapQuestion.objects.exists()


def test_while_a_part_is_out_of_reach_nothing_is_called_done(
    client: Client, record: AnswerRecord, memory: Rasa
) -> None:
    memory.is_away = True
    address = f"/api/v1/assistant/conversations/{record.conversation_id}"
    for response in (client.get(f"{address}/export"), client.delete(address)):
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.headers["Content-Type"] == "application/problem+json"
    page = f"/assistant/conversations/{record.conversation_id}/data/"
    for response in (
        client.post(f"{page}export/"),
        client.post(f"{page}forget/", {"confirm": "yes"}),
    ):
        assert response.status_code == 503
        assert 'role="alert"' in response.content.decode()
    assert Conversation.objects.exists()
    memory.is_away = False
    assert client.delete(address).json() == {"forgotten": 1}


def test_the_retention_does_not_wait_for_rasa(record: AnswerRecord, memory: Rasa) -> None:
    """It has forgotten long before."""
    memory.is_away = True
    with time_machine.travel(timezone.now() + 200 * DAY):
        assert forget_old_conversations() == 1
    assert memory.calls == 0


def test_without_rasa_nothing_is_asked(record: AnswerRecord, memory: Rasa, settings: Any) -> None:
    settings.ASSISTANT_DIALOGUE = None
    assert RasaMemory().held(record.conversation_id) is None
    RasaMemory().forget([record.conversation_id])
    assert memory.calls == 0

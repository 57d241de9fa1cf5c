"""The JSON object of an answer: the same for the API and the command line."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation
from assistant.portal_plugin.selectors.receipts import Receipt
from assistant.portal_plugin.services.answers import Given
from assistant.portal_plugin.services.conversing import Reply
from assistant.portal_plugin.services.notices import Notice
from assistant.portal_plugin.services.recall import told_with

from . import contact, languages, wording
from .presented import presented

# What is the portal's own affair.
_INTERNAL = frozenset({"page", "clauses"})
_WITH_ADDRESS = ("citations", "candidates", "related", "choices")


def reply_json(reply: Reply, base: str) -> dict[str, Any]:
    """What ``POST /api/v1/assistant/messages`` answers; ``base`` is the origin for addresses."""
    record = reply.record
    return {
        "conversation": str(record.conversation_id) if record.conversation_id else None,
        "turn": record.turn,
        "language": reply.language,
        "answer": _answer(reply.given, base),
        "prompt": reply.prompt.to_json() if reply.prompt else None,
        "notices": [notice_json(notice, base) for notice in reply.notices],
        "dialogue": reply.dialogue.value,
        "took_ms": record.took_ms,
    }


def conversation_json(
    conversation: Conversation, records: Iterable[AnswerRecord], base: str
) -> dict[str, Any]:
    """What ``GET /api/v1/assistant/conversations/{id}`` answers."""
    return {
        "conversation": str(conversation.pk),
        "language": conversation.language,
        "turns": [
            {
                "question": record.question,
                "turn": record.turn,
                "asked_at": _moment(record.asked_at),
                "answer": _answer(Given(record), base),
                "prompt": record.content.get("prompt"),
                "notices": [notice_json(notice, base) for notice in told_with(record)],
            }
            for record in records
        ],
    }


def _answer(given: Given, base: str) -> dict[str, Any]:
    record = given.record
    shown = content_json(record.content, base)
    language = languages.interface(record.language)
    with override(language):
        return {
            "id": record.pk if given.is_kept else None,
            "status": record.status,
            "text": record.text,
            "language": record.text_language,
            "trust": record.trust,
            "entry": record.entry or None,
            "title": record.title,
            "as_of": _moment(record.as_of),
            "citations": shown["citations"],
            "candidates": shown["candidates"],
            "choices": shown["choices"],
            "suggestions": shown["suggestions"],
            "related": shown["related"],
            "gist": record.content.get("gist"),
            "machine": record.content.get("machine"),
            "actions": [
                {**action, "url": absolute(action["url"], base)}
                for action in (
                    *record.content.get("actions", ()),
                    *contact.actions(record.site_id),
                )
            ],
            "notes": wording.notes(record.content.get("notes", [])),
            "mode": record.mode,
            "confidence": round(record.confidence, 4),
            "shown": presented(record, base),
            "receipt": absolute(reverse("assistant:answer", args=[record.pk]), base)
            if given.is_kept
            else None,
        }


def receipt_json(receipt: Receipt, base: str) -> dict[str, Any]:
    """What ``GET /api/v1/assistant/answers/{id}`` answers."""
    record = receipt.record
    shown = content_json(record.content, base)
    replaced = receipt.replaced_by
    return {
        "id": record.pk,
        "question": record.question,
        "asked_at": _moment(record.asked_at),
        "status": record.status,
        "text": record.text,
        "language": record.text_language,
        "trust": record.trust,
        "entry": record.entry or None,
        "title": record.title,
        "version": record.version,
        "hash": record.digest,
        "is_unaltered": receipt.is_unaltered,
        "number": record.code,
        "feed": absolute(reverse("assistant:feed", args=[record.pk]), base),
        "as_of": _moment(record.as_of),
        "citations": shown["citations"],
        "state": {
            "state": receipt.state.value,
            "since": _moment(receipt.since),
            "replaced_by": {"title": replaced.title, "url": absolute(replaced.url, base)}
            if replaced
            else None,
        },
    }


def notice_json(notice: Notice, base: str) -> dict[str, str]:
    """An answer that no longer holds, for a visitor who comes back."""
    return {**asdict(notice), "url": absolute(notice.url, base)}


def content_json(content: dict[str, Any], base: str) -> dict[str, list[Any]]:
    """The parts of an answer with absolute addresses and without what is only the portal's own."""
    found: dict[str, list[Any]] = {"suggestions": list(content.get("suggestions", ()))}
    for name in _WITH_ADDRESS:
        found[name] = [_item(item, base) for item in content.get(name, ())]
    return found


def _item(item: dict[str, Any], base: str) -> dict[str, Any]:
    shown = {
        key: absolute(value, base) if key == "url" else value
        for key, value in item.items()
        if key not in _INTERNAL
    }
    if made := item.get("translation"):
        shown["translation"] = {**made, "original": absolute(made["original"], base)}
    return shown


def absolute(url: str, base: str) -> str:
    """An address that also works outside the portal; "" stays ""."""
    return urljoin(base, url) if url else ""


def _moment(value: Any) -> str | None:
    return timezone.localtime(value).isoformat() if value else None

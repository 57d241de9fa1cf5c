"""An answer ready to be shown: what page and widget print, in the language of the conversation.

Beside the contract's own fields in the JSON of an answer, under ``shown``: programs read those,
widgets print this.
"""

from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.translation import override

from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.selectors.receipts import Receipt, State
from assistant.portal_plugin.texts import to_traditional

from . import languages
from .shown import AnswerShown, CitationShown, TranslationShown, validity_line

# A fresh answer holds: no query is made for what was decided a moment ago.
_FRESH = State.NONE


def presented(
    record: AnswerRecord, base: str, *, language: str = "", receipt: Receipt | None = None
) -> dict[str, Any]:
    """What is printed of an answer.

    Args:
        record: the answer.
        base: the origin for addresses.
        language: of the words around the answer; that of the question without one.
        receipt: how it stands now, for an answer that was given earlier.
    """
    language = language or record.language
    is_kept = not record._state.adding
    address = urljoin(base, reverse("assistant:answer", args=[record.pk])) if is_kept else ""
    with override(languages.interface(language)):
        shown = AnswerShown(
            receipt or Receipt(record, _FRESH), language, is_kept=is_kept, address=address
        )
        found = _presented(shown, base)
    return _in_traditional(found) if language == languages.ZH_HANT else found


def _presented(shown: AnswerShown, base: str) -> dict[str, Any]:
    record = shown.record
    replaced = shown.receipt.replaced_by
    return {
        "heading": shown.heading,
        "title": record.title if shown.is_answered else "",
        "owner": record.content.get("owner", ""),
        "text": "" if shown.is_answered else shown.text,
        "html": str(shown.body) if shown.is_answered else "",
        "language": shown.text_tag,
        "direction": shown.text_direction,
        "trust": shown.trust,
        "translation": _translation(shown.translation, base),
        "notes": shown.notes,
        "validity": shown.entry.validity if shown.entry else "",
        "mark": shown.entry.mark if shown.entry else "",
        "state": shown.state_line,
        "replaced_by": {"title": replaced.title, "url": urljoin(base, replaced.url)}
        if replaced
        else None,
        "sources": [_source(source, base) for source in shown.sources],
        "choices": [
            {"entry": choice["page"], "question": choice["question"], "tag": choice["tag"],
             "topic": choice["topic"]}
            for choice in shown.choices
        ],
        "related": [
            {"title": item["title"], "label": item["label"], "url": urljoin(base, item["url"]),
             "passage": item["passage"], "validity": validity_line(item)}
            for item in shown.related
        ],
        "actions": [
            {"label": action["label"], "url": urljoin(base, action["url"]),
             "detail": action.get("detail", "")}
            for action in record.content.get("actions", ())
        ],
        "card": urljoin(base, shown.card_url) if shown.card_url else "",
        "needs_person": shown.needs_person,
        "has_feedback": shown.has_feedback,
        "useful": shown.feedback.useful if shown.feedback else None,
        "plain": shown.plain,
    }  # fmt: skip


def _source(source: CitationShown, base: str) -> dict[str, Any]:
    return {
        "title": source.title,
        "label": source.label,
        "url": urljoin(base, source.url) if source.url else "",
        "passage": source.passage,
        "validity": source.validity,
        "mark": source.mark,
        "translation": _translation(source.translation, base),
    }


def _translation(made: TranslationShown | None, base: str) -> dict[str, str] | None:
    if made is None:
        return None
    return {
        "text": made.text,
        "original": urljoin(base, made.original) if made.original else "",
        "original_label": made.original_label,
        "original_tag": made.original_tag,
    }


def _in_traditional(found: dict[str, Any]) -> dict[str, Any]:
    """The portal's own words in traditional characters; approved texts are converted already."""
    words = {name: to_traditional(found[name]) for name in _WORDS}
    sources = [
        {**source, "validity": to_traditional(source["validity"]),
         "mark": to_traditional(source["mark"]),
         "translation": _made_in_traditional(source["translation"])}
        for source in found["sources"]
    ]  # fmt: skip
    made = _made_in_traditional(found["translation"])
    notes = [*map(to_traditional, found["notes"])]
    return {**found, **words, "notes": notes, "sources": sources, "translation": made}


def _made_in_traditional(made: dict[str, str] | None) -> dict[str, str] | None:
    if made is None:
        return None
    return made | {name: to_traditional(made[name]) for name in ("text", "original_label")}


_WORDS = ("heading", "text", "trust", "validity", "mark", "state")

"""Telling visitors who come back which answers no longer hold, and what does."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.models.receipts import OVER, ReceiptState
from assistant.portal_plugin.selectors.knowledge import Answerable, answerable, in_language
from assistant.portal_plugin.selectors.receipts import is_answer_id
from assistant.portal_plugin.texts import to_traditional

from .notices import Notice

MOST_RECEIPTS = 20
_LOOKED_AT = 200  # answers of one conversation


def notices_for(
    *,
    conversation: str = "",
    receipts: Sequence[str] = (),
    language: str = "zh-hans",
    now: datetime.datetime | None = None,
) -> tuple[Notice, ...]:
    """What a visitor has to be told, the newest first.

    Of a conversation each change is told once. Of ``receipts``, which a browser kept, it is told
    whenever it is asked: they may be kept by several people, and each browser knows what its
    visitor has put away (``answer`` with ``since``). What was over when it was given is no news.
    """
    asked = _uuid(conversation)
    kept = [one for one in receipts[:MOST_RECEIPTS] if is_answer_id(one)]
    # Looked for by visitor, then judged here: a database that believes that hardly anything is over
    # would begin with all that is, on the day when that is most wrong.
    based = AnswerRecord.objects.filter(basis__isnull=False).select_related("basis")
    rows = [row for row in based.filter(pk__in=kept) if _is_news(row)] if kept else []
    if asked is not None:
        newest = based.filter(conversation=asked).order_by("-asked_at")[:_LOOKED_AT]
        news = [row for row in newest if _is_news(row) and not _is_told(row)][:MOST_RECEIPTS]
        told = AnswerRecord.objects.filter(pk__in=[row.pk for row in news])
        if news:
            told.update(told_at=now or timezone.now())
        rows += news
    return _worded(rows, language)


def _is_news(row: AnswerRecord) -> bool:
    basis = row.basis
    return (
        basis is not None
        and basis.state in OVER
        and basis.noticed_at is not None
        and basis.noticed_at > row.asked_at
    )


def _is_told(row: AnswerRecord) -> bool:
    noticed = row.basis.noticed_at if row.basis else None
    return row.told_at is not None and noticed is not None and row.told_at >= noticed


def tell(record: AnswerRecord, *, conversation: str, language: str) -> tuple[Notice, ...]:
    """The notices of a conversation, kept with the answer in which they are told.

    The same message sent again, and the conversation read again, then show them once more.
    """
    if not conversation:
        return ()
    found = notices_for(conversation=conversation, language=language)
    if found:
        told = record.content.get("recalls", [])
        record.content["recalls"] = [*told, *(asdict(notice) for notice in found)]
        AnswerRecord.objects.filter(pk=record.pk).update(content=record.content)
    return found


def told_with(record: AnswerRecord) -> tuple[Notice, ...]:
    """The notices that were told with an answer."""
    return tuple(Notice(**one) for one in record.content.get("recalls", ()))


def _worded(rows: Iterable[AnswerRecord], language: str) -> tuple[Notice, ...]:
    """One notice for each basis: the same answer given twice is recalled once."""
    newest: dict[int, AnswerRecord] = {}
    for row in sorted(rows, key=lambda row: row.asked_at, reverse=True):
        if row.basis_id is not None:
            newest.setdefault(row.basis_id, row)
    pages = {row.basis.superseded_by_id for row in newest.values() if row.basis} - {None}
    following = answerable(page for page in pages if page is not None)
    return tuple(_notice(row, following, language) for row in newest.values())


def _notice(row: AnswerRecord, following: dict[int, Answerable], language: str) -> Notice:
    basis = row.basis
    assert basis is not None
    instead = following.get(basis.superseded_by_id or 0)
    with override(languages.interface(language)):
        text = _SENTENCES[ReceiptState(basis.state)]() % {
            "asked": _day(row.asked_at),
            "date": _day(basis.state_since or basis.noticed_at),
        }
    new_title, url = "", reverse("assistant:answer", args=[row.pk])
    if instead is not None:
        entry = in_language(instead, language).entry
        new_title, url = entry.question or entry.title, entry.url
    if language == languages.ZH_HANT:
        text = to_traditional(text)
    since = (basis.state_since or basis.noticed_at or row.asked_at).isoformat()
    return Notice(row.pk, row.title, text, url, new_title=new_title, since=since)


_SENTENCES = {
    ReceiptState.SUPERSEDED: lambda: gettext(
        "What you were told on %(asked)s was replaced on %(date)s. It no longer holds."
    ),
    ReceiptState.ENDED: lambda: gettext(
        "What you were told on %(asked)s has not been in force since %(date)s."
    ),
    ReceiptState.SOURCE_AMENDED: lambda: gettext(
        "What you were told on %(asked)s rests on a text that was changed on %(date)s."
    ),
}


def _day(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

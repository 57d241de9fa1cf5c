"""Conversations as the seeded file has them, and gaps as what they were planted as."""

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from assistant.portal_plugin.models import AnswerRecord, Channel, Conversation, Feedback, Gap
from assistant.portal_plugin.models.conversations import AnswerStatus

FILE = Path(__file__).parent / "seeded.jsonl"

type Row = Mapping[str, Any]


def rows() -> list[Row]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def ask(
    text: str,
    *,
    site: int,
    status: str = AnswerStatus.DECLINED_NO_SOURCE,
    language: str = "zh-hans",
    at: datetime.datetime | None = None,
    useful: bool | None = None,
    chosen: bool = False,
    conversation: Conversation | None = None,
    channel: str = Channel.PAGE,
) -> AnswerRecord:
    """One question with the answer that it got, in a conversation of its own unless one is named."""
    moment = at or timezone.now() - datetime.timedelta(days=1)
    talk = conversation or Conversation.objects.create(
        site_id=site, language=language, channel=channel, started_at=moment, last_at=moment
    )
    values = {
        "conversation": talk, "site_id": site, "language": language, "question": text,
    }  # fmt: skip
    record = AnswerRecord.objects.create(status=status, asked_at=moment, **values)
    if useful is not None:
        Feedback.objects.create(answer=record, useful=useful, at=moment)
    if chosen:
        later = moment + datetime.timedelta(minutes=2)
        AnswerRecord.objects.create(
            status=AnswerStatus.ANSWERED, asked_at=later, content={"notes": ["chosen"]}, **values
        )
    return record


def seed(some: Sequence[Row], *, site: int, at: datetime.datetime) -> None:
    """Ask these, one minute after another."""
    for number, row in enumerate(some):
        ask(
            row["text"],
            site=site,
            status=row["status"],
            language=row["language"],
            at=at + datetime.timedelta(minutes=number),
            useful=row.get("useful"),
            chosen=row.get("chosen", False),
        )


def planted(gaps: Iterable[Gap]) -> dict[str, tuple[int, int, int]]:
    """(members found, size of the gap, members planted) by what most of each gap was planted as."""
    by_text = {row["text"]: row.get("gap", "") for row in rows()}
    sizes = Counter(by_text.values())
    found: dict[str, tuple[int, int, int]] = {}
    for gap in gaps:
        names = Counter(by_text[text] for text in gap.questions.values_list("text", flat=True))
        [(name, count)] = names.most_common(1)
        assert name not in found, f"two gaps are {name}"
        found[name] = (count, names.total(), sizes[name])
    return found

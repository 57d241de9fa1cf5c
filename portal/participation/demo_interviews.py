"""Interviews of the demo city (``demo/interviews``): one followed up, one announced.

Questions and entries are stored as they would be afterwards: going on air and ending is for people
at their time, not for a loader.
"""

import datetime
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page

from .models import Activity, InterviewPage, InterviewQuestion, LiveEntry
from .services.interviews import said_to, transcript_blocks

type Row = Mapping[str, Any]

_State = InterviewQuestion.State


class DemoInterviews:
    """Entered in the registry ``demo_content``."""

    directory = Path(__file__).parent / "demo" / "interviews"

    def draft(self, row: Row, column: Page, demo: Any) -> Page:
        fields = {
            "search_description": row["summary"],
            "keywords": ",".join(row["keywords"]),
            **{
                name: row[name]
                for name in ("organiser", "source", "summary", "host", "contact", "plan")
            },
            **{
                name: moment(row.get(name))
                for name in ("date", "opens_at", "closes_at", "questions_from", "questions_until")
            },
        }
        return demo.add(
            column,
            InterviewPage,
            row["key"],
            row["title"],
            fields,
            publish=False,
            date=moment(row["date"]),
        )

    def complete(self, row: Row, page: InterviewPage, demo: Any) -> None:
        page.body = _blocks(page, "body", demo.blocks(row["body"]))
        page.guests = _blocks(
            page, "guests", [("guest", _guest(guest, demo)) for guest in row["guests"]]
        )
        if not InterviewQuestion.objects.filter(interview=page).exists():
            self._happened(row, page, demo)
        if row.get("entries"):
            entries = LiveEntry.objects.filter(interview=page).order_by("number")
            said = transcript_blocks(entries.select_related("question", "image"))
            page.transcript = _blocks(page, "transcript", list(said))
            page.result_summary = row["result_summary"].strip()
        page.save_revision().publish()

    def finish(self, demo: Any) -> None:
        """Nothing: all of it stands on its own pages."""

    # --- what happened ---------------------------------------------------------------------------
    def _happened(self, row: Row, page: InterviewPage, demo: Any) -> None:
        asked = {question["key"]: _question(question, page) for question in row["questions"]}
        day = moment(row.get("started_at"))
        entries = [
            LiveEntry.objects.create(
                interview=page,
                number=number,
                sequence=number,
                speaker=entry["who"],
                text=entry["text"],
                image=demo.images.get(entry.get("image") or ""),
                question=asked.get(entry.get("to") or ""),
                posted_at=_at(day, entry["at"]),
            )
            for number, entry in enumerate(row.get("entries") or (), start=1)
        ]
        for entry in entries:
            question = entry.question
            if question is not None:
                question.state, question.answer = _State.ANSWERED, said_to(question)
                question.answered_at, question.answered_live = entry.posted_at, True
                question.save()
        answered = InterviewQuestion.objects.filter(interview=page, state=_State.ANSWERED)
        Activity.objects.filter(page=page).update(
            started_at=day,
            ended_at=moment(row.get("ended_at")),
            received=len(asked),
            answered=answered.count(),
            sequence=len(entries) + bool(entries),
        )


def _question(row: Row, page: InterviewPage) -> InterviewQuestion:
    state = _State.NEW
    if row.get("answer"):
        state = _State.ANSWERED
    elif row.get("refused"):
        state = _State.REFUSED
    elif row.get("taken"):
        state = _State.TAKEN
    question: InterviewQuestion = InterviewQuestion.objects.create(
        interview=page,
        key=secrets.token_hex(16),
        language="zh-hans",
        text=row["text"],
        sent_at=parse_datetime(row["sent_at"]) or timezone.now(),
        state=state,
        answer=(row.get("answer") or "").strip(),
        answered_at=moment(row.get("answered_at")),
        reason=row.get("refused") or "",
    )
    return question


def _guest(row: Row, demo: Any) -> dict[str, Any]:
    return {**row, "image": demo.images.get(row.get("image") or "")}


def _blocks(page: InterviewPage, field: str, value: list[Any]) -> Any:
    return page._meta.get_field(field).stream_block.normalize(value)


def _at(day: datetime.datetime | None, time: str) -> datetime.datetime:
    hour, minute = time.split(":")
    local = timezone.localtime(day)
    return local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def moment(value: str | None) -> datetime.datetime | None:
    """A time, or one so many days from today: "+9 14:30"."""
    if not value:
        return None
    if value[:1] == "+":
        days, time = value.split()
        return _at(timezone.now() + datetime.timedelta(days=int(days)), time)
    found = parse_datetime(value)
    if found is None:
        raise ValueError(f"{value!r} is no time")
    return found

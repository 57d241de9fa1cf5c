"""The demo city's golden questions, and what its people asked in vain (``demo/*.yaml``)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from .exchange.places import Places
from .models import (
    Expects,
    Gap,
    GapEvent,
    GapQuestion,
    GoldenExpectation,
    GoldenQuestion,
    QuestionPage,
    Topic,
)
from .services.gap_examining import count

SOURCE = "demo"

type Row = Mapping[str, Any]


def load(golden: Sequence[Row], gaps: Sequence[Row]) -> tuple[int, int]:
    """Make what is not there yet, by its key; how many of each.

    Raises:
        LookupError: a file names an entry, a unit or a topic that is not there.
    """
    return _load_golden(golden), _load_gaps(gaps)


@transaction.atomic
def _load_golden(rows: Sequence[Row]) -> int:
    known = set(GoldenQuestion.objects.values_list("key", flat=True))
    made = 0
    for row in rows:
        if row["id"] in known:
            continue
        pages = [_entry(key) for key in row.get("entries") or ()]
        question = GoldenQuestion(
            key=row["id"],
            question=row["text"],
            language=row.get("language", "zh-hans"),
            expects=Expects.ANSWER if pages else Expects.DECLINED,
            topic=pages[0].topic if pages else None,
            owner_unit=pages[0].owner_unit if pages else None,
            note=row.get("note", ""),
        )
        question.expectations.set([GoldenExpectation(page=page) for page in pages])
        question.save()
        made += 1
    return made


def _load_gaps(rows: Sequence[Row]) -> int:
    places, now = Places(), timezone.now()
    made = 0
    for number, row in enumerate(rows):
        if not GapQuestion.objects.filter(source=SOURCE, key__startswith=f"{number}:").exists():
            _make_gap(row, number, places.site(row["site"]), now)
            made += 1
    return made


@transaction.atomic
def _make_gap(row: Row, number: int, site: Any, now: datetime.datetime) -> None:
    reason = row.get("dismissed", "")
    nearest = [_entry(key) for key in row.get("nearest") or ()]
    gap = Gap.objects.create(
        site=site,
        title=row["title"],
        language="zh-hans",
        state=Gap.State.DISMISSED if reason else Gap.State.OPEN,
        owner_unit=_unit(row["owner"]) if "owner" in row else None,
        topic=Topic.objects.get(slug=row["topic"]),
        opened_at=now - datetime.timedelta(days=14),
        closed_at=now - datetime.timedelta(days=9) if reason else None,
        reason=reason,
        nearest=[
            {"page": page.pk, "score": round(1 / place, 2), "share": round(1 / place, 2)}
            for place, page in enumerate(nearest, 1)
        ],
    )
    for place, (text, days, *language) in enumerate(row["questions"]):
        GapQuestion.objects.create(
            gap=gap,
            source=SOURCE,
            key=f"{number}:{place}",
            kind=GapQuestion.Kind.UNANSWERED,
            text=text,
            language=language[0] if language else "zh-hans",
            site=site,
            asker=f"{SOURCE}-{number}-{place}",
            at=now - datetime.timedelta(days=days),
        )
    GapEvent.objects.create(gap=gap, kind=GapEvent.Kind.FOUND)
    count(Gap.objects.filter(pk=gap.pk), now=now)


def _entry(key: str) -> QuestionPage:
    rows = QuestionPage.objects.select_related("topic", "owner_unit")
    found: QuestionPage | None = rows.filter(key=key).first()
    if found is None:
        raise LookupError(f"there is no entry {key}")
    return found


def _unit(name: str) -> Any:
    units: Any = Gap._meta.get_field("owner_unit").related_model
    found = units._default_manager.filter(short_name=name).first()
    if found is None:
        raise LookupError(f"there is no unit {name}")
    return found

"""The plugin's part of the demo city: two solicitations and three surveys (files in ``demo/``).

Opinions and answers are made as if they had come in: same texts, same counts with each loading.
"""

import datetime
import random
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page

from .drafts import blocks_of
from .models import (
    Activity,
    AnswerSheet,
    FreeText,
    Opinion,
    ServiceTeam,
    SolicitationPage,
    SurveyPage,
)
from .questions import Answers, Question, questions_of
from .services import solicitations, surveys

type Row = Mapping[str, Any]

DIRECTORY = Path(__file__).parent / "demo" / "asking"
_IDS = uuid.UUID("9c6f2c0e-2c0b-4d55-8f6a-6b1d5e0c7a44")
# Columns of the demo city, the unit behind each, who reads what comes in.
_TEAMS = {
    "zhengji": ("gov-office", "政务公开科：征集调查专员（A、B角）\n市司法局联络员"),
    "xinwen-fabu": ("gov-office", "政务公开科：访谈主持、文字记录、提问审核各一名"),
    "hubin-tongzhi": ("hubin-office", "区政府办公室信息公开专员"),
}
_INTAKE = "工作日每天上午查看一次，当天分送主办单位；个人信息只在本组内使用，到期删除。"


class DemoAsking:
    """Entered in the registry ``demo_content``."""

    directory = DIRECTORY

    def draft(self, row: Row, column: Page, demo: Any) -> Page:
        model = SolicitationPage if row["type"] == "solicitation" else SurveyPage
        date = _moment(row["date"], hour=9)
        fields = {
            "form": row["form"],
            "organiser": row["organiser"],
            "source": row["organiser"],
            "opens_at": _moment(row["opens"], hour=9),
            "closes_at": _moment(row["closes"], hour=18),
            "summary": row["summary"],
            "search_description": row["summary"],
            "keywords": ",".join(row["keywords"]),
            "contact": row["contact"].strip(),
            "date": date,
        }
        return demo.add(column, model, row["key"], row["title"], fields, publish=False, date=date)

    @transaction.atomic
    def complete(self, row: Row, page: Any, demo: Any) -> None:
        """First open and with what came in, then closed with its result, as it happened."""
        page.body = page.body.stream_block.normalize(demo.blocks(row["body"]))
        if row["type"] == "solicitation":
            page.display = row["display"]
            page.draft = page.draft.stream_block.to_python(_named(row, blocks_of(row["draft"])))
        else:
            page.questions = page.questions.stream_block.to_python(_questions(row))
        page.save_revision().publish()
        page = type(page).objects.get(pk=page.pk)
        if row["type"] == "solicitation":
            _give_opinions(row, page)
        else:
            _answer(row, page)
        if row.get("result_summary"):
            _publish_result(row, page, demo)

    def finish(self, demo: Any) -> None:
        for key, (unit, persons) in _TEAMS.items():
            column = demo.pages.get(key)
            activity = Activity.objects.filter(column=column).first() if column else None
            if activity is None or activity.site_id is None:
                continue
            ServiceTeam.objects.get_or_create(
                column_id=column.pk,
                defaults={
                    "site_id": activity.site_id,
                    "unit": demo.unit(unit),
                    "persons": persons,
                    "intake": _INTAKE,
                },
            )


def _moment(value: Any, *, hour: int) -> datetime.datetime:
    """A time, or a day counted from today ("-6", "+25") at an hour."""
    text = str(value)
    if text[:1] in "+-":
        day = timezone.localdate() + datetime.timedelta(days=int(text))
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"{text!r} is no time")
    return found


def _id(*parts: object) -> str:
    return str(uuid.uuid5(_IDS, "/".join(map(str, parts))))


def _key(*parts: object) -> str:
    return uuid.uuid5(_IDS, "/".join(map(str, parts))).hex


# --- solicitations --------------------------------------------------------------------------------
def _named(row: Row, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        block | {"id": _id(row["key"], block["value"]["number"] or place)}
        for place, block in enumerate(blocks)
    ]


def _give_opinions(row: Row, page: SolicitationPage) -> None:
    ids = {raw["value"]["number"]: str(raw["id"]) for raw in page.draft.raw_data}
    given: list[tuple[Row, list[int]]] = []
    assert page.opens_at is not None
    end = min(page.closes_at or timezone.now(), timezone.now())
    step = (end - page.opens_at) / (len(row["opinions"]) + 1)
    for place, one in enumerate(row["opinions"], start=1):
        pks = [
            solicitations.give_opinion(
                page=page,
                clause=ids[one["clause"]] if one["clause"] else "",
                text=one["text"],
                key=_key(row["key"], place, number),
                name=one.get("name", ""),
                contact=one.get("contact", ""),
                language="zh-hans",
                at=page.opens_at + step * place + datetime.timedelta(minutes=17 * number),
            ).pk
            for number in range(one.get("times", 1))
        ]
        given.append((one, pks))
    for one, pks in given:
        if "verdict" not in one:
            continue
        if len(pks) > 1:
            solicitations.merge(page=page, opinions=pks)
        solicitations.decide(
            page=page,
            opinions=pks[:1],
            verdict=one["verdict"],
            reason=one["reason"],
            is_shown=True,
        )
    if row.get("result_on"):
        decided = _moment(row["result_on"], hour=9) - datetime.timedelta(days=20)
        Opinion.objects.filter(solicitation=page).exclude(verdict="").update(decided_at=decided)


# --- surveys --------------------------------------------------------------------------------------
_OWN = {"type", "weights", "between"}


def _questions(row: Row) -> list[dict[str, Any]]:
    return [
        {
            "type": question["type"],
            "id": _id(row["key"], place),
            "value": {
                name: _items(row["key"], place, name, value)
                if name in ("options", "rows")
                else value
                for name, value in question.items()
                if name not in _OWN
            },
        }
        for place, question in enumerate(row["questions"])
    ]


def _items(key: str, place: int, name: str, values: list[str]) -> list[dict[str, Any]]:
    return [{"type": "item", "id": _id(key, place, name, text), "value": text} for text in values]


def _answer(row: Row, page: SurveyPage) -> None:
    """Sheets as people would have filled them in; how often what was chosen stands in the file."""
    if not row.get("answers") or AnswerSheet.objects.filter(survey=page).exists():
        return
    chance = random.Random(row["key"])  # noqa: S311 - the same sheets with each loading
    asked = [question for question in row["questions"] if question["type"] != "section"]
    pairs = list(zip(questions_of(page.questions), asked, strict=True))
    assert page.opens_at is not None
    days = max(1, (min(page.closes_at or timezone.now(), timezone.now()) - page.opens_at).days)
    first = timezone.localtime(page.opens_at).replace(hour=0, minute=0, second=0, microsecond=0)
    sheets = [
        AnswerSheet(
            survey=page,
            answers=_sheet(pairs, chance),
            key=_key(row["key"], "sheet", number),
            language="zh-hans",
            sent_at=first + datetime.timedelta(days=chance.randrange(days)),
        )
        for number in range(row["answers"])
    ]
    own_words = next((question.id for question, _row in pairs if question.kind == "text"), "")
    for sheet, text in zip(sheets, row["texts"], strict=False):
        sheet.answers[own_words] = text
    AnswerSheet.objects.bulk_create(sheets, batch_size=200)
    state = FreeText.State.SHOWN if row.get("result_summary") else FreeText.State.NEW
    FreeText.objects.bulk_create(
        FreeText(survey=page, question=own_words, text=text, state=state) for text in row["texts"]
    )
    surveys.recount(page=page)


def _sheet(pairs: list[tuple[Question, Row]], chance: random.Random) -> Answers:
    answers: Answers = {}
    for question, row in pairs:
        if question.kind != "text" and question.is_asked(answers):
            answers |= dict(_chosen(question, row, chance))
    return answers


def _chosen(question: Question, row: Row, chance: random.Random) -> Iterator[tuple[str, Any]]:
    ids = [option.id for option in question.options]
    if question.kind == "number":
        yield question.id, chance.randint(*row["between"])
    elif question.kind == "matrix":
        yield (
            question.id,
            {
                line.id: chance.choices(ids, weights)[0]
                for line, weights in zip(question.rows, row["weights"], strict=True)
            },
        )
    elif question.kind == "multiple":
        liked = [
            option
            for option, percent in zip(ids, row["weights"], strict=True)
            if chance.random() * 100 < percent
        ]
        yield question.id, liked[: question.most or len(liked)] or ids[:1]
    else:
        yield question.id, chance.choices(ids, row["weights"])[0]


# --- results --------------------------------------------------------------------------------------
def _publish_result(row: Row, page: Any, demo: Any) -> None:
    page.result_summary = row["result_summary"]
    page.result_body = page.result_body.stream_block.normalize(demo.blocks(row["result_body"]))
    if row.get("policy"):
        page.policy = Page.objects.get(pk=demo.pages[row["policy"]].pk)
    page.save_revision().publish()
    Activity.objects.filter(page=page.pk).update(result_at=_moment(row["result_on"], hour=9))

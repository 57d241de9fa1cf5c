"""Activities for tests, through the same doors that editors use."""

import datetime
import uuid
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.participation.models import InterviewPage, SolicitationPage, SurveyPage

DAY = datetime.timedelta(days=1)


def ids(count: int) -> list[str]:
    return [str(uuid.uuid4()) for _ in range(count)]


def _made(model: Any, column: Page, values: dict[str, Any], blocks: dict[str, Any]) -> Any:
    live = values.pop("live", True)
    page = model(**values, live=False)
    for name, raw in blocks.items():
        setattr(page, name, getattr(page, name).stream_block.to_python(raw))
    column.add_child(instance=page)
    if live:
        page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def _period(since: float, until: float) -> dict[str, Any]:
    now = timezone.now()
    return {"opens_at": now + since * DAY, "closes_at": now + until * DAY}


def make_solicitation(
    column: Page, *, since: float = -1, until: float = 10, **fields: Any
) -> SolicitationPage:
    clauses = [
        {"type": "clause", "id": key, "value": {"level": "article", "number": f"第{n}条",
                                                "text": f"草案的第{n}条。"}}
        for n, key in zip("一二三", ids(3), strict=True)
    ]  # fmt: skip
    values = {"title": "公共自行车办法征求意见", "organiser": "市交通运输局"}
    found: SolicitationPage = _made(
        SolicitationPage, column, values | _period(since, until) | fields, {"draft": clauses}
    )
    return found


def clause_ids(page: SolicitationPage) -> list[str]:
    return [block["id"] for block in page.draft.raw_data]


def options(*texts: str) -> list[dict[str, str]]:
    return [{"type": "item", "id": str(uuid.uuid4()), "value": text} for text in texts]


def question(kind: str, text: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": {"text": text} | value}


def all_kinds() -> list[dict[str, Any]]:
    """One question of each kind; the second is asked of those who chose 是."""
    return [
        question("single", "坐公交吗？", required=True, options=options("是", "否")),
        question("multiple", "坐哪几路？", options=options("1路", "2路", "3路"), most=2,
                 show_if="1=是"),
        question("scale", "满意吗？", steps="5", low="差", high="好"),
        question("matrix", "怎样？", rows=options("准点", "干净"), options=options("好", "差")),
        question("number", "几口人？", least=1, most=20),
        question("text", "还有什么？"),
    ]  # fmt: skip


def make_survey(
    column: Page,
    *,
    since: float = -1,
    until: float = 10,
    questions: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> SurveyPage:
    values = {"title": "公交调查", "organiser": "市交通运输局"}
    found: SurveyPage = _made(
        SurveyPage,
        column,
        values | _period(since, until) | fields,
        {"questions": questions if questions is not None else all_kinds()},
    )
    return found


def make_interview(
    column: Page, *, since: float = 5, until: float = 5.1, **fields: Any
) -> InterviewPage:
    guests = [{"type": "guest", "value": {"name": "局长", "office": "市教育局"}}]
    values = {"title": "入学访谈", "organiser": "市教育局"}
    found: InterviewPage = _made(
        InterviewPage, column, values | _period(since, until) | fields, {"guests": guests}
    )
    return found


def now_over(page: Any) -> Any:
    """The page after its period has ended, without waiting for it."""
    page.opens_at, page.closes_at = timezone.now() - 9 * DAY, timezone.now() - 1 * DAY
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)

"""Interviews for tests, at any point of their course."""

import datetime
import secrets
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.participation.models import Activity, InterviewPage, InterviewQuestion
from portal.participation.services import interviews as services

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR


def draft_interview(column: Page, *, begins: Any = None, **fields: Any) -> InterviewPage:
    begins = begins or timezone.now() + 5 * DAY
    values = {
        "title": "在线访谈：入学怎么办",
        "organiser": "市教育局",
        "opens_at": begins,
        "closes_at": begins + HOUR,
        "host": "主持人",
    } | fields
    page: Any = InterviewPage(**values, live=False)
    guest = {"type": "guest", "value": {"name": "副局长", "office": "市教育局"}}
    page.guests = page.guests.stream_block.to_python([guest])
    column.add_child(instance=page)
    return InterviewPage.objects.get(pk=page.pk)


def announced(column: Page, **fields: Any) -> InterviewPage:
    page = draft_interview(column, **fields)
    page.save_revision().publish()
    return InterviewPage.objects.get(pk=page.pk)


def on_air(column: Page, **fields: Any) -> InterviewPage:
    """Announced in time, and live for a minute."""
    now = timezone.now()
    fields = {"begins": now, "first_published_at": now - 5 * DAY} | fields
    page = announced(column, **fields)
    services.go_on_air(page=page)
    return page


def asked(page: InterviewPage, text: str = "几岁可以入学？", **fields: Any) -> InterviewQuestion:
    return services.ask(page=page, text=text, key=secrets.token_hex(16), **fields)


def taken(page: InterviewPage, text: str = "几岁可以入学？") -> InterviewQuestion:
    question = asked(page, text)
    services.look_at(question=question, take=True)
    question.refresh_from_db()
    return question


def row(page: InterviewPage) -> Activity:
    return Activity.objects.get(page=page.pk)


def over(page: InterviewPage) -> InterviewPage:
    """Its time has passed by, on the page and in its row."""
    past = {"opens_at": timezone.now() - 2 * DAY, "closes_at": timezone.now() - 2 * DAY + HOUR}
    InterviewPage.objects.filter(pk=page.pk).update(**past)
    Activity.objects.filter(page=page.pk).update(**past)
    return InterviewPage.objects.get(pk=page.pk)

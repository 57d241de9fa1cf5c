"""Entries for tests, through the same doors that editors use."""

from typing import Any

from wagtail.models import Page

from assistant.portal_plugin.models import QuestionPage, QuestionSource, SourceKind, Topic
from tests.factories import OrganisationFactory

URL = "https://www.yunhu.gov.cn/guide"


def source(target: Page | None = None, url: str = "", **values: Any) -> QuestionSource:
    """A row of sources: a page, else an address."""
    if target is not None:
        return QuestionSource(kind=SourceKind.PAGE, target=target, **values)
    return QuestionSource(kind=SourceKind.ADDRESS, url=url or URL, **values)


def make_question(
    column: Page, question: str = "新生儿怎么上户口？", *, live: bool = True, **fields: Any
) -> QuestionPage:
    """An entry below a column; public unless told otherwise. ``sources`` are rows."""
    values: dict[str, Any] = {
        "answer": "<p>到户籍派出所办理，带出生医学证明。</p>",
        "phrasings": ["小孩咋落户"],
    }
    if fields.get("language", "zh-hans") != "zh-hans":
        values["answer"] = f"<p>At the police station ({fields['language']}).</p>"
    values |= fields
    sources = values.pop("sources", None)
    if "owner_unit" not in values:
        values["owner_unit"] = OrganisationFactory()
    if "topic" not in values:
        values["topic"] = Topic.objects.get(slug="household")
    title = values.pop("title", question[:120])
    page = QuestionPage(question=question, title=title, live=False, **values)
    page.sources = [source()] if sources is None else sources
    column.refresh_from_db()
    column.add_child(instance=page)
    if live:
        return republish(page)
    page.save_revision()
    return page


def republish(page: QuestionPage, **changes: Any) -> QuestionPage:
    """Change an entry and publish it as editors do. Read back."""
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return QuestionPage.objects.get(pk=page.pk)

"""Documents for tests, through the same doors that editors use."""

import datetime
import uuid
from typing import Any

from wagtail.models import Page

from portal.policy_interpretation.models import (
    InterpretationLink,
    InterpretationPage,
    IssuingBody,
    PolicyPage,
)
from tests.factories import text


def clause(number: str, text: str, *, level: str = "article", id: str = "", **value: Any) -> Any:
    """A raw block of a body; ``id`` keeps an existing clause."""
    return {
        "type": "clause",
        "id": id or str(uuid.uuid4()),
        "value": {"level": level, "number": number, "text": text, **value},
    }


def make_policy(column: Page, *, live: bool = True, body: Any = None, **fields: Any) -> PolicyPage:
    """A document below a column; public unless told otherwise."""
    values: dict[str, Any] = {
        "title": "云湖市公共自行车管理办法",
        "document_number": "云政发〔2026〕12号",
        "issued_on": datetime.date(2026, 5, 6),
        "effective_on": datetime.date(2026, 6, 1),
    }
    page = PolicyPage(**values | fields, live=False)
    page.issuing_bodies = [IssuingBody(name="云湖市人民政府")]
    page.body = page.body.stream_block.to_python(
        body if body is not None else [clause("第一条", "为了方便出行，制定本办法。")]
    )
    column.add_child(instance=page)
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def republish(page: PolicyPage) -> None:
    """Save a draft with what was changed on the object and publish it."""
    if isinstance(page.body, list):
        page.body = PolicyPage._meta.get_field("body").stream_block.to_python(page.body)
    page.save_revision().publish()
    page.refresh_from_db()


def make_product(
    column: Page, *policies: PolicyPage, live: bool = True, **fields: Any
) -> InterpretationPage:
    """An interpretation of documents below a column; public unless told otherwise."""
    values: dict[str, Any] = {"title": "政策解读", "source": "云湖市人民政府办公室"}
    page = InterpretationPage(**values | fields, live=False)
    page.interprets = [InterpretationLink(policy=policy) for policy in policies]
    page.body = text("第一条说的是为了什么。")
    column.add_child(instance=page)
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page

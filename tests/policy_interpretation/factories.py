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


def ids_of(page: PolicyPage) -> list[str]:
    """The clause ids of a document, in order."""
    return [block["id"] for block in page.body.raw_data]


def explanation(clauses: list[str], text: str, policy: PolicyPage | None = None) -> Any:
    """A raw block of ``plain_words``; without a document it speaks of the product's first one."""
    return {
        "type": "explanation",
        "id": str(uuid.uuid4()),
        "value": {
            "policy": policy.pk if policy else None,
            "clauses": clauses,
            "text": f"<p>{text}</p>",
        },
    }


# What a product of a form holds at least.
_BODIES: dict[str, list[dict[str, Any]]] = {
    "chart": [
        {"type": "key_figures", "value": {"items": [{"value": "3", "label": "补助年限"}]}},
    ],
    "questions": [
        {
            "type": "accordion",
            "value": {"items": [{"question": "找谁办？", "answer": "<p>找街道。</p>"}]},
        }
    ],
}


def make_product(
    column: Page,
    *policies: PolicyPage,
    live: bool = True,
    clauses: list[str] | None = None,
    **fields: Any,
) -> InterpretationPage:
    """An interpretation of documents; ``clauses`` are those of the first one that it points to.

    ``body``, ``picture`` and ``plain_words`` are lists of raw blocks.
    """
    values: dict[str, Any] = {"title": "办法怎么用", "source": "云湖市司法局"}
    if fields.get("author_kind", "drafter") != "drafter":
        values["author"] = "林晓，云湖市社会科学院研究员"
    form = fields.get("form", "text")
    notice = [{"type": "notice", "value": {"text": "验收后一年内申请。"}}]
    streams = {
        "body": _BODIES.get(form, [{"type": "paragraph", "value": "<p>一句话说清楚。</p>"}]),
        "picture": notice if form == "picture" else [],
        "plain_words": [],
    } | {name: fields.pop(name) for name in ("body", "picture", "plain_words") if name in fields}
    page = InterpretationPage(**values | fields, live=False)
    page.interprets = [
        InterpretationLink(policy=policy, clauses=list(clauses or ()) if not place else [])
        for place, policy in enumerate(policies)
    ]
    for name, blocks in streams.items():
        setattr(page, name, getattr(page, name).stream_block.to_python(blocks))
    column.add_child(instance=page)
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page


def republish_product(page: InterpretationPage, **changes: Any) -> InterpretationPage:
    """Change a product and publish the change; raw blocks for its streams. Read back."""
    for name, value in changes.items():
        if name in ("body", "picture", "plain_words"):
            value = getattr(page, name).stream_block.to_python(value)
        setattr(page, name, value)
    page.save_revision().publish()
    return InterpretationPage.objects.get(pk=page.pk)

"""Golden questions as files: the lines of ``portal evaluate``, with what else is kept of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assistant.evaluation.questions import Question, Refusal, parse_questions
from assistant.portal_plugin.models import (
    Expects,
    GoldenExpectation,
    GoldenQuestion,
    QuestionPage,
)

MOST = 5_000
LARGEST = 5 * 1024 * 1024


class GoldenFileRefused(Exception):
    """The whole file cannot be read; a sentence for whoever brought it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file."""

    created: int
    updated: int
    unchanged: int
    refused: Sequence[Refusal]


def lines_of(questions: Iterable[GoldenQuestion]) -> Iterator[str]:
    """JSON lines that ``bring`` and ``portal evaluate`` read."""
    for question in questions:
        pages = [row.page for row in question.expectations.all() if row.page is not None]
        row = {
            "id": question.key,
            "text": question.question,
            "language": question.language,
            "relevant": [page.entry_id for page in pages],
            "site": question.site.code if question.site else "",
            "owner": question.owner_unit.short_name if question.owner_unit else "",
            "topic": question.topic.slug if question.topic else "",
            "note": question.note,
        }
        yield json.dumps(
            {name: value for name, value in row.items() if value or name == "relevant"},
            ensure_ascii=False,
        )


@transaction.atomic
def bring(data: bytes, *, name: str, site: Any = None) -> Brought:
    """Store the questions of a file. What is there by its id at the same site is brought up to
    date; a line that cannot be stored is refused, with its reason, and stops no other.

    Args:
        site: where the questions are asked; None: at the portal.

    Raises:
        GoldenFileRefused: it is too large, or no text.
    """
    if len(data) > LARGEST:
        raise GoldenFileRefused(_("The file is too large. Cut it in parts."))
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise GoldenFileRefused(_("The file is no UTF-8 text.")) from error
    if len(lines) > MOST:
        raise GoldenFileRefused(
            _("The file has more than %(count)d lines. Cut it in parts.") % {"count": MOST}
        )
    questions, refused = parse_questions(lines, name)
    numbers = _numbers(lines)
    entries = _entries(key for question in questions for key in question.relevant)
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for question in questions:
        missing = [key for key in question.relevant if key not in entries]
        reason = _refusal(question, missing, site)
        if reason:
            refused.append(Refusal(name, numbers.get(question.id, 0), reason))
            continue
        pages = [entries[key] for key in question.relevant]
        counts[_store(question, pages, site)] += 1
    ordered = sorted(refused, key=lambda one: one.line)
    return Brought(counts["created"], counts["updated"], counts["unchanged"], ordered)


def _refusal(question: Question, missing: Sequence[str], site: Any) -> str:
    if missing:
        return _("There is no entry %(names)s.") % {"names": ", ".join(missing)}
    if len(question.text) > 500:
        return _("The question is longer than 500 characters.")
    if len(question.id) > 80:
        return _("The id is longer than 80 characters.")
    known = GoldenQuestion.objects.filter(key=question.id).first()
    if known is not None and known.site_id != (site.pk if site else None):
        return _("The id belongs to a golden question of another site.")
    return ""


def _store(question: Question, pages: Sequence[QuestionPage], site: Any) -> str:
    known = GoldenQuestion.objects.filter(key=question.id).first()
    row = known or GoldenQuestion(key=question.id, site=site)
    first = pages[0] if pages else None
    values = {
        "question": " ".join(question.text.split()),
        "language": question.language or "zh-hans",
        "expects": Expects.ANSWER if pages else Expects.DECLINED,
    }
    there = {one.page_id for one in row.expectations.all()} if known else set()
    wanted = {page.pk for page in pages}
    is_same = there == wanted and all(getattr(row, name) == v for name, v in values.items())
    if known is not None and is_same:
        return "unchanged"
    for name, value in values.items():
        setattr(row, name, value)
    if known is None and first is not None:
        row.topic, row.owner_unit = first.topic, first.owner_unit
    row.expectations.set([GoldenExpectation(page=page) for page in pages])
    row.save()
    return "updated" if known is not None else "created"


def _entries(keys: Iterable[str]) -> Mapping[str, QuestionPage]:
    """Entries by the id that reports call them by: the one of their import, else their number."""
    wanted = set(keys)
    rows = QuestionPage.objects.filter(alias_of__isnull=True).select_related("topic", "owner_unit")
    found = {page.key: page for page in rows.filter(key__in=wanted)}
    numbers = [int(key) for key in wanted - found.keys() if key.isascii() and key.isdecimal()]
    return found | {str(pk): page for pk, page in rows.in_bulk(numbers).items() if not page.key}


def _numbers(lines: Sequence[str]) -> dict[str, int]:
    """In which line each id stands."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            found.setdefault(row["id"], number)
    return found

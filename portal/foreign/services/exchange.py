"""Files of translators: kept, tried, taken over."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.foreign.exchange import bundle
from portal.foreign.models import ExchangeFile, PageTranslation
from portal.foreign.selectors.exchange import (
    WRITTEN,
    FilePlan,
    Outcome,
    Row,
    document_of,
    file_name,
    made_by,
    plans,
)

from .segments import confirm_segment, save_segment
from .syncing import recount

_KEPT_OPEN = 20  # files of one account that were tried and not taken over


def export(translations: Iterable[PageTranslation], form: str) -> tuple[str, bytes]:
    """A file, or a zip where there are many; its name and its bytes."""
    files = [(file_name(one, form), bundle.write(document_of(one), form)) for one in translations]
    if len(files) == 1:
        return files[0]
    language = files[0][0].partition("-")[0] if files else "none"
    day = timezone.localdate().strftime("%Y%m%d")
    return f"{language}-{day}-{form}.zip", bundle.pack(files)


@transaction.atomic
def receive(*, user: Any, name: str, data: bytes) -> ExchangeFile:
    """Keep a file until it is taken over or thrown away.

    Raises:
        NotReadable: nothing of it can be read.
    """
    bundle.read(name, data)
    mine = ExchangeFile.objects.filter(user=user, state=ExchangeFile.State.WAITING)
    for old in mine.order_by("-pk")[_KEPT_OPEN - 1 :]:
        old.delete()
    kept = PurePosixPath(name.replace("\\", "/")).name[-255:]
    return ExchangeFile.objects.create(user=user, name=kept, data=data)


@transaction.atomic
def take_over(*, file: ExchangeFile, user: Any) -> list[FilePlan]:
    """Write what can be written, as this account; what came of each row.

    What was refused is told with its text, so that nothing is lost.
    """
    done = import_data(name=file.name, data=bytes(file.data), user=user)
    file.state = ExchangeFile.State.TAKEN
    file.taken_at = timezone.now()
    file.report = [_report(plan) for plan in done]
    file.save(update_fields=["state", "taken_at", "report"])
    return done


def import_data(*, name: str, data: bytes, user: Any) -> list[FilePlan]:
    """The same without keeping the file.

    Raises:
        NotReadable: nothing of the file can be read.
    """
    return [_write(plan, user) for plan in plans(name, data, user)]


@transaction.atomic
def _write(plan: FilePlan, user: Any) -> FilePlan:
    if plan.translation is None:
        return plan
    rows = [_write_row(plan.translation, row, user) for row in plan.rows]
    if any(row.outcome in WRITTEN for row in rows):
        recount(plan.translation)
    return FilePlan(plan.name, plan.translation, rows)


def _write_row(translation: PageTranslation, row: Row, user: Any) -> Row:
    """A row that moved since it was tried is refused; the others are written."""
    unit = row.unit
    try:
        if row.outcome is Outcome.CONFIRMED:
            confirm_segment(
                translation=translation, path=unit.path, source_hash=unit.source_hash, user=user
            )
        elif row.outcome in WRITTEN:
            save_segment(
                translation=translation,
                path=unit.path,
                position=row.position,
                source_hash=unit.source_hash,
                text=unit.target,
                user=user,
                made_by=made_by(row),
                seen=row.before,
                count=False,
            )
    except ValidationError as error:
        return Row(unit, Outcome.REFUSED, reason=" ".join(error.messages), source=row.source)
    return row


def _report(plan: FilePlan) -> dict[str, Any]:
    """What is kept of the outcome: counts, and each refused row with its text."""
    return {
        "file": plan.name,
        "page": str(plan.translation) if plan.translation else "",
        "problem": plan.problem,
        "line": plan.line,
        "counts": {outcome.value: plan.count(outcome) for outcome in Outcome},
        "refused": [
            {
                "line": row.unit.line,
                "place": row.unit.label or row.unit.path,
                "source": row.unit.source,
                "text": row.unit.target,
                "reason": row.reason,
            }
            for row in plan.refused
        ],
    }


def refused_rows(done: Sequence[FilePlan]) -> int:
    """How much was not taken: rows, and files as a whole."""
    return sum(len(plan.refused) for plan in done) + sum(bool(plan.problem) for plan in done)

"""Running an intake: tried first, then written, a slice at a time; it can be gone on with."""

import datetime
import json
import time
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.library.models import Intake, IntakeRow, LibraryRecord, Mapping
from portal.library.services.records import record_of_draft, write
from portal.plugin_api import (
    ArticlePage,
    free_slug,
    resource_connectors,
    site_of_path,
    take_turn,
    unit_for,
)

from .reading import MOST_ROWS, UnreadableFile, headings_and_rows
from .rows import Checked, Checker, guess

STILL_AFTER = datetime.timedelta(minutes=6)
_SLICE = 20
_STATE = Intake.State
_OUTCOME = IntakeRow.Outcome


class NotTaken(Exception):
    """A sentence for the person who brings the file."""


def told(error: UnreadableFile) -> str:
    sentences = {
        "kind": _("Only CSV, XLSX, JSON lines (.jsonl) and a ZIP of HTML pages can be read."),
        "encoding": _("The characters of the file cannot be read; save it as UTF-8."),
        "size": _("The file is too large."),
        "rows": _("The file has more than 20,000 rows; cut it into parts."),
        "empty": _("There is no row in the file."),
    }
    return sentences.get(error.code) or _("The file is damaged, or not what its name says.")


@transaction.atomic
def open_intake(*, column: Page, name: str, data: bytes, user: Any, mapping: str = "") -> Intake:
    """Store a file; its columns are guessed, or named by a mapping that was kept.

    Raises:
        NotTaken: it cannot be read.
    """
    try:
        headings, rows = headings_and_rows(name, data)
    except UnreadableFile as error:
        raise NotTaken(told(error)) from error
    site: Any = site_of_path(column.path)
    kept = Mapping.objects.filter(site=site, name=mapping).first() if mapping else None
    intake = Intake(
        site_id=site,
        column_id=column.pk,
        name=name[-200:],
        headings=headings[:200],
        fields=kept.fields if kept is not None else guess(headings),
        total=len(rows),
        started_by=user,
    )
    suffix = name[-6:].rpartition(".")[2].lower()
    intake.file.save(f"intake.{suffix}", ContentFile(data), save=False)
    intake.save()
    return intake


def connectors(site: int) -> list[tuple[str, Any]]:
    """Systems that can be asked at a site: key and label."""
    return [(entry.key, entry.item.label) for entry in resource_connectors.entries(site)]


def open_connection(*, column: Page, connector: str, user: Any) -> Intake:
    """What another system has that is new since the last time, as an intake to be tried.

    Raises:
        NotTaken: it does not answer, has nothing new, or is not there.
    """
    site: Any = site_of_path(column.path)
    entry = resource_connectors.get(connector, site)
    if entry is None:
        raise NotTaken(_("This system is not connected here."))
    name = f"{entry.item.label}.jsonl"
    last = Intake.objects.filter(site=site, name=name, state=_STATE.DONE).first()
    since = last.started_at if last is not None else None
    rows = entry.run(
        lambda item: list(islice(item.items(site=site, since=since), MOST_ROWS + 1)), None
    )
    if rows is None:
        raise NotTaken(_("The system did not answer. Try again later."))
    if not rows:
        raise NotTaken(_("The system has nothing new."))
    lines = "\n".join(json.dumps(dict(row), ensure_ascii=False) for row in rows)
    return open_intake(column=column, name=name, data=lines.encode(), user=user)


@transaction.atomic
def name_columns(*, intake: Intake, fields: dict[str, str], keep_as: str = "") -> None:
    """Say which column is which field.

    Raises:
        NotTaken: no column is the title or the text, or a field is named twice.
    """
    chosen = {heading: target for heading, target in fields.items() if target}
    targets = list(chosen.values())
    for needed, sentence in (
        ("title", _("Say which column is the title.")),
        ("body", _("Say which column is the text.")),
    ):
        if needed not in targets:
            raise NotTaken(sentence)
    if len(set(targets)) != len(targets):
        raise NotTaken(_("Two columns are said to be the same field."))
    intake.fields, intake.state, intake.done = chosen, _STATE.MAPPING, 0
    intake.rows.all().delete()
    intake.save()
    if keep_as:
        Mapping.objects.update_or_create(
            site=intake.site, name=keep_as[:80], defaults={"fields": chosen}
        )


@transaction.atomic
def dry_run(*, intake: Intake) -> dict[str, int]:
    """Check every row and write nothing but what would become of it."""
    intake.rows.all().delete()
    checker = Checker(intake)
    found = [
        _row(intake, number, checker.check(number, row))
        for number, row in enumerate(_rows(intake), start=1)
    ]
    IntakeRow.objects.bulk_create(found, batch_size=500)
    intake.state = _STATE.CHECKED
    intake.save()
    return counts(intake)


def counts(intake: Intake) -> dict[str, int]:
    found = dict.fromkeys(_OUTCOME.values, 0)
    for outcome in intake.rows.values_list("outcome", flat=True):
        found[outcome] += 1
    return found


def _rows(intake: Intake) -> list[dict[str, str]]:
    with intake.file.open("rb") as stream:
        return headings_and_rows(str(intake.file.name), stream.read())[1]


def _row(intake: Intake, number: int, checked: Checked) -> IntakeRow:
    outcome = _OUTCOME.TAKEN
    if checked.refusals:
        outcome = _OUTCOME.REFUSED
    elif checked.remarks:
        outcome = _OUTCOME.WARNED
    values = {key: str(value)[:500] for key, value in checked.values.items()}
    return IntakeRow(
        intake=intake,
        number=number,
        title=checked.values.get("title", "")[:255],
        outcome=outcome,
        reasons=[*checked.refusals, *checked.remarks],
        values=values,
    )


@transaction.atomic
def start(*, intake: Intake) -> None:
    """Begin to write what was tried; in the background."""
    from .tasks import work_after_commit

    if intake.state == _STATE.RUNNING:
        return
    intake.rows.all().delete()
    intake.state, intake.done = _STATE.RUNNING, 0
    intake.save()
    work_after_commit(intake.pk)


@transaction.atomic
def stop(*, intake: Intake) -> None:
    """What is taken in stays, as drafts."""
    Intake.objects.filter(pk=intake.pk, state=_STATE.RUNNING).update(state=_STATE.STOPPED)


def work(*, intake_pk: int, seconds: float = 20.0) -> bool:
    """Take rows in for about so long; whether there are more."""
    intake = Intake.objects.select_related("column", "started_by").filter(pk=intake_pk).first()
    if intake is None or intake.state != _STATE.RUNNING:
        return False
    rows = _rows(intake)
    checker = Checker(intake)
    checker._titles = set(intake.rows.values_list("title", flat=True))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _slice(intake, rows, checker):
            return False
    return True


@transaction.atomic
def _slice(intake: Intake, rows: list[dict[str, str]], checker: Checker) -> bool:
    """The next rows in one transaction: begun again after a crash, none comes twice."""
    take_turn()
    locked = Intake.objects.select_for_update().get(pk=intake.pk)
    if locked.state != _STATE.RUNNING:
        return False
    first = locked.done
    for number, row in enumerate(rows[first : first + _SLICE], start=first + 1):
        checked = checker.check(number, row)
        kept = _row(intake, number, checked)
        if not checked.refusals:
            kept.record = _take(intake, checker.origin(number, checked.values), checked.values)
        kept.save()
    locked.done = min(first + _SLICE, len(rows))
    if locked.done >= len(rows):
        locked.state = _STATE.DONE
    locked.save()
    return locked.state == _STATE.RUNNING


def _take(intake: Intake, origin: str, values: dict[str, Any]) -> LibraryRecord:
    """A draft in the column, and its record with what the row says."""
    column = Page.objects.get(pk=intake.column_id)
    source = values.get("source_name") or str(unit_for(intake.started_by, column.path) or "")
    page = ArticlePage(
        title=values["title"],
        slug=free_slug(values["title"], column, None),
        live=False,
        has_unpublished_changes=True,
        locale=column.locale,
        owner=intake.started_by,
        summary=values.get("summary", "")[:300],
        keywords=values.get("keywords", "")[:200],
        source=source[:120],
        source_url=values.get("source_url", "")[:200],
        author=values.get("author", "")[:80],
        date=parse_datetime(values["date"]) if values.get("date") else None,
        body=[("paragraph", values["body"])],
    )
    column.add_child(instance=page)
    page.save_revision(user=intake.started_by)
    record = record_of_draft(page=page)
    record.origin = origin
    record.save(update_fields=["origin"])
    own = ("theme", "genre", "five_open", "doc_no", "pub_kind")
    written = {name: values[name] for name in own if values.get(name)}
    if written:
        record = write(record=record, values=written, user=intake.started_by)
    return record


def go_on_with_interrupted(site: int | None) -> None:
    """The job: runs whose worker died."""
    from .tasks import work_after_commit

    still = timezone.now() - STILL_AFTER
    waiting = Intake.objects.filter(site=site, state=_STATE.RUNNING, beat_at__lt=still)
    for pk in list(waiting.values_list("pk", flat=True)):
        work_after_commit(pk)

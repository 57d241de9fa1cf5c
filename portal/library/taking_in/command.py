"""Intake from the command line: a file, or a folder of HTML pages."""

import json
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from portal.library.models import Intake, IntakeRow
from portal.plugin_api import just_seen

from . import services
from .reading import UnreadableFile, rows_of_folder


class Refused(Exception):
    """The run cannot begin; the message says why."""


def run(
    *, file: Path, column: str, mapping: str, dry_run: bool, say: Callable[[str], object]
) -> int:
    """Take in what the file holds; the number of rows that were refused, each told with its reason.

    Raises:
        Refused: the file cannot be read, the column is not there, the columns of the file are
            not understood.
    """
    page = _column(column)
    user = get_active_log_context().user
    try:
        name, data = _content(file)
        intake = services.open_intake(column=page, name=name, data=data, user=user, mapping=mapping)
        services.name_columns(intake=intake, fields=intake.fields)
    except services.NotTaken as refused:
        raise Refused(str(refused)) from refused
    if dry_run:
        services.dry_run(intake=intake)
    else:
        Intake.objects.filter(pk=intake.pk).update(state=Intake.State.RUNNING)
        while services.work(intake_pk=intake.pk, seconds=5):
            say(_("  %(done)s of %(total)s") % {"done": _done(intake), "total": intake.total})
    rejected = intake.rows.filter(outcome=IntakeRow.Outcome.REFUSED)
    for row in rejected:
        say(f"{file.name}:{row.number}: {row.title}: {' '.join(row.reasons)}")
    count = rejected.count()
    say(_("%(taken)d taken in, %(refused)d refused.")
        % {"taken": intake.total - count, "refused": count})  # fmt: skip
    return count


def _done(intake: Intake) -> int:
    return Intake.objects.values_list("done", flat=True).get(pk=intake.pk)


def _content(file: Path) -> tuple[str, bytes]:
    try:
        if file.is_dir():
            _headings, rows = rows_of_folder(file)
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            return f"{file.name}.jsonl", lines.encode()
        return file.name, file.read_bytes()
    except UnreadableFile as error:
        raise Refused(services.told(error)) from error
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error


def _column(path: str) -> Page:
    found = just_seen()
    for node in found.nodes.values():
        if node.kind in ("column", "topic") and found.url(node.url_path).strip("/") == path.strip(
            "/"
        ):
            column: Page = Page.objects.get(pk=node.pk)
            return column
    raise Refused(_("There is no column at %s") % path)

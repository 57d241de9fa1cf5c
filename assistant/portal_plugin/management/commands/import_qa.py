"""``portal import_qa``: questions and answers from a file, published."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from wagtail.log_actions import get_active_log_context

from assistant.portal_plugin.exchange.comparing import Options, Status, Step
from assistant.portal_plugin.exchange.places import PlaceRefused, Places
from assistant.portal_plugin.exchange.reading import FileRefused, RawFile, read
from assistant.portal_plugin.exchange.reports import report
from assistant.portal_plugin.exchange.rows import Row, row_of
from assistant.portal_plugin.exchange.storing import Outcome, check, store
from assistant.portal_plugin.wording_of_moves import line_of
from portal.plugin_api import add_operator_arguments, operator_action

_SAY_EVERY = 2.0  # seconds
_MOST_LINES = 50


class Command(BaseCommand):
    help = (
        "Brings questions and answers from a file (.jsonl .csv .xlsx) into the knowledge base and "
        "publishes them. Columns: id, question, variants, answer, language, owner, topic, site, "
        "source_url, valid_from, valid_until, title; others are ignored. An id that is there "
        "already is updated, a row that has not changed is left alone: an interrupted run is "
        "simply started again."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="Ends in .jsonl, .csv or .xlsx.")
        parser.add_argument(
            "--site",
            metavar="HOST",
            default="",
            help="Host name or code of the site for rows that name none. Default: the portal.",
        )
        parser.add_argument(
            "--column",
            metavar="PATH",
            default="",
            help="Address of the column, such as /wenda/. Default: the site's column for "
            "questions, which is made where there is none.",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Withdraw what came from a file earlier and is not in this one.",
        )
        parser.add_argument(
            "--create-topics",
            action="store_true",
            help="Make topics that are not there. Default: warn, and leave the topic as it is.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen; change nothing."
        )
        parser.add_argument("--report", metavar="FILE.json", default="", help="Where to write it.")
        parser.add_argument("--language", default="zh-hans", help="Language of the sentences.")
        add_operator_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        self._check_report(options["report"])
        found = self._read(options["file"])
        wanted = self._options(options)
        rows = [row_of(raw) for raw in found.rows]
        if found.ignored:
            self.stdout.write(f"Columns that are ignored: {', '.join(found.ignored)}")
        started = time.monotonic()
        dry = options["dry_run"]
        outcome = check(rows, wanted) if dry else self._store(rows, wanted, options)
        self._tell(outcome, found, options, time.monotonic() - started)

    # --- arguments -------------------------------------------------------------------------------
    def _check_report(self, name: str) -> None:
        """A report that cannot be written is better known before the work than after it."""
        path = Path(name)
        if name and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise CommandError(f"The report cannot be written to {name}.", returncode=2)

    def _read(self, name: str) -> RawFile:
        path = Path(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}", returncode=2) from error
        try:
            return read(data, path.name)
        except FileRefused as refused:
            raise CommandError(f"{name}: {refused}", returncode=2) from refused

    def _options(self, options: dict[str, Any]) -> Options:
        places = Places()
        try:
            site = places.site(options["site"])
            if options["column"]:
                places.column_at(site, options["column"])
        except PlaceRefused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        return Options(site, places, options["replace"], options["create_topics"])

    # --- the run ---------------------------------------------------------------------------------
    def _store(self, rows: list[Row], wanted: Options, options: dict[str, Any]) -> Outcome:
        with operator_action("import_qa", options):
            return store(
                rows,
                wanted,
                user=get_active_log_context().user,
                progress=_Progress(self.stdout.write),
            )

    # --- what became of it -----------------------------------------------------------------------
    def _tell(
        self, outcome: Outcome, found: RawFile, options: dict[str, Any], seconds: float
    ) -> None:
        for note in outcome.notes:
            self.stdout.write(note)
        self._tell_rows(
            [step for step in outcome.steps if step.status is Status.REFUSED], options["file"]
        )
        warned = [step for step in outcome.steps if step.warnings]
        self._tell_warnings(warned)
        if options["report"]:
            found_report = report(outcome, file=options["file"], dry_run=options["dry_run"])
            Path(options["report"]).write_text(
                json.dumps(
                    found_report | {"ignored_columns": found.ignored}, ensure_ascii=False, indent=1
                )
                + "\n",
                encoding="utf-8",
            )
        counts = ", ".join(
            f"{outcome.count(status)} {status}"
            for status in Status
            if outcome.count(status) or status is Status.CREATED
        )
        stored = outcome.count(Status.CREATED) + outcome.count(Status.UPDATED)
        rate = f", {stored / seconds:.0f} a second" if stored and seconds > 1 else ""
        self._tell_moves(outcome)
        lead = "Nothing was changed. It would be: " if options["dry_run"] else ""
        self.stdout.write(f"{lead}{counts} ({seconds:.1f} s{rate})")
        if outcome.count(Status.REFUSED):
            raise CommandError("Some rows were refused; they are named above.", returncode=1)

    def _tell_rows(self, steps: list[Step], file: str) -> None:
        for step in steps[:_MOST_LINES]:
            for problem in step.problems:
                column = f"{problem.column}: " if problem.column else ""
                name = f" [{step.key}]" if step.key else ""
                self.stderr.write(f"{file}:{step.line}{name} {column}{problem.message}")
        if len(steps) > _MOST_LINES:
            self.stderr.write(f"… and {len(steps) - _MOST_LINES} more; see --report.")

    def _tell_moves(self, outcome: Outcome) -> None:
        """Of a dry run: what would be answered otherwise."""
        if outcome.preview is None:
            return
        if not outcome.preview.is_known:
            self.stdout.write("A model does not answer: moved golden questions are not known.")
        for moved in outcome.preview.moves[:_MOST_LINES]:
            self.stdout.write(f"moves {moved.question.key}: {line_of(moved)}")
        if outcome.preview.moves:
            self.stdout.write(f"{len(outcome.preview.moves)} golden questions would move.")

    def _tell_warnings(self, steps: list[Step]) -> None:
        """Each sentence once: a whole file may name the same unknown unit."""
        said: dict[str, list[int]] = {}
        for step in steps:
            for warning in step.warnings:
                said.setdefault(str(warning.message), []).append(step.line)
        for message, lines in list(said.items())[:_MOST_LINES]:
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            self.stdout.write(f"Line {lines[0]}{more}: {message}")


class _Progress:
    def __init__(self, say: Any) -> None:
        self._say = say
        self._started = self._said = time.monotonic()
        self._first: int | None = None

    def __call__(self, done: int, wanted: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = done
        if now - self._said < _SAY_EVERY:
            return
        self._said = now
        rate = (done - self._first) / (now - self._started)
        left = (wanted - done) / rate if rate else 0.0
        self._say(f"  {done:,} of {wanted:,}, {rate:.0f} a second, {left:.0f} s to go")

"""``portal import_guides``: service guides from a file, as drafts or published."""

import json
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from portal.plugin_api import (
    ColumnPage,
    add_operator_arguments,
    is_enabled,
    operator_action,
    site_of_path,
)
from portal.services.exchange.reading import FileRefused, RawGuide, read
from portal.services.exchange.storing import Importer, Outcome, Status, report
from portal.services.models import GuideRating

_SAY_EVERY = 2.0  # seconds
_MOST_LINES = 50


class Command(BaseCommand):
    help = (
        "Brings service guides from a file (.json .csv .xlsx). New guides and changes become "
        "drafts for review; --publish makes them public, in the name of those who stand for it. "
        "A guide is known again by its key, its implementation code, or its name in the column; "
        "a row that has not changed is left alone: an interrupted run is simply started again."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="Ends in .json, .csv or .xlsx.")
        parser.add_argument(
            "--site", metavar="HOST", default="", help="Host name or code. Default: the portal."
        )
        parser.add_argument(
            "--column",
            metavar="PATH",
            default="",
            help="Address of the column, such as /banshi/. Default: the site's first for services.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen; change nothing."
        )
        parser.add_argument("--publish", action="store_true", help="Publish what is brought in.")
        parser.add_argument("--report", metavar="FILE.json", default="", help="Where to write it.")
        parser.add_argument("--language", default="zh-hans", help="Language of the sentences.")
        add_operator_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        self._check_report(options["report"])
        rows = self._read(options["file"])
        column = self._column(self._site(options["site"]), options["column"])
        dry_run, publish = options["dry_run"], options["publish"]
        acting = (
            operator_action("import_guides", options) if publish and not dry_run else nullcontext()
        )
        with acting:
            importer = Importer(column, user=None, publish=publish)
            if publish and not dry_run:
                importer.user = get_active_log_context().user
            outcome = importer.run(rows, dry_run=dry_run, progress=_Progress(self.stdout.write))
        self._tell(outcome, options)

    # --- arguments -------------------------------------------------------------------------------
    def _check_report(self, name: str) -> None:
        """A report that cannot be written is better known before the work than after it."""
        path = Path(name)
        if name and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise CommandError(f"The report cannot be written to {name}.", returncode=2)

    def _read(self, name: str) -> list[RawGuide]:
        try:
            return read(Path(name).read_bytes(), name)
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}", returncode=2) from error
        except FileRefused as refused:
            raise CommandError(f"{name}: {refused}", returncode=2) from refused

    def _site(self, host: str) -> Any:
        sites: Any = GuideRating.site.field.related_model
        records = sites._default_manager.select_related("root_page")
        if host:
            site = records.filter(wagtail_site__hostname=host).first()
            site = site or records.filter(code=host).first()
        else:
            site = records.filter(kind="portal").first()
        if site is None:
            known = ", ".join(records.values_list("code", flat=True)) or "none"
            raise CommandError(
                f"No site answers to {host or 'the portal'} (sites: {known}).", returncode=2
            )
        if not is_enabled("services", site.pk):
            raise CommandError(f"The plugin of services is off at {site.code}.", returncode=2)
        return site

    def _column(self, site: Any, address: str) -> Page:
        if address:
            wanted = site.root_page.url_path + address.strip("/") + "/"
            column = Page.objects.filter(url_path=wanted).first()
            if column is None or site_of_path(column.path) != site.pk:
                raise CommandError(f"{site.code} has no column {address}.", returncode=2)
            return column.specific
        columns = ColumnPage.objects.descendant_of(site.root_page)
        for column in columns.filter(column_type__contains="办事服务").order_by("path"):
            if site_of_path(column.path) == site.pk:
                return column
        raise CommandError(
            f"{site.code} has no column for services: name one with --column.", returncode=2
        )

    # --- what became of it -----------------------------------------------------------------------
    def _tell(self, outcome: Outcome, options: dict[str, Any]) -> None:
        file = options["file"]
        if outcome.ignored:
            self.stdout.write(f"Columns that are ignored: {', '.join(outcome.ignored)}")
        refused = [step for step in outcome.steps if step.status is Status.REFUSED]
        for step in refused[:_MOST_LINES]:
            for problem in step.problems:
                column = f"{problem.column}: " if problem.column else ""
                self.stderr.write(f"{file}:{step.line} [{step.name}] {column}{problem.message}")
        if len(refused) > _MOST_LINES:
            self.stderr.write(f"… and {len(refused) - _MOST_LINES} more; see --report.")
        if options["report"]:
            found = report(outcome, file=file, dry_run=options["dry_run"])
            text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
            Path(options["report"]).write_text(text, encoding="utf-8")
        counts = ", ".join(f"{outcome.count(status)} {status}" for status in Status)
        lead = "Nothing was changed. It would be: " if options["dry_run"] else ""
        self.stdout.write(f"{lead}{counts}")
        if refused:
            raise CommandError("Some rows were refused; they are named above.", returncode=1)


class _Progress:
    def __init__(self, say: Any) -> None:
        self._say = say
        self._started = self._said = time.monotonic()

    def __call__(self, done: int, wanted: int) -> None:
        now = time.monotonic()
        if now - self._said < _SAY_EVERY:
            return
        self._said = now
        rate = done / (now - self._started)
        self._say(
            f"  {done} of {wanted}, {rate:.0f} a second, {(wanted - done) / rate:.0f} s to go"
        )

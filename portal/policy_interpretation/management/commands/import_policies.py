"""``portal import_policies``: files of official documents to clause pages."""

import json
import os
import time
from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from portal.plugin_api import add_operator_arguments, is_enabled, operator_action, site_of_path
from portal.policy_interpretation.importing.queue import stop
from portal.policy_interpretation.importing.sentences import told
from portal.policy_interpretation.importing.services import Importer, finish
from portal.policy_interpretation.models import ImportBatch, ImportItem
from portal.text.official.files import digest_of, take_all
from portal.text.official.model import Finding

_KINDS = frozenset({".docx", ".pdf", ".ofd", ".html", ".htm", ".txt", ".doc", ".wps"})
_WORKERS_FROM = 8  # fewer files are read sooner than a second process starts
_SAY_EVERY = 2.0  # seconds


class Command(BaseCommand):
    help = (
        "Brings official documents from files (.docx .pdf .ofd .html .txt, and .doc .wps where "
        "LibreOffice is installed) into a column as policy documents. Files that were brought in "
        "before are skipped, so that an interrupted run is simply started again."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="Files, or folders of them.")
        parser.add_argument("--site", metavar="HOST", default="", help="Default: the portal.")
        parser.add_argument(
            "--column",
            metavar="PATH",
            default="",
            help="Address of the column, such as /zhengwugongkai/zhengce/. Default: the first one "
            "for policy documents.",
        )
        parser.add_argument("--publish", action="store_true", help="Publish what may be public.")
        parser.add_argument("--report", metavar="FILE.json", default="", help="Where to write it.")
        parser.add_argument(
            "--workers",
            type=int,
            default=min(4, os.cpu_count() or 1),
            help="Processes that read files.",
        )
        parser.add_argument("--language", default="zh-hans", help="Language of the sentences.")
        add_operator_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        files = list(dict.fromkeys(self._files(options["paths"])))
        self._check_report(options["report"])
        site, column = self._place(options["site"], options["column"])
        with translation.override(options["language"]):
            if options["publish"]:
                with operator_action("import_policies", options):
                    user = get_active_log_context().user
                    items = self._run(files, site, column, user, options)
            else:
                items = self._run(files, site, column, None, options)
        if options["report"]:
            path = Path(options["report"])
            report = {"files": [self._entry(item, options["language"]) for item in items]}
            path.write_text(
                json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        self._summary(items)

    def _entry(self, item: ImportItem, language: str) -> dict[str, Any]:
        entry: dict[str, Any] = item.report
        if item.batch_id != self.batch.pk:
            with translation.override(language):
                said = told(Finding("brought_in_before"))
            entry = entry | {"warnings": [*entry["warnings"], said]}
        return entry

    # --- arguments -------------------------------------------------------------------------------
    def _files(self, names: list[str]) -> Iterator[Path]:
        for name in names:
            path = Path(name)
            if path.is_dir():
                yield from sorted(
                    file
                    for file in path.rglob("*")
                    if file.is_file()
                    and file.suffix.lower() in _KINDS
                    and not file.name.startswith((".", "~$"))
                )
            elif path.exists():
                yield path
            elif found := sorted(glob(name, recursive=True)):  # noqa: PTH207 - absolute, too
                yield from self._files(found)
            else:
                raise CommandError(f"There is no {name}.", returncode=2)

    def _check_report(self, name: str) -> None:
        """A report that cannot be written is better known before the work than after it."""
        path = Path(name)
        if name and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise CommandError(f"The report cannot be written to {name}.", returncode=2)

    def _place(self, host: str, address: str) -> tuple[Any, Page]:
        records = apps.get_model("core", "SiteRecord").objects.select_related(
            "root_page", "wagtail_site"
        )
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
        if not is_enabled("policy_interpretation", site.pk):
            raise CommandError(f"The plugin of policies is off at {site.code}.", returncode=2)
        return site, self._column(site, address)

    def _column(self, site: Any, address: str) -> Page:
        columns = apps.get_model("pages", "ColumnPage").objects.descendant_of(site.root_page)
        if address:
            wanted = site.root_page.url_path + address.strip("/") + "/"
            found = Page.objects.filter(url_path=wanted).first()
            column = found.specific if found else None
            if column is None or site_of_path(column.path) != site.pk:
                raise CommandError(f"{site.code} has no column {address}.", returncode=2)
            return column
        for column in columns.filter(column_type__contains="政策文件").order_by("path"):
            if site_of_path(column.path) == site.pk:
                return column
        raise CommandError(
            f"{site.code} has no column for policy documents: name one with --column.",
            returncode=2,
        )

    # --- the run ---------------------------------------------------------------------------------
    def _run(
        self, files: list[Path], site: Any, column: Page, user: Any, options: dict[str, Any]
    ) -> list[ImportItem]:
        self.batch = ImportBatch.objects.create(site=site, column=column, started_by=user)
        try:
            items = self._bring_in(files, column, user, options)
        except BaseException:  # also Ctrl+C: what is stored stays, and the next run goes on
            stop(batch=self.batch)
            raise
        finish(batch=self.batch)
        return items

    def _bring_in(
        self, files: list[Path], column: Page, user: Any, options: dict[str, Any]
    ) -> list[ImportItem]:
        importer = Importer(self.batch, column, user=user, publish=options["publish"])
        items: list[ImportItem] = []
        started = said = time.monotonic()
        fresh: list[Path] = []
        skipped = 0
        for path in files:
            before = importer.earlier(_digest(path))
            if before:
                first = before[0].batch_id
                items.extend(item for item in before if item.batch_id == first)
                skipped += 1
            else:
                fresh.append(path)
        if skipped:
            self.stdout.write(f"{skipped} files were brought in before and are skipped.")
        workers = options["workers"] if len(fresh) >= _WORKERS_FROM else 1
        for number, taken in enumerate(take_all(fresh, workers=workers), 1):
            stored = importer.store(taken, name=str(taken.path))
            items.extend(stored)
            if stored[0].status == ImportItem.Status.REFUSED:
                [finding] = stored[0].findings
                self.stderr.write(f"{taken.path}: {finding['sentence']}")
            now = time.monotonic()
            if now - said >= _SAY_EVERY or number == len(fresh):
                said = now
                self._progress(number, len(fresh), now - started)
        return items

    def _progress(self, done: int, count: int, seconds: float) -> None:
        rate = done / seconds if seconds else 0.0
        left = (count - done) / rate if rate else 0.0
        self.stdout.write(f"  {done} of {count}, {rate:.1f} a second, {left:.0f} s to go")

    def _summary(self, items: list[ImportItem]) -> None:
        counts = dict.fromkeys(("imported", "flagged", "refused"), 0)
        for item in items:
            counts[item.report["status"]] += 1
        self.stdout.write(
            f"{counts['imported']} imported, {counts['flagged']} flagged, "
            f"{counts['refused']} refused"
        )
        if counts["refused"]:
            raise CommandError("Some files were refused; they are named above.", returncode=1)


def _digest(path: Path) -> str:
    """ "" where the file cannot be read: reading it in earnest says why."""
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""

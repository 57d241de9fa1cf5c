"""``portal import_translations``: files of translators back into drafts."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.foreign.exchange.units import NotReadable
from portal.foreign.selectors.exchange import FilePlan, Outcome, plans
from portal.foreign.services.exchange import import_data, refused_rows

_SUFFIXES = {".po", ".xlf", ".xliff", ".zip"}


class Command(BaseCommand):
    help = (
        "Takes translations from PO, XLIFF 2.1 or zip files over into drafts, as one account and "
        "within its languages and columns. Nothing is published. Exits with 1 where something was "
        "refused (the rest is done, the refused is listed), with 2 on bad usage."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="Files, or folders of them.")
        parser.add_argument("--user", required=True, help="The translator's account.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Write nothing; tell what would."
        )
        parser.add_argument("--messages", default="en", help="Language of the sentences.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active account: {options['user']}", returncode=2)
        files = list(self._files(options["paths"]))
        written = refused = 0
        with translation.override(options["messages"]):
            for path in files:
                try:
                    done = (
                        plans(path.name, path.read_bytes(), user)
                        if options["dry_run"]
                        else import_data(name=path.name, data=path.read_bytes(), user=user)
                    )
                except NotReadable as problem:
                    self._refuse(path, problem.line, problem.message)
                    refused += 1
                    continue
                written += sum(plan.written for plan in done)
                refused += refused_rows(done)
                self._tell(path, done)
        word = "would be written" if options["dry_run"] else "written"
        self.stdout.write(f"{len(files)} files: {written} texts {word}, {refused} refused.")
        if refused:
            sys.exit(1)

    def _files(self, paths: Sequence[str]) -> Iterator[Path]:
        for name in paths:
            path = Path(name)
            if path.is_dir():
                yield from sorted(
                    found for found in path.rglob("*") if found.suffix.lower() in _SUFFIXES
                )
            elif path.is_file():
                yield path
            else:
                raise CommandError(f"No such file or folder: {name}", returncode=2)

    def _tell(self, path: Path, done: Sequence[FilePlan]) -> None:
        for plan in done:
            where = path if plan.name == path.name else f"{path}!{plan.name}"
            if plan.problem:
                self._refuse(where, plan.line, plan.problem)
                continue
            counts = ", ".join(
                f"{outcome} {plan.count(outcome)}" for outcome in Outcome if plan.count(outcome)
            )
            self.stdout.write(f"{where}: {plan.translation}: {counts or 'nothing'}")
            for row in plan.refused:
                self._refuse(where, row.unit.line, row.reason)

    def _refuse(self, where: Any, line: int, reason: str) -> None:
        self.stderr.write(f"{where}:{line}: {reason}" if line else f"{where}: {reason}")

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.backup import services
from portal.core.backup.problems import BackupError


class Command(BaseCommand):
    help = (
        "Puts back what `portal backup` wrote, on an empty database and data folder, and checks "
        "it. With --drill beside the portal, which goes on: only to see that the backup is good."
    )
    # The tables may not be there yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="what `portal backup` wrote")
        parser.add_argument(
            "--replace", action="store_true",
            help="a portal is here: put its database and files aside first",
        )  # fmt: skip
        parser.add_argument(
            "--drill", action="store_true", help="try it out beside the portal and write that down"
        )
        parser.add_argument("--drills", action="store_true", help="show the record of drills")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drills"]:
            self._show_drills(as_json=options["json"])
            return
        if options["file"] is None:
            raise CommandError("Which file? (portal restore FILE)", returncode=2)
        if options["drill"] and options["replace"]:
            raise CommandError("A drill changes nothing here: without --replace.", returncode=2)
        source = options["file"].absolute()
        # Standard output is for the answer, so that a program can read it.
        say = self.stderr.write if options["json"] else self.stdout.write
        self.stderr.style_func = None
        if options["drill"]:
            self._drill(source, say, as_json=options["json"])
            return
        try:
            done = services.restore(source, say, replace=options["replace"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(done, ensure_ascii=False))
            return
        self.stdout.write(
            f"As of {done['taken_at']}: {done['rows']:,} rows and {done['files']:,} files."
        )
        if done["missing"]:
            self.stdout.write(f"Missing files: {', '.join(done['missing'][:10])}")
        if done["settings"]:
            self.stdout.write(f"Other values than in the backup: {', '.join(done['settings'])}")
        if done["aside"]:
            self.stdout.write(f"What was here: {done['aside']}")
        self.stdout.write("Now: portal setup, then start the portal.")

    def _drill(self, source: Path, say: Any, *, as_json: bool) -> None:
        line = services.drill(source, say)
        if as_json:
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if not line["passed"]:
            raise CommandError(f"The drill failed and is on record: {line['detail']}")
        if not as_json:
            self.stdout.write(
                f"The backup is good: {line['rows']:,} rows, {line['files']:,} files, "
                f"{line['seconds']} s. On record."
            )

    def _show_drills(self, *, as_json: bool) -> None:
        found = services.drills()
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for line in found:
            result = "passed" if line["passed"] else f"FAILED: {line['detail']}"
            self.stdout.write(f"{line['at']}  {line['seconds']} s  {line['file']}  {result}")
        if not found:
            self.stdout.write("No drill is on record.")

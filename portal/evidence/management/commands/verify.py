import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.evidence.services import sealing, signing
from portal.evidence.services.following import catch_up
from portal.evidence.services.verification import Report, verify


class Command(BaseCommand):
    help = (
        "Checks what is public against the log of evidence: log file, table, tree, signatures, "
        "pages, versions, clauses, library records, files, and the store of finished pages. Exit "
        "code 1 where something was found. May be interrupted at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Put right what can be put right from here: the store, and rows of pages whose "
            "live version is intact. Other places are named with what to do.",
        )
        parser.add_argument(
            "--baseline",
            action="store_true",
            help="First take in what was public before the log began. Goes on where it stopped.",
        )
        parser.add_argument(
            "--sign", action="store_true", help="Sign today's root, where it is not signed yet."
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="Write the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path | None = options["report"]
        if target is not None and not target.parent.is_dir():
            raise CommandError(f"{target.parent} is no folder.", returncode=2)
        if options["baseline"]:
            catch_up()
            number = sealing.take_baseline(self._say)
            self.stdout.write(f"Taken in: {number}")
        if options["sign"]:
            try:
                signing.sign_day()
            except signing.CannotSign as error:
                raise CommandError(str(error)) from error
        waiting = sealing.missing_baselines()
        if waiting:
            self.stderr.write(
                f"Not taken in yet: {', '.join(waiting)}. What was public before the log began is "
                "reported as not in the log; run portal verify --baseline once."
            )
        report = verify(repair=options["repair"], say=self._say)
        if target is not None:
            text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
            target.write_text(text + "\n", encoding="utf-8")
        self._tell(report)

    def _say(self, line: str) -> None:
        now = time.monotonic()
        if now - getattr(self, "_said", 0.0) > 1 or self.verbosity > 1:
            self._said = now
            self.stdout.write(f"  {line}")

    def execute(self, *args: Any, **options: Any) -> Any:
        self.verbosity: int = options.get("verbosity", 1)
        return super().execute(*args, **options)

    def _tell(self, report: Report) -> None:
        for found in report.findings:
            good = (
                f"; last known to be right {found.last_good_at:%Y-%m-%d %H:%M %Z}"
                if (found.last_good_at)
                else ""
            )
            field = f" {found.field}" if found.field else ""
            detail = f": {found.detail}" if found.detail else ""
            self.stdout.write(f"{found.code}  {found.place}{field}{detail}{good}")
            if found.restored or found.advice:
                self.stdout.write(f"    {found.restored or found.advice}")
        total = sum(report.checked.values())
        speed = total / report.seconds if report.seconds else 0
        kinds = ", ".join(f"{name} {number}" for name, number in report.checked.items())
        self.stdout.write(
            f"{total} checked ({kinds}) in {report.seconds:.1f} s, {speed:.0f}/s; "
            f"{len(report.findings)} found"
        )
        if any(not found.restored for found in report.findings):
            raise SystemExit(1)
        if report.findings:
            self.stdout.write("All of it was restored.")
            raise SystemExit(1)

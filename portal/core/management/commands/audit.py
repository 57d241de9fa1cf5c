import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.audit import checking, sealing


class Command(BaseCommand):
    help = (
        "The audit log: 'verify' goes through all of it and ends with an error where something was "
        "changed, taken out or put in; 'head' says how far it has come, to be put down elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("verify", "head"))
        parser.add_argument(
            "--known", metavar="NUMBER:LINK", help="what 'head' said earlier, to be compared"
        )
        parser.add_argument("--heads", type=Path, help="a copy of var/audit/heads.log")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        sealing.seal()
        if options["what"] == "head":
            sealing.note_head()
            found = sealing.last_head(sealing.heads_file())
            self.stdout.write(f"{found[0]}:{found[1]}" if found else "The log is empty.")
            return
        if options["heads"] is not None and not options["heads"].is_file():
            raise CommandError(f"There is no file {options['heads']}.")
        report = checking.check(heads=options["heads"], known=_known(options["known"]))
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "entries": report.entries,
                        "first": report.first,
                        "head": f"{report.seq}:{report.chain}",
                        "findings": [{"seq": f.seq, "what": f.what} for f in report.findings],
                    }
                )
            )
        else:
            self.stdout.write(f"{report.entries} entries, {report.first} to {report.seq}")
            for finding in report.findings:
                where = f"entry {finding.seq}" if finding.seq is not None else "the log"
                self.stdout.write(f"{where}: {finding.what}")
        if report.findings:
            raise CommandError(f"{len(report.findings)} findings")


def _known(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, separator, link = text.partition(":")
    if not separator or not number.isdecimal() or len(link) != 64:
        raise CommandError("--known wants NUMBER:LINK as 'portal audit head' prints it")
    return (int(number), link)

"""``portal read_visits``: counts the log of visits, takes nginx's log, or adds a day up anew."""

import datetime
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.visits.services.nginx_log import NginxLogError, nginx_configuration, take_log
from portal.visits.services.reading import read_log
from portal.visits.services.replaying import CannotReplay, replay

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Adds what the log of visits holds to the figures. It can be stopped at any time and goes "
        "on where it was. Exit status 1 when a replay finds other figures than are stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--nginx", metavar="FILE", type=Path,
            help="take what nginx has logged since the last time, in its own format, first",
        )  # fmt: skip
        parser.add_argument(
            "--replay", metavar="DAY", type=_day,
            help="add a day (2026-11-28) up anew from its log and compare; nothing is changed",
        )  # fmt: skip
        parser.add_argument(
            "--nginx-configuration", action="store_true",
            help="print the log format and the classes that nginx needs, and nothing else",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["nginx_configuration"]:
            self.stdout.write(nginx_configuration(), ending="")
        elif options["replay"]:
            self._replay(options["replay"])
        else:
            self._read(options["nginx"])

    def _read(self, log: Path | None) -> None:
        if log is not None:
            try:
                taken = take_log(log)
            except NginxLogError as error:
                raise CommandError(str(error), returncode=1) from None
            self.stdout.write(
                f"nginx: {taken.counted} visits, {taken.passed_over} other requests, "
                f"{taken.unreadable} lines that are not in the format"
            )
        began = time.monotonic()
        read = read_log(say=lambda line: self.stdout.write(f"  {line}"))
        seconds = max(time.monotonic() - began, 0.001)
        self.stdout.write(
            f"{read.lines} lines of {read.files} files counted in {seconds:.1f} s "
            f"({read.lines / seconds:.0f} a second), {read.unreadable} could not be read"
        )

    def _replay(self, day: datetime.date) -> None:
        try:
            found = replay(day)
        except CannotReplay as error:
            raise CommandError(str(error), returncode=1) from None
        self.stdout.write(
            f"{day}: {found.lines} lines, {found.views} views, {found.entries} visits; "
            f"{found.uncounted_bytes} bytes are not counted yet"
        )
        for one in found.differences[:_SHOWN]:
            self.stdout.write(f"  {one.what}: log {one.log}, stored {one.stored}")
        if found.differences:
            number = len(found.differences)
            raise CommandError(f"{number} figures differ from the log.", returncode=1)
        self.stdout.write("The stored figures equal the log.")


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)

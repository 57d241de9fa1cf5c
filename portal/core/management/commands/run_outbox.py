import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal.core import extension_points, outbox


class Command(BaseCommand):
    help = "Gives the consumers of the outbox what they have not seen; runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when everything is read.")
        parser.add_argument(
            "--interval",
            type=float,
            default=0.5,
            help="Seconds between two looks (default 0.5).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            consumers = [entry.item for entry in extension_points.outbox_consumers.entries()]
            for report in outbox.run_consumers(consumers):
                if report.handled or report.error:
                    self.stdout.write(
                        f"{report.consumer}: {report.handled} {report.error}".rstrip()
                    )
            if options["once"]:
                return
            close_old_connections()
            time.sleep(options["interval"])

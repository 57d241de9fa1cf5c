"""``portal run_clock``: the process that does things on time."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.core import schedule
from portal.supervisor.paths import RUN_FOLDER


class Command(BaseCommand):
    help = (
        "Publish and withdraw on time (each minute) and do the night's housekeeping; runs until it "
        "is stopped. A job that fails is logged and tried again at its next time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.DATA_DIR) / RUN_FOLDER / schedule.FILE_NAME
        memory = schedule.read_memory(path)
        stopped = threading.Event()
        each_minute = {job.name for job in schedule.JOBS if job.at is None}
        if not options["once"]:
            self._stop_on_signal(stopped)
        while True:
            for name in schedule.tick(schedule.JOBS, memory, timezone.localtime()):
                if name not in each_minute or options["verbosity"] > 1:
                    self.stdout.write(f"{timezone.localtime():%F %T} {name}")
            schedule.write_memory(path, memory)
            if options["once"] or stopped.wait(schedule.seconds_to_next_minute(time.time())):
                return

    @staticmethod
    def _stop_on_signal(stopped: threading.Event) -> None:
        """A job that has begun is finished; nothing is left half done."""

        def stop(number: int, frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

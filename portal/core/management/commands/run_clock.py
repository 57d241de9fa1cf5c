"""``portal run_clock``: the process that does things on time."""

import logging
import signal
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils import timezone

from portal.core import schedule
from portal.plugins import jobs
from portal.supervisor.paths import RUN_FOLDER

logger = logging.getLogger(__name__)

# How long a plugin's job may go on when the clock is to stop; the supervisor waits a little longer.
PATIENCE = 6.0


class Command(BaseCommand):
    help = (
        "Publish and withdraw on time (each minute), do the night's housekeeping, run the jobs "
        "of plugins; runs until it is stopped. A job that fails is logged and tried again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.DATA_DIR) / RUN_FOLDER / schedule.FILE_NAME
        memory = schedule.read_memory(path)
        stopped = threading.Event()
        if options["once"]:
            self._tick(path, memory, **options)
            self._report(jobs.run_due())
            return
        self._stop_on_signal(stopped)
        others = threading.Thread(target=self._run_plugin_jobs, args=(stopped,), daemon=True)
        others.start()
        while not stopped.is_set():
            self._tick(path, memory, **options)
            stopped.wait(schedule.seconds_to_next_minute(time.time()))
        others.join(PATIENCE)

    def _tick(self, path: Path, memory: schedule.Memory, **options: Any) -> None:
        each_minute = {job.name for job in schedule.JOBS if job.at is None}
        names = schedule.tick(schedule.JOBS, memory, timezone.localtime())
        self._report(n for n in names if n not in each_minute or options["verbosity"] > 1)
        schedule.write_memory(path, memory)

    def _report(self, names: Iterable[str]) -> None:
        for name in names:
            self.stdout.write(f"{timezone.localtime():%F %T} {name}")

    @staticmethod
    def _stop_on_signal(stopped: threading.Event) -> None:
        """A job that has begun is finished; nothing is left half done."""

        def stop(number: int, frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _run_plugin_jobs(self, stopped: threading.Event) -> None:
        """In a thread of its own: a plugin's long job must not keep pages from appearing on time.

        What is cut off at the end is noted at the next start and done again.
        """
        looked_back = False
        while not stopped.is_set():
            try:
                if not looked_back:
                    jobs.forget_interrupted()
                    looked_back = True
                self._report(jobs.run_due())
            except Exception:
                logger.exception("The jobs of plugins could not be run; the clock goes on")
            finally:
                close_old_connections()
            stopped.wait(schedule.seconds_to_next_minute(time.time()))
        connections.close_all()

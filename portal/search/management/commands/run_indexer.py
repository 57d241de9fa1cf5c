"""``portal run_indexer``: the process that keeps this machine's search index up to date."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.search.indexing.indexer import Indexer
from portal.search.indexing.running import Running
from portal.search.indexing.store_of import make_store


class Command(BaseCommand):
    help = (
        "Keeps the search index of this machine in step with what is public; runs until it is "
        "stopped. There may be one for each machine: a second one waits."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when everything is read.")

    def handle(self, *args: Any, **options: Any) -> None:
        running = Running(Indexer(make_store()))
        if options["once"]:
            step = running.once()
            if step.state:
                self.stderr.write(step.state)
            return
        stopped = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopped.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        running.until(stopped.is_set)

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal.publishing.following import Follower


class Command(BaseCommand):
    help = (
        "Keeps the store of finished pages of this machine right: follows changes of the database, "
        "renders lists anew, takes out what its time has passed; runs until it is stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when nothing is left to do.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_PAGE_STORE:
            self.stdout.write("PORTAL_PAGE_STORE=0: no pages are stored.")
            while not options["once"]:
                time.sleep(3600)  # the supervisor would start it again and again
            return
        with Follower(say=self.stdout.write) as follower:
            while True:
                busy = follower.step()
                if options["once"] and not busy:
                    return
                close_old_connections()
                if not busy:
                    follower.wait()

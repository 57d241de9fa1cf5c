import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal.publishing import refreshing, triggers
from portal.publishing.store import settling
from portal.publishing.store.index import Entry, reads_from
from portal.publishing.store.keeping import Store, store


class Command(BaseCommand):
    help = "Looks into the store of finished pages of this machine, empties it, fills it."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="How many pages there are, and how well they follow.")
        show = actions.add_parser("show", help="What a stored page was made from.")
        show.add_argument("address", help="Host and path, such as www.example.gov.cn/news/.")
        actions.add_parser("clear", help="Begin anew with nothing; after a restored backup, too.")
        warm = actions.add_parser("warm", help="Render what is not stored.")
        warm.add_argument("addresses", nargs="+", help="Host and path of each page.")
        actions.add_parser(
            "remove-triggers",
            help="Let the database note no changes any more; for who works without a store. "
            "The next migration makes them again.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = store()
        match options["action"]:
            case "status":
                self._status(found)
            case "show":
                self._show(found, options["address"])
            case "clear":
                found.remove_all()
                self.stdout.write("The store is empty.")
            case "warm":
                self._warm(found, options["addresses"])
            case "remove-triggers":
                self.stdout.write(f"{triggers.remove(connection)} triggers removed")

    def _status(self, found: Store) -> None:
        index = found.index
        self.stdout.write(f"folder: {found.root}")
        self.stdout.write(f"stored: {'on' if settings.PORTAL_PAGE_STORE else 'off'}")
        self.stdout.write(f"pages: {index.count()}, stale: {len(index.stale())}")
        followed = index.fact("settled_at")
        ago = f"{time.time() - float(followed):.0f} s ago" if followed else "never"
        self.stdout.write(f"followed: {ago}, up to change {index.fact('position') or 0}")

    def _show(self, found: Store, address: str) -> None:
        entry = found.index.entry_of(address)
        if entry is None:
            raise CommandError(f"{address} is not stored.")
        self.stdout.write(_facts(entry))
        for sql, reads in found.index.questions_of(entry.id):
            for read in reads_from(reads):
                self.stdout.write(f"  {read}")
            self.stdout.write(f"    {sql}")

    def _warm(self, found: Store, addresses: list[str]) -> None:
        if not settings.PORTAL_PAGE_STORE:
            raise CommandError("PORTAL_PAGE_STORE=0: no pages are stored.")
        settling.settle(found)
        self.stdout.write(f"{refreshing.warm(found, addresses)} rendered")
        missing = [one for one in addresses if found.index.entry_of(one) is None]
        if missing:
            raise CommandError("Not stored: " + ", ".join(missing))


def _facts(entry: Entry) -> str:
    state = "stale" if entry.stale_since else "fresh"
    return f"{entry.address}: page {entry.page}, site {entry.site}, {state}, {entry.digest}"

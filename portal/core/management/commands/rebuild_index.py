from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.extension_points import index_rebuilders


class Command(BaseCommand):
    help = (
        "Makes an index anew from the pages, while the portal goes on serving: `pages` (what lists "
        "read: rows, keywords, pictures) and what plugins bring. Without a name: all of them. "
        "May be interrupted and begun again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("targets", nargs="*", metavar="TARGET", help="such as: pages")

    def handle(self, *args: Any, **options: Any) -> None:
        known = self._targets()
        wanted = options["targets"] or list(known)
        if unknown := [name for name in wanted if name not in known]:
            raise CommandError(f"No index is called {unknown[0]}. There are: {', '.join(known)}")
        for name in wanted:
            self.stdout.write(f"{name} …")
            number = known[name](lambda line: self.stdout.write(f"  {line}"))
            self.stdout.write(f"{name}: {number} looked at.")

    @staticmethod
    def _targets() -> dict[str, Callable[[Callable[[str], None]], int]]:
        """Name → what makes it anew; of two with one name the second keeps its whole key."""
        found: dict[str, Any] = {}
        for entry in index_rebuilders.entries():
            name = entry.key.rpartition(".")[2]
            found[entry.key if name in found else name] = entry.item
        return found

"""``portal fill_vectors``: makes all vectors of the search by meaning that are missing, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.search.vectors import filling


class Command(BaseCommand):
    help = (
        "Makes the vectors of the search by meaning that are missing, and says how far it is. The "
        "background does the same, slowly; it may go on meanwhile. Can be stopped at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--share", type=float, default=1.0, help="Part of one processor to use (0.05 to 1)."
        )

    def handle(self, *args: Any, share: float, **options: Any) -> None:
        if not 0.05 <= share <= 1:
            raise CommandError("--share is a number from 0.05 to 1.")
        if filling.embedder() is None:
            raise CommandError("No model is set (SEARCH_EMBEDDER), or it is not installed.")
        done = filling.fill(share=share, say=self.stdout.write)
        if done.reason:
            raise CommandError(f"Stopped with {done.waiting} documents waiting: {done.reason}")
        self.stdout.write(f"{done.made} made, {done.waiting} wait.")

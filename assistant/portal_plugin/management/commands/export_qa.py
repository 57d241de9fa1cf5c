"""``portal export_qa``: the public entries as a file that ``import_qa`` takes again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from assistant.portal_plugin.exchange.places import PlaceRefused, Places
from assistant.portal_plugin.exchange.reading import KINDS
from assistant.portal_plugin.exchange.writing import NotWritable, entries_as
from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.selectors.entry_sites import of_site


class Command(BaseCommand):
    help = (
        "Writes questions and answers to a file (.jsonl .csv .xlsx) with the columns of import_qa."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="Ends in .jsonl, .csv or .xlsx.")
        parser.add_argument(
            "--site", metavar="HOST", default="", help="Of one site only. Default: of all sites."
        )
        parser.add_argument("--drafts", action="store_true", help="Also what is not public.")
        parser.add_argument("--language", default="zh-hans", help="Language of the sentences.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        kind = path.suffix.lower().removeprefix(".")
        if kind not in KINDS:
            raise CommandError("The name must end in .jsonl, .csv or .xlsx.", returncode=2)
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise CommandError(f"It cannot be written to {path}.", returncode=2)
        pages = QuestionPage.objects.filter(alias_of__isnull=True).order_by("path")
        if not options["drafts"]:
            pages = pages.filter(live=True)
        with translation.override(options["language"]):
            try:
                if options["site"]:
                    pages = of_site(pages, Places().site(options["site"]).pk)
                data = entries_as(kind, pages)
            except (PlaceRefused, NotWritable) as refused:
                raise CommandError(str(refused), returncode=2) from refused
        path.write_bytes(data)
        self.stdout.write(f"{pages.count()} entries, {len(data):,} bytes: {path}")

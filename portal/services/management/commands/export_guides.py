"""``portal export_guides``: the guides of a site as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.plugin_api import site_of_path
from portal.services.exchange.writing import CONTENT_TYPES, guides_as, latest
from portal.services.models import GuidePage, GuideRating


class Command(BaseCommand):
    help = "Writes service guides, drafts too, into a file (.json without loss, .csv, .xlsx)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="Ends in .json, .csv or .xlsx.")
        parser.add_argument(
            "--site", metavar="CODE", default="", help="Of this site only. Default: of all."
        )
        parser.add_argument("--language", default="zh-hans", help="Of the guides.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        kind = path.suffix.lower().removeprefix(".")
        if kind not in CONTENT_TYPES:
            raise CommandError("The file must end in .json, .csv or .xlsx.", returncode=2)
        pages = GuidePage.objects.filter(
            alias_of=None, locale__language_code=options["language"]
        ).order_by("path")
        if options["site"]:
            records = GuideRating.site.field.related_model._default_manager
            site = records.filter(code=options["site"]).first()
            if site is None:
                raise CommandError(f"There is no site {options['site']}.", returncode=2)
            paths = [p for p in pages.values_list("pk", "path") if site_of_path(p[1]) == site.pk]
            pages = pages.filter(pk__in=[pk for pk, _path in paths])
        path.write_bytes(guides_as(kind, latest(pages)))
        self.stdout.write(f"{pages.count()} guides: {path}")

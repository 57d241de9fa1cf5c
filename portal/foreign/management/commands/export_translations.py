"""``portal export_translations``: texts for translators as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from portal.foreign.exchange import bundle
from portal.foreign.models import ForeignSection, PageTranslation
from portal.foreign.selectors.exchange import document_of, file_name


class Command(BaseCommand):
    help = (
        "Writes what waits in a language as PO or XLIFF 2.1 files, one for each page. Exits "
        "with 0; with 2 where the language, the site or the folder is wrong."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="Where to; made where it is missing.")
        parser.add_argument("--language", required=True, help="Such as en.")
        parser.add_argument("--site", default="", metavar="CODE", help="Default: every site.")
        parser.add_argument("--format", choices=("xliff", "po"), default="xliff")
        parser.add_argument("--all", action="store_true", help="Also pages that are up to date.")
        parser.add_argument(
            "--page", type=int, action="append", help="Only this Chinese page's id."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sections = ForeignSection.objects.filter(locale__language_code=options["language"])
        if options["site"]:
            sections = sections.filter(site__code=options["site"])
        if not sections:
            raise CommandError("There is no such section.", returncode=2)
        rows = PageTranslation.objects.filter(section__in=sections).select_related(
            "section__locale", "source__locale"
        )
        if options["page"]:
            rows = rows.filter(source__in=Page.objects.filter(pk__in=options["page"]))
        elif not options["all"]:
            rows = rows.exclude(status=PageTranslation.Status.CURRENT)
        folder = Path(options["folder"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = 0
            for row in rows.order_by("pk"):
                path = folder / file_name(row, options["format"])
                path.write_bytes(bundle.write(document_of(row), options["format"]))
                written += 1
                if options["verbosity"] > 1:
                    self.stdout.write(str(path))
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}", returncode=2) from error
        self.stdout.write(f"{written} files written to {folder}.")

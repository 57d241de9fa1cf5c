from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.library.models import LibraryRecord
from portal.library.services import links, outside_links, pairs, prints, quality, records
from portal.plugin_api import add_operator_arguments, just_seen, operator_action


class Command(BaseCommand):
    help = "Looks after the resource library: missing records, texts, quality, intake from files."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        commands.add_parser("reconcile", help="Makes the records of what is public and has none.")
        commands.add_parser("check", help="Looks through the library for what is worth mending.")
        intake = commands.add_parser("intake", help="Takes items in from a file or folder.")
        intake.add_argument("file", type=Path, metavar="FILE")
        intake.add_argument("--column", required=True, help="Path of the column, such as /xinwen/.")
        intake.add_argument("--mapping", default="", help="A mapping kept by this name.")
        intake.add_argument("--dry-run", action="store_true", help="Write nothing.")
        add_operator_arguments(intake)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['task']}")(options)

    def _reconcile(self, options: dict[str, Any]) -> None:
        total = 0
        while done := records.reconcile(limit=2000):
            total += done
            self.stdout.write(_("  %(count)s records") % {"count": f"{total:,}"})
        files = _all_files()
        texts = 0
        while done := prints.missing():
            texts += done
            self.stdout.write(_("  %(count)s texts") % {"count": f"{texts:,}"})
        quality.count_facets(None)
        self.stdout.write(
            _("%(records)s records of pages, %(files)s of files, %(texts)s texts.")
            % {"records": total, "files": files, "texts": texts}
        )

    def _check(self, options: dict[str, Any]) -> None:
        count = 0
        for pk in just_seen().records:
            while done := links.read_missing(pk):
                self.stdout.write(_("  links of %(count)s pages") % {"count": f"{done:,}"})
            while done := pairs.compare_missing(pk, seconds=10):
                self.stdout.write(_("  %(count)s texts compared") % {"count": f"{done:,}"})
            links.check_inside(pk)
            outside_links.count_links(pk)
            count += quality.check_site(pk)
        quality.count_facets(None)
        self.stdout.write(_("%(count)s findings.") % {"count": f"{count:,}"})

    def _intake(self, options: dict[str, Any]) -> None:
        from portal.library.taking_in import command

        with operator_action("library intake", options):
            try:
                refused = command.run(
                    file=options["file"], column=options["column"], mapping=options["mapping"],
                    dry_run=options["dry_run"], say=self.stdout.write,
                )  # fmt: skip
            except command.Refused as error:
                raise CommandError(str(error), returncode=2) from error
        if refused:
            raise CommandError(
                _("%(count)d rows were refused; the others are done.") % {"count": refused}
            )


def _all_files() -> int:
    from portal.library.files import KINDS, follow_file, model_of

    done = 0
    for kind in KINDS:
        known = set(
            LibraryRecord.objects.filter(item__startswith=f"{kind}:").values_list("item", flat=True)
        )
        for file in model_of(kind).objects.iterator(chunk_size=200):
            if f"{kind}:{file.pk}" not in known:
                follow_file(file=file)
                done += 1
    return done

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.library.archiving import export, records_of_site
from portal.plugin_api import just_seen


class Command(BaseCommand):
    help = (
        "Writes a site's public pages and files with their metadata into one ZIP for archiving: "
        "metadata by the published schema, checksums, after GB/T 42147-2022."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, help="Code of the site.")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.zip")
        parser.add_argument(
            "--mark", action="store_true", help="Note the records as archived from now on."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sites = {record.code: record.pk for record in just_seen().records.values()}
        if options["site"] not in sites:
            raise CommandError(
                _("No site has the code %(code)s. There are: %(codes)s")
                % {"code": options["site"], "codes": ", ".join(sorted(sites))},
                returncode=2,
            )
        out: Path = options["out"]
        unfinished = out.with_name(out.name + ".part")
        with unfinished.open("wb") as stream:
            done = export(records_of_site(sites[options["site"]]), stream, mark=options["mark"])
        unfinished.replace(out)
        for number, why in done.failed:
            self.stderr.write(f"{number}: {why}")
        self.stdout.write(
            _("%(records)d records with %(files)d files in %(out)s.")
            % {"records": done.records, "files": done.files, "out": out}
        )
        if done.failed:
            raise CommandError(_("%(count)d could not be put in.") % {"count": len(done.failed)})

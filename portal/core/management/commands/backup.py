from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from portal.core.backup import services
from portal.core.backup.problems import BackupError


class Command(BaseCommand):
    help = (
        "Writes database, files, keys and settings into one file, while the portal goes on. "
        "The file holds secrets and personal data: keep it where nobody else can read it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="such as /var/backups/portal-20261129.tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = services.back_up(options["file"].absolute(), self.stdout.write)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{options['file']}: {sum(done['rows'].values()):,} rows, {done['files']:,} files, "
            f"{filesizeformat(done['bytes'])}. Try it out with: "
            f"portal restore --drill {options['file']}"
        )

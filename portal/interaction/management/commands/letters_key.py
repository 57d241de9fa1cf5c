"""``portal letters_key``: a key for a program that sends letters."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.interaction.services.keys import make_key
from portal.plugin_api import just_seen


class Command(BaseCommand):
    help = (
        "Makes a key with which a program (a hotline, a platform above) sends letters to a site, "
        "and prints it. It cannot be shown again. Exits with 2 where the site or the name is wrong."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--name", required=True, help="Whose key it is.")
        parser.add_argument("--per-minute", type=int, default=30)
        parser.add_argument("--per-day", type=int, default=2_000)

    def handle(self, *args: Any, **options: Any) -> None:
        records = just_seen().records.values()
        site = next((record.pk for record in records if record.code == options["site"]), None)
        if site is None:
            raise CommandError(f"There is no site {options['site']}.", returncode=2)
        try:
            _row, whole = make_key(
                site=site,
                name=options["name"],
                by=None,
                per_minute=options["per_minute"],
                per_day=options["per_day"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        self.stdout.write(whole)

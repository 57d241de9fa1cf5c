"""``portal sample_search``: are published titles found on the first page?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.search.models import SampleRun
from portal.search.services.sampling import PER_SITE, sample_site


class Command(BaseCommand):
    help = (
        "Picks published titles at random, looks for each as a visitor would, and says which are "
        "not on the first page, and why. Exit status 1 when one is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=PER_SITE, help="titles for each site")
        parser.add_argument("--site", help="code of one site; default: all of them")
        parser.add_argument("--seed", type=int, help="the same titles again")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["count"] <= 10_000:
            raise CommandError("--count is a number from 1 to 10000", returncode=2)
        sites: Any = SampleRun._meta.get_field("site").related_model._default_manager.order_by("pk")
        if options["site"]:
            sites = sites.filter(code=options["site"])
            if not sites:
                raise CommandError(f"There is no site {options['site']!r}.", returncode=2)
        missed = 0
        for site in sites:
            run = sample_site(
                site.pk,
                count=options["count"],
                seed=options["seed"],
                say=lambda line: self.stdout.write(f"  {line}"),
            )
            missed += run.looked_for - run.found
            self.stdout.write(f"{site.short_name}: {run.found} of {run.looked_for} found")
        if missed:
            raise CommandError(f"{missed} titles are not on the first page.", returncode=1)

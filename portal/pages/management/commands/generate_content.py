import os
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from portal.core.operator import add_operator_arguments, operator_action
from portal.pages.bulk import BulkRefused, Plan, article_columns, generate
from portal.pages.bulk_sites import synthetic_columns

MAX_ARTICLES = 5_000_000
MAX_SITES = 500
REPORT_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Writes synthetic articles in bulk, for scale work. The number is what there shall be of "
        "this seed: what exists is left alone, so the command can be repeated, continued after an "
        "interruption, and run again with a larger number."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--articles",
            type=int,
            required=True,
            metavar="N",
            help="How many synthetic articles there shall be.",
        )
        parser.add_argument(
            "--sites",
            type=int,
            default=0,
            metavar="M",
            help="Spread them over M synthetic sub-sites, which are made; 0 (the default): over "
            "the columns that exist.",
        )
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="The same seed gives the same articles; another seed gives others beside them.",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=min(2, os.cpu_count() or 1),
            help="How many processes prepare articles side by side (default: up to 2).",
        )
        add_operator_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        articles, sites, seed = options["articles"], options["sites"], options["seed"]
        _demand("--articles", articles, 0, MAX_ARTICLES)
        _demand("--sites", sites, 0, MAX_SITES)
        _demand("--seed", seed, 0, 2**31 - 1)
        _demand("--processes", options["processes"], 1, 64)
        started = time.monotonic()
        with operator_action("generate_content", options) as ground:
            user = get_active_log_context().user
            try:
                columns = synthetic_columns(sites, seed) if sites else article_columns()
                done = generate(
                    articles,
                    Plan(
                        columns,
                        seed,
                        operator_pk=user.pk if user else None,
                        action_key=ground.key,
                    ),
                    processes=options["processes"],
                    report=Progress(self.stdout.write),
                )
            except BulkRefused as error:
                raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(done)s new articles in %(columns)s columns, %(seconds)s s.")
            % {"done": f"{done:,}", "columns": len(columns), "seconds": f"{seconds:.0f}"}
        )


class Progress:
    """Says now and then how far a run is, how fast, and how long it will take."""

    def __init__(
        self, say: Callable[[str], Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._clock = clock
        self._started = self._told = clock()

    def __call__(self, done: int, wanted: int) -> None:
        now = self._clock()
        if done < wanted and now - self._told < REPORT_SECONDS:
            return
        self._told = now
        rate = done / max(now - self._started, 0.001)
        self._say(
            _("  %(done)s of %(wanted)s, %(rate)s a second, %(left)s s left")
            % {
                "done": f"{done:,}",
                "wanted": f"{wanted:,}",
                "rate": f"{rate:,.0f}",
                "left": f"{(wanted - done) / rate:.0f}",
            }
        )


def _demand(option: str, value: int, least: int, most: int) -> None:
    """Bad usage ends with code 2 and says what would be right."""
    if not least <= value <= most:
        raise CommandError(
            _("%(option)s must be from %(least)s to %(most)s, not %(value)s.")
            % {"option": option, "least": f"{least:,}", "most": f"{most:,}", "value": value},
            returncode=2,
        )

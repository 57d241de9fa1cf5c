"""``serve`` in Django's list of commands; ``portal serve`` itself starts without Django."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.supervisor import command


class Command(BaseCommand):
    help = command.DESCRIPTION
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(
            command.serve(host=options["host"], port=options["port"], verbose=options["verbose"])
        )

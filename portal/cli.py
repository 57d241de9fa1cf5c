"""The ``portal`` command: our commands and Django's under one name.

Exit codes: 0 success, 1 something was refused or failed, 2 wrong usage or a wrong setting.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

INTERRUPTED = 130  # what a shell reports for Ctrl+C


class PortalUtility(ManagementUtility):
    """Django's command line under our name, with our exit code for a command that is unknown."""

    def __init__(self, argv: Sequence[str]) -> None:
        super().__init__(list(argv))
        self.prog_name = "portal"

    def fetch_command(self, subcommand: str) -> BaseCommand:
        try:
            return super().fetch_command(subcommand)
        except SystemExit:  # Django has said which commands it knows
            raise SystemExit(2) from None


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    arguments = list(sys.argv if argv is None else argv)
    arguments[0] = "portal"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        code = _run(arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (``portal … | head``). Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments[1:2] == ["serve"]:
        # The supervisor works without Django, and must not wait two seconds for it.
        from portal.supervisor.command import main as serve

        return serve(arguments[2:])
    if arguments[1:] == ["setup"]:
        from portal import setup_stamp

        if setup_stamp.is_current():
            return 0
    PortalUtility(arguments).execute()
    return 0

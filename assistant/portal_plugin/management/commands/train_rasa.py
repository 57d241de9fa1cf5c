"""``portal train_rasa``: the model of the dialogue, brought up to date."""

import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from assistant.rasa_host.places import Places, places
from assistant.rasa_host.training import TrainingFailed, fingerprint, train

EXPORT = "export_skills"


class Command(BaseCommand):
    help = (
        "Train the dialogue's model anew where training data, settings or the skills of plugins "
        "have changed. A running Rasa takes it up within half a minute; nothing is restarted."
    )
    # The database is not asked, and may not be there yet.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="train also what has not changed")

    def handle(self, *args: Any, **options: Any) -> None:
        where = places()
        if not where.python.exists():
            raise CommandError(f"There is no {where.environment}; install it first: sh tools/rasa")
        try:
            export_skills(where)
            trained = train(where, force=options["force"])
        except TrainingFailed as error:
            raise CommandError(f"The model was not trained: {error}") from error
        if options["verbosity"]:
            done = "trained" if trained else "up to date"
            self.stdout.write(f"model {fingerprint(where.skills)}: {done}")


def export_skills(where: Places) -> None:
    """Write what plugins add, anew each time: a skill that is gone must be gone here, too."""
    where.state.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=where.state, prefix="skills-"))
    try:
        if EXPORT in get_commands():
            call_command(EXPORT, str(scratch), verbosity=0)
        shutil.rmtree(where.skills, ignore_errors=True)
        scratch.replace(where.skills)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

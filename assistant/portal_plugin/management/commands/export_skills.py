"""``portal export_skills DIR``: what plugins add to the dialogue, as Rasa's training data."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.portal_plugin.selectors.skills import all_skills
from assistant.portal_plugin.skill_export import write_skills


class Command(BaseCommand):
    help = (
        "Writes the skills of all installed plugins into a folder as training data of Rasa: "
        "nlu.yml, domain.yml and rules.yml, none of them where there are no skills. The dialogue "
        "is trained with it by `portal train_rasa`. The database is not asked."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        skills = all_skills()
        try:
            written = write_skills(options["folder"], skills)
        except OSError as error:
            raise CommandError(f"{options['folder']}: {error.strerror}", returncode=2) from error
        if options["verbosity"]:
            names = ", ".join(skill.name for skill in skills) or "no skills"
            self.stdout.write(f"{names}: {len(written)} files in {options['folder']}")

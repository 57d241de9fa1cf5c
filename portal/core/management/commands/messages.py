"""``portal messages update|check``: the catalogue of the portal's own messages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.catalogues.extraction import Extracted, extract
from portal.core.catalogues.files import (
    CatalogueUnreadable,
    catalogue_path,
    catalogue_problems,
    catalogues,
    read_catalogue,
    update_catalogue,
)

FOLDERS = ("portal", "assistant")
COMPLETE_LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = (
        "Keep the message catalogues: 'update' brings them to the messages that code and templates "
        "use, 'check' tells what is missing or wrong (exit 1)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["update", "check"])
        parser.add_argument(
            "--language",
            action="append",
            metavar="CODE",
            help=f"update this catalogue, too, such as ja or zh_Hant (always: {COMPLETE_LANGUAGE})",
        )
        parser.add_argument(
            "--merge",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE.po",
            help="take missing translations from these files",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._folder = Path(settings.LOCALE_PATHS[0])
        found = extract(Path(settings.PROJECT_DIR), FOLDERS)
        try:
            if options["action"] == "check":
                self._check(found)
            else:
                languages = [COMPLETE_LANGUAGE, *(options["language"] or [])]
                self._update(found, dict.fromkeys(languages), options["merge"])
        except CatalogueUnreadable as error:
            raise CommandError(str(error)) from error

    def _update(self, found: Extracted, languages: dict[str, None], merge: list[Path]) -> None:
        self._refuse_unreadable(found)
        others = [(path.name, read_catalogue(path)) for path in merge]
        for language in languages:
            path = catalogue_path(self._folder, language)
            old = read_catalogue(path) if path.exists() else []
            catalogue, change = update_catalogue(old, found, others, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            for conflict in change.conflicts:
                self.stderr.write(conflict)
            self.stdout.write(
                f"{language}: {len(catalogue)} messages, {change.added} new, "
                f"{change.removed} no longer used, {change.filled} translations taken over, "
                f"{len(catalogue.untranslated_entries())} to translate"
            )

    def _check(self, found: Extracted) -> None:
        problems = list(found.problems)
        if not catalogue_path(self._folder, COMPLETE_LANGUAGE).exists():
            problems.append(f"{COMPLETE_LANGUAGE}: there is no catalogue")
        for language, path in catalogues(self._folder):
            complete = language == COMPLETE_LANGUAGE
            problems += [
                f"{language}: {problem}"
                for problem in catalogue_problems(read_catalogue(path), found, complete=complete)
            ]
        if problems:
            raise CommandError(
                "\n".join(problems)
                + f"\n{len(problems)} problems. 'portal messages update' adds what is missing."
            )
        self.stdout.write(f"{len(found.messages)} messages, all translated")

    def _refuse_unreadable(self, found: Extracted) -> None:
        # A file that cannot be read now would lose its translations.
        if found.problems:
            raise CommandError("\n".join(found.problems))

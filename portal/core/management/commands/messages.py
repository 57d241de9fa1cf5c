"""``portal messages update|traditional|upstream|check``: our own messages, and the packages'."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import polib
from django import conf
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.catalogues import traditional, upstream
from portal.core.catalogues.extraction import Extracted, MessageKey, extract
from portal.core.catalogues.files import (
    CatalogueUnreadable,
    catalogue_path,
    catalogue_problems,
    catalogues,
    key_of,
    plurals_of,
    read_catalogue,
    update_catalogue,
)
from portal.core.catalogues.public import (
    PUBLIC_LANGUAGES,
    PUBLIC_PYTHON,
    STAFF_LANGUAGES,
    public_messages,
)

FOLDERS = ("portal", "assistant")
COMPLETE_LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = (
        "Keep the message catalogues: 'update' brings them to the messages that code and templates "
        "use, 'traditional' makes the catalogue in traditional characters of the simplified one "
        "('update' does, too), 'upstream' does the same as 'update' for what the admin's packages "
        "leave untranslated (after an upgrade), 'check' tells what is missing or wrong (exit 1)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["update", "traditional", "upstream", "check"])
        parser.add_argument(
            "--language",
            action="append",
            metavar="CODE",
            help="update this catalogue, too, such as de (always: "
            f"{', '.join((COMPLETE_LANGUAGE, *STAFF_LANGUAGES))} with all messages, "
            f"{', '.join(PUBLIC_LANGUAGES)} with those that visitors meet)",
        )
        parser.add_argument(
            "--merge",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE.po",
            help="take missing translations from these files; a file in another language than "
            f"{COMPLETE_LANGUAGE} names it in its header",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._folder = Path(settings.LOCALE_PATHS[0])
        # What the packages lack lies in the folder that Django asks after ours.
        self._upstream_folders = [Path(folder) for folder in settings.LOCALE_PATHS[1:]]
        found = extract(Path(settings.PROJECT_DIR), FOLDERS)
        try:
            if options["action"] == "check":
                self._check(found)
            elif options["action"] == "upstream":
                self._update_upstream(options["merge"])
            elif options["action"] == "traditional":
                self._update_traditional()
            else:
                languages = (
                    COMPLETE_LANGUAGE,
                    *STAFF_LANGUAGES,
                    *PUBLIC_LANGUAGES,
                    *(options["language"] or []),
                )
                self._update(found, dict.fromkeys(languages), options["merge"])
                self._update_traditional()
        except CatalogueUnreadable as error:
            raise CommandError(str(error)) from error

    def _update(self, found: Extracted, languages: dict[str, None], merge: list[Path]) -> None:
        self._refuse_unreadable(found)
        public = self._public(found)
        self._refuse_unreadable(public)
        others = [(path.name, read_catalogue(path)) for path in merge]
        for language in languages:
            offered = self._in_language(others, language)
            path = catalogue_path(self._folder, language)
            old = read_catalogue(path) if path.exists() else []
            wanted = public if language in PUBLIC_LANGUAGES else found
            catalogue, change = update_catalogue(old, wanted, offered, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            for conflict in change.conflicts:
                self.stderr.write(conflict)
            self.stdout.write(
                f"{language}: {len(catalogue)} messages, {change.added} new, "
                f"{change.removed} no longer used, {change.filled} translations taken over, "
                f"{len(catalogue.untranslated_entries())} to translate"
            )

    def _update_traditional(self) -> None:
        catalogue = traditional.traditional(
            read_catalogue(catalogue_path(self._folder, COMPLETE_LANGUAGE))
        )
        path = catalogue_path(self._folder, traditional.LANGUAGE)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        self.stdout.write(f"{traditional.LANGUAGE}: {len(catalogue)} messages, converted")

    def _traditional_problems(self) -> Iterator[str]:
        path = catalogue_path(self._folder, traditional.LANGUAGE)
        if not path.exists():
            return  # said already
        number = sum(
            1
            for _problem in traditional.behind(
                read_catalogue(catalogue_path(self._folder, COMPLETE_LANGUAGE)),
                read_catalogue(path),
            )
        )
        if number:
            yield (
                f"{traditional.LANGUAGE}: {number} messages are not what {COMPLETE_LANGUAGE} says; "
                "'portal messages traditional' makes them anew"
            )

    def _check(self, found: Extracted) -> None:
        public = self._public(found)
        problems = [*found.problems, *public.problems]
        problems += [
            f"{language}: there is no catalogue"
            for language in (
                COMPLETE_LANGUAGE,
                traditional.LANGUAGE,
                *STAFF_LANGUAGES,
                *PUBLIC_LANGUAGES,
            )
            if not catalogue_path(self._folder, language).exists()
        ]
        for language, path in catalogues(self._folder):
            if path.name != "django.po":
                continue
            is_public = language in PUBLIC_LANGUAGES
            problems += [
                f"{language}: {problem}"
                for problem in catalogue_problems(
                    read_catalogue(path),
                    public if is_public else found,
                    complete=is_public or language in (COMPLETE_LANGUAGE, *STAFF_LANGUAGES),
                    forms=plurals_of(language)[0],
                )
            ]
        problems += self._traditional_problems()
        problems += self._upstream_problems()
        if problems:
            raise CommandError(
                "\n".join(problems)
                + f"\n{len(problems)} problems. 'portal messages update' adds what is missing, "
                "'portal messages upstream' what the packages lack."
            )
        self.stdout.write(
            f"{len(found.messages)} messages, all translated, also in "
            f"{', '.join(STAFF_LANGUAGES)}; the {len(public.messages)} public ones also in "
            f"{', '.join(PUBLIC_LANGUAGES)}"
        )

    def _public(self, found: Extracted) -> Extracted:
        return public_messages(Path(settings.PROJECT_DIR), found, PUBLIC_PYTHON)

    # --- the packages' messages -----------------------------------------------------------------
    def _update_upstream(self, merge: list[Path]) -> None:
        others = [(file.name, read_catalogue(file)) for file in merge]
        for folder, domain in product(self._upstream_folders, upstream.DOMAINS):
            in_use = upstream.messages_in_use(domain)
            for language in (COMPLETE_LANGUAGE, *STAFF_LANGUAGES):
                path = catalogue_path(folder, language, domain)
                old = list(read_catalogue(path)) if path.exists() else []
                wanted = set(self._missing(language, domain, in_use, []))
                if language == COMPLETE_LANGUAGE:  # these may say it better than the packages
                    wanted |= {key_of(entry) for entry in old}
                ours = Extracted({k: v for k, v in in_use.messages.items() if k in wanted})
                offered = self._in_language(others, language)
                catalogue, change = update_catalogue(old, ours, offered, language)
                path.parent.mkdir(parents=True, exist_ok=True)
                catalogue.save(str(path))
                self.stdout.write(
                    f"{language} {domain}: {len(catalogue)} messages, {change.added} new, "
                    f"{change.removed} no longer used, {change.filled} translations taken over, "
                    f"{len(catalogue.untranslated_entries())} to translate in {path}"
                )

    def _upstream_problems(self) -> Iterator[str]:
        for folder, domain in product(self._upstream_folders, upstream.DOMAINS):
            for language in (COMPLETE_LANGUAGE, *STAFF_LANGUAGES):
                name = "upstream" if language == COMPLETE_LANGUAGE else f"upstream {language}"
                path = catalogue_path(folder, language, domain)
                if not path.exists():
                    yield f"{name} {domain}: there is no catalogue"
                    continue
                entries = list(read_catalogue(path))
                for problem in upstream.entry_problems(entries):
                    yield f"{name} {domain}: {problem}"
                in_use = upstream.messages_in_use(domain)
                for key in self._missing(language, domain, in_use, entries):
                    yield f"{name} {domain}: {in_use.messages[key][0]}: {key.singular!r} is missing"

    def _missing(
        self, language: str, domain: str, in_use: Extracted, own: Iterable[polib.POEntry]
    ) -> Iterator[MessageKey]:
        others = [catalogue_path(self._folder, language)] if domain == "django" else []
        others += [
            Path(config.path) / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            for config in apps.get_app_configs()
            if config.name.startswith("django.")
        ]
        others.append(Path(conf.__file__).parent / f"locale/{language}/LC_MESSAGES/{domain}.po")
        translated = upstream.translated_by_packages(
            domain, language, others=[path for path in others if path.exists()]
        )
        return upstream.missing(in_use, translated, own)

    def _in_language(
        self, files: Iterable[tuple[str, polib.POFile]], language: str
    ) -> list[tuple[str, polib.POFile]]:
        """A file says in its header which language it is in, unless it is Chinese."""
        return [
            (name, entries)
            for name, entries in files
            if (entries.metadata.get("Language") or COMPLETE_LANGUAGE) == language
        ]

    def _refuse_unreadable(self, found: Extracted) -> None:
        # A file that cannot be read now would lose its translations.
        if found.problems:
            raise CommandError("\n".join(found.problems))

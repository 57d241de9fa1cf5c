"""``portal compile_messages``: the message catalogues, without GNU gettext."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale
from django.utils.translation.reloader import translation_file_changed

from portal.core.catalogues.files import (
    CatalogueUnreadable,
    catalogue_path,
    catalogues,
    compile_catalogue,
)


class Command(BaseCommand):
    help = "Compile the message catalogues (.po to .mo) that changed since the last time."
    # Settings name the folders, and nothing else of Django is needed.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = 0
        for folder in settings.LOCALE_PATHS:
            for language, path in catalogues(Path(folder)):
                try:
                    if compile_catalogue(path, self._source(Path(folder), language, path.stem)):
                        written += 1
                        # What was loaded before is forgotten: the set-up goes on in this process
                        # and stores names of groups in Chinese.
                        translation_file_changed(sender=None, file_path=path.with_suffix(".mo"))
                        if options["verbosity"] > 0:
                            self.stdout.write(f"compiled {language}")
                except CatalogueUnreadable as error:
                    raise CommandError(str(error)) from error
        if not written and options["verbosity"] > 1:
            self.stdout.write("all catalogues are up to date")

    def _source(self, folder: Path, language: str, domain: str) -> Path | None:
        """The catalogue whose messages another language shows in English where it lacks them.

        Of the packages' messages it is the language's own: the packages have translations too,
        which English must not hide.
        """
        default = to_locale(settings.LANGUAGE_CODE)
        is_ours = folder == Path(settings.LOCALE_PATHS[0])
        path = catalogue_path(folder, default if is_ours else language, domain)
        return path if language != default and path.exists() else None

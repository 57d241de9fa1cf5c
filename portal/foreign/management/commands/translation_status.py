"""``portal translation_status``: how the translations of the core content stand."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.foreign.models import ForeignSection
from portal.foreign.selectors.sections import sections
from portal.foreign.selectors.status_report import status_report
from portal.plugin_api import is_enabled

_NAMES = {"up_to_date": "up to date", "stale": "stale", "missing": "missing"}


class Command(BaseCommand):
    help = (
        "Says of each core page in each language whether its translation is up to date, stale "
        "(and how many of its texts are), or missing; and how much each language covers."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--language", metavar="L", default="", help="One language, such as en. Default: all."
        )
        parser.add_argument(
            "--site", metavar="S", default="", help="One site, by its code. Default: all sites."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object instead of text.")

    def handle(self, *args: Any, **options: Any) -> None:
        report = status_report(_wanted(options["language"], options["site"]))
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        if not report["languages"]:
            self.stdout.write("There is no section in another language yet.")
        for language in report["languages"]:
            self._print_language(language, report["pages"])

    def _print_language(self, language: dict[str, Any], pages: list[dict[str, Any]]) -> None:
        place = (language["language"], language["site"])
        self.stdout.write(
            f"{language['language']} · {language['site']} ({language['state']}): "
            f"coverage {language['coverage']} % of {language['pages']} core pages; "
            f"{language['up_to_date']} up to date, {language['stale']} stale, "
            f"{language['missing']} missing; {language['words']:,} words to translate, "
            f"{language['overdue']} overdue"
        )
        for page in pages:
            if (page["language"], page["site"]) == place:
                self.stdout.write("  " + _line(page))


def _wanted(language: str, site: str) -> list[ForeignSection]:
    """The sections asked for, of sites where the plugin is on.

    Raises:
        CommandError: there is none.
    """
    known = [section for section in sections() if is_enabled("foreign", section.site_id)]
    found = [
        section
        for section in known
        if language in ("", section.locale.language_code) and site in ("", section.site.code)
    ]
    if (language or site) and not found:
        there = sorted({f"{s.locale.language_code} at {s.site.code}" for s in known})
        asked = " at ".join(word for word in (language, site) if word)
        raise CommandError(
            f"There is no section {asked}. Sections: {', '.join(there) or 'none'}.", returncode=2
        )
    return found


def _line(page: dict[str, Any]) -> str:
    texts = page["segments"]
    words = [_NAMES[page["status"]]]
    if page["status"] == "stale":
        words.append(f"({texts['total'] - texts['current']} of {texts['total']} texts)")
    if page["work"] in ("machine_draft", "in_work", "in_review"):
        words.append(f"[{page['work'].replace('_', ' ')}]")
    words.append(page["source"]["title"])
    if page["source"]["url"]:
        words.append(page["source"]["url"])
    if page["lag_working_days"]:
        words.append(f"{page['lag_working_days']} working days behind")
    if page["due"]:
        words.append(f"due {page['due']}" + (" OVERDUE" if page["overdue"] else ""))
    return "  ".join(words)

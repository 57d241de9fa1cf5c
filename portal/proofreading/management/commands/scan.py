"""``portal scan``: what is public, looked through for what may not be."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.plugin_api import is_enabled
from portal.proofreading.selectors.findings import stored
from portal.proofreading.selectors.sweep import Swept, sweep

GRADES = ("blocking", "warning", "note")
_SAY_EVERY = 1000


class Command(BaseCommand):
    help = (
        "Looks through all public pages and the files that they link to, and prints what was "
        "found with its address. Exits with 1 when something was found that may never be public, "
        "or when a page could not be looked through."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--site", metavar="S", default="", help="One site, by its code.")
        parser.add_argument(
            "--grade",
            choices=GRADES,
            default="warning",
            help="The least serious grade that is printed. Default: warning.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object instead of text.")
        parser.add_argument("--language", default="zh-hans", help="Language of the sentences.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_enabled("proofreading", None):
            raise CommandError("The plugin “proofreading” is switched off.", returncode=2)
        wanted = GRADES[: GRADES.index(options["grade"]) + 1]
        site = _site(options["site"])
        pages, bad, rows = 0, 0, []
        with translation.override(options["language"]):
            for swept in sweep(site=site):
                pages += 1
                entry, is_bad = _entry(swept, wanted)
                bad += is_bad
                if entry is not None:
                    rows.append(entry)
                    if not options["json"]:
                        self._print(entry)
                if pages % _SAY_EVERY == 0:
                    self.stderr.write(f"{pages} pages …")
        if options["json"]:
            report = {"pages": pages, "refused": bad, "found": rows}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(
                f"{pages} pages, {len(rows)} with findings, {bad} that may not be public."
            )
        if bad:
            raise CommandError(f"{bad} public pages may not be public as they are.", returncode=1)

    def _print(self, entry: dict[str, Any]) -> None:
        self.stdout.write(f"{entry['address']}  {entry['title']}")
        if entry["failed"]:
            self.stdout.write(f"  could not be looked through: {entry['failed']}")
        for one in entry["findings"]:
            place = f" [{one['file']}]" if "file" in one else ""
            self.stdout.write(f"  {one['grade']}: {one['label']}: {one['words']}{place}")


def _site(code: str) -> int | None:
    if not code:
        return None
    records = apps.get_model("core", "SiteRecord").objects
    found: int | None = records.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        known = ", ".join(records.values_list("code", flat=True))
        raise CommandError(f"There is no site “{code}”. Sites: {known}.", returncode=2)
    return found


def _entry(swept: Swept, wanted: tuple[str, ...]) -> tuple[dict[str, Any] | None, bool]:
    found = [one for one in swept.scan.found if one.grade in wanted] if swept.scan else []
    is_bad = swept.scan is None or any(one.grade == "blocking" for one in swept.scan.found)
    if not found and not swept.failed:
        return None, is_bad
    entry = {
        "address": swept.address,
        "title": swept.page.title,
        "failed": swept.failed,
        "findings": [stored(one) | {"label": one.label} for one in found],
    }
    return entry, is_bad

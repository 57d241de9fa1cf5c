"""``portal ask "…"``: one answer as JSON, the same object as the API's."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.dateparse import parse_date

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.answering.serial import reply_json
from assistant.portal_plugin.api import end_of_day
from assistant.portal_plugin.models import Channel
from assistant.portal_plugin.services.answers import Question, answer
from assistant.portal_plugin.services.conversing import Reply


class Command(BaseCommand):
    help = "Answers one question as JSON, as POST /api/v1/assistant/messages does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question", help="the question, in any of the portal's languages")
        parser.add_argument("--language", default="zh-hans", help="of the answer, such as en")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="what was in force on that day")
        parser.add_argument("--site", metavar="HOST", help="ask as a visitor of that site")

    def handle(self, *args: Any, **options: Any) -> None:
        language = languages.known(options["language"])
        if not language:
            known = ", ".join(languages.NAMES)
            raise CommandError(f"--language: one of {known}", returncode=2)
        sites = apps.get_model("core", "SiteRecord").objects
        main = sites.filter(kind="portal").values_list("pk", flat=True).first()
        site = _site(sites, options["site"]) if options["site"] else main
        given = answer(
            question=Question(
                options["question"],
                language=language,
                site=site,
                main_site=main,
                as_of=_day(options["as_of"]),
                channel=Channel.COMMAND,
            )
        )
        found = reply_json(Reply(given, language=language), f"{settings.BASE_URL}/")
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if given.status is Status.UNAVAILABLE:
            sys.exit(1)


def _site(sites: Any, name: str) -> int:
    """A site by its host name or its code."""
    found = sites.filter(Q(wagtail_site__hostname=name) | Q(code=name)).values_list("pk", flat=True)
    pk: int | None = found.first()
    if pk is None:
        known = ", ".join(sites.values_list("code", flat=True)) or "none"
        raise CommandError(f"--site: no site answers to {name} (sites: {known})", returncode=2)
    return pk


def _day(text: str | None) -> Any:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"--as-of: {text!r} is not a date in the form YYYY-MM-DD", returncode=2)
    return end_of_day(day)

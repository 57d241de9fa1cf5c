"""``portal assistant_pause``: stops the assistant, or lets it answer again."""

import datetime
import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from assistant.portal_plugin.exchange.places import PlaceRefused, Places
from assistant.portal_plugin.models.switches import AssistantPause
from assistant.portal_plugin.services import switch


class Command(BaseCommand):
    help = (
        "Stops the assistant at a site or everywhere, or lets it answer again; without a site it "
        "says where it is stopped. Takes effect with the next question, in every process."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "site", metavar="SITE", nargs="?", help="Code or host name; “all” for everywhere."
        )
        parser.add_argument("--reason", default="", help="Why; goes on record. Needed to stop it.")
        parser.add_argument("--resume", action="store_true", help="Let it answer again.")
        parser.add_argument("--until", default="", metavar="TIME", help="YYYY-MM-DDTHH:MM.")
        parser.add_argument("--sentence", default="", help="What visitors read instead (Chinese).")
        parser.add_argument("--sentence-en", default="", help="The same in English.")
        parser.add_argument("--by", default="", metavar="ACCOUNT", help="Who stands for it.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            if not options["site"]:
                return self._list()
            site = self._site(options["site"])
            user, by = self._who(options["by"])
            try:
                if options["resume"]:
                    switch.resume(site=site, reason=options["reason"], user=user, by=by)
                    self.stdout.write(f"{options['site']}: answers again")
                    return None
                terms = switch.Terms(
                    options["reason"],
                    options["sentence"],
                    options["sentence_en"],
                    self._until(options["until"]),
                )
                switch.pause(site=site, terms=terms, user=user, by=by)
            except switch.NotSwitched as refused:
                raise CommandError(str(refused), returncode=2) from refused
            self.stdout.write(f"{options['site']}: stopped")
        return None

    def _list(self) -> None:
        rows = list(AssistantPause.objects.holding().select_related("site", "paused_by"))
        for row in rows:
            place = row.site.code if row.site else "all"
            since = timezone.localtime(row.starts_at)
            self.stdout.write(f"{place}: stopped since {since:%Y-%m-%d %H:%M}: {row.reason}")
        if not rows:
            self.stdout.write("The assistant answers at all sites.")

    def _site(self, name: str) -> int | None:
        if name == "all":
            return None
        try:
            return int(Places().site(name).pk)
        except PlaceRefused as refused:
            raise CommandError(str(refused), returncode=2) from refused

    def _who(self, name: str) -> tuple[Any, str]:
        """An account, else the user of this machine: somebody always stands for it."""
        if not name:
            return None, getpass.getuser()
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"No active account: {name}", returncode=2)
        return user, ""

    def _until(self, text: str) -> datetime.datetime | None:
        if not text:
            return None
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found is None:
            raise CommandError("--until is a time such as 2026-03-01T18:00.", returncode=2)
        return found if timezone.is_aware(found) else timezone.make_aware(found)

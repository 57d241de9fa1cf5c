import json
import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.operator import add_operator_arguments, operator_action
from portal.pages.demo_content import DemoLoader
from portal.pages.markup import MarkupError


class Command(BaseCommand):
    help = "Loads the demo city 云湖市 (Yunhu). Safe to run again; prints the accounts it made."

    def add_arguments(self, parser: Any) -> None:
        add_operator_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        with operator_action("load_demo", options):
            loader = DemoLoader(say=lambda line: self.stdout.write(f"  {line}"))
            try:
                accounts = loader.run()
            except MarkupError as error:
                raise CommandError(f"The demo content is faulty: {error}") from error
        path = settings.DATA_DIR / "demo_accounts.json"
        known = (
            {row["username"]: row for row in json.loads(path.read_text())} if path.exists() else {}
        )
        for account in accounts:
            if account.password:
                known[account.username] = {
                    "username": account.username,
                    "password": account.password,
                    "role": account.role,
                    "site": account.site,
                    "url": "/admin/",
                }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(list(known.values()), stream, ensure_ascii=False, indent=2)
        self.stdout.write(
            f"The demo city is loaded ({time.monotonic() - started:.0f} s). Accounts:"
        )
        for row in known.values():
            self.stdout.write(
                f"  {row['username']:<16} {row['password']:<14} {row['site']} {row['role']}"
            )

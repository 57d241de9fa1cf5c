"""What ``portal serve`` says once the portal answers: the address and the demo accounts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width
from urllib.parse import urlsplit, urlunsplit

DEMO_ACCOUNTS = "demo_accounts.json"
LOCAL_HOSTS = {"127.0.0.1", "localhost", "testserver"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A row of ``var/demo_accounts.json``, written by ``portal load_demo``."""

    username: str
    password: str
    role: str
    site: str
    url: str


def greeting_lines(data_dir: Path, url: str) -> list[str]:
    lines = ["", f"The portal answers at {url}  (editors: {url}admin/)"]
    accounts = read_accounts(data_dir / DEMO_ACCOUNTS)
    if accounts:
        lines += ["", "Demo accounts:", *_table(accounts, url)]
    return [*lines, "", "Ctrl+C stops it."]


def read_accounts(path: Path) -> list[DemoAccount]:
    """The demo accounts; none when the demo was not loaded or the file cannot be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            DemoAccount(*(str(row.get(field) or "") for field in DemoAccount.__slots__))
            for row in rows
        ]
    except (OSError, ValueError, AttributeError, TypeError):
        return []


def _table(accounts: Sequence[DemoAccount], url: str) -> Iterator[str]:
    rows = [("user", "password", "role", "site", "address")]
    rows += [
        (account.username, account.password, account.role, account.site, here(account.url, url))
        for account in accounts
    ]
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            text + " " * (width - _columns(text)) for text, width in zip(row, widths, strict=True)
        )
        yield ("  " + "  ".join(cells)).rstrip()


def here(stored: str, url: str) -> str:
    """The stored address with the port in use now: the demo was loaded under another, perhaps."""
    parts, now = urlsplit(stored), urlsplit(url)
    if not parts.hostname:
        return urlunsplit((now.scheme, now.netloc, parts.path or "/", parts.query, ""))
    if parts.hostname not in LOCAL_HOSTS and not parts.hostname.endswith(".localhost"):
        return stored
    netloc = f"{parts.hostname}:{now.port}" if now.port else parts.hostname
    return urlunsplit((now.scheme, netloc, parts.path, parts.query, ""))


def _columns(text: str) -> int:
    """The width on a terminal, where a Chinese character takes two columns."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)

"""Where the finished page of an address lies. No Django: the front asks before it is loaded.

    var/pages/live -> generations/17        what is served, also by nginx
    var/pages/generations/17/HOST/PATH/index.html (.gz, .br) and .index.json (its headers)
    var/pages/index-2.sqlite3               what each page was made from

``HOST`` is the host as the browser names it, with ``_PORT`` where it names a port.
"""

import os
import re
from pathlib import Path

FOLDER = "pages"
LIVE = "live"
GENERATIONS = "generations"
PAGE_FILE = "index.html"
HEADERS_FILE = ".index.json"
# Beside a page that a web server in front must leave to the portal (deploy/nginx/portal.conf).
APART_FILE = ".apart"
ENCODINGS = {"br": ".br", "gzip": ".gz"}

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.\-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")
# One step of a path: letters of any script, digits and "-_~."; never hidden, never a way up.
_STEP = re.compile(r"[\w\-~][\w\-~.]{0,199}")
_MOST_STEPS = 30
_LONGEST = 1_000


def host_folder(host: str) -> str | None:
    """The folder of a host as a request names it; None for what is no host."""
    host = host.lower()
    return host.replace(":", "_") if _HOST.fullmatch(host) else None


def relative_folder(host: str, path: str) -> str | None:
    """The folder of an address below ``live``; None for addresses that are never stored.

    Args:
        host: the Host header.
        path: decoded, with its slash at the end; without one an address only leads elsewhere.
    """
    folder = host_folder(host)
    if folder is None or not path.startswith("/") or not path.endswith("/"):
        return None
    if path == "/":
        return folder
    if len(path.encode()) > _LONGEST:
        return None
    steps = path[1:-1].split("/")
    if len(steps) > _MOST_STEPS or not all(map(_STEP.fullmatch, steps)):
        return None
    return f"{folder}{path[:-1]}"


def address(host: str, path: str) -> str:
    """How the store names a page: host and path."""
    return host.lower() + path


def store_folder(data: Path | str) -> Path:
    return Path(os.fspath(data)) / FOLDER

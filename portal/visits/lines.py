"""What a line of the log holds, and how it is made: nothing here knows Django.

A line tells that a public address was read: minute, host, path, status, whether it was a page or a
file, where the visitor came from and on what kind of device. No address of a visitor, no name of a
browser, no query, nothing that tells two visitors apart.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote_to_bytes

HERE: Final = Path(__file__).parent
# Below these nothing is counted, whatever it answers.
NOT_COUNTED: Final = (
    "/admin/", "/api/", "/static/", "/media/", "/healthz", "/readyz", "/qr/", "/shared-preview/",
    "/robots.txt", "/_util/",
)  # fmt: skip
FILES: Final = "/documents/"
PAGE, FILE = "page", "file"
OWN, DIRECT, SEARCH, OTHER = "own", "direct", "search", "other"
PHONE, TABLET, DESKTOP = "phone", "tablet", "desktop"
# Regular expressions that Python and nginx read alike.
TABLET_WORDS: Final = r"ipad|tablet|playbook|kindle|silk/|android(?!.*mobile)"
PHONE_WORDS: Final = r"mobi|phone|ipod|opera mini|ucweb"

_LONGEST_PATH: Final = 400
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")
_NUMBERS: Final = re.compile(r"[0-9.]+")
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_.~-]*")
_REFERRER: Final = re.compile(r"https?://(?:[^/?#@]*@)?([^/:?#@]+)", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9 ./_-]+")


@dataclass(slots=True)  # not frozen: that makes making one five times as slow
class Line:
    """``minute``: since 1970, UTC. ``referrer``: a host name, of outside ones only."""

    minute: int
    host: str
    path: str
    status: int
    kind: str
    source: str
    referrer: str
    device: str

    @property
    def is_entry(self) -> bool:
        """Whether a visit began with it: the visitor did not come from the same host."""
        return self.source != OWN

    def text(self) -> str:
        return (
            f"{_minute_text(self.minute)}\t{self.host}\t{self.path}\t{self.status}\t{self.kind}\t"
            f"{self.source}\t{self.referrer}\t{self.device}\n"
        )


@lru_cache(maxsize=64)
def _minute_text(minute: int) -> str:
    return f"{datetime.datetime.fromtimestamp(minute * 60, datetime.UTC):%Y-%m-%dT%H:%MZ}"


@lru_cache(maxsize=4096)
def _minute_of(text: str) -> int:
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=datetime.UTC)
    return int(moment.timestamp()) // 60


def parse(text: str) -> Line | None:
    """A line of the log as it was written; None where it is none."""
    parts = text.rstrip("\n").split("\t")
    if len(parts) != 8:
        return None
    minute, host, path, status, kind, source, referrer, device = parts
    known = (
        kind in (PAGE, FILE)
        and source in (OWN, DIRECT, SEARCH, OTHER)
        and device in (PHONE, TABLET, DESKTOP)
        and status.isdecimal()
        and path.startswith("/")
    )
    if not known:
        return None
    try:
        return Line(_minute_of(minute), host, path, int(status), kind, source, referrer, device)
    except ValueError:
        return None


@lru_cache(maxsize=64)
def hour_name(minute: int) -> str:
    """How the names of files begin that hold lines of this minute's hour."""
    return f"{datetime.datetime.fromtimestamp(minute * 60, datetime.UTC):%Y%m%dT%H}"


# --- what is counted ------------------------------------------------------------------------------
def kind_of(status: str, content_type: str, path: str) -> str:
    """PAGE, FILE, or "" for what is not counted.

    A page that the browser had already and asked about again (304) was read again.
    """
    if path.startswith(NOT_COUNTED):
        return ""
    if path.startswith(FILES):
        return FILE if status == "200" else ""
    if status == "200":
        return PAGE if content_type.startswith("text/html") else ""
    return PAGE if status == "304" and path.endswith("/") else ""


class Classes:
    """Puts browsers and referrers into classes; what was seen before is remembered."""

    def __init__(self, more_robots: Iterable[str] = ()) -> None:
        self.robot_words = words_of("robots.txt", more_robots)
        self._robot = re.compile("|".join(map(re.escape, self.robot_words)), re.IGNORECASE)
        self._tablet = re.compile(TABLET_WORDS, re.IGNORECASE)
        self._phone = re.compile(PHONE_WORDS, re.IGNORECASE)
        engines = words_of("search_engines.txt")
        self._engines = tuple(one for one in engines if not one.endswith("."))
        self._any_ending = tuple(one for one in engines if one.endswith("."))
        self.device = lru_cache(maxsize=2048)(self._device)
        self._source_of = lru_cache(maxsize=2048)(self._source)

    def _device(self, browser: str) -> str:
        """The kind of device, "" for programs and for who does not say what it is."""
        if not browser or self._robot.search(browser):
            return ""
        if self._tablet.search(browser):
            return TABLET
        return PHONE if self._phone.search(browser) else DESKTOP

    def source(self, referrer: str, host: str) -> tuple[str, str]:
        """(class, host of an outside referrer). Of the referrer's address nothing else is used."""
        found = _REFERRER.match(referrer)
        return self._source_of(found.group(1), host) if found else (DIRECT, "")

    def _source(self, name: str, host: str) -> tuple[str, str]:
        name = name.lower()
        if name == host:
            return (OWN, "")
        if len(name) > 100 or not _HOST.fullmatch(name) or _NUMBERS.fullmatch(name):
            return (OTHER, "")  # an address in numbers may be that of a person
        return (SEARCH if self._is_engine(name) else OTHER, name)

    def _is_engine(self, name: str) -> bool:
        if any(name == one or name.endswith(f".{one}") for one in self._engines):
            return True
        return any(name.startswith(one) or f".{one}" in name for one in self._any_ending)


def words_of(name: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """The words of a list beside this module.

    Raises:
        ValueError: one of them is no such word.
    """
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    words = [line.strip().lower() for line in lines if line.strip() and line[0] != "#"]
    words += [word.strip().lower() for word in more]
    for word in words:
        if not _WORD.fullmatch(word):
            raise ValueError(f"{word!r} is no word for {name}")
    return tuple(dict.fromkeys(words))


@lru_cache(maxsize=256)
def clean_host(host: str) -> str:
    """A host as it is counted: in small letters, without a port; "" for what is none."""
    name = host.lower()
    if ":" in name:
        name = name.rpartition(":")[0]
    return name if _HOST.fullmatch(name) else ""


def clean_path(path: str) -> str:
    """A path (decoded, its bytes as Latin-1) as it is counted: the same for each way to write it,
    in ASCII."""
    if not _PLAIN.fullmatch(path):
        path = quote(path.encode("latin-1", "replace"), safe="/~")
    return path[:_LONGEST_PATH]


def clean_sent_path(sent: str) -> str:
    """The same for a path as it was sent, with its percent signs."""
    return clean_path(unquote_to_bytes(sent.encode("latin-1", "replace")).decode("latin-1"))


def line_of(
    classes: Classes,
    *,
    at: float,
    host: str,
    path: str,
    status: str,
    content_type: str,
    referrer: str,
    device: str,
) -> Line | None:
    """The line that an answered request leaves; None where it is not counted.

    The same for all who have seen one. ``path`` is clean; ``device`` "" is a program.
    """
    kind = kind_of(status, content_type, path)
    host = clean_host(host)
    if not (kind and host and device):
        return None
    source, outside = classes.source(referrer, host)
    return Line(int(at) // 60, host, path, int(status), kind, source, outside, device)

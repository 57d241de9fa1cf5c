"""What nginx has logged becomes lines of the same log, with a position that is remembered.

The configuration that nginx needs is made here as well, from the same lists that the counter in the
portal goes by: both count the same. What it logs holds no address and no name of a browser.

A reading that is ended anywhere is undone by the next one (files are cut back to the lengths that
were remembered) and done again: the same lines come out, none twice. After a rotation the rest of
the old file is read first; it is found by its inode beside the new one.
"""

import fcntl
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from portal.visits.lines import (
    PHONE_WORDS,
    TABLET_WORDS,
    Classes,
    Line,
    clean_sent_path,
    hour_name,
    line_of,
)

PORTION = 4_000_000
_ESCAPED = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_FIELDS = 9


class NginxLogError(Exception):
    """Why a log of nginx cannot be read."""


@dataclass(slots=True)
class _Position:
    """``first``: a digest of the file's first line, for file systems that use inodes again."""

    inode: int = 0
    first: str = ""
    offset: int = 0
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """``counted`` lines were kept, ``passed_over`` are no visits, ``unreadable`` are no lines."""

    counted: int = 0
    passed_over: int = 0
    unreadable: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.counted + other.counted,
            self.passed_over + other.passed_over,
            self.unreadable + other.unreadable,
        )


def take_log(log: Path, folder: Path | None = None) -> Taken:
    """Take what nginx has logged since the last time into the portal's own log.

    Raises:
        NginxLogError: there is no such file, or another process reads it now.
    """
    if not log.is_file():
        raise NginxLogError(f"There is no file {log}.")
    return _Reader(log, folder or settings.VISITS_FOLDER).run()


class _Reader:
    def __init__(self, log: Path, folder: Path) -> None:
        self.log, self.folder = log, folder
        self.tag = hashlib.sha256(str(log.resolve()).encode()).hexdigest()[:12]
        self.state = folder / f"nginx-{self.tag}.json"
        self.classes = Classes(settings.VISITS_ROBOTS)

    def run(self) -> Taken:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            position = self._remembered()
            self._cut_back(position)
            taken = Taken()
            for path in self._files(position):
                taken += self._read_file(path, position)
            return taken

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.state.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NginxLogError(f"Another process reads {self.log} now.") from None
            yield

    def _remembered(self) -> _Position:
        try:
            return _Position(**json.loads(self.state.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return _Position()

    def _cut_back(self, position: _Position) -> None:
        """Undo a reading that was not finished."""
        for path in self.folder.glob(f"*-nginx-{self.tag}.log"):
            size = position.sizes.get(path.name, 0)
            if path.stat().st_size > size:
                os.truncate(path, size)

    def _files(self, position: _Position) -> list[Path]:
        """The rest of the file that was read last, if that was rotated away, then the log."""
        with self.log.open("rb") as stream:
            if not position.inode or self._is_same(stream, position):
                return [self.log]
        beside = sorted(self.log.parent.glob(f"{self.log.name}?*"))
        for path in beside:
            with path.open("rb") as stream:
                if self._is_same(stream, position):
                    return [path, self.log]
        return [self.log]

    def _is_same(self, stream: BinaryIO, position: _Position) -> bool:
        status = os.fstat(stream.fileno())
        if status.st_ino != position.inode or status.st_size < position.offset:
            return False
        return not position.first or _first(stream) == position.first

    def _read_file(self, path: Path, position: _Position) -> Taken:
        taken = Taken()
        with path.open("rb") as stream:
            if not self._is_same(stream, position):
                position.inode, position.offset = os.fstat(stream.fileno()).st_ino, 0
                position.first = _first(stream)
            position.first = position.first or _first(stream)
            while True:
                stream.seek(position.offset)
                text = stream.read(PORTION)
                text = text[: text.rfind(b"\n") + 1]
                if not text:
                    return taken
                taken += self._write(text, position)
                position.offset += len(text)
                self._remember(position)

    def _write(self, text: bytes, position: _Position) -> Taken:
        by_hour: defaultdict[str, list[str]] = defaultdict(list)
        counted = passed_over = unreadable = 0
        for one in text.splitlines():
            try:
                line = line_of_nginx(one, self.classes)
            except ValueError:
                unreadable += 1
                continue
            if line is None:
                passed_over += 1
            else:
                counted += 1
                by_hour[hour_name(line.minute)].append(line.text())
        for hour, lines in by_hour.items():
            path = self.folder / f"{hour}-nginx-{self.tag}.log"
            with path.open("ab") as stream:
                stream.write("".join(lines).encode("ascii"))
                stream.flush()
                os.fsync(stream.fileno())
                position.sizes[path.name] = stream.tell()
        return Taken(counted, passed_over, unreadable)

    def _remember(self, position: _Position) -> None:
        kept = {name for name in position.sizes if (self.folder / name).exists()}
        position.sizes = {name: position.sizes[name] for name in kept}
        new = self.state.with_suffix(".new")
        with new.open("w", encoding="utf-8") as stream:
            json.dump(asdict(position), stream)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self.state)


def _first(stream: BinaryIO) -> str:
    stream.seek(0)
    line = stream.readline()
    return hashlib.sha256(line).hexdigest() if line.endswith(b"\n") else ""


def line_of_nginx(text: bytes, classes: Classes) -> Line | None:
    """The portal's line for a line of nginx; None where it is not counted.

    Raises:
        ValueError: it is not in the format of ``nginx_configuration``.
    """
    parts = text.split(b"\t")
    if len(parts) != _FIELDS:
        raise ValueError("not the format of the log of visits")
    at, method, host, path, status, kind, referrer, device, left_out = (
        "" if part == b"-" else _unescaped(part) for part in parts
    )
    if not status.isdecimal():
        raise ValueError("no status")
    moment = float(at)
    if method != "GET" or left_out:
        return None
    return line_of(
        classes,
        at=moment,
        host=host,
        path=clean_sent_path(path),
        status=status,
        content_type=kind,
        referrer=f"http://{referrer}" if referrer else "",
        device=device,
    )


def _unescaped(part: bytes) -> str:
    whole = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
    return whole.decode("latin-1")


def nginx_configuration(log: str = "/var/log/nginx/visits.log") -> str:
    """What belongs into nginx's ``http`` block, and the line for the portal's ``server``."""
    robots = "|".join(
        re.escape(word).replace(r"\ ", "[ ]")
        for word in Classes(settings.VISITS_ROBOTS).robot_words
    )
    cookie = re.escape(settings.SESSION_COOKIE_NAME)
    return f"""\
# Made by `portal read_visits --nginx-configuration`; into the http block.
# No address of a visitor, no name of a browser, no query and no cookie is logged.
map $request_uri $visit_path {{
    "~^(?<visit_path_alone>[^?#]*)" $visit_path_alone;
}}
map $http_referer $visit_referrer {{
    default "";
    "~*^https?://(?:[^/?#@]*@)?(?<visit_referrer_host>[^/:?#@]+)" $visit_referrer_host;
}}
map $http_user_agent $visit_device {{
    default desktop;
    "" "";
    "~*{robots}" "";
    "~*{TABLET_WORDS}" tablet;
    "~*{PHONE_WORDS}" phone;
}}
map "$http_sec_purpose $http_purpose" $visit_ahead {{
    default "";
    "~prefetch|prerender" 1;
}}
map $http_sec_fetch_dest $visit_part {{
    default 1;
    "" "";
    document "";
}}
map $http_cookie $visit_signed_in {{
    default "";
    "~{cookie}=" 1;
}}
log_format visits "$msec\\t$request_method\\t$host\\t$visit_path\\t$status\\t"
                  "$sent_http_content_type\\t$visit_referrer\\t$visit_device\\t"
                  "$visit_ahead$visit_part$visit_signed_in";

# Into the server block of the portal:
access_log {log} visits;
"""

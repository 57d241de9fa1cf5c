"""Attachments that wait while a form is looked over again: a browser does not send them twice.

They lie beside the letters' files under the hash of the form's token, checked already, and go when
the letter is sent or after ``KEPT`` seconds. Only who holds the form reaches them.

Each file has its name from the moment when it is whole, and what is known of it comes last: a
process that dies in between leaves nothing that could be taken for an attachment.
"""

import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from .uploads import CheckedFile

KEPT = 3 * 3600
_MOST_TOGETHER = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """``key`` names it in the form, so that it can be taken out again."""

    key: str
    file: CheckedFile

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def size(self) -> int:
        return self.file.size


def add(token: str, files: Iterable[CheckedFile]) -> None:
    """Lay files aside for a form.

    Raises:
        OSError: there is no room.
    """
    folder = _folder(token)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in files:
        key = file.sha256[:24]
        facts = asdict(replace(file, data=b""))
        facts["data"] = None
        facts["scanned_at"] = file.scanned_at.isoformat() if file.scanned_at else None
        _write(folder / f"{key}.bin", file.data)
        _write(folder / f"{key}.json", json.dumps(facts).encode())


def waiting(token: str) -> list[WaitingFile]:
    """The files of a form, in the order in which they came."""
    found = []
    for facts in _folder(token).glob("*.json"):
        try:
            found.append((facts.stat().st_mtime_ns, WaitingFile(facts.stem, _read(facts))))
        except FileNotFoundError:  # another window of the same form has just taken it out
            continue
    return [file for _at, file in sorted(found, key=lambda row: row[0])]


def take_out(token: str, keys: Sequence[str]) -> None:
    for file in waiting(token):
        if file.key in keys:
            for ending in ("json", "bin"):
                (_folder(token) / f"{file.key}.{ending}").unlink(missing_ok=True)


def forget(token: str) -> None:
    shutil.rmtree(_folder(token), ignore_errors=True)


def clear_old() -> int:
    """Remove what nobody sent; how many forms had files."""
    limit, gone = time.time() - KEPT, 0
    for folder in _root().glob("*"):
        if folder.is_dir() and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def has_room() -> bool:
    """Whether more files may wait: a flood of them must not fill the disk."""
    together = 0
    for ending in ("bin", "part"):
        for path in _root().glob(f"*/*.{ending}"):
            try:
                together += path.stat().st_size
            except FileNotFoundError:  # sent or taken out in this moment
                continue
    return together < _MOST_TOGETHER


def _root() -> Path:
    return Path(settings.DATA_DIR) / "letters" / "waiting"


def _folder(token: str) -> Path:
    return _root() / sha256(token.encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Under another name until it is whole and on the disk."""
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _read(facts: Path) -> CheckedFile:
    told: dict[str, Any] = json.loads(facts.read_bytes())
    at = told.pop("scanned_at")
    told["data"] = facts.with_suffix(".bin").read_bytes()
    return CheckedFile(**told, scanned_at=datetime.fromisoformat(at) if at else None)

"""Writing a backup while the portal works, putting one back, and trying one out."""

import contextlib
import datetime
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtailmedia.models import get_media_model

from portal.core.extension_points import backup_parts
from portal.plugins.version import portal_version

from . import archive, databases
from .folders import RECORDS, carried, data_folder
from .problems import BackupError

type Say = Callable[[str], None]

# Every setting from outside begins so (docs/administrators/environment.md).
_SETTINGS = ("PORTAL_", "ASSISTANT_", "SEARCH_", "RASA_", "DATABASE_URL", "REDIS_URL",
             "OPENSEARCH_URL", "EMAIL_URL", "CLAMD_ADDRESS", "WEB_CONCURRENCY")  # fmt: skip
DRILLS = "drills.jsonl"


# --- writing --------------------------------------------------------------------------------------
def back_up(target: Path, say: Say) -> dict[str, Any]:
    """Write everything that cannot be made anew into one file, while others write.

    Files are taken before the database and once more after it: every file that a row of the
    snapshot names was there at one of the two times, though an editor deletes it meanwhile.

    Returns: the manifest, with ``files`` (how many) and ``bytes`` (of the archive).

    Raises:
        BackupError: nothing was written; a file of that name stays what it was.
    """
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    data = data_folder()
    if target.is_relative_to(data) and target.relative_to(data).parts[0] != RECORDS:
        raise BackupError(
            f"{target} would be part of the next backup. Write it outside {data}, best on "
            "another disk."
        )
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=data) as staging:
        kept, database = Path(staging, "files"), Path(staging, databases.name_of_file())
        say("Files …")
        _hold(data, kept)
        say("Database …")
        with databases.snapshot(database) as described:
            pass
        _hold(data, kept)
        manifest = {
            "format": archive.FORMAT,
            "version": portal_version(),
            "taken_at": timezone.now().isoformat(timespec="seconds"),
            "database": connection.vendor,
            **described,
        }
        say("Archive …")
        number = 0
        with archive.writing(target) as writer:
            writer.value(archive.MANIFEST, manifest)
            writer.value(archive.ENVIRONMENT, _settings())
            writer.file(database.name, database)
            for path in sorted(kept.rglob("*")):
                name = f"{archive.FILES}/{path.relative_to(kept).as_posix()}"
                if path.is_dir():
                    writer.folder(name, path)
                else:
                    writer.file(name, path)
                    number += 1
    return manifest | {"files": number, "bytes": target.stat().st_size}


def _hold(data: Path, kept: Path) -> None:
    """Hold on to every file that is there, by a second name for it where the disk can."""
    kept.mkdir(exist_ok=True)
    for name in carried(data):
        source, target = data / name, kept / name
        # What vanishes while we look was deleted by the portal; what is held already stays.
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            if source.is_dir():
                target.mkdir(parents=True)
                shutil.copymode(source, target)
            elif not target.exists():
                try:
                    os.link(source, target)
                except FileNotFoundError:
                    raise
                except OSError:
                    shutil.copy2(source, target)


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_SETTINGS)}


# --- putting back ---------------------------------------------------------------------------------
def restore(source: Path, say: Say, *, replace: bool = False) -> dict[str, Any]:
    """Make this installation what the backup holds, and check it.

    Args:
        replace: put what is here aside instead of refusing (below ``before-restore-…``).

    Returns: ``taken_at``, ``rows`` (in all), ``files``, ``missing`` (files that rows name and
    nobody has), ``settings`` (names that differ here), ``aside`` (where what was here went, or "").

    Raises:
        BackupError: why not. Until the database is put back nothing here was changed.
    """
    manifest = archive.manifest_of(source)
    _may_be_put_back(manifest)
    data = data_folder()
    there = not databases.is_empty() or any(_of_ours(data))
    if there and not replace:
        raise BackupError(
            "A portal is here already. Restore on an empty database and data folder, or put what "
            "is here aside with --replace (stop the portal first)."
        )
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as staging:
        say("Unpacking and comparing …")
        settings = archive.unpack(source, Path(staging))
        aside = _put_aside(data, say) if there else ""
        say("Database …")
        databases.put_back(Path(staging, databases.name_of_file()))
        say("Files …")
        number = _move_in(Path(staging, archive.FILES), data)
    _compare_rows(manifest)
    say("Tables of this version …")
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    for entry in backup_parts.entries():
        if entry.item.after_restore is not None:
            entry.item.after_restore()
    say("Indexes …")
    call_command("rebuild_index", stdout=_Lines(say))
    _check_tree()
    here = _settings()
    return {
        "taken_at": manifest["taken_at"],
        "rows": sum(manifest["rows"].values()),
        "files": number,
        "missing": _missing_files(),
        "settings": sorted(name for name, value in settings.items() if here.get(name) != value),
        "aside": aside,
    }


class _Lines:
    """Where a command writes; its lines are said one by one."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def write(self, text: str) -> None:
        if text.strip():
            self._say(f"  {text.strip()}")


def _may_be_put_back(manifest: dict[str, Any]) -> None:
    if manifest["database"] != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest['database']}, DATABASE_URL names {connection.vendor}."
        )
    known: set[str] = set()
    for (app, one), migration in MigrationLoader(None).disk_migrations.items():
        known.add(f"{app}.{one}")
        known.update(f"{other}.{name}" for other, name in migration.replaces)
    # A plugin that is not installed here would leave tables that nobody looks after.
    if unknown := [name for name in manifest["migrations"] if name not in known]:
        raise BackupError(
            f"The backup was taken by version {manifest['version']} with tables that this one "
            f"({portal_version()}) does not know: {', '.join(unknown[:3])}. Install that version, "
            "or the plugin that is missing."
        )


def _of_ours(data: Path) -> Iterator[Path]:
    # The key that signs cookies is made by the first command that is run, this one perhaps.
    return (name for name in carried(data) if (data / name).is_file() and name.parts[0] != "keys")


def _put_aside(data: Path, say: Say) -> str:
    folder = data / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    folder.mkdir(mode=0o700)
    say(f"What is here is put aside in {folder} …")
    if not databases.is_empty():
        databases.put_aside(folder)
    for name in sorted({path.parts[0] for path in carried(data)}):
        shutil.move(data / name, folder / name)
    return str(folder)


def _move_in(files: Path, data: Path) -> int:
    number = 0
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        target = data / path.relative_to(files)
        if path.is_dir():
            target.mkdir(exist_ok=True)
            shutil.copymode(path, target)
        else:
            shutil.move(path, target)
            number += 1
    return number


# --- checking -------------------------------------------------------------------------------------
def _compare_rows(manifest: dict[str, Any]) -> None:
    now = databases.counts()
    if wrong := [name for name, rows in manifest["rows"].items() if now.get(name) != rows]:
        raise BackupError(f"Rows are missing after the restore, in: {', '.join(wrong[:5])}.")


def _check_tree() -> None:
    if any(found := Page.find_problems()):
        raise BackupError(f"The page tree is not sound after the restore: {found}")


def _missing_files() -> list[str]:
    return [
        one.file.name
        for model in (get_image_model(), get_document_model(), get_media_model())
        for one in model._default_manager.only("file").iterator()
        if not one.file.storage.exists(one.file.name)
    ]


# --- drills ---------------------------------------------------------------------------------------
def drill(source: Path, say: Say) -> dict[str, Any]:
    """Put a backup back beside the portal, look whether it is whole, and write down that we did.

    Returns: the line of the record: ``at``, ``file``, ``sha256``, ``seconds``, ``passed``,
    ``detail``, and what ``restore`` found.
    """
    begun, record = time.monotonic(), data_folder() / RECORDS / DRILLS
    line: dict[str, Any] = {"at": timezone.now().isoformat(timespec="seconds"), "file": str(source)}
    with tempfile.TemporaryDirectory(prefix="portal-drill-") as folder:
        try:
            with source.open("rb") as file:
                line["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
            with _another_database(Path(folder)) as address:
                line |= _restored_elsewhere(source, Path(folder), address, say)
        except (OSError, BackupError) as error:
            line |= {"passed": False, "detail": str(error)}
    line["seconds"] = round(time.monotonic() - begun, 1)
    record.parent.mkdir(mode=0o700, exist_ok=True)
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return line


def drills() -> list[dict[str, Any]]:
    """The record of drills, the newest last."""
    record = data_folder() / RECORDS / DRILLS
    if not record.exists():
        return []
    return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def _restored_elsewhere(source: Path, folder: Path, address: str, say: Say) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "portal", "restore", "--json", str(source)],
        env={**os.environ, "PORTAL_DATA_DIR": str(folder), "DATABASE_URL": address},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    for one in done.stderr.splitlines():
        say(one)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return {"passed": False, "detail": last}
    found = json.loads(done.stdout.strip().splitlines()[-1])
    missing = found["missing"]
    return {
        "passed": not missing,
        "detail": f"{len(missing)} files are missing, such as {missing[0]}" if missing else "",
        "taken_at": found["taken_at"], "rows": found["rows"], "files": found["files"],
    }  # fmt: skip


@contextlib.contextmanager
def _another_database(folder: Path) -> Iterator[str]:
    """The address of an empty one, which is gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'drill.sqlite3'}"
        return
    name = f"portal_drill_{datetime.datetime.now(datetime.UTC):%Y%m%d%H%M%S}_{secrets.token_hex(3)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            raise BackupError(
                "A drill needs a database of its own; this account may not create one "
                "(ALTER ROLE … CREATEDB)."
            )
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield databases.address_of(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

"""`portal backup` while others write, `portal restore` on an empty machine: on both databases."""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from portal.core.backup import databases
from tests.assistant.processes import ROOT
from tests.e2e.serving import demo_template

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@dataclass(frozen=True)
class Machine:
    """An installation: its data folder and its database."""

    data: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        foreign = ("PORTAL_", "DJANGO_", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "PORTAL_ENV": "dev",
            "PORTAL_DATA_DIR": str(self.data),
            "DATABASE_URL": self.url,
            "ASSISTANT_EMBEDDERS": "none",
            "SEARCH_EMBEDDER": "none",
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "portal", *arguments],
            cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *arguments: str, code: int = 0) -> str:
        process = self.start(*arguments)
        said, _nothing = process.communicate(timeout=400)
        assert process.returncode == code, said
        return said

    def asked(self, expression: str) -> str:
        return self.run(
            "shell", "--no-imports", "--verbosity", "0", "-c", f"print({expression})"
        ).strip()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """A portal at work, and an empty machine of the same kind."""
    names: list[str] = []

    def machine(name: str) -> Machine:
        data = tmp_path / name
        data.mkdir()
        if connection.vendor == "sqlite":
            return Machine(data, f"sqlite:///{data / 'portal.sqlite3'}")
        names.append(f"portal_backup_{name}_{secrets.token_hex(4)}")
        with connection.cursor() as cursor:
            template = "template0"
            cursor.execute(f'CREATE DATABASE "{names[-1]}" TEMPLATE {template}')
        return Machine(data, databases.address_of(names[-1]))

    try:
        yield machine("here"), machine("there")
    finally:
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


PAIRS = (
    "__import__('django.contrib.auth.models').contrib.auth.models.Group.objects"
    ".filter(name__startswith='a-').count()"
)
HALVES = PAIRS.replace("'a-'", "'b-'")
# Two rows in each transaction, and a file that lives for three turns.
WRITER = """
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.documents import get_document_model
documents = []
for n in range(10**6):
    with transaction.atomic():
        Group.objects.create(name=f"a-{n}")
        Group.objects.create(name=f"b-{n}")
    documents.append(get_document_model().objects.create(
        title=f"{n}", file=ContentFile(b"%d" % n, name=f"turn-{n}.txt")))
    if n > 2:
        documents[n - 3].delete()
"""


def test_taken_under_writes_it_restores_to_a_sound_portal(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    here, there = machines
    file = tmp_path / "backup.tar.gz"
    if connection.vendor == "sqlite":
        shutil.copytree(demo_template(), here.data, dirs_exist_ok=True)
    else:
        here.run("migrate", "--verbosity", "0")
        here.run("create_portal", "--name=云湖市", "--code=yunhu", "--host=www.yunhu.example")
    (here.data / "media" / "documents").mkdir(parents=True, exist_ok=True)
    (here.data / "media" / "documents" / "通知.txt").write_text("轮渡停航", encoding="utf-8")
    (here.data / "search").mkdir(exist_ok=True)
    (here.data / "search" / "made-anew").write_text("x")

    writing = here.start("shell", "--no-imports", "--verbosity", "0", "-c", WRITER)
    waited = time.monotonic() + 120
    while not (before := int(here.asked(PAIRS))):
        assert writing.poll() is None, writing.communicate()[0]
        assert time.monotonic() < waited
    said = here.run("backup", str(file))
    assert "rows" in said
    assert writing.poll() is None, writing.communicate()[0]
    writing.kill()
    writing.communicate(timeout=60)
    after = int(here.asked(PAIRS))
    assert after > before

    passed = json.loads(here.run("restore", "--drill", "--json", str(file)).splitlines()[-1])
    assert passed["passed"], passed
    assert [line["passed"] for line in json.loads(here.run("restore", "--drills", "--json"))] == [
        True
    ]
    assert int(here.asked(PAIRS)) == after, "a drill changes nothing here"

    # Checks on its way that no row is missing and that the tree is sound.
    assert "Missing files" not in there.run("restore", str(file))
    assert before <= int(there.asked(PAIRS)) < after
    assert there.asked(PAIRS) == there.asked(HALVES)
    assert (there.data / "media/documents/通知.txt").read_text(encoding="utf-8") == "轮渡停航"
    assert not (there.data / "search" / "made-anew").exists()
    key = there.data / "keys"
    assert sorted(path.name for path in key.iterdir()) == sorted(
        path.name for path in (here.data / "keys").iterdir()
    )
    for path in key.iterdir():
        assert path.read_bytes() == (here.data / "keys" / path.name).read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert "No" in there.run("makemigrations", "--check", "--dry-run")

    # What is there is not overwritten; asked to, it is put aside.
    count = there.asked(PAIRS)
    assert "A portal is here already" in there.run("restore", str(file), code=1)
    assert there.asked(PAIRS) == count
    there.run("restore", "--replace", str(file))
    assert there.asked(PAIRS) == count
    (aside,) = there.data.glob("before-restore-*")
    assert (aside / "media/documents/通知.txt").exists()
    assert (aside / Path(there.url).name).exists() or (aside / "database.dump").exists()

    # A damaged one changes nothing and is on record as such.
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))
    there.run("restore", "--replace", str(file), code=1)
    assert there.asked(PAIRS) == count
    assert "on record" in here.run("restore", "--drill", str(file), code=1)
    assert [line["passed"] for line in json.loads(here.run("restore", "--drills", "--json"))] == [
        True, False,
    ]  # fmt: skip


@pytest.mark.one_database
def test_what_another_version_or_database_wrote_is_refused(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    here, there = machines
    file = tmp_path / "backup.tar.gz"
    with sqlite3.connect(here.data / "portal.sqlite3") as database:
        database.execute("CREATE TABLE django_migrations (app text, name text, applied text)")
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('gone', '0001_x', '2026-01-01')"
        )
    here.run("backup", str(file))
    said = there.run("restore", str(file), code=1)
    assert "gone.0001_x" in said
    with sqlite3.connect(there.data / "portal.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    elsewhere = Machine(there.data, "postgres://nobody@127.0.0.1:1/none")
    assert "DATABASE_URL names postgresql" in elsewhere.run("restore", str(file), code=1)


@pytest.mark.one_database
def test_a_folder_that_is_not_there_and_a_missing_name(machines: tuple[Machine, Machine]) -> None:
    here, _there = machines
    assert "There is no folder" in here.run("backup", "/nowhere/at/all.tar.gz", code=1)
    assert "part of the next" in here.run("backup", str(here.data / "x.tar.gz"), code=1)
    assert "Which file?" in here.run("restore", code=2)
    assert "No drill is on record." in here.run("restore", "--drills")
    shutil.rmtree(here.data)

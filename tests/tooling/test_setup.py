"""``portal setup``: each step when it is needed, and nothing when nothing is to do."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal import setup_stamp
from portal.cli import PortalUtility
from portal.core.management.commands import setup as command
from portal.settings import environment
from portal.supervisor import paths


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.LOCALE_PATHS = [tmp_path / "locales"]
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that setup calls, without carrying them out."""
    names: list[str] = []

    def call(name: str, *args: Any, **options: Any) -> None:
        names.append(name)

    monkeypatch.setattr(command, "call_command", call)
    return names


@pytest.mark.django_db
def test_a_new_installation_gets_everything_once(data_dir: Path, calls: list[str]) -> None:
    call_command("setup")
    assert calls == ["compile_messages", "collectstatic", "load_demo"]
    (data_dir / "static").mkdir()
    calls.clear()
    call_command("setup")
    assert calls == ["compile_messages"]


@pytest.mark.django_db
def test_rights_are_made_again_when_the_roles_have_changed(
    data_dir: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.provisioning, "is_outdated", lambda: True)
    call_command("setup", no_demo=True)
    assert calls == ["compile_messages", "provision_roles", "collectstatic"]


@pytest.mark.django_db
def test_migrations_run_only_when_some_are_missing(
    data_dir: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_pending_migrations", lambda: 3)
    call_command("setup", no_demo=True)
    assert calls == ["compile_messages", "migrate", "collectstatic"]


@pytest.mark.django_db
def test_a_demo_that_was_interrupted_is_gone_on_with(
    data_dir: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch, world: Any
) -> None:
    identity = command._database_identity()
    # A database with sites of its own is left alone …
    call_command("setup")
    assert "load_demo" not in calls
    # … but for one whose demo was begun and not finished.
    command._write_stamp("demo", f"loading {identity}")
    call_command("setup")
    assert "load_demo" in calls
    assert command._read_stamp("demo") == f"loaded {identity}"


@pytest.mark.django_db
@pytest.mark.parametrize(("environ", "options"), [("production", {}), ("dev", {"no_demo": True})])
def test_the_demo_stays_out_of_production_and_where_it_is_not_wanted(
    data_dir: Path,
    calls: list[str],
    monkeypatch: pytest.MonkeyPatch,
    environ: str,
    options: dict[str, Any],
) -> None:
    monkeypatch.setenv("PORTAL_ENV", environ)
    call_command("setup", **options)
    assert "load_demo" not in calls


@pytest.mark.django_db
def test_a_failed_step_says_which_one_why_and_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(name: str, *args: Any, **options: Any) -> None:
        if name == "collectstatic":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(command, "call_command", call)
    with pytest.raises(CommandError) as refusal:
        call_command("setup", no_demo=True)
    text = str(refusal.value)
    assert "The set-up stopped at 'static files': [Errno 28] No space left on device" in text
    assert "Is there room on the disk" in text
    assert "The next run goes on from here" in text
    assert not setup_stamp.stamp_path().exists()


@pytest.mark.django_db
def test_a_set_up_without_demo_does_not_pass_for_a_complete_one(
    data_dir: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_stamp, "database_fingerprint", lambda: "1|1|now")
    call_command("setup", no_demo=True)
    assert not setup_stamp.stamp_path().exists()
    call_command("setup")
    assert setup_stamp.stamp_path().exists()


def test_progress_is_told_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management.base import OutputWrapper

    progress = command.MigrationProgress(OutputWrapper(sys.stdout), 5, every=2)
    for number in range(5):
        progress.write(f"  Applying core.{number:04}...", ending="")
        progress.write(" OK")
    assert capsys.readouterr().out.split("\n")[:3] == [
        "    2 of 5 migrations",
        "    4 of 5 migrations",
        "    5 of 5 migrations",
    ]


# --- the stamp --------------------------------------------------------------------------------
@pytest.fixture
def installed(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A complete installation in a folder, as far as the stamp looks at it."""
    project = data_dir / "project"
    (project / "portal").mkdir(parents=True)
    (project / "portal" / "views.py").write_text("")
    monkeypatch.setattr(setup_stamp, "PROJECT_DIR", project)
    (data_dir / "static").mkdir()
    with sqlite3.connect(data_dir / "portal.sqlite3") as database:
        database.execute("CREATE TABLE django_migrations (id INTEGER, applied TEXT)")
        database.execute("INSERT INTO django_migrations VALUES (1, '2026-11-01')")
    setup_stamp.write()
    assert setup_stamp.is_current()
    return data_dir


def test_a_changed_file_is_noticed(installed: Path) -> None:
    (installed / "project" / "portal" / "views.py").write_text("changed")
    assert not setup_stamp.is_current()


def test_a_removed_file_is_noticed(installed: Path) -> None:
    (installed / "project" / "portal" / "views.py").unlink()
    assert not setup_stamp.is_current()


def test_compiled_code_is_not_a_change(installed: Path) -> None:
    (installed / "project" / "portal" / "__pycache__").mkdir()
    (installed / "project" / "portal" / "__pycache__" / "views.pyc").write_text("")
    assert setup_stamp.is_current()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM django_migrations", "DROP TABLE django_migrations"]
)
def test_a_changed_database_is_noticed(installed: Path, statement: str) -> None:
    with sqlite3.connect(installed / "portal.sqlite3") as database:
        database.execute(statement)
    assert not setup_stamp.is_current()


@pytest.mark.parametrize("name", ["portal.sqlite3", "run/setup.json"])
def test_a_missing_part_is_noticed(installed: Path, name: str) -> None:
    (installed / name).unlink()
    assert not setup_stamp.is_current()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_damaged_stamp_is_none(installed: Path, content: str) -> None:
    (installed / "run" / "setup.json").write_text(content)
    assert not setup_stamp.is_current()


def test_another_database_or_environment_is_noticed(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_PLUGINS_DISABLED", "search")
    assert not setup_stamp.is_current()


def test_no_stamp_is_written_without_a_database(data_dir: Path) -> None:
    setup_stamp.write()
    assert not setup_stamp.stamp_path().exists()


def test_a_database_that_does_not_answer_is_left_to_the_full_set_up(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    assert setup_stamp.database_fingerprint() == ""


# --- the command line -------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["", "var", "/srv/portal", "~/portal", " elsewhere "])
def test_supervisor_and_settings_agree_on_the_data_folder(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Path, "mkdir", lambda *args, **options: None)
    assert paths.data_dir(os.environ) == environment.data_dir()


def portal(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unknown_command_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as exit_:
        PortalUtility(["portal", "no_such_command"]).fetch_command("no_such_command")
    assert exit_.value.code == 2


def test_a_wrong_setting_is_one_line_that_names_it() -> None:
    done = portal("check", PORTAL_ENV="staging")
    assert done.returncode == 2
    assert done.stderr == "PORTAL_ENV: 'staging' is not one of dev, production, test\n"


def test_the_supervisor_loads_no_django() -> None:
    script = "import sys, portal.supervisor.command, portal.setup_stamp; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in loaded if name.split(".")[0] in {"django", "wagtail"}]


def test_the_stamp_is_readable_json(installed: Path) -> None:
    stamp = json.loads(setup_stamp.stamp_path().read_text())
    assert stamp["database"] == "1|1|2026-11-01"

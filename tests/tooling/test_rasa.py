"""``tools/rasa``: Rasa's environment where it can be, one line where it cannot, never a failure."""

import subprocess
from pathlib import Path

import pytest

from assistant.rasa_host.places import LOCK, Places
from tools import rasa
from tools.environment import fingerprint


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    here = Places(tmp_path / "venv", tmp_path / "rasa")
    monkeypatch.setattr(rasa, "places", lambda: here)
    for name in ("PORTAL_RASA", "RASA_URL", "PORTAL_PLUGINS_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    return here


@pytest.fixture
def commands(where: Places, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would be run; everything succeeds, and leaves what it would."""
    run: list[list[str]] = []

    def note(command: list[str], *args: object, **options: object) -> None:
        run.append([str(word) for word in command])
        if "venv" in command:
            where.python.parent.mkdir(parents=True)
            where.python.symlink_to("/bin/true")
        if "train_rasa" in command:
            where.models.mkdir(parents=True, exist_ok=True)
            where.model.write_text("a model")

    monkeypatch.setattr(rasa, "run", note)
    return run


def test_everything_is_made_once(
    commands: list[list[str]], where: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rasa.main([]) == 0
    assert [word for word in ("venv", "install", "train_rasa") for c in commands if word in c] == [
        "venv",
        "install",
        "train_rasa",
    ]
    assert "Rasa: environment and model" in capsys.readouterr().out
    commands.clear()
    assert rasa.main([]) == 0
    assert commands == []
    assert capsys.readouterr().out == ""


def test_packages_are_checked_and_nothing_else_is_fetched(
    commands: list[list[str]], where: Places
) -> None:
    rasa.main([])
    (install,) = [command for command in commands if "install" in command]
    assert {"--no-deps", "--require-hashes", str(LOCK)} <= set(install)


def test_a_changed_lock_makes_the_environment_anew(
    commands: list[list[str]], where: Places
) -> None:
    rasa.main([])
    where.installed.write_text("of another lock")
    commands.clear()
    rasa.main([])
    assert any("install" in command for command in commands)
    assert where.installed.read_text() == fingerprint(LOCK.read_bytes())


def test_changed_code_has_the_model_looked_at_and_the_environment_left(
    commands: list[list[str]], where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.main([])
    commands.clear()
    monkeypatch.setattr(rasa.setup_stamp, "source_fingerprint", lambda: "changed")
    rasa.main([])
    assert [command[-1] for command in commands] == ["train_rasa"]


def test_pip_is_tried_where_uv_does_not_get_through(
    commands: list[list[str]], where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = rasa.run

    def refuse_uv(command: list[str], *args: object, **options: object) -> None:
        note(command, *args, **options)  # type: ignore[arg-type]
        if Path(command[0]).name == "uv":
            raise rasa.NotPossible("uv")

    monkeypatch.setattr(rasa, "run", refuse_uv)
    rasa.main([])
    assert where.installed.exists()
    assert [command for command in commands if "pip" in command and "--require-hashes" in command]


@pytest.mark.parametrize("failing", ["venv", "install", "train_rasa"])
def test_where_it_cannot_be_one_line_says_so_and_the_start_goes_on(
    failing: str,
    commands: list[list[str]],
    where: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    note = rasa.run

    def fail(command: list[str], *args: object, **options: object) -> None:
        note(command, *args, **options)  # type: ignore[arg-type]
        if failing in command:
            raise rasa.NotPossible("there is no network")

    monkeypatch.setattr(rasa, "run", fail)
    assert rasa.main([]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "Rasa is not installed:" in said
    assert "everything else works" in said
    assert where.installed.exists() is (failing == "train_rasa")
    commands.clear()
    monkeypatch.setattr(rasa, "run", note)
    assert rasa.main([]) == 0  # the next start goes on
    assert where.model.exists()


def test_another_kind_of_machine_is_told_before_anything_is_fetched(
    commands: list[list[str]],
    where: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(rasa.platform, "machine", lambda: "aarch64")
    assert rasa.main([]) == 0
    assert commands == []
    assert "this is Linux aarch64" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["PORTAL_RASA", "PORTAL_PLUGINS_DISABLED"])
def test_nothing_is_said_or_done_where_it_is_not_wanted(
    name: str,
    commands: list[list[str]],
    where: Places,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, "off" if name == "PORTAL_RASA" else "assistant")
    assert rasa.main([]) == 0
    assert (commands, capsys.readouterr().out) == ([], "")


def test_a_program_that_fails_is_a_reason(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, pytest.raises(rasa.NotPossible, match="no network"):
        rasa.run(["sh", "-c", "echo details; exit 3"], log.fileno(), "no network")
    assert (tmp_path / "log").read_text() == "details\n"


def test_the_set_up_script_waits_for_rasa_and_survives_its_failure(tmp_path: Path) -> None:
    """The script itself, with programs that note when they ran."""
    tools = tmp_path / "tools"
    tools.mkdir()
    project = Path(__file__).resolve().parents[2]
    (tools / "setup").write_text((project / "tools" / "setup").read_text())
    (tools / "prepare").write_text(f"echo prepare >>{tmp_path}/ran\n")
    (tools / "rasa").write_text(f"sleep 0.3; echo rasa >>{tmp_path}/ran; exit 7\n")
    portal = tmp_path / ".venv" / "bin" / "portal"
    portal.parent.mkdir(parents=True)
    portal.write_text(f"#!/bin/sh\necho portal $* >>{tmp_path}/ran\n")
    portal.chmod(0o755)
    assert subprocess.run(["sh", str(tools / "setup")], check=False).returncode == 0
    ran = (tmp_path / "ran").read_text().split("\n")
    assert ran[0] == "prepare"
    assert set(ran[1:3]) == {"portal setup", "rasa"}

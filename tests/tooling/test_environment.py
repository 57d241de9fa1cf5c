"""``tools/find-python`` and ``tools/environment.py``: from nothing to a complete environment."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import environment
from tools.environment import (
    Environment,
    Stamps,
    Step,
    StepFailed,
    carry_out,
    parse_pip_settings,
    project_fingerprint,
    uv_environment,
)

PROJECT = Path(__file__).resolve().parents[2]
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)


# --- finding an interpreter -------------------------------------------------------------------
def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def find(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run find-python on a machine that has only what the test puts on it."""
    tools = tmp_path / "system"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "rm", "echo"):
        (tools / name).symlink_to(f"/bin/{name}")
    # The script as it is, but for the places outside of this machine's PATH and home.
    text = (PROJECT / "tools" / "find-python").read_text()
    for place in ("/usr/local/bin/", "/opt/homebrew/bin/", "/opt/python*/bin/", "/usr/bin/"):
        text = text.replace(f'"{place}python', f'"{tmp_path}/nowhere/python')
    copy = tmp_path / "project" / "tools" / "find-python"
    copy.parent.mkdir(parents=True)
    copy.write_text(text)

    def run(**environ: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(tmp_path / "first"), str(tmp_path / "second"), str(tools)])
        return subprocess.run(
            ["/bin/sh", str(copy)],
            env={"PATH": path, "HOME": str(tmp_path / "home with space")} | environ,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_shim_that_does_not_run_is_passed_over_for_one_that_does(
    tmp_path: Path, find: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    script(
        tmp_path / "first" / "python3.12", "echo 'pyenv: python3.12: command not found'; exit 127"
    )
    script(tmp_path / "second" / "python3.12", f'exec {BASE_PYTHON} "$@"')
    done = find()
    assert (done.returncode, Path(done.stdout.strip()).resolve()) == (
        0,
        Path(BASE_PYTHON).resolve(),
    )


def test_an_interpreter_below_a_version_manager_is_found_without_its_shim(
    tmp_path: Path, find: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    script(tmp_path / "first" / "python3", "exit 127")
    home = tmp_path / "home with space"
    script(home / ".pyenv" / "versions" / "3.12.9" / "bin" / "python", f'exec {BASE_PYTHON} "$@"')
    assert find().stdout.strip() == str(Path(BASE_PYTHON))


def test_an_old_python_is_none_and_the_message_says_what_to_install(
    tmp_path: Path, find: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    script(tmp_path / "first" / "python3", "exit 1")  # says: not 3.12, not even 3.8
    done = find()
    assert (done.returncode, done.stdout) == (1, "")
    assert "The portal needs Python 3.12 or newer" in done.stderr
    assert "make run PYTHON=/path/to/python3.12" in done.stderr


def test_uv_is_asked_when_there_is_no_python(
    tmp_path: Path, find: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    fetched = script(tmp_path / "fetched" / "python3.12", f'exec {BASE_PYTHON} "$@"')
    script(
        tmp_path / "first" / "uv",
        f'[ "$2" = find ] && echo {fetched}; echo "$*" >>{tmp_path}/asked; exit 0',
    )
    done = find()
    assert done.returncode == 0
    assert done.stdout.strip() == str(Path(BASE_PYTHON))
    assert "python install 3.12" in (tmp_path / "asked").read_text()


def test_the_interpreter_that_is_named_is_taken_or_refused(
    find: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    assert find(PYTHON=BASE_PYTHON).stdout.strip() == str(Path(BASE_PYTHON))
    refused = find(PYTHON="/nowhere/python3.12")
    assert refused.returncode == 1
    assert refused.stderr == "PYTHON: /nowhere/python3.12 is not a working Python 3.12 or newer.\n"


# --- steps ------------------------------------------------------------------------------------
def test_a_step_is_done_once_and_again_when_its_source_changed(tmp_path: Path) -> None:
    done: list[str] = []

    def step(fingerprint: str) -> Step:
        return Step("a", "a step", fingerprint, lambda: done.append(fingerprint), "")

    path = tmp_path / "stamps.json"
    for fingerprint in ("1", "1", "2"):
        carry_out(step(fingerprint), Stamps(path))
    assert done == ["1", "2"]


def test_a_failed_step_says_what_to_do_and_is_done_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise StepFailed("pip ended with code 1")

    stamps = Stamps(tmp_path / "stamps.json")
    step = Step("a", "packages", "1", fail, "Is the network there?")
    for _ in range(2):
        with pytest.raises(StepFailed, match=r"packages: pip .* code 1\.\nIs the network there\?"):
            carry_out(step, stamps)


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_damaged_stamps_are_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "stamps.json"
    path.write_text(content)
    assert Stamps(path).get("a") is None


def test_an_environment_that_was_copied_or_does_not_run_is_not_usable(tmp_path: Path) -> None:
    folder = tmp_path / ".venv"
    assert not Environment(folder).usable()
    subprocess.run([BASE_PYTHON, "-m", "venv", str(folder)], check=True)
    assert Environment(folder).usable()
    moved = tmp_path / "moved"
    folder.rename(moved)
    assert not Environment(moved).usable()


def test_the_installer_falls_back_to_pip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script(tmp_path / "bin" / "uv", "exit 2")
    script(tmp_path / "bin" / "python", f'[ "$3" = config ] || echo "$*" >>{tmp_path}/asked')
    Environment(tmp_path).install("thing")
    assert (tmp_path / "asked").read_text() == "-m pip install --quiet thing\n"
    assert "uv did not succeed (uv ended with code 2)" in capsys.readouterr().out


def test_lint_rules_do_not_reinstall_the_project() -> None:
    pyproject = '[project]\nname = "x"\n[tool.ruff]\nline-length = {length}\n'
    first = project_fingerprint(pyproject.format(length=100))
    assert first == project_fingerprint(pyproject.format(length=90))
    assert first != project_fingerprint(pyproject.format(length=90).replace('"x"', '"y"'))


def test_pips_mirror_is_used_by_uv_unless_uv_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    settings = parse_pip_settings(
        "global.index-url='https://mirror.example/simple'\nglobal.cert='/etc/ca.pem'\nrubbish\n"
    )
    environ = uv_environment(settings)
    assert environ["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environ["SSL_CERT_FILE"] == "/etc/ca.pem"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.example/simple")
    assert uv_environment(settings)["UV_DEFAULT_INDEX"] == "https://other.example/simple"


def test_the_program_says_that_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(folder: Path, *, dev: bool) -> None:
        raise StepFailed("packages: no network")

    monkeypatch.setattr(environment, "prepare", fail)
    assert environment.main(["--folder", str(tmp_path)]) == 1
    assert "packages: no network\nThe next run goes on from here." in capsys.readouterr().err

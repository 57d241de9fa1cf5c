"""``make test``, ``make check``, the Makefile and the administrators' pages."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check
from tools import test as suite

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "line",
    [
        "================= 3 failed, 240 passed, 1 warning in 61.20s (0:01:01) =================",
        "240 passed in 61.20s",
        "1 error in 0.12s",
        "no tests ran in 0.01s",
    ],
)
def test_the_closing_line_of_pytest_is_known(line: str) -> None:
    assert suite.CLOSING.search(line)


@pytest.mark.parametrize("line", ["tests/a.py .... [ 3%]", "slept in 3.0s", "E  assert 1 in 2.0s"])
def test_other_lines_are_not_taken_for_it(line: str) -> None:
    assert not suite.CLOSING.search(line)


def test_a_run_keeps_the_code_and_the_closing_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert False\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    arguments = ["-c", str(tmp_path / "pytest.ini"), "-q", "-p", "no:cacheprovider", str(tmp_path)]
    outcome = suite.run_suite("SQLite", arguments, {})
    assert (outcome.code, outcome.closing.split(" in ")[0]) == (1, "1 failed")
    assert outcome.closing in capsys.readouterr().out


def test_the_server_that_is_named_is_the_only_one_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    assert list(suite.candidates()) == ["postgres://nobody@127.0.0.1:1/none"]
    assert suite.postgresql_url() == ""


def test_missing_packages_are_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "missing_packages", lambda: "chromium-headless-shell fonts-noto-cjk")
    monkeypatch.chdir(PROJECT)
    assert suite.main([]) == 1
    told = capsys.readouterr().out
    assert (
        "sudo apt-get install --no-install-recommends chromium-headless-shell fonts-noto-cjk"
        in told
    )


def test_packages_are_missing_on_a_machine_without_them(tmp_path: Path) -> None:
    for name in ("sh", "sed"):
        (tmp_path / name).symlink_to(f"/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", str(PROJECT / "tools" / "missing-packages")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "chromium-headless-shell fonts-noto-cjk gettext nodejs npm\n"


def test_a_check_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["typos"]) == 2
    assert "There is no check typos; there are types, lint" in capsys.readouterr().err


def test_every_check_is_carried_out_and_one_failure_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = check.Check("bad", "bad one", (sys.executable, "-c", "print('why'); raise SystemExit(1)"))
    good = check.Check("good", "good one", (sys.executable, "-c", ""))
    monkeypatch.setattr(check, "CHECKS", (bad, good))
    monkeypatch.chdir(PROJECT)
    assert check.main([]) == 1
    told = capsys.readouterr().out
    assert "FAILED  bad one" in told
    assert "        why" in told
    assert "ok  good one" in told
    assert check.main(["good"]) == 0


def test_the_help_lists_every_command_of_the_makefile() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=PROJECT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert set(re.findall(r"make ([\w-]+)", told)) >= set(phony[1].split())


@pytest.mark.parametrize("path", sorted((PROJECT / "tools").glob("[a-z]*")), ids=lambda p: p.name)
def test_shell_scripts_are_executable_posix_sh(path: Path) -> None:
    if path.suffix or path.is_dir():
        return
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(path)], check=True)


PAGES = [
    *(PROJECT / "docs" / "administrators").glob("*.md"),
    *(PROJECT / "docs" / "decisions").glob("*.md"),
    *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "deploy/README.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_variable_of_the_settings_is_documented() -> None:
    text = (PROJECT / "docs" / "administrators" / "environment.md").read_text(encoding="utf-8")
    for path in (PROJECT / "portal" / "settings").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for name in re.findall(r'(?:env\.\w+|choice|text|words|url)\(\s*"([A-Z_]{4,})"', source):
            assert f"`{name}`" in text, f"{name} ({path.name})"

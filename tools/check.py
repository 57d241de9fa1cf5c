"""``make check``: everything that can be said about the code without running its tests.

All checks are carried out, two at a time, also when one fails. Names as arguments choose some:
``make check ARGS="types imports"``.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One command; it exits with 0 when nothing is wrong."""

    name: str
    title: str
    command: tuple[str, ...]


def portal(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "portal", *arguments)


CHECKS = (
    # The slowest first: two run at a time.
    Check("types", "types (mypy)", (str(BIN / "mypy"),)),
    Check("lint", "lint (ruff)", (str(BIN / "ruff"), "check", ".")),
    Check("format", "format (ruff)", (str(BIN / "ruff"), "format", "--check", ".")),
    Check("imports", "direction of imports", (str(BIN / "lint-imports"), "--no-cache")),
    Check(
        "templates",
        "templates (djlint)",
        (str(BIN / "djlint"), "--lint", "--quiet", "portal", "assistant"),
    ),
    Check("migrations", "migrations", portal("makemigrations", "--check", "--dry-run")),
    Check("system", "Django's system checks", portal("check", "--fail-level", "WARNING")),
    Check("messages", "messages", portal("messages", "check")),
)


def carry_out(check: Check) -> tuple[Check, int, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "PORTAL_ENV": "dev", "NO_COLOR": "1"},
    )
    return check, done.returncode, done.stdout, time.monotonic() - started


def main(names: Sequence[str]) -> int:
    os.chdir(PROJECT)
    if unknown := set(names) - {check.name for check in CHECKS}:
        sys.stderr.write(
            f"There is no check {', '.join(sorted(unknown))}; "
            f"there are {', '.join(check.name for check in CHECKS)}.\n"
        )
        return 2
    chosen = [check for check in CHECKS if not names or check.name in names]
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, code, output, seconds in pool.map(carry_out, chosen):
            print(f"{'FAILED' if code else 'ok':>6}  {check.title}  ({seconds:.0f} s)", flush=True)
            if code:
                failed.append(check.title)
                print("\n".join(f"        {line}" for line in output.splitlines()), flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "Nothing is wrong.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

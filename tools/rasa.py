"""Makes Rasa's environment in ``.venv-rasa`` and has its model trained: what is missing of them.

Run with the portal's own interpreter, beside ``portal setup`` on a first start. All that is said is
one line; what installer and training wrote is in ``var/rasa/setup.log``. It never fails: the portal
works without Rasa, and a start must not be stopped by what it can do without.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assistant.rasa_host.places import LOCK, Places, places, why_not
from portal import setup_stamp
from tools.environment import Environment, fingerprint, uv_environment

PROJECT = Path(__file__).resolve().parent.parent
PYTHON = (3, 12)
STAMP = "setup.json"


class NotPossible(Exception):
    """Rasa cannot be here; the message says why in half a line."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="make the environment and model anew")
    parser.add_argument("--no-model", action="store_true", help="the environment alone")
    options = parser.parse_args(arguments)
    if why_not():
        return 0
    where = places()
    started = time.monotonic()
    try:
        where.state.mkdir(parents=True, exist_ok=True)
        with (where.state / "setup.log").open("w", encoding="utf-8") as log:
            done = bring_up_to_date(where, log.fileno(), options.force, not options.no_model)
    except (NotPossible, OSError) as error:
        print(
            f"    Rasa is not installed: {error}. The assistant answers each question by itself; "
            "everything else works.",
            flush=True,
        )
        return 0
    if done:
        print(f"    Rasa: {done} ({time.monotonic() - started:.1f} s)", flush=True)
    return 0


def bring_up_to_date(where: Places, log: int, force: bool, model: bool) -> str:
    """Do what is missing; what was done, "" for nothing.

    Raises:
        NotPossible: the rest was left.
    """
    stamp = stamp_of(where)
    if not force and model and stamp == read_stamp(where):
        return ""
    done = []
    if force or not is_installed(where):
        check_platform()
        install(where, log)
        done.append("environment")
    if model:
        train(where, log, force)
        done.append("model")
        (where.state / STAMP).write_text(json.dumps(stamp_of(where)) + "\n", encoding="utf-8")
    return " and ".join(done)


# --- what is there --------------------------------------------------------------------------------
def stamp_of(where: Places) -> list[str]:
    """Changes with what environment and model come from. (Skills are code of plugins.)"""
    return [
        str(where.environment),
        where.installed.read_text(encoding="utf-8") if is_installed(where) else "",
        str(where.model.resolve()) if where.model.is_file() else "",
        setup_stamp.source_fingerprint(),
    ]


def read_stamp(where: Places) -> list[str]:
    with suppress(OSError, ValueError):
        return list(json.loads((where.state / STAMP).read_text(encoding="utf-8")))
    return []


def is_installed(where: Places) -> bool:
    """Whether the environment was completely made, from this lock, and runs here."""
    with suppress(OSError):
        if where.installed.read_text(encoding="utf-8") == fingerprint(LOCK.read_bytes()):
            probe = [str(where.python), "-I", "-S", "-c", "pass"]
            return subprocess.run(probe, check=False, capture_output=True).returncode == 0
    return False


def check_platform() -> None:
    """The sentence model is a compiled one, and there is no other for Rasa."""
    here = (platform.system(), platform.machine())
    if here not in {("Linux", "x86_64"), ("Linux", "AMD64")}:
        raise NotPossible(f"its sentence model is for Linux on x86-64, this is {' '.join(here)}")


# --- the environment ------------------------------------------------------------------------------
def install(where: Places, log: int) -> None:
    portal = Environment(PROJECT / ".venv")
    shutil.rmtree(where.environment, ignore_errors=True)
    uv = portal.folder / "bin" / "uv"
    environ = uv_environment(portal.pip_settings())
    base = getattr(sys, "_base_executable", "") or sys.executable
    if sys.version_info[:2] == PYTHON:
        run([base, "-m", "venv", "--without-pip", str(where.environment)], log, "no environment")
    else:  # the portal runs on a newer Python; uv looks for 3.12 here, or fetches it
        command = [str(uv), "venv", "--quiet", "--python", "3.12", str(where.environment)]
        run(command, log, "no Python 3.12 was found or could be fetched", environ)
    arguments = ["--no-deps", "--require-hashes", "-r", str(LOCK)]
    target = ["--python", str(where.python)]
    try:
        command = [str(uv), "pip", "install", "--compile-bytecode", *target, *arguments]
        run(command, log, "uv", environ)
    except (NotPossible, OSError):
        # pip is slower, but knows more ways through an institution's network.
        pip = [str(portal.python), "-m", "pip", *target, "install", "--quiet"]
        reason = f"its packages could not be fetched ({where.state / 'setup.log'})"
        run([*pip, "--ignore-requires-python", *arguments], log, reason)
    where.installed.write_text(fingerprint(LOCK.read_bytes()), encoding="utf-8")


def train(where: Places, log: int, force: bool) -> None:
    command = [sys.executable, "-m", "portal", "train_rasa", *(["--force"] if force else [])]
    run(command, log, f"its model was not trained ({where.state / 'setup.log'})")


def run(
    command: Sequence[str], log: int, reason: str, environ: dict[str, str] | None = None
) -> None:
    """Run a program with its output in the log.

    Raises:
        NotPossible: for this reason.
    """
    done = subprocess.run(
        command,
        env=environ or dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=PROJECT,
        check=False,
    )
    if done.returncode:
        raise NotPossible(reason)


if __name__ == "__main__":
    sys.exit(main())

"""Makes the environment in ``.venv`` and keeps it up to date: what is missing, nothing else.

Run by ``make`` with the interpreter that ``tools/find-python`` found; needs only the standard
library. Each step leaves a stamp (a hash of what it was done from) in ``.venv/portal-stamps.json``
when it succeeded, so a second run does nothing, and a run after a failure goes on where it stopped.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "requirements"


class StepFailed(Exception):
    """A step could not be done; the message says what to do about it."""


@dataclass(frozen=True)
class Step:
    """One thing to do when ``fingerprint`` differs from that of the last success."""

    name: str
    title: str
    fingerprint: str
    action: Callable[[], None]
    advice: str


class Stamps:
    """Fingerprints of the steps that succeeded; lost together with the environment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._values: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._values = {}

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def set(self, name: str, fingerprint: str) -> None:
        self._values[name] = fingerprint
        self._path.write_text(json.dumps(self._values, indent=1) + "\n", encoding="utf-8")


class Environment:
    """The virtual environment of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    def usable(self) -> bool:
        """Whether it runs, is new enough, has pip, and was made for this place."""
        probe = "import sys, pip; print(sys.prefix); sys.exit(sys.version_info < (3, 12))"
        try:
            done = subprocess.run(
                [str(self.python), "-I", "-c", probe], capture_output=True, text=True, check=False
            )
        except OSError:
            return False
        return done.returncode == 0 and self._made_here(done.stdout.strip())

    def _made_here(self, prefix: str) -> bool:
        # A copied or moved project: its scripts would call the interpreter of the old place.
        try:
            script = (self.folder / "bin" / "pip").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return Path(prefix) == self.folder and str(self.folder) in script[:1000]

    def create(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        base = getattr(sys, "_base_executable", "") or sys.executable
        run([base, "-m", "venv", str(self.folder)])

    def install(self, *arguments: str) -> None:
        """Install with uv; with pip when uv does not run here or cannot reach what pip can."""
        uv = self.folder / "bin" / "uv"
        if uv.exists():
            try:
                run(
                    [str(uv), "pip", "install", "--python", str(self.python), *arguments],
                    environ=uv_environment(self.pip_settings()),
                )
            except StepFailed as error:
                say(f"    uv did not succeed ({error}); trying pip, which is slower")
            else:
                return
        run([str(self.python), "-m", "pip", "install", "--quiet", *arguments])

    def pip_settings(self) -> dict[str, str]:
        """pip's own settings: an institution's mirror is often set only there."""
        done = subprocess.run(
            [str(self.python), "-m", "pip", "config", "list"],
            capture_output=True, text=True, check=False, cwd=PROJECT,
        )  # fmt: skip
        return parse_pip_settings(done.stdout) if done.returncode == 0 else {}


def parse_pip_settings(listing: str) -> dict[str, str]:
    """``global.index-url='https://…'`` lines as ``{"index-url": "https://…"}``; last one wins."""
    settings = {}
    for line in listing.splitlines():
        name, separator, value = line.partition("=")
        if separator:
            settings[name.strip().rpartition(".")[2]] = value.strip().strip("'\"")
    return settings


def uv_environment(pip_settings: Mapping[str, str]) -> dict[str, str]:
    """The process environment for uv, which does not read pip's settings itself."""
    environ = dict(os.environ)
    if index := pip_settings.get("index-url"):
        environ.setdefault("UV_DEFAULT_INDEX", index)
    if certificates := pip_settings.get("cert"):
        environ.setdefault("SSL_CERT_FILE", certificates)
    # Files are linked from uv's cache where that is possible and copied where not, without a word.
    environ.setdefault("UV_LINK_MODE", "hardlink" if _same_disk() else "copy")
    return environ


def _same_disk() -> bool:
    cache = Path(os.environ.get("UV_CACHE_DIR") or Path.home() / ".cache" / "uv")
    while not cache.exists() and cache != cache.parent:
        cache = cache.parent
    try:
        return cache.stat().st_dev == PROJECT.stat().st_dev
    except OSError:
        return False


def fingerprint(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def project_fingerprint(pyproject: str) -> str:
    """Of those tables of pyproject.toml that an installation depends on; a lint rule is not one."""
    tables = tomllib.loads(pyproject)
    chosen = {
        "build-system": tables.get("build-system"),
        "project": tables.get("project"),
        "setuptools": tables.get("tool", {}).get("setuptools"),
    }
    return fingerprint(json.dumps(chosen, sort_keys=True).encode())


def steps(environment: Environment, *, dev: bool) -> list[Step]:
    def locked(name: str) -> Callable[[], None]:
        path = REQUIREMENTS / f"{name}.txt"
        return lambda: environment.install("--require-hashes", "-r", str(path))

    def of_file(name: str) -> str:
        return fingerprint((REQUIREMENTS / f"{name}.txt").read_bytes())

    network = (
        "Is the network there? Behind a proxy set HTTPS_PROXY; to use a mirror: "
        "pip config set global.index-url https://MIRROR/simple"
    )
    chosen = [
        Step("tools", "installer", of_file("tools"), locked("tools"), network),
        Step("full", "packages", of_file("full"), locked("full"), network),
    ]
    if dev:
        chosen.append(Step("dev", "packages for tests", of_file("dev"), locked("dev"), network))
    chosen.append(
        Step(
            "project",
            "the portal itself",
            project_fingerprint((PROJECT / "pyproject.toml").read_text(encoding="utf-8")),
            lambda: environment.install(
                "--no-deps", "--no-build-isolation", "--editable", str(PROJECT)
            ),
            "See the message above; pyproject.toml may be damaged (git diff pyproject.toml).",
        )
    )
    return chosen


def say(line: str) -> None:
    print(line, flush=True)


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environ, check=False, cwd=PROJECT)
    if done.returncode:
        raise StepFailed(f"{Path(command[0]).name} ended with code {done.returncode}")


def carry_out(step: Step, stamps: Stamps) -> None:
    if stamps.get(step.name) == step.fingerprint:
        return
    say(f"==> {step.title} …")
    started = time.monotonic()
    try:
        step.action()
    except (StepFailed, OSError) as error:
        raise StepFailed(f"{step.title}: {error}.\n{step.advice}") from error
    stamps.set(step.name, step.fingerprint)
    say(f"    {step.title}: {time.monotonic() - started:.1f} s")


def prepare(folder: Path, *, dev: bool) -> None:
    """Bring the environment in ``folder`` to what the requirement files say."""
    environment = Environment(folder)
    if not environment.usable():
        say(f"==> environment {folder.name} (Python {sys.version.split()[0]}) …")
        environment.create()
    stamps = Stamps(folder / "portal-stamps.json")
    for step in steps(environment, dev=dev):
        carry_out(step, stamps)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with what tests and checks need")
    parser.add_argument("--folder", type=Path, default=PROJECT / ".venv")
    options = parser.parse_args(arguments)
    try:
        prepare(options.folder.absolute(), dev=options.dev)
    except StepFailed as error:
        sys.stderr.write(f"\nThe environment is not complete. {error}\n")
        sys.stderr.write("The next run goes on from here.\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"\nThe environment is not complete: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Trains Rasa's model when what it is made from has changed, and only then."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .places import FILES, LOCK, Places

KEPT = 3
# Of Rasa's folder: what the model depends on. How it is served does not matter to it.
SOURCES = (
    "config.yml",
    "domain.yml",
    "data",
    "addons/sentence_featurizer.py",
    "addons/kernel_classifier.py",
    "addons/caution.py",
)
TRAIN_SECONDS = 900


class TrainingFailed(Exception):
    """No model came of it; the message says why in a line."""


def fingerprint(skills: Path) -> str:
    """Of everything that a model comes from, by content."""
    digest = hashlib.sha256()
    for name, path in _files(skills):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _files(skills: Path) -> Iterator[tuple[str, Path]]:
    yield LOCK.name, LOCK
    for source in SOURCES:
        yield from _below(FILES / source, FILES)
    yield from _below(skills, skills.parent)


def _below(path: Path, root: Path) -> Iterable[tuple[str, Path]]:
    paths = [path] if path.is_file() else sorted(path.rglob("*.yml"))
    return [(one.relative_to(root).as_posix(), one) for one in paths]


def is_current(places: Places) -> bool:
    """Whether the model in use was made from what is there now."""
    return _path(places).is_file() and places.model.resolve() == _path(places).resolve()


def _path(places: Places) -> Path:
    return places.models / f"{fingerprint(places.skills)}.tar.gz"


def train(places: Places, *, force: bool = False) -> bool:
    """Bring the model in use up to date. True when something was trained.

    Raises:
        TrainingFailed: the old model stays in use.
    """
    model = _path(places)
    trained = force or not model.is_file()
    if trained:
        _run(places, model)
    _use(places, model)
    return trained


def _run(places: Places, model: Path) -> None:
    places.models.mkdir(parents=True, exist_ok=True)
    command = [str(places.python), "-m", "addons.train", str(model)]
    if places.skills.is_dir():
        command.append(str(places.skills))
    try:
        done = subprocess.run(
            command,
            cwd=FILES,
            env={
                **os.environ,
                "PYTHONPATH": str(FILES),
                "RASA_VECTORS": str(places.state / "vectors.npz"),
            },
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TRAIN_SECONDS,
            check=False,
        )
    except OSError as error:
        raise TrainingFailed(f"{places.python} does not start ({error.strerror})") from error
    except subprocess.TimeoutExpired:
        raise TrainingFailed(f"it took longer than {TRAIN_SECONDS} s") from None
    log = places.state / "training.log"
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode or not model.is_file():
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise TrainingFailed(f"{lines[-1] if lines else 'no reason was given'} (all: {log})")


def _use(places: Places, model: Path) -> None:
    """Point the link to the model in one step, and drop models that nobody will go back to."""
    with tempfile.TemporaryDirectory(dir=places.models) as scratch:
        link = Path(scratch) / "link"
        link.symlink_to(model.name)
        link.replace(places.model)
    model.touch()
    others = [one for one in places.models.glob("*.tar.gz") if not one.is_symlink()]
    for old in sorted(others, key=lambda one: one.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)

"""Rasa as a process of ``portal serve``, and what the portal has to know to speak to it."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from portal.supervisor.contributions import NOTHING, Contribution
from portal.supervisor.processes import ProcessSpec

from .places import FILES, Places, places, why_not

LOCAL = "127.0.0.1"
TOKENS = ("RASA_TOKEN", "RASA_CALLBACK_TOKEN")
# Allocators keep what they once had; with two arenas a process of many threads stays small.
SMALL = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}


def contribute(environ: Mapping[str, str], url: str) -> Contribution:
    """The row of the process table, when environment and model are there."""
    where = places(environ)
    if why_not(environ) or not where.python.exists() or not where.model.exists():
        return NOTHING
    tokens = {name: environ.get(name) or kept for name, kept in kept_tokens(where).items()}
    port = environ.get("RASA_PORT") or str(free_port())
    # Where the web workers listen for Rasa alone; not the port that visitors come in by.
    back = environ.get("RASA_CALLBACK_BIND") or f"{LOCAL}:{free_port()}"
    return Contribution(
        processes=(spec(where, environ, f"http://{back}", port, tokens),),
        environment={
            "RASA_URL": f"http://{LOCAL}:{port}",
            "RASA_CALLBACK_BIND": back,
            **tokens,
        },
    )


def spec(
    where: Places, environ: Mapping[str, str], back: str, port: str, tokens: Mapping[str, str]
) -> ProcessSpec:
    """It gets its own variables and none of the portal's: no key, no database."""
    return ProcessSpec(
        name="rasa",
        purpose="understands what visitors of the assistant want",
        module="addons.serve",
        python=str(where.python),
        environment={
            "PYTHONPATH": str(FILES),
            "RASA_MODEL": str(where.model),
            "RASA_PORTAL_URL": back,
            "RASA_TRACKER_URL": environ.get("RASA_TRACKER_URL")
            or f"sqlite:///{where.conversations}",
            "RASA_KEEP_HOURS": environ.get("RASA_KEEP_HOURS") or "24",
            "RASA_HOST": LOCAL,
            "RASA_PORT": port,
            **tokens,
            **SMALL,
        },
        apart=True,
        probe=f"http://{LOCAL}:{port}/",
        stop_seconds=8.0,
    )


def kept_tokens(where: Places) -> dict[str, str]:
    """Two secrets, made once and readable by this account only."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads(where.tokens.read_text(encoding="utf-8"))
        return {name: str(stored[name]) for name in TOKENS}
    made = {name: secrets.token_urlsafe(32) for name in TOKENS}
    _write_secret(where.tokens, json.dumps(made, indent=1) + "\n")
    return made


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)


def free_port() -> int:
    """A port that nobody uses now. Taken by somebody before Rasa starts, the next start of the
    portal finds another one."""
    with socket.create_server((LOCAL, 0)) as probe:
        return int(probe.getsockname()[1])

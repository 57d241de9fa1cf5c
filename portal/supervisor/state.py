"""What the supervisor tells others: ``var/run/state.json``.

Written by the supervisor at every change and every few seconds; read by ``/readyz``. Reading never
raises: a missing, torn or left-over file means "not supervised here", which is also the truth under
systemd.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FILE_NAME = "state.json"

type Phase = Literal["starting", "running", "waiting", "stopping", "stopped"]


@dataclass(slots=True)
class LastExit:
    """How a process ended the last time."""

    reason: str
    at: float
    ran_seconds: float


@dataclass(slots=True)
class ProcessState:
    """One process as the supervisor sees it. ``waiting`` is the pause before a restart."""

    name: str
    purpose: str
    phase: Phase = "starting"
    pid: int | None = None
    since: float = 0.0
    restarts: int = 0
    last_exit: LastExit | None = None


@dataclass(slots=True)
class SupervisorState:
    """The whole file."""

    pid: int
    address: str
    started_at: float
    written_at: float = 0.0
    processes: list[ProcessState] = field(default_factory=list)


def write_state(path: Path, state: SupervisorState) -> bool:
    """Replace the file in one step. False when it could not be written (a full disk, say)."""
    state.written_at = time.time()
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(json.dumps(asdict(state), indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return False
    return True


def read_state(path: Path) -> SupervisorState | None:
    """The state of a supervisor that is alive, or None."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        state = _from_json(data)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return state if _alive(state.pid) else None


def _from_json(data: Mapping[str, Any]) -> SupervisorState:
    processes = []
    for row in data["processes"]:
        values = dict(row)
        values["last_exit"] = LastExit(**row["last_exit"]) if row["last_exit"] else None
        processes.append(ProcessState(**values))
    return SupervisorState(
        pid=int(data["pid"]),
        address=str(data["address"]),
        started_at=float(data["started_at"]),
        written_at=float(data["written_at"]),
        processes=processes,
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # alive, and of another account
        return True
    return True

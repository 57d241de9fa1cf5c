"""Processor time of running processes, read from ``/proc``."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def cpu_seconds(pid: int) -> float | None:
    """User and system time that the process has used so far; None when it cannot be read."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return parse_stat(stat) / _TICKS


def parse_stat(stat: str) -> int:
    """``utime + stime`` in ticks. The command, in brackets, may hold spaces and brackets."""
    fields = stat[stat.rindex(")") + 2 :].split()
    return int(fields[11]) + int(fields[12])


def children(pid: int) -> list[int]:
    """The direct children of a process, such as gunicorn's workers."""
    try:
        return [int(word) for word in (_PROC / f"{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class CpuReading:
    """Processor time of a set of processes at one moment."""

    by_pid: dict[int, float]

    @classmethod
    def of(cls, pids: Iterable[int]) -> "CpuReading":
        readings = ((pid, cpu_seconds(pid)) for pid in pids)
        return cls({pid: seconds for pid, seconds in readings if seconds is not None})

    def since(self, earlier: "CpuReading") -> float | None:
        """Seconds used between the two readings; None when the processes are not the same."""
        if not self.by_pid or self.by_pid.keys() != earlier.by_pid.keys():
            return None
        return sum(now - earlier.by_pid[pid] for pid, now in self.by_pid.items())

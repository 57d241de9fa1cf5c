"""Foreign work in a process of its own that cannot outlive or outgrow what it was given.

A hostile file may make its reader recurse, loop or grow for ever. Only the operating system really
stops that, so what reads such files runs here: limited processor time, memory and file size, ended
with all its children when the time is up.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """``code`` is negative where a signal ended the process."""

    code: int
    output: bytes
    errors: bytes


class TookTooLong(Exception):
    """The time was up; the process and its children are gone."""


def run(
    command: Sequence[str],
    *,
    given: bytes = b"",
    seconds: int,
    memory: int,
    file_size: int = 0,
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> Ended:
    """Runs a command to its end.

    ``seconds`` limits the clock and the processor's time, ``memory`` the address space and
    ``file_size`` each file that is written, in bytes.

    Raises:
        TookTooLong: it was stopped.
    """
    limits = [str(seconds), str(memory), str(file_size)]
    # In the new process, not between fork and exec: other threads may hold locks at that time.
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(__file__)), *limits, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    finally:
        # Also what the command left running behind it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
    if process.returncode == -signal.SIGXCPU:
        raise TookTooLong
    return Ended(process.returncode, output, errors)


def _main(seconds: str, memory: str, file_size: str, *command: str) -> None:
    """Limits this process and becomes the command."""
    for kind, most in (
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_FSIZE, int(file_size)),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    os.execvp(command[0], command)  # noqa: S606 - this is what it is for


if __name__ == "__main__":
    _main(*sys.argv[1:])

"""Stops what is left when the supervisor was killed without a chance to do it (``kill -9``).

A small process of its own. It reads process groups from a pipe that only the supervisor holds the
other end of. When the pipe closes without a farewell, the supervisor has died: every group still
known is asked to stop, and after a few seconds made to.

Run as a file with ``python -I -S``, so that it starts in milliseconds and imports nothing of ours.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0
FAREWELL = "bye"


def follow(lines: Iterable[str]) -> set[int]:
    """Read ``+GROUP`` and ``-GROUP`` until the end; the groups to stop (none after a farewell)."""
    groups: set[int] = set()
    for line in lines:
        word = line.strip()
        if word == FAREWELL:
            return set()
        if word[1:].isdigit():
            (groups.add if word[0] == "+" else groups.discard)(int(word[1:]))
    return groups


def send(group: int, number: int) -> bool:
    """Signal a process group. False when nothing of it is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(groups: set[int], grace: float = GRACE_SECONDS) -> None:
    left = {group for group in groups if send(group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = {group for group in left if send(group, 0)}
    for group in left:
        send(group, signal.SIGKILL)


def main() -> None:
    # The keyboard's and the terminal's signals are for the supervisor.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    stop(follow(sys.stdin))


if __name__ == "__main__":
    main()

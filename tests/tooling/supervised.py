"""Runs a supervisor over fake processes as a program, for tests that kill it.

``python -m tests.tooling.supervised FOLDER PORT WHAT[:ARGUMENT] …``
"""

import asyncio
import sys
from pathlib import Path

from portal.supervisor.listening import address_url, listen
from portal.supervisor.logs import Console
from portal.supervisor.processes import ProcessSpec
from portal.supervisor.runner import Supervisor, Timing

QUICK = Timing(first_pause=0.05, longest_pause=0.2, longest_web_pause=0.2, heartbeat=0.2)


def fake(what: str, *arguments: str, name: str = "", **options: object) -> ProcessSpec:
    return ProcessSpec(
        name=name or what,
        purpose="a fake",
        module="tests.tooling.fake_process",
        arguments=(what, *arguments),
        **options,  # type: ignore[arg-type]
    )


async def main(folder: Path, port: int, *whats: str) -> int:
    with listen("127.0.0.1", port) as listening:
        supervisor = Supervisor(
            [fake(*what.split(":"), answers_http=what.startswith("answer")) for what in whats],
            listening=listening,
            url=address_url(*listening.getsockname()),
            run_dir=folder,
            log_dir=folder / "logs",
            console=Console(sys.stdout),
            timing=QUICK,
        )
        return await supervisor.run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])))

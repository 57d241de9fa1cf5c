"""The process table: one row for each program that makes up a running portal.

``portal serve`` starts these rows; the systemd units in ``deploy/systemd`` start the same commands
(``tests/tooling/test_deploy.py`` compares them). A further process is one more row.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """One program.

    Attributes:
        name: names the log file, the row in ``/readyz`` and the unit ``portal-<name>.service``.
        purpose: one sentence for people.
        module: what ``python -m`` runs.
        arguments: its command line.
        python: the interpreter, when it is not the portal's own (Rasa has its own environment).
        environment: variables set for this process only.
        answers_http: it is given the listening socket, and the others wait until it answers.
        console: its error output is shown on the console as well as logged.
        stop_seconds: how long it may take to finish its work when asked to stop.
        nice: how far it steps back for others; visitors come before background work.
        apart: it is given its own variables only, and none of the portal's secrets.
        probe: an address that answers while it is well. Silent for long, it is killed and started
            again: a process that hangs does not end by itself.
    """

    name: str
    purpose: str
    module: str
    arguments: tuple[str, ...] = ()
    python: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    answers_http: bool = False
    console: bool = False
    stop_seconds: float = 8.0
    nice: int = 0
    apart: bool = False
    probe: str = ""

    @property
    def argv(self) -> list[str]:
        return [self.python or sys.executable, "-m", self.module, *self.arguments]


PROCESSES: tuple[ProcessSpec, ...] = (
    ProcessSpec(
        name="web",
        purpose="answers visitors and editors",
        module="gunicorn",
        arguments=(
            "--config",
            "python:portal.gunicorn_conf",
            "portal.wsgi:application",
        ),
        answers_http=True,
        console=True,
    ),
    ProcessSpec(
        name="worker",
        nice=5,
        purpose="runs background tasks",
        module="portal",
        # Without --no-reload the worker of a development set-up would restart itself on each edit,
        # in a second process of its own.
        arguments=("db_worker", "--queue-name", "*", "--no-reload"),
    ),
    ProcessSpec(
        name="clock",
        nice=5,
        purpose="publishes and withdraws on time, nightly housekeeping",
        module="portal",
        arguments=("run_clock",),
    ),
    ProcessSpec(
        name="outbox",
        nice=5,
        purpose="tells page store, search and feeds what was published",
        module="portal",
        arguments=("run_outbox",),
    ),
    ProcessSpec(
        name="indexer",
        nice=5,
        purpose="keeps the search index of this machine up to date",
        module="portal",
        arguments=("run_indexer",),
    ),
)

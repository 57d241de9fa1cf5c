"""``portal serve``: the command line of the supervisor."""

import argparse
import asyncio
import contextlib
import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from . import paths
from .contributions import contributions
from .greeting import greeting_lines
from .listening import AddressUnusable, address_url, listen
from .logs import Console
from .processes import PROCESSES, ProcessSpec
from .runner import Supervisor

DESCRIPTION = (
    "Run the whole portal on this machine: web, background tasks, clock, outbox and search index. "
    "What dies is started again; Ctrl+C stops everything. Logs are under var/logs."
)


class AlreadyRunning(Exception):
    """Another ``portal serve`` works with the same data folder."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine only)",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=os.environ.get("PORT") or "8000",
        help="port to listen on (default: the variable PORT, else 8000)",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show the output of every process, not only errors"
    )


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse and run. 0 after a wanted stop, 1 when the portal could not run, 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="portal serve", description=DESCRIPTION)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return serve(host=options.host, port=options.port, verbose=options.verbose)


def serve(*, host: str, port: int, verbose: bool = False) -> int:
    run_dir = paths.run_dir()
    try:
        run_dir.mkdir(parents=True, exist_ok=True)
        with (
            _sole_owner(run_dir, address_url(host, port)),
            contextlib.closing(listen(host, port)) as listening,
        ):
            return asyncio.run(_supervise(PROCESSES, listening, address_url(host, port), verbose))
    except (AddressUnusable, AlreadyRunning) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or run_dir} cannot be used ({error.strerror})")


async def _supervise(
    specs: Sequence[ProcessSpec], listening: socket.socket, url: str, verbose: bool
) -> int:
    console = Console(sys.stdout)
    environ = environment(url)
    for contributed in contributions(environ, url, console.say):
        specs = [*specs, *contributed.processes]
        environ = {**contributed.environment, **environ}
    supervisor = Supervisor(
        specs,
        listening=listening,
        url=url,
        run_dir=paths.run_dir(),
        log_dir=paths.log_dir(),
        console=console,
        environ=environ,
        echo_all=verbose,
        greeting=lambda: greeting_lines(paths.data_dir(), url),
    )
    try:
        return await supervisor.run()
    finally:
        console.close()


def environment(url: str) -> dict[str, str]:
    """The processes' environment. Outside production the address asked for is the portal's own;
    in production ``PORTAL_BASE_URL`` must be said, and its absence stops the start."""
    if os.environ.get("PORTAL_ENV") == "production":
        return dict(os.environ)
    return {"PORTAL_BASE_URL": url.rstrip("/"), **os.environ}


@contextlib.contextmanager
def _sole_owner(run_dir: Path, url: str) -> Iterator[None]:
    """Hold the lock on the data folder: two clocks would do everything twice.

    The lock belongs to the open file, so it is gone with the process however that ends.
    """
    with (run_dir / "serve.lock").open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_running_already(stream)) from None
        stream.truncate(0)
        stream.write(json.dumps({"pid": os.getpid(), "url": url}) + "\n")
        stream.flush()
        yield


def _running_already(stream: TextIO) -> str:
    stream.seek(0)
    try:
        owner = json.loads(stream.read())
        return f"the portal is already running at {owner['url']} (process {owner['pid']})"
    except (ValueError, KeyError, TypeError):
        return "the portal is already running with this data folder"


def _refuse(reason: str) -> int:
    sys.stderr.write(f"portal serve: {reason}\n")
    return 1

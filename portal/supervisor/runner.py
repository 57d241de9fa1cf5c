"""Keeps the processes of a table running, and stops them all together."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from . import guardian
from .logs import Console, LineSplitter, RotatingLog
from .processes import ProcessSpec
from .state import FILE_NAME, LastExit, Phase, ProcessState, SupervisorState, write_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every wait of the supervisor in seconds, in one place so that tests can shorten them."""

    first_pause: float = 0.5
    longest_pause: float = 30.0
    longest_web_pause: float = 5.0
    # A process that lived this long was well: its next failure starts at the first pause again.
    well_after: float = 60.0
    heartbeat: float = 5.0
    answer_within: float = 120.0
    # The others wait for the web process, which then has the processor to itself; but not for ever.
    others_after: float = 30.0
    # A process with a probe has this long to come up; then it may be silent a few times in a row.
    probe_from: float = 60.0
    probe_every: float = 10.0
    probe_within: float = 10.0
    probe_misses: int = 3


SYSTEM_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")

# A web process that dies this often before its first answer has a reason that waiting won't mend.
FIRST_STARTS = 3


def pause_before_restart(failures: int, timing: Timing, *, longest: float) -> float:
    """Doubling from the first pause up to the longest."""
    doublings = min(max(failures - 1, 0), 16)
    return min(timing.first_pause * (1 << doublings), longest)


@dataclass(slots=True)
class _Child:
    """A row of the table while it runs."""

    spec: ProcessSpec
    state: ProcessState
    log: RotatingLog
    process: asyncio.subprocess.Process | None = None
    failures: int = 0
    finished: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """Runs a process table until it is asked to stop.

    Promises: what dies is started again after a growing pause; one signal stops everything within
    the processes' ``stop_seconds``, a second one at once; nothing is left behind, even when the
    supervisor itself is killed (see ``guardian``).
    """

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        *,
        listening: socket.socket,
        url: str,
        run_dir: Path,
        log_dir: Path,
        console: Console,
        environ: Mapping[str, str] | None = None,
        timing: Timing | None = None,
        echo_all: bool = False,
        greeting: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._listening = listening
        self._url = url
        self._console = console
        self._environ = dict(os.environ if environ is None else environ)
        self._timing = timing or Timing()
        self._echo_all = echo_all
        self._greeting = greeting
        self._state_path = run_dir / FILE_NAME
        self._children = [
            _Child(
                spec,
                ProcessState(name=spec.name, purpose=spec.purpose),
                RotatingLog(log_dir / f"{spec.name}.log"),
            )
            for spec in specs
        ]
        self._state = SupervisorState(
            pid=os.getpid(),
            address=url,
            started_at=time.time(),
            processes=[child.state for child in self._children],
        )
        self._stop = asyncio.Event()
        self._answered = asyncio.Event()
        self._guardian: asyncio.subprocess.Process | None = None
        self._exit_code = 0

    async def run(self) -> int:
        """Run until a signal comes. 0 after a wanted stop, 1 when the portal could not start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        await self._start_guardian()
        heartbeat = asyncio.create_task(self._heartbeat())
        keepers = [
            asyncio.create_task(self._keep_running(child), name=child.spec.name)
            for child in self._children
        ]
        if self._has_web():
            keepers.append(asyncio.create_task(self._announce_first_answer(), name="announcer"))
        for keeper in keepers:
            keeper.add_done_callback(self._on_keeper_done)
        try:
            await self._stop.wait()
            await asyncio.gather(*(self._end(child) for child in self._children))
            await asyncio.gather(*keepers, return_exceptions=True)
        finally:
            for child in self._children:
                self._signal(child, signal.SIGKILL)
            heartbeat.cancel()
            await self._dismiss_guardian()
            self._state_path.unlink(missing_ok=True)
        return self._exit_code

    def stop(self) -> None:
        self._stop.set()

    def _on_keeper_done(self, task: asyncio.Task[None]) -> None:
        """A fault of our own must end the portal loudly, not leave a process unwatched."""
        if not task.cancelled() and (error := task.exception()):
            self._console.say(f"{task.get_name()}: the supervisor failed: {error!r}")
            self._exit_code = 1
            self._stop.set()

    def _has_web(self) -> bool:
        return any(child.spec.answers_http for child in self._children)

    # --- signals -----------------------------------------------------------------------------
    def _on_signal(self) -> None:
        if self._stop.is_set():
            self._console.say("Stopping at once.")
            for child in self._children:
                self._signal(child, signal.SIGKILL)
            return
        self._console.say("Stopping …")
        self._stop.set()

    @staticmethod
    def _signal(child: _Child, number: int) -> None:
        if child.process is not None:
            # The group, not the process: a web server's workers and a task's helpers go with it.
            guardian.send(child.process.pid, number)

    # --- one process -------------------------------------------------------------------------
    async def _keep_running(self, child: _Child) -> None:
        try:
            if not child.spec.answers_http:
                await self._wait_for_web()
            while not self._stop.is_set():
                reason, seconds = await self._run_once(child)
                if self._stop.is_set():
                    break
                await self._pause(child, reason, seconds)
        finally:
            self._change(child, "stopped")
            child.finished.set()

    async def _wait_for_web(self) -> None:
        if self._has_web():
            await self._first_of(self._answered, self._stop, timeout=self._timing.others_after)

    async def _run_once(self, child: _Child) -> tuple[str, float]:
        """Start it, follow its output, wait for its end. How it ended and how long it ran."""
        started = time.time()
        child.state.since = started
        self._change(child, "starting")
        try:
            process, output, errors = await self._launch(child.spec)
        except OSError as error:  # no such interpreter, no memory, no process left
            return f"could not be started ({error.strerror})", 0.0
        child.process = process
        self._tell_guardian(f"+{process.pid}")
        child.log.write(f"--- started {time.strftime('%F %T')}, process {process.pid}\n".encode())
        self._change(child, "running", pid=process.pid)
        if self._stop.is_set():  # asked to stop while it was being started
            self._signal(child, signal.SIGTERM)
        pumps = [
            asyncio.create_task(self._pump(child, output, echo=False)),
            asyncio.create_task(self._pump(child, errors, echo=child.spec.console)),
        ]
        watch = asyncio.create_task(self._watch(child)) if child.spec.probe else None
        code = await process.wait()
        if watch is not None:
            watch.cancel()
        # Whatever it started must not outlive it: it would hold the log and a new one's place.
        guardian.send(process.pid, signal.SIGKILL)
        await asyncio.wait(pumps, timeout=2)
        for pump in pumps:
            pump.cancel()
        self._tell_guardian(f"-{process.pid}")
        child.process = None
        return describe_exit(code), time.time() - started

    async def _watch(self, child: _Child) -> None:
        """End a process that no longer answers; it is then started again like any that died."""
        await asyncio.sleep(self._timing.probe_from)
        misses = 0
        while misses < self._timing.probe_misses:
            await asyncio.sleep(self._timing.probe_every)
            well = await responds(child.spec.probe, self._timing.probe_within)
            misses = 0 if well else misses + 1
        self._console.say(f"{child.spec.name}: does not answer any more; killed")
        self._signal(child, signal.SIGKILL)

    async def _launch(
        self, spec: ProcessSpec
    ) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.StreamReader]:
        """Start a process in a group of its own; the process and its two outputs.

        The pipes are made here and not by asyncio, whose ``wait()`` goes on as long as any helper
        of a dead process holds them open.
        """
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out_write,
                stderr=err_write,
                env=self._environment(spec),
                pass_fds=[self._listening.fileno()] if spec.answers_http else [],
                start_new_session=True,
            )
        except OSError:
            os.close(out_read)
            os.close(err_read)
            raise
        finally:
            os.close(out_write)
            os.close(err_write)
        if spec.nice:
            with contextlib.suppress(OSError):  # it may be over already
                os.setpriority(os.PRIO_PROCESS, process.pid, spec.nice)
        return process, await _reader(out_read), await _reader(err_read)

    async def _pause(self, child: _Child, reason: str, seconds: float) -> None:
        """Record an unwanted end and wait before the next start, or give up for good."""
        child.failures = 1 if seconds >= self._timing.well_after else child.failures + 1
        child.state.restarts += 1
        child.state.last_exit = LastExit(reason, time.time(), round(seconds, 1))
        web = child.spec.answers_http
        if web and not self._answered.is_set() and child.failures >= FIRST_STARTS:
            self._console.say(f"{child.spec.name}: {reason}; it never answered. Giving up.")
            self._say_tail(child)
            self._exit_code = 1
            self._stop.set()
            return
        longest = self._timing.longest_web_pause if web else self._timing.longest_pause
        pause = pause_before_restart(child.failures, self._timing, longest=longest)
        self._change(child, "waiting")
        self._console.say(f"{child.spec.name}: {reason}; starting it again in {pause:.1f} s")
        if not (child.spec.console or self._echo_all):
            self._say_tail(child, lines=3)
        await self._first_of(self._stop, timeout=pause)

    async def _end(self, child: _Child) -> None:
        """Ask it to stop, insist when its time is over, and wait until nothing is left of it."""
        if child.process is not None:
            self._change(child, "stopping")
        self._signal(child, signal.SIGTERM)
        if not await self._first_of(child.finished, timeout=child.spec.stop_seconds):
            self._console.say(
                f"{child.spec.name}: did not stop in {child.spec.stop_seconds:.0f} s; killed"
            )
            self._signal(child, signal.SIGKILL)
            await child.finished.wait()

    def _environment(self, spec: ProcessSpec) -> dict[str, str]:
        inherited = _of_the_system(self._environ) if spec.apart else self._environ
        environ = {**inherited, "PYTHONUNBUFFERED": "1", **spec.environment}
        if spec.answers_http:
            environ["PORTAL_BIND"] = f"fd://{self._listening.fileno()}"
        return environ

    # --- output ------------------------------------------------------------------------------
    async def _pump(self, child: _Child, stream: asyncio.StreamReader, *, echo: bool) -> None:
        splitter = LineSplitter()
        while data := await stream.read(65536):
            child.log.write(data)
            if echo or self._echo_all:
                for line in splitter.feed(data):
                    self._console.say(f"{child.spec.name:>7} | {line}")

    def _say_tail(self, child: _Child, lines: int = 15) -> None:
        for line in list(child.log.tail)[-lines:]:
            self._console.say(f"{child.spec.name:>7} | {line}")
        self._console.say(f"{child.spec.name:>7} | (all of it: {child.log.path})")

    # --- state -------------------------------------------------------------------------------
    def _change(self, child: _Child, phase: Phase, pid: int | None = None) -> None:
        child.state.phase = phase
        child.state.pid = pid
        self._write_state()

    def _write_state(self) -> None:
        write_state(self._state_path, self._state)

    async def _heartbeat(self) -> None:
        while True:
            self._write_state()
            await asyncio.sleep(self._timing.heartbeat)

    async def _announce_first_answer(self) -> None:
        """Tell the address once the web process has answered a request."""
        asked = asyncio.create_task(
            first_answer(self._listening.getsockname(), self._timing.answer_within)
        )
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not asked.done():
            asked.cancel()
            return
        if asked.result():
            self._answered.set()
            for line in self._greeting():
                self._console.say(line)

    @staticmethod
    async def _first_of(*events: asyncio.Event, timeout: float) -> bool:
        """Wait for any of the events. False when the time was over before."""
        waiting = [asyncio.create_task(event.wait()) for event in events]
        done, _ = await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        return bool(done)

    # --- the guardian ------------------------------------------------------------------------
    async def _start_guardian(self) -> None:
        self._guardian = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", guardian.__file__,
            stdin=asyncio.subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def _tell_guardian(self, line: str) -> None:
        stream = self._guardian.stdin if self._guardian else None
        if stream is not None:
            # A guardian that was killed is a lost safety net, not a reason to fall.
            with contextlib.suppress(OSError, RuntimeError):
                stream.write(line.encode() + b"\n")

    async def _dismiss_guardian(self) -> None:
        if self._guardian is None:
            return
        self._tell_guardian(guardian.FAREWELL)
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._guardian.wait(), timeout=2)


def _of_the_system(environ: Mapping[str, str]) -> dict[str, str]:
    """What a program needs to run at all, and nothing that belongs to the portal."""
    return {name: environ[name] for name in SYSTEM_VARIABLES if name in environ}


async def _reader(descriptor: int) -> asyncio.StreamReader:
    """Follow the reading end of a pipe. It is closed when the other end is."""
    stream = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(descriptor, "rb", buffering=0)
    )
    return stream


def describe_exit(code: int) -> str:
    """A return code in words."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


async def first_answer(address: tuple[str | int, ...], within: float) -> bool:
    """Ask ``/healthz`` until anything that speaks HTTP answers. False when nothing did in time."""
    host, port = str(address[0]), int(address[1])
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only
    try:
        async with asyncio.timeout(within):
            while not await _answers(host, port):
                await asyncio.sleep(0.2)
    except TimeoutError:
        return False
    return True


async def responds(address: str, within: float) -> bool:
    """Whether anything that speaks HTTP answers there in time."""
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(within):
            return await _answers(parts.hostname or "", parts.port or 80, parts.path or "/")
    except TimeoutError:
        return False


async def _answers(host: str, port: int, path: str = "/healthz") -> bool:
    """One request. The socket's queue holds it until a web process takes it."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            writer.write(request.encode())
            return (await reader.read()).startswith(b"HTTP/")
        finally:
            writer.close()
    except OSError:
        return False

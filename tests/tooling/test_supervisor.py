"""The supervisor of ``portal serve``, against real processes of a few lines each."""

import asyncio
import contextlib
import dataclasses
import http.server
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.supervisor import contributions, guardian
from portal.supervisor.contributions import Contribution
from portal.supervisor.greeting import greeting_lines, here
from portal.supervisor.listening import AddressUnusable, address_url, listen
from portal.supervisor.logs import Console, LineSplitter, RotatingLog
from portal.supervisor.processes import PROCESSES, ProcessSpec
from portal.supervisor.runner import Supervisor, Timing, describe_exit, pause_before_restart
from portal.supervisor.state import FILE_NAME, SupervisorState, read_state, write_state

from .supervised import QUICK, fake

PROBED = {"probe_from": 0.05, "probe_every": 0.02, "probe_within": 0.1, "probe_misses": 3}
PATIENCE = 20.0  # a busy machine; every wait below ends as soon as what it waits for is there


def wait_until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Run:
    """A supervisor over fakes inside this process."""

    def __init__(self, folder: Path, *specs: ProcessSpec, timing: Timing = QUICK) -> None:
        self.folder = folder
        self.listening = listen("127.0.0.1", 0)
        self.output = io.StringIO()
        self.console = Console(self.output)
        self.supervisor = Supervisor(
            specs,
            listening=self.listening,
            url=address_url(*self.listening.getsockname()),
            run_dir=folder,
            log_dir=folder / "logs",
            console=self.console,
            timing=timing,
            greeting=lambda: ["it answers"],
        )

    def until(self, true: Callable[[], object]) -> int:
        """Run until the condition holds (or the supervisor ends by itself), then stop it."""

        async def both() -> int:
            running = asyncio.create_task(self.supervisor.run())
            deadline = time.monotonic() + PATIENCE
            while not running.done() and not true():
                assert time.monotonic() < deadline, self.output.getvalue()
                await asyncio.sleep(0.02)
            self.supervisor.stop()
            return await running

        try:
            return asyncio.run(both())
        finally:
            self.listening.close()
            self.console.close()

    def state(self) -> SupervisorState | None:
        return read_state(self.folder / FILE_NAME)

    def log(self, name: str) -> str:
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def pids(self) -> list[int]:
        state = self.state()
        return [row.pid for row in state.processes if row.pid] if state else []


def test_what_dies_is_started_again_with_a_growing_pause_and_its_reason_is_told(
    tmp_path: Path,
) -> None:
    mark = tmp_path / "starts"
    run = Run(tmp_path, fake("die", str(mark)), fake("stay"))
    seen = []

    def third_start() -> bool:
        state = run.state()
        row = state.processes[0] if state else None
        if row and row.last_exit:
            seen.append((row.phase, row.last_exit.reason, row.restarts))
        return mark.exists() and len(mark.read_text()) >= 3

    assert run.until(third_start) == 0
    assert ("waiting", "ended with code 3", 1) in seen
    assert "die: ended with code 3; starting it again in 0.1 s" in run.output.getvalue()
    assert "cannot go on" in run.output.getvalue()  # the last lines of its log
    assert "cannot go on" in run.log("die")


def test_stop_leaves_no_process_and_no_state_file(tmp_path: Path) -> None:
    run = Run(tmp_path, fake("stay", name="a"), fake("stay", name="b"))
    pids: list[int] = []

    def both_run() -> bool:
        pids[:] = run.pids()
        return len(pids) == 2

    assert run.until(both_run) == 0
    assert not any(map(alive, pids))
    assert not (tmp_path / FILE_NAME).exists()


def test_a_process_that_will_not_stop_is_killed_and_this_is_told(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    run = Run(tmp_path, fake("stay_stubbornly", str(mark), stop_seconds=0.3))
    started = time.monotonic()
    run.until(mark.exists)
    assert not alive(int(mark.read_text()))
    assert time.monotonic() - started < PATIENCE
    assert "did not stop in 0 s; killed" in run.output.getvalue()


def test_helpers_of_a_process_go_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "helper"
    run = Run(tmp_path, fake("stay_with_child", str(mark)))
    run.until(mark.exists)
    wait_until(lambda: not alive(int(mark.read_text())))


def test_the_web_process_gets_the_socket_and_the_others_wait_for_its_first_answer(
    tmp_path: Path,
) -> None:
    mark, other = tmp_path / "web", tmp_path / "other"
    run = Run(
        tmp_path,
        fake("answer", str(mark), "1", name="web", answers_http=True),
        fake("die", str(other)),
    )
    run.until(lambda: "die:" in run.output.getvalue())
    assert mark.read_text() == "xx"  # it failed once and was given a second chance
    lines = run.output.getvalue().splitlines()
    assert lines.index("it answers") < next(
        number for number, line in enumerate(lines) if line.startswith("die:")
    )


def test_a_web_process_that_never_answers_ends_the_start_with_its_own_words(
    tmp_path: Path,
) -> None:
    run = Run(tmp_path, fake("answer", str(tmp_path / "m"), "99", name="web", answers_http=True))
    assert run.until(lambda: False) == 1
    assert "it never answered. Giving up." in run.output.getvalue()
    assert "no application" in run.output.getvalue()


def test_a_program_that_does_not_exist_is_told_and_the_rest_runs(tmp_path: Path) -> None:
    missing = ProcessSpec(name="rasa", purpose="x", module="rasa", python="/nowhere/python")
    run = Run(tmp_path, missing, fake("stay"))
    run.until(lambda: "could not be started" in run.output.getvalue() and run.pids())
    assert "rasa: could not be started (No such file or directory)" in run.output.getvalue()


def test_a_process_apart_is_given_none_of_the_portals_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:hunter2@db/portal")
    mark = tmp_path / "told"
    apart = fake("tell", str(mark), apart=True, environment={"ITS_OWN": "1"})
    run = Run(tmp_path, apart)
    run.until(mark.exists)
    told = mark.read_text().split()
    assert {"PATH", "ITS_OWN"} <= set(told)
    assert "DATABASE_URL" not in told


def test_a_process_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    mark, timing = tmp_path / "starts", dataclasses.replace(QUICK, **PROBED)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, says nothing
        probe = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        run = Run(tmp_path, fake("note", str(mark), probe=probe), timing=timing)
        run.until(lambda: mark.exists() and len(mark.read_text()) >= 2)
    assert "note: does not answer any more; killed" in run.output.getvalue()
    assert "note: was ended by SIGKILL; starting it again" in run.output.getvalue()


def test_a_process_that_answers_its_probe_is_left_alone(tmp_path: Path) -> None:
    """An answer now and then is enough: only silence several times in a row counts."""
    asked: list[str] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    timing = dataclasses.replace(QUICK, **PROBED)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        probe = f"http://127.0.0.1:{server.server_port}/alive"
        run = Run(tmp_path, fake("stay", probe=probe), timing=timing)
        run.until(lambda: len(asked) > 6)
        server.shutdown()
    assert set(asked) == {"/alive"}
    assert run.supervisor._children[0].state.restarts == 0


class Entry:
    """An entry point of the group of contributors."""

    def __init__(self, name: str, contributor: Callable[..., object]) -> None:
        self.name, self.load = name, lambda: contributor


def test_contributors_bring_rows_and_one_that_fails_costs_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = ProcessSpec(name="extra", purpose="x", module="x")

    def works(environ: dict[str, str], url: str) -> Contribution:
        return Contribution((row,), {"WHERE": url})

    def fails(environ: dict[str, str], url: str) -> Contribution:
        raise OSError("no space left")

    entries = [Entry("fails", fails), Entry("works", works)]
    monkeypatch.setattr(contributions.importlib.metadata, "entry_points", lambda group: entries)
    said: list[str] = []
    found = contributions.contributions({}, "http://x/", said.append)
    assert [one.processes for one in found] == [(row,)]
    assert found[0].environment == {"WHERE": "http://x/"}
    assert said == ["fails: is left out (no space left)"]


def test_much_output_blocks_nothing_and_only_errors_reach_the_console(tmp_path: Path) -> None:
    run = Run(tmp_path, fake("chatter", console=True))
    run.until(lambda: "out\n" in run.log("chatter") and "err\n" in run.log("chatter"))
    assert "chatter | err" in run.output.getvalue()
    assert "yyyy" not in run.output.getvalue()


def test_a_full_disk_costs_logs_and_state_but_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    run = Run(tmp_path, fake("chatter"))
    child = run.supervisor._children[0]
    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(RotatingLog, "_size", full)
    assert run.until(lambda: child.log.lost > 1_000_000) == 0
    assert child.state.restarts == 0


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*whats: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.tooling.supervised", str(tmp_path), "0", *whats]
        started.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        )
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_all(
    program: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: int
) -> None:
    mark = tmp_path / "helper"
    process = program(f"stay_with_child:{mark}", "stay")
    wait_until(mark.exists)
    wait_until(lambda: len(_pids(tmp_path)) == 2)
    pids = _pids(tmp_path)
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    wait_until(lambda: not any(map(alive, [*pids, int(mark.read_text())])))


def test_a_second_signal_stops_at_once(
    program: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    mark = tmp_path / "pid"
    process = program(f"stay_stubbornly:{mark}")
    wait_until(mark.exists)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "Stopping …\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE / 4) == 0  # long before the eight seconds it was given
    assert not alive(int(mark.read_text()))


def test_a_killed_supervisor_leaves_nothing_behind(
    program: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    mark = tmp_path / "helper"
    process = program(f"stay_with_child:{mark}", f"answer:{tmp_path / 'web'}")
    wait_until(mark.exists)
    wait_until(lambda: len(_pids(tmp_path)) == 2)
    pids = [*_pids(tmp_path), int(mark.read_text())]
    process.kill()
    process.wait()
    wait_until(lambda: not any(map(alive, pids)))
    assert read_state(tmp_path / FILE_NAME) is None  # left over, and known to be


def _pids(folder: Path) -> list[int]:
    state = read_state(folder / FILE_NAME)
    return [row.pid for row in state.processes if row.pid] if state else []


# --- the parts --------------------------------------------------------------------------------
def test_the_pause_doubles_up_to_its_longest() -> None:
    timing = Timing(first_pause=0.5)
    pauses = [pause_before_restart(failures, timing, longest=30) for failures in (1, 2, 3, 9, 999)]
    assert pauses == [0.5, 1.0, 2.0, 30, 30]


def test_exits_in_words() -> None:
    assert describe_exit(3) == "ended with code 3"
    assert describe_exit(-9) == "was ended by SIGKILL"
    assert describe_exit(-99) == "was ended by signal 99"


def test_a_port_in_use_is_one_clear_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnusable, match=f"port {port} on 127.0.0.1 is in use.*PORT="):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(("host", "words"), [("192.0.2.1", "not an address of this machine")])
def test_a_foreign_host_is_one_clear_line(host: str, words: str) -> None:
    with pytest.raises(AddressUnusable, match=words):
        listen(host, 0)


def test_addresses_as_people_type_them() -> None:
    assert address_url("0.0.0.0", 80) == "http://127.0.0.1:80/"
    assert address_url("::1", 8000) == "http://[::1]:8000/"


def test_a_log_rotates_and_keeps_its_backups(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "logs" / "x.log", max_bytes=10, backups=2)
    for number in range(5):
        log.write(b"line %d\n" % number)
    kept = {path.name: path.read_text() for path in (tmp_path / "logs").iterdir()}
    assert kept == {"x.log": "line 4\n", "x.log.1": "line 3\n", "x.log.2": "line 2\n"}
    assert log.tail[-1] == "line 4"


def test_lines_are_split_across_chunks_and_long_ones_cut() -> None:
    splitter = LineSplitter(limit=10)
    assert splitter.feed("云".encode()[:1]) == []
    assert splitter.feed("云".encode()[1:] + b"\r\nrest") == ["云"]
    assert splitter.feed(b"-" * 20) == ["rest" + "-" * 20]


def test_a_console_that_blocks_does_not_block_the_supervisor() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        console = Console(stream, depth=10)
        started = time.monotonic()
        for _ in range(200):
            console.say("x" * 10_000)
        assert time.monotonic() - started < 5
        os.close(reading)
        console.close()
        with contextlib.suppress(OSError):
            stream.close()


def test_the_guardian_stops_only_what_is_left() -> None:
    assert guardian.follow(["+12\n", "+13\n", "-12\n", "nonsense\n", "\n"]) == {13}
    assert guardian.follow(["+12\n", "bye\n"]) == set()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pid": "x"}', "null"])
def test_a_damaged_state_file_is_no_state(tmp_path: Path, content: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(content)
    assert read_state(path) is None


def test_the_state_file_is_read_back(tmp_path: Path) -> None:
    state = SupervisorState(pid=os.getpid(), address="http://x/", started_at=1.0)
    assert write_state(tmp_path / FILE_NAME, state)
    assert read_state(tmp_path / FILE_NAME) == state
    assert not write_state(tmp_path / "missing" / FILE_NAME, state)


def test_names_in_the_process_table_are_unique() -> None:
    assert len({spec.name for spec in PROCESSES}) == len(PROCESSES)
    assert [spec.name for spec in PROCESSES if spec.answers_http] == ["web"]


# --- the greeting -----------------------------------------------------------------------------
def test_the_greeting_shows_the_demo_accounts_in_columns(tmp_path: Path) -> None:
    (tmp_path / "demo_accounts.json").write_text(
        '[{"username": "bianji", "password": "p", "role": "编辑", "site": "云湖区",'
        ' "url": "http://127.0.0.1:8000/admin/"}]',
        encoding="utf-8",
    )
    lines = greeting_lines(tmp_path, "http://127.0.0.1:8123/")
    assert "The portal answers at http://127.0.0.1:8123/" in lines[1]
    assert any(
        line == "  bianji  p         编辑  云湖区  http://127.0.0.1:8123/admin/" for line in lines
    )


@pytest.mark.parametrize("content", [None, "", "{", "{}", "[1]", '[{"username": null}]'])
def test_the_greeting_survives_any_accounts_file(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "demo_accounts.json").write_text(content)
    assert greeting_lines(tmp_path, "http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("http://127.0.0.1:8000/admin/", "http://127.0.0.1:9/admin/"),
        ("http://hu.localhost:8000/", "http://hu.localhost:9/"),
        ("/lanshan/", "http://127.0.0.1:9/lanshan/"),
        ("", "http://127.0.0.1:9/"),
        ("https://www.example.gov.cn/", "https://www.example.gov.cn/"),
    ],
)
def test_stored_addresses_are_shown_with_the_port_in_use(stored: str, shown: str) -> None:
    assert here(stored, "http://127.0.0.1:9/") == shown


# --- the command ------------------------------------------------------------------------------
def serve(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", "serve", *arguments],
        env={**os.environ, "PORTAL_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_serve_refuses_a_busy_port_with_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve(tmp_path, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is in use" in done.stderr


def test_serve_refuses_a_second_supervisor_on_the_same_data(tmp_path: Path) -> None:
    from portal.supervisor.command import _sole_owner

    with _sole_owner(tmp_path, "http://127.0.0.1:8000/"):
        (tmp_path / "run").mkdir()
        os.link(tmp_path / "serve.lock", tmp_path / "run" / "serve.lock")
        done = serve(tmp_path, "--port", "0" * 3 + "8123")
    assert done.returncode == 1
    assert "already running at http://127.0.0.1:8000/ (process" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", ""])
def test_serve_refuses_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    done = serve(tmp_path, "--port", port)
    assert done.returncode == 2
    assert "is not a port" in done.stderr or "expected" in done.stderr

"""Processes that write finished pages are killed, again and again: nothing half-written is served."""

import contextlib
import datetime
import gzip
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest

from portal.publishing.front import PageStoreFront
from portal.publishing.reading.recorder import Recording
from portal.publishing.store import files, layout
from portal.publishing.store.files import Finished
from portal.publishing.store.keeping import NotKept, Place, Store
from tests.benchmarks.cpu import children
from tests.e2e.serving import environment

from .store_writer import body_of, version_of
from .web import Web, gunicorn

HOST = "localhost"
PACKED = {"": lambda body: body, "gzip": gzip.decompress, "br": brotli.decompress}
HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / layout.FOLDER


def put(store: Store, version: int, path: str = "/news/") -> None:
    recording = Recording(datetime.datetime.now(datetime.UTC))
    page = Finished(body_of(version), HEADERS, is_apart=version % 2 == 0)
    followed = store.index.followed_to()
    store.put(Place(HOST, path), page, recording, vendor="sqlite", followed_to=followed)


def served(root: Path, encoding: str = "") -> int | None:
    """The version that visitors get; None where they are sent on to the portal."""

    def behind(environ: object, start_response: object) -> list[bytes]:
        return []

    got: list[str] = []
    front = PageStoreFront(behind, root)  # type: ignore[arg-type]
    body = b"".join(
        front(
            {"REQUEST_METHOD": "GET", "HTTP_HOST": HOST, "PATH_INFO": "/news/",
             "HTTP_ACCEPT_ENCODING": encoding},
            lambda status, headers: got.append(dict(headers).get("Content-Encoding", "")),
        )
    )  # fmt: skip
    return version_of(PACKED[got[0]](body)) if got else None


def killed(work: Callable[[], object]) -> None:
    """Run it in a process that ends by SIGKILL, wherever it sends that to itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was not killed: there are fewer steps"
    assert os.WTERMSIG(status) == signal.SIGKILL


def dying(function: Callable[..., object], step: int) -> Callable[..., object]:
    left = [step]

    def call(*args: object, **kwargs: object) -> object:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return function(*args, **kwargs)

    return call


# Files of a page: mark or not, headers, two packed ones, the page itself.
@pytest.mark.parametrize("step", range(4))
def test_killed_before_each_file_the_old_page_is_gone_and_no_new_one_is_there(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    put(Store(root), 1)
    assert served(root) == 1

    def work() -> None:
        monkeypatch.setattr(files, "_put", dying(files._put, step))
        put(Store(root), 3)

    killed(work)
    for encoding in PACKED:
        assert served(root, encoding) is None
    again = Store(root)
    again.check_files()
    put(again, 5)
    assert [served(root, encoding) for encoding in PACKED] == [5, 5, 5]


@pytest.mark.parametrize("step", range(4))
def test_killed_while_a_file_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Half of it is on the disk under another name: it is never served, and cleared away."""
    put(Store(root), 1)

    def work() -> None:
        monkeypatch.setattr(Path, "replace", dying(Path.replace, step))
        put(Store(root), 3)

    killed(work)
    assert served(root) is None
    store = Store(root)
    assert any(".unfinished-" in path.name for path in root.rglob("*"))
    store.check_files()
    assert not any(".unfinished-" in path.name for path in root.rglob("*"))
    assert list(store.files.strangers()) == []


@pytest.mark.parametrize("step", range(5))
def test_killed_while_a_page_is_taken_out(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    store = Store(root)
    put(store, 2)
    entry = store.index.entry_of(f"{HOST}/news/")
    assert entry is not None

    def work() -> None:
        monkeypatch.setattr(files, "_unlink", dying(files._unlink, step))
        Store(root).remove([entry.id])

    killed(work)
    # Before the first file is gone it is there whole; after that nobody gets any of it.
    assert served(root, "gzip") == (2 if step == 0 else None)
    assert Store(root).remove([entry.id]) in (0, 1)
    assert served(root) is None


def test_what_a_web_server_may_not_send_is_never_without_its_mark(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each moment of writing an odd page (usual) over an even one (apart), and back."""
    store = Store(root)
    folder = store.files.live / HOST / "news"
    seen = []
    usual = files._put

    def watched(file: Path, content: bytes) -> None:
        usual(file, content)
        page = folder / layout.PAGE_FILE
        if page.exists():
            seen.append((version_of(page.read_bytes()), (folder / layout.APART_FILE).exists()))

    monkeypatch.setattr(files, "_put", watched)
    for version in range(1, 7):
        put(store, version)
        seen.append((version, (folder / layout.APART_FILE).exists()))
    assert {version for version, _marked in seen} == set(range(1, 7))
    assert all(marked for version, marked in seen if version % 2 == 0)
    assert not (folder / layout.APART_FILE).exists() or seen[-1][0] % 2 == 0


# --- many readers, and everybody is killed --------------------------------------------------------
class Reader(threading.Thread):
    """Reads the pages in turn, each with another packing; remembers what it saw."""

    def __init__(self, web: Web, root: Path, paths: list[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.web, self.root, self.paths = web, root, paths
        self.chosen = random.Random(seed)
        self.newest = dict.fromkeys(paths, 0)
        self.wrong: list[str] = []
        self.pages = self.sent_on = self.cut = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            path, encoding = self.chosen.choice(self.paths), self.chosen.choice(list(PACKED))
            try:
                answer = self.web.ask(path, headers={"Accept-Encoding": encoding})
            except (OSError, http.client.HTTPException):
                self.cut += 1  # by the death of whoever answered; no page was taken for whole
                continue
            if answer.status == 404:
                self.sent_on += 1
                continue
            try:
                unpack = PACKED[answer.headers.get("content-encoding", "")]
                version = version_of(unpack(answer.body))
            except Exception as error:
                self.wrong.append(f"{path} {encoding}: {error!r}")
                continue
            self.pages += 1
            published = int((self.root / f"version{path.replace('/', '_')}").read_text())
            if not self.newest[path] <= version <= published:
                self.wrong.append(f"{path}: {version} after {self.newest[path]}, of {published}")
            self.newest[path] = version


@pytest.fixture
def web(root: Path, data: Path) -> Iterator[Web]:
    environ = environment(data) | {"STORE_ROOT": str(root)}
    application = "tests.faults.store_app:application"
    options = ("--worker-class", "gthread", "--threads", "8", "--no-control-socket")
    with gunicorn(data.parent, environ, application=application, options=options) as found:
        yield found


def write(root: Path, data: Path, host: str, path: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.faults.store_writer", str(root), host, path]
    return subprocess.Popen(command, env=environment(data))


def test_readers_among_killed_writers_and_killed_servers(root: Path, web: Web, data: Path) -> None:
    host = f"{HOST}:{web.port}"
    paths = ["/a/", "/b/", "/c/"]
    chosen = random.Random(2026)
    writers = {path: write(root, data, host, path) for path in paths}
    readers = [Reader(web, root, paths, seed) for seed in range(16)]
    counters = [root / f"version{path.replace('/', '_')}" for path in paths]
    ends = time.monotonic() + 120
    while not all(counter.exists() for counter in counters) and time.monotonic() < ends:
        time.sleep(0.05)
    for reader in readers:
        reader.start()
    kills = 0
    ends = time.monotonic() + 180
    try:
        while kills < 18 or min(reader.pages for reader in readers) < 20:
            assert time.monotonic() < ends, [(r.pages, r.sent_on, r.cut, r.wrong) for r in readers]
            path = chosen.choice(paths)
            counter = counters[paths.index(path)]
            began = counter.read_text()
            while counter.read_text() == began and time.monotonic() < ends:
                time.sleep(0.005)  # it works
            time.sleep(chosen.uniform(0, 0.1))
            for child in children(writers[path].pid):
                os.kill(child, signal.SIGKILL)
                kills += 1
            if kills % 6 == 0:  # a web process, too
                os.kill(chosen.choice(children(web.process.pid)), signal.SIGKILL)
    finally:
        for reader in readers:
            reader.over.set()
        for reader in readers:
            reader.join(30)
        for writer in writers.values():
            left = children(writer.pid)
            writer.kill()
            writer.wait()
            for child in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    cut = sum(reader.cut for reader in readers)
    assert cut <= 4 * len(readers) * (kills // 6)  # only those whom a killed web process answered
    # Afterwards the store is in order, whoever died last.
    store = Store(root)
    store.check_files()
    assert set(store.files.pages()) <= {entry.folder for entry in store.index.entries()}
    assert list(store.files.strangers()) == []
    try:
        put(store, 7)
    except NotKept as reason:
        raise AssertionError(reason) from reason
    assert served(root) == 7

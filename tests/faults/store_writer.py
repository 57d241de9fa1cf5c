"""A process that stores one page again and again until it is killed, on a slow disk.

Run as ``python -m tests.faults.store_writer ROOT HOST PATH``: a parent that begins anew whenever its
child, which does the work, was killed. Each version of the page is named in a
file before it is stored, so that a reader of something that was never published is found out.
"""

import datetime
import hashlib
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

SIZES = (300, 60_000)


def body_of(version: int) -> bytes:
    """The page's text of a version: whole or recognisably not."""
    filler = random.Random(version).randbytes(random.Random(version).randint(*SIZES) // 2).hex()
    text = f"<p>{version}</p>{filler}"
    return f"{text}<!-- {hashlib.sha256(text.encode()).hexdigest()} -->".encode()


def version_of(body: bytes) -> int:
    """Raises ValueError for anything but a whole page of one version."""
    text, _mark, rest = body.decode().partition("<!-- ")
    if rest != f"{hashlib.sha256(text.encode()).hexdigest()} -->":
        raise ValueError(f"torn: {body[:40]!r} … {body[-40:]!r}")
    return int(text[3 : text.index("</p>")])


class SlowStream:
    """Writes in small portions with a moment between them: there is time to be killed in."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, content: bytes) -> None:
        step = max(len(content) // 4, 1)
        for start in range(0, len(content), step):
            self._stream.write(content[start : start + step])
            self._stream.flush()
            time.sleep(0.0005)

    def __enter__(self) -> "SlowStream":
        return self

    def __exit__(self, *exc: object) -> None:
        self._stream.close()


def slow_disk() -> None:
    usual = Path.open

    def open_slowly(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        stream = usual(self, mode, *args, **kwargs)
        return SlowStream(stream) if mode == "xb" else stream

    Path.open = open_slowly  # type: ignore[method-assign]


def main(root: Path, host: str, path: str) -> None:
    from portal.publishing.store import keeping  # noqa: F401 - loaded once, for all children

    while True:
        child = os.fork()
        if child == 0:
            write(root, host, path)
        os.waitpid(child, 0)


def write(root: Path, host: str, path: str) -> None:
    from portal.publishing.reading.recorder import Recording
    from portal.publishing.store.files import Finished
    from portal.publishing.store.keeping import NotKept, Place, Store

    slow_disk()
    store = Store(root)
    store.check_files()  # as the store's process does when it begins
    counter = root / f"version{path.replace('/', '_')}"
    version = int(counter.read_text()) if counter.exists() else 0
    place = Place(host, path)
    followed_to = store.index.followed_to()
    while True:
        version += 1
        partial = counter.with_suffix(".partial")
        partial.write_text(str(version))
        partial.replace(counter)
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        page = Finished(body_of(version), headers, is_apart=version % 3 == 0)
        recording = Recording(datetime.datetime.now(datetime.UTC))
        try:
            store.put(place, page, recording, vendor="sqlite", followed_to=followed_to)
        except NotKept:
            time.sleep(0.01)
        time.sleep(random.uniform(0.01, 0.08))  # it is read meanwhile
        if version % 5 == 0:  # a change takes it out
            entry = store.index.entry_of(f"{host}{path}")
            if entry is not None:
                store.remove([entry.id])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

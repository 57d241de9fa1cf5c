"""Many readers while many publish: whole pages, no error, and the new page at once."""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.e2e.serving import REPOSITORY, Portal, environment, serve_demo

# The size of a test; the crowd of the benchmark is ten times as large (``CROWD=200,20,60``).
READERS, EDITORS, SECONDS = (int(n) for n in os.environ.get("CROWD", "24,3,8").split(","))


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with serve_demo() as served:
        yield served


def paths_of(portal: Portal) -> list[str]:
    connection = http.client.HTTPConnection("localhost", int(portal.port), timeout=60)
    connection.request("GET", "/")
    home = connection.getresponse().read().decode()
    connection.close()
    found = {part.partition('"')[0] for part in home.split('href="')[1:]}
    return sorted(path for path in found if path.startswith("/") and path.endswith("/"))[:80]


@pytest.mark.long
def test_readers_beside_editors(portal: Portal) -> None:
    paths, until = ["/", *paths_of(portal)], time.monotonic() + SECONDS + 2
    answers: Counter[str] = Counter()

    def read(seed: int) -> None:
        chance, connection = random.Random(seed), None
        while time.monotonic() < until:
            path = chance.choice(paths)
            try:
                if connection is None:
                    connection = http.client.HTTPConnection(
                        "localhost", int(portal.port), timeout=60
                    )
                connection.request("GET", path, headers={"Accept-Encoding": "identity"})
                answer = connection.getresponse()
                body = answer.read()
            except (ConnectionError, http.client.HTTPException, TimeoutError) as error:
                answers[f"{type(error).__name__} {path}"] += 1
                connection = None
                continue
            if answer.status in (200, 301, 302):
                whole = answer.status != 200 or body.rstrip().endswith(b"</html>")
                answers["ok" if whole else f"torn {path}"] += 1
            else:
                answers[f"{answer.status} {path}"] += 1

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    editors = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.crowd_editors",
            portal.url,
            str(EDITORS),
            str(SECONDS),
        ],
        cwd=REPOSITORY,
        env=environment(portal.data) | {"PORTAL_BASE_URL": portal.url},
        capture_output=True,
        text=True,
        timeout=SECONDS * 10 + 300,
        check=False,
    )
    for reader in readers:
        reader.join()
    assert editors.returncode == 0, editors.stderr[-2000:]
    said = json.loads(editors.stdout.splitlines()[-1])
    assert said["wrong"] == []
    assert said["published"] >= EDITORS
    read_well = answers.pop("ok")
    assert answers == {}
    assert read_well > READERS
    print(f"{read_well} pages read, {said['published']} published")

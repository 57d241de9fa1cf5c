"""A real Rasa for the tests of this folder: its environment, a model, a running process."""

import fcntl
import json
import os
import platform
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.rasa_host import training
from assistant.rasa_host.places import FILES, PROJECT_DIR, Places
from assistant.rasa_host.process import free_port

TOKEN, BACK = "t" * 40, "b" * 40
PATIENCE = 120.0  # a busy machine; ends as soon as Rasa answers
# Kept between runs of the tests, as the model of an installation is: made anew when a source changed.
STATE = PROJECT_DIR / "var" / "tests" / "rasa"


@pytest.fixture(scope="session")
def rasa_places() -> Places:
    """Rasa's environment and a model of what is in the tree."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("Rasa's sentence model is for Linux on x86-64")
    where = Places(PROJECT_DIR / ".venv-rasa", STATE)
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as lock:  # several test processes, one installation
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["sh", "tools/rasa", "--no-model"],
            cwd=PROJECT_DIR,
            env={**os.environ, "PORTAL_RASA_DIR": str(STATE), "PORTAL_RASA": "", "RASA_URL": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        assert where.python.exists(), done.stdout
        training.train(where)
    return where


def in_rasa(
    *arguments: str, stubs: bool = False, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a module in Rasa's environment."""
    path = os.pathsep.join([str(FILES), *([str(FILES / "stubs")] if stubs else [])])
    return subprocess.run(
        [str(PROJECT_DIR / ".venv-rasa" / "bin" / "python"), "-m", *arguments],
        cwd=FILES,
        env={**os.environ, "PYTHONPATH": path, "RASA_TELEMETRY_ENABLED": "false"} | (environ or {}),
        capture_output=True,
        text=True,
        check=False,
    )


class Portal:
    """Stands in for the portal's call backs: does what an action is told to do, notes the rest.

    ``behaviour[name]`` is called with the request and returns the answer; without one an action says
    its name, ``action_begin_x`` opens its form, ``validate_x`` takes what was typed.
    """

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.authorization: set[str] = set()
        self.behaviour: dict[str, Callable[[dict[str, Any]], Any]] = {}
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                portal.calls.append(body)
                portal.authorization.add(self.headers.get("Authorization", ""))
                self.answer(portal.answer(body))

            def answer(self, given: Any) -> None:
                status, content = given if isinstance(given, tuple) else (200, given)
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: dict[str, Any]) -> Any:
        name = body.get("next_action") or body["response"]
        if name in self.behaviour:
            return self.behaviour[name](body)
        if "response" in body:
            return {"text": name}
        return self.act(name, body["tracker"])

    def act(self, name: str, tracker: dict[str, Any]) -> dict[str, Any]:
        if name.startswith("validate_"):
            asked = tracker["slots"].get("requested_slot")
            value = tracker["latest_message"]["text"] if asked else None
            slot = asked or FIRST_SLOT[name.removeprefix("validate_")]
            return {"events": [{"event": "slot", "name": slot, "value": value}], "responses": []}
        events = []
        if name.startswith("action_begin_"):
            events = [{"event": "followup", "name": f"{name.removeprefix('action_begin_')}_form"}]
        return {"events": events, "responses": [{"custom": {"did": name}}]}

    def done(self) -> list[str]:
        return [call.get("next_action") or call["response"] for call in self.calls]


FIRST_SLOT = {
    "letter_form": "letter_kind",
    "report_form": "report_kind",
    "status_form": "status_number",
}


class Rasa:
    """A running process and its channel."""

    def __init__(self, where: Places, portal_url: str, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.log = folder / "rasa.log"
        self._command = [str(where.python), "-m", "addons.serve"]
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(FILES),
            "RASA_MODEL": str(where.model),
            "RASA_TOKEN": TOKEN,
            "RASA_CALLBACK_TOKEN": BACK,
            "RASA_PORTAL_URL": portal_url,
            "RASA_TRACKER_URL": f"sqlite:///{folder / 'conversations.sqlite3'}",
            "RASA_PORT": str(self.port),
        }
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=self.folder, env=self._environ, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while self.get("/") != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "Rasa did not come up"
            time.sleep(0.1)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def get(self, path: str) -> int:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def post(
        self, body: Any, *, path: str = "webhook", token: str | None = TOKEN
    ) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/portal/{path}", data, method="POST"
        )
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            content = error.read()
            told = error.headers.get_content_type() == "application/json"
            return error.code, json.loads(content) if told and content else None

    def say(self, sender: str, message: str = "", payload: str = "", **metadata: str) -> list[Any]:
        status, said = self.post(
            {"sender": sender, "message": message, "payload": payload, "metadata": metadata}
        )
        assert status == 200, said
        return said


@pytest.fixture(scope="module")
def portal_stand_in() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture(scope="module")
def running(
    rasa_places: Places, portal_stand_in: Portal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rasa]:
    rasa = Rasa(rasa_places, portal_stand_in.url, tmp_path_factory.mktemp("rasa"))
    yield rasa
    rasa.kill()


@pytest.fixture
def portal(portal_stand_in: Portal) -> Portal:
    """The portal with nothing noted and nothing special to do."""
    portal_stand_in.calls.clear()
    portal_stand_in.authorization.clear()
    portal_stand_in.behaviour.clear()
    return portal_stand_in

"""A small Rasa: the same protocol and the same order of call backs, with rules for five intents.

In a thread of a test (``FakeRasa``), or as a process that can be stopped and killed:

    python -m tests.assistant.dialogue_turns.fake_rasa --port 5005 --portal http://127.0.0.1:5056 \
        --trackers trackers.json

As in Rasa, messages of one conversation are worked on one after the other, what a form's step
brings is noted down as a whole or not at all, and conversations are written down after each message.
Standard library only, so that it starts in no time.
"""

import argparse
import contextlib
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FORMS = {
    "letter_form": ("letter_kind", "letter_subject", "letter_text", "letter_confirmed"),
    "report_form": ("report_kind", "report_text", "report_confirmed"),
    "status_form": ("status_number", "status_code"),
}
BEGINS = {
    "leave_letter": "action_begin_letter",
    "report_error": "action_begin_report",
    "letter_status": "action_begin_status",
}
DOES = {
    "office_hours": "action_office_hours",
    "human": "action_human",
    "call_human": "action_human",
    "repeat": "action_repeat",
    "cancel": "action_cancel",
}
WORDS = {"写信": "leave_letter", "投诉": "leave_letter", "你好": "greeting", "上班": "office_hours"}
NOTHING_TO = ("confirm", "skip", "change", "choose", "stop_form", "affirm", "deny")
ENDS = {"letter_form": "action_submit_letter", "report_form": "action_submit_report", "status_form": "action_show_status"}  # fmt: skip


class ActionFailed(Exception):
    pass


@dataclass
class Behaviour:
    """How it is today. ``seconds``: of work for each message, one after the other."""

    kind: str = "normal"  # slow, empty, garbage, error, drops, endless, silent
    seconds: float = 0.0
    before_call: Any = None  # called with (path, name) before each call back
    after_call: Any = None


@dataclass
class FakeRasa:
    token: str
    callback_token: str
    portal: str
    port: int = 0
    trackers: Path | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)

    def __post_init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.calls: list[tuple[str, int]] = []
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._work = threading.Lock()
        self.known: dict[str, dict[str, Any]] = {}
        if self.trackers and self.trackers.exists():
            self.known = json.loads(self.trackers.read_text())
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake._answer(self, 200, b"ok\n")

            def do_POST(self) -> None:
                fake._receive(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Who asks may go away in the middle."""

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> "FakeRasa":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- the channel ------------------------------------------------------------------------------
    def _receive(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        if handler.headers["Authorization"] != f"Bearer {self.token}":
            return self._answer(handler, 403, b"")
        if bool(body["message"]) == bool(body["payload"]) or not body["sender"]:
            return self._answer(handler, 400, b"{}")
        self.received.append(body)
        match self.behaviour.kind:
            case "empty":
                return self._answer(handler, 200, b"[]")
            case "garbage":
                return self._answer(handler, 200, b"<html>")
            case "error":
                return self._answer(handler, 500, b"{}")
            case "silent":
                time.sleep(self.behaviour.seconds)
                return None
            case "drops":
                handler.send_response(200)
                handler.end_headers()
                for _number in range(200):
                    handler.wfile.write(b" ")
                    time.sleep(0.05)
                return None
            case "endless":
                handler.send_response(200)
                handler.end_headers()
                for _number in range(100):
                    handler.wfile.write(b" " * 65_536)
                return None
        with self._locks[body["sender"]]:
            if self.behaviour.seconds:
                with self._work:
                    time.sleep(self.behaviour.seconds)
            said = self.handle(body)
        return self._answer(handler, 200, json.dumps(said).encode())

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass  # the portal has gone

    # --- rules ------------------------------------------------------------------------------------
    def handle(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        tracker = self.known.setdefault(body["sender"], {"slots": {}, "loop": None})
        name, entities = self._intent(body)
        tracker["latest"] = {
            "text": body["message"] or body["payload"],
            "intent": {"name": name, "confidence": 1.0},
            "entities": entities,
            "metadata": body["metadata"],
        }
        said: list[dict[str, Any]] = []
        # Rasa goes on without what a failed action would have brought.
        with contextlib.suppress(ActionFailed):
            self._turn(body["sender"], tracker, name, said)
        if self.trackers:
            temporary = self.trackers.with_suffix(".new")
            temporary.write_text(json.dumps(self.known))
            temporary.replace(self.trackers)
        return said

    @staticmethod
    def _intent(body: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
        if body["payload"]:
            name, brace, rest = body["payload"][1:].partition("{")
            values = json.loads(brace + rest) if brace else {}
            return name, [{"entity": key, "value": value} for key, value in values.items()]
        for word, intent in WORDS.items():
            if word in body["message"]:
                return intent, []
        return "ask_question", []

    def _turn(self, sender: str, tracker: dict[str, Any], intent: str, said: list[Any]) -> None:
        if tracker["loop"]:
            self._form(sender, tracker, said)
            return
        if intent == "greeting":
            said.append(self._call("say", sender, tracker, "utter_greeting"))
            return
        action = BEGINS.get(intent) or DOES.get(intent)
        if action is None:
            action = "action_nothing_to_confirm" if intent in NOTHING_TO else "action_answer"
        self._act(sender, tracker, action, said)

    def _act(self, sender: str, tracker: dict[str, Any], action: str, said: list[Any]) -> None:
        given = self._call("action", sender, tracker, action)
        said += given["responses"]
        follow = self._note(tracker, given["events"])
        if follow in FORMS:
            tracker["loop"], tracker["slots"]["requested_slot"] = follow, None
            self._form(sender, tracker, said)
        elif follow:
            self._act(sender, tracker, follow, said)

    def _form(self, sender: str, tracker: dict[str, Any], said: list[Any]) -> None:
        form = tracker["loop"]
        draft = {**tracker, "slots": dict.fromkeys(FORMS[form]) | tracker["slots"]}
        given = self._call("action", sender, draft, f"validate_{form}")
        spoken = list(given["responses"])
        follow = self._note(draft, given["events"])
        stopped = any(
            event["event"] == "slot"
            and event["name"] == "requested_slot"
            and event["value"] is None
            for event in given["events"]
        )
        asked = next((name for name in FORMS[form] if draft["slots"].get(name) is None), None)
        if asked and not stopped:
            spoken.append(self._call("say", sender, draft, f"utter_ask_{asked}"))
            draft["slots"]["requested_slot"] = asked
        tracker["slots"] = draft["slots"]
        said += spoken
        if not asked or stopped:
            tracker["loop"], tracker["slots"]["requested_slot"] = None, None
            self._act(sender, tracker, follow or ENDS[form], said)

    @staticmethod
    def _note(tracker: dict[str, Any], events: list[dict[str, Any]]) -> str:
        follow = ""
        for event in events:
            match event["event"]:
                case "slot":
                    tracker["slots"][event["name"]] = event["value"]
                case "active_loop":
                    tracker["loop"] = event["name"]
                case "followup":
                    follow = event["name"]
        return follow

    def _call(self, path: str, sender: str, tracker: dict[str, Any], name: str) -> Any:
        if self.behaviour.before_call:
            self.behaviour.before_call(path, name)
        content = {
            "sender_id": sender,
            "next_action" if path == "action" else "response": name,
            "tracker": {
                "sender_id": sender,
                "slots": tracker["slots"],
                "latest_message": tracker["latest"],
                "active_loop": {"name": tracker["loop"]} if tracker["loop"] else {},
            },
        }
        status, answer = post(
            f"{self.portal}/assistant/dialogue/{path}", self.callback_token, content
        )
        self.calls.append((name, status))
        if self.behaviour.after_call:
            self.behaviour.after_call(path, name)
        if status != 200:
            raise ActionFailed(name)
        return answer


def post(url: str, token: str, content: Any, timeout: float = 10.0) -> tuple[int, Any]:
    """A call back; 0 where nobody answers."""
    request = urllib.request.Request(
        url,
        json.dumps(content).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")
    except OSError:
        return 0, None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--portal", required=True)
    parser.add_argument("--trackers", type=Path)
    parser.add_argument("--seconds", type=float, default=0.0, help="of work for each message")
    options = parser.parse_args()
    FakeRasa(
        os.environ["RASA_TOKEN"],
        os.environ["RASA_CALLBACK_TOKEN"],
        options.portal,
        options.port,
        options.trackers,
        Behaviour(seconds=options.seconds),
    ).server.serve_forever()


if __name__ == "__main__":
    main()

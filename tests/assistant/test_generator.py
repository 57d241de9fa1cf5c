"""A model that writes: off by default, held against its sources, and never in the way."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from wagtail.models import Page

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import generator, gist
from assistant.portal_plugin.services import answers
from assistant.retrieval.contract import Decision

from .asking import ask
from .factories import make_question

RELATED = [
    {"title": "居住证办法", "label": "第三条", "url": "/p/", "kind": "policy", "valid_from": None,
     "valid_until": None, "passage": "申领居住证应当在本市居住满半年。首次申领免收工本费。"},
]  # fmt: skip


class Endpoint:
    """Speaks as much of OpenAI's protocol as the portal asks for."""

    def __init__(self) -> None:
        self.says, self.status = "", 200
        self.asked: list[dict[str, Any]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(json.loads(body))
                message = {"role": "assistant", "content": endpoint.says}
                answer = json.dumps(
                    {"id": "1", "object": "chat.completion", "created": 1, "model": "m",
                     "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                     "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}
                ).encode()  # fmt: skip
                self.send_response(endpoint.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"


@pytest.fixture
def endpoint(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    made = Endpoint()
    settings.ASSISTANT_GENERATOR_URL = made.url
    settings.ASSISTANT_GENERATOR = "m"
    monkeypatch.setattr(answers, "related_text", lambda *args, **about: RELATED)
    generator.breaker.reset()
    yield made
    generator.breaker.reset()
    made.server.shutdown()
    made.server.server_close()


def test_only_supported_sentences_are_shown_and_labelled(column: Page, endpoint: Endpoint) -> None:
    endpoint.says = (
        "申领居住证应当在本市居住满半年[1]。首次申领收工本费20元[1]。居住证全国通用。"
        "首次申领免收工本费[1]。可以打车去[7]。"
    )
    given = ask(
        "我叫王小明，13812345678，住多久能办证", make_question(column), decision=Decision.DECLINE
    )
    assert given.status is Status.DECLINED_NO_SOURCE
    assert given.record.content["machine"] == {
        "trust": "machine",
        "sentences": [
            {"text": "申领居住证应当在本市居住满半年。", "cites": [1]},
            {"text": "首次申领免收工本费。", "cites": [1]},
        ],
    }
    assert "居住满半年" not in given.record.text
    sent = json.dumps(endpoint.asked, ensure_ascii=False)
    assert "王小明" not in sent
    assert "13812345678" not in sent


def test_nothing_is_asked_where_there_is_an_answer_or_no_model(
    column: Page, endpoint: Endpoint, settings: Any
) -> None:
    entry = make_question(column)
    ask("小孩咋落户", entry)
    settings.ASSISTANT_GENERATOR_URL = ""
    given = ask("月球落户", entry, decision=Decision.DECLINE)
    assert given.record.content["machine"] is None
    assert endpoint.asked == []


def test_a_failing_model_is_left_alone(
    column: Page, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.status = 500
    entry = make_question(column)
    for _turn in range(5):
        given = ask("月球落户", entry, decision=Decision.DECLINE)
        assert given.status is Status.DECLINED_NO_SOURCE
        assert given.record.content["machine"] is None
    assert len(endpoint.asked) == 3


def test_a_gist_stands_beside_the_approved_text(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Machine:
        def translate(self, texts: list[str], *, source: str, target: str) -> list[str]:
            return [f"{target}: {text}" for text in texts]

    monkeypatch.setattr(gist, "capability", lambda name, site: Machine())
    entry = make_question(column)
    given = ask("How to register a baby", entry, language="fr")
    assert given.record.text == "到户籍派出所办理，带出生医学证明。"
    assert given.record.content["gist"]["trust"] == "machine"
    assert given.record.content["gist"]["text"] == "fr: 到户籍派出所办理，带出生医学证明。"
    assert ask("怎么上户口", entry).record.content["gist"] is None

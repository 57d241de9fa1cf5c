import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import numpy as np
import pytest

from assistant.retrieval.embedders import Embedders, Service, Unavailable
from tests.assistant.models import SmallModel


def test_a_question_is_embedded_once() -> None:
    model = SmallModel()
    embedders = Embedders([model], remembered=2)

    for text in ("甲", "甲", "乙", "甲", "丙", "乙"):
        embedders.question(text)

    assert model.asked == ["甲", "乙", "丙", "乙"]  # the oldest was forgotten


def test_a_model_that_fails_is_left_out() -> None:
    whole, broken = SmallModel("use"), SmallModel("e5")
    broken.broken = True

    assert list(Embedders([whole, broken]).question("甲")) == ["use"]


# --- a service ------------------------------------------------------------------------------------
class Server:
    """Speaks OpenAI's protocol; ``answer`` decides what it says."""

    def __init__(self) -> None:
        self.inputs: list[list[str]] = []
        self.status = 200
        self.dimensions = 3
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.inputs.append(body["input"])
                vectors = [[3.0, 4.0, *[0.0] * (outer.dimensions - 2)] for _ in body["input"]]
                answer = {
                    "object": "list",
                    "model": "m",
                    "usage": {"prompt_tokens": 1, "total_tokens": 1},
                    "data": [
                        {"object": "embedding", "index": number, "embedding": vector}
                        for number, vector in enumerate(vectors)
                    ],
                }
                content = json.dumps(answer).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: Any) -> None: ...

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.http.shutdown()
    found.http.server_close()


def test_a_service_gives_vectors_with_the_prefixes_of_its_model(server: Server) -> None:
    service = Service(server.url, "m", 3, prefixes=("query: ", "passage: "))

    vectors = service.embed(["甲"], "question")
    service.embed(["乙"], "answer")

    assert vectors.tolist() == [pytest.approx([0.6, 0.8, 0.0])]
    assert server.inputs == [["query: 甲"], ["passage: 乙"]]


def test_a_service_that_fails_is_left_alone_and_asked_again(server: Server) -> None:
    now = 0.0
    service = Service(server.url, "m", 3, rest=30, clock=lambda: now)
    server.status = 500
    for _ in range(5):
        with pytest.raises(Unavailable) as caught:
            service.embed(["甲"], "question")
        assert server.url not in str(caught.value)
    assert len(server.inputs) == 3

    server.status, now = 200, 31.0
    assert len(service.embed(["甲"], "question")) == 1


def test_vectors_of_a_wrong_size_are_refused(server: Server) -> None:
    with pytest.raises(Unavailable):
        Service(server.url, "m", 4).embed(["甲"], "question")


def test_a_service_that_is_not_there_costs_little_time() -> None:
    service = Service("http://127.0.0.1:9/v1", "m", 3, timeout=0.5)

    assert Embedders([service]).question("甲") == {}


def test_vectors_are_stored_in_half_precision() -> None:
    rows = Embedders([SmallModel()]).texts("service", ["甲"], "question")

    assert rows.dtype == np.dtype("<f2")

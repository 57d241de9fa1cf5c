"""What the bench of conversations counts: lost, doubled, refused; and that it does as it is asked."""

import asyncio
import json
from collections import Counter, defaultdict
from typing import Any

import pytest

from .talkers import Talked, missed, run

FINE = {"messages": 1, "errors": 0, "lost": 0, "doubled": 0, "refused": 0, "refused_without_retry_after": 0, "p95_ms": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [("errors", 1), ("lost", 1), ("doubled", 1), ("refused", 0.5), ("refused_without_retry_after", 1), ("p95_ms", 6001), ("messages", 0)],
)  # fmt: skip
def test_every_miss_is_named(name: str, value: float) -> None:
    assert missed(FINE) == []
    assert len(missed(FINE | {name: value})) == 1


def test_nobody_asked_is_a_miss() -> None:
    assert missed(Talked().figures())


class Portal:
    """Answers as the portal does, except for what it forgets or doubles."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.turns: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.messages: list[dict[str, Any]] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = int(head.lower().partition("content-length: ")[2].partition("\r")[0])
        body = json.loads(await reader.readexactly(size)) if size else {}
        path = head.split(" ")[1]
        content = self.read(path) if head.startswith("GET") else self.ask(body, head)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(content).encode())
        await writer.drain()
        writer.close()

    def read(self, path: str) -> Any:
        return {"turns": self.turns[path.rpartition("/")[2]]}

    def ask(self, body: dict[str, Any], head: str) -> Any:
        address = head.partition("X-Forwarded-For: ")[2].partition("\r")[0]
        turns = self.turns[address]
        known = next((one for one in turns if one["turn"] == body["turn"]), None)
        if known is None or self.fault == "doubles":
            self.messages.append(body)
            known = {"turn": body["turn"], "answer": {"id": f"{address}-{len(turns)}"}}
            if self.fault != "forgets":
                turns.append(known)
        step = {"form": "f"} if len(turns) % 2 else None
        prompt = {"step": step, "buttons": [{"payload": "/first"}, {"payload": "/second"}]}
        return {
            "conversation": address,
            "dialogue": "rasa",
            "prompt": prompt,
            "answer": known["answer"],
        }


def talk(fault: str = "") -> tuple[Portal, dict[str, float]]:
    portal = Portal(fault)

    async def scene() -> Talked:
        server = await asyncio.start_server(portal.answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            texts = iter(f"q{number}" for number in range(10_000))
            return await run(
                f"http://127.0.0.1:{port}", texts, visitors=10, every=0.05, seconds=0.5
            )

    return portal, asyncio.run(scene()).figures()


def test_conversations_go_on_and_follow_what_is_waited_for() -> None:
    portal, figures = talk()
    assert missed(figures) == []
    assert figures["led"] == 1.0
    assert figures["in_forms"]
    assert figures["kept"] == len(portal.messages) < figures["messages"]  # some were sent twice
    pressed = Counter(message.get("payload") for message in portal.messages)
    assert pressed["/first"]
    assert not pressed["/second"]
    assert all("conversation" in m for m in portal.messages[10:])


def test_what_is_forgotten_is_lost() -> None:
    assert talk("forgets")[1]["lost"]


def test_what_is_answered_twice_is_doubled() -> None:
    assert talk("doubles")[1]["doubled"]

"""Visitors who hold conversations: questions, buttons, forms; for ``visitors --dialogue``.

Each goes on with a conversation of its own and does what the assistant waits for: presses the first
button, writes what is asked, says yes. One message in ten is sent twice, as by a visitor whose
connection broke. At the end each reads its conversation again: every answer that was given stands there
once, and nothing else does.
"""

import asyncio
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .loads import percentile

MOST_REFUSED, P95_MS = 0.02, 6000.0
_TIMEOUT = 30.0
_BEGINS = ("/report_error", "/leave_letter", "/letter_status", "/office_hours")
_ENTRIES = (
    "路口的红绿灯坏了三天，晚上过马路很危险", "网页上的电话打不通", "小区门口的路灯不亮", "办事大厅的开门时间写错了",
)  # fmt: skip
_TALKS = 0.5  # the share of messages that begin something, where nothing is waited for
_TWICE = 0.1


@dataclass(slots=True)
class Talked:
    """What the visitors got. ``led`` by Rasa; ``lost`` and ``doubled`` answers; ``forms`` carried to
    their last question; ``waits``: told that the form goes on later."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    without_retry_after: int = 0
    led: int = 0
    kept: int = 0
    in_forms: int = 0
    led_in_forms: int = 0
    lost: int = 0
    doubled: int = 0

    def figures(self) -> dict[str, float]:
        total = sum(self.statuses.values())
        ordered = sorted(self.times)
        return {
            "messages": total,
            "errors": sum(n for status, n in self.statuses.items() if status >= 500 or not status),
            "refused": self.statuses[429] / total if total else 0.0,
            "refused_without_retry_after": self.without_retry_after,
            "led": self.led / total if total else 0.0,
            "in_forms": self.in_forms,
            "led_in_forms": self.led_in_forms / self.in_forms if self.in_forms else 0.0,
            "kept": self.kept,
            "lost": self.lost,
            "doubled": self.doubled,
            "p50_ms": round(percentile(ordered, 0.5), 1) if ordered else 0.0,
            "p95_ms": round(percentile(ordered, 0.95), 1) if ordered else 0.0,
            "p99_ms": round(percentile(ordered, 0.99), 1) if ordered else 0.0,
        }


def missed(figures: dict[str, float]) -> list[str]:
    """The bars that a run missed, in words."""
    found = []
    if not figures["messages"] or figures["errors"]:
        found.append(f"{figures['errors']:.0f} of {figures['messages']:.0f} got an error")
    if figures["lost"] or figures["doubled"]:
        found.append(f"{figures['lost']:.0f} answers lost, {figures['doubled']:.0f} doubled")
    if figures["refused"] > MOST_REFUSED:
        found.append(f"{figures['refused']:.1%} were refused")
    if figures["refused_without_retry_after"]:
        found.append("some were refused without being told when to come back")
    if figures["p95_ms"] > P95_MS:
        found.append(f"the 95th percentile is {figures['p95_ms']:.0f} ms")
    return found


async def run(
    url: str, texts: Iterator[str], *, visitors: int, every: float, seconds: float
) -> Talked:
    """Let all visitors talk; the first messages are spread over the first interval."""
    talked = Talked()
    ends = time.monotonic() + seconds
    talkers = [
        _Talker(url, f"198.18.{number // 250}.{number % 250}", texts, talked, random.Random(number))
        for number in range(visitors)
    ]
    await asyncio.gather(
        *(
            talker.talk(every * number / visitors, every, ends)
            for number, talker in enumerate(talkers)
        )
    )
    for talker in talkers:
        await talker.check()
    return talked


class _Talker:
    def __init__(
        self, url: str, address: str, texts: Iterator[str], talked: Talked, chance: random.Random
    ) -> None:
        self._url, self._address, self._texts = url, address, texts
        self._talked, self._chance = talked, chance
        self._conversation: str | None = None
        self._prompt: dict[str, Any] | None = None
        self._given: dict[str, str] = {}  # the answer of each turn

    async def talk(self, begins: float, every: float, ends: float) -> None:
        await asyncio.sleep(begins)
        while time.monotonic() < ends:
            started = time.monotonic()
            message = self._next()
            if self._chance.random() < _TWICE:
                await asyncio.gather(self._send(message), self._send(message))
            else:
                await self._send(message)
            await asyncio.sleep(max(0.0, every - (time.monotonic() - started)))

    def _next(self) -> dict[str, Any]:
        message: dict[str, Any] = {"turn": str(uuid.uuid4())}
        if self._conversation:
            message["conversation"] = self._conversation
        prompt = self._prompt
        if prompt and prompt["step"]:
            self._talked.in_forms += 1
            if prompt["buttons"]:
                return message | {"payload": prompt["buttons"][0]["payload"]}
            return message | {"text": self._chance.choice(_ENTRIES)}
        if self._chance.random() < _TALKS:
            return message | {"payload": self._chance.choice(_BEGINS)}
        return message | {"text": next(self._texts)}

    async def _send(self, message: dict[str, Any]) -> None:
        was_form = bool(self._prompt and self._prompt["step"])
        started = time.monotonic()
        status, head, body = await self._ask("POST", "/messages", message)
        talked = self._talked
        talked.statuses[status] += 1
        talked.times.append((time.monotonic() - started) * 1000)
        if status == 429:
            talked.without_retry_after += "retry-after:" not in head
        if status != 200:
            return
        reply = json.loads(body)
        talked.led += reply["dialogue"] == "rasa"
        talked.led_in_forms += was_form and reply["dialogue"] == "rasa"
        self._conversation = reply["conversation"] or self._conversation
        self._prompt = reply["prompt"]
        if (answer := reply["answer"]["id"]) is not None:
            known = self._given.setdefault(message["turn"], answer)
            talked.doubled += known != answer

    async def check(self) -> None:
        """Read the conversation again. Answers of messages whose reply was not seen may be there."""
        if not self._conversation:
            return
        status, _head, body = await self._ask("GET", f"/conversations/{self._conversation}")
        if status != 200:
            self._talked.lost += len(self._given)
            return
        turns = json.loads(body)["turns"]
        there = Counter(turn["turn"] for turn in turns)
        ids = {turn["turn"]: turn["answer"]["id"] for turn in turns}
        self._talked.kept += len(turns)
        self._talked.doubled += sum(number - 1 for number in there.values())
        self._talked.lost += sum(ids.get(name) != answer for name, answer in self._given.items())

    async def _ask(
        self, method: str, path: str, content: dict[str, Any] | None = None
    ) -> tuple[int, str, bytes]:
        try:
            async with asyncio.timeout(_TIMEOUT):
                return await self._exchange(method, path, content)
        except OSError:  # refused, reset or timed out
            return 0, "", b""

    async def _exchange(
        self, method: str, path: str, content: dict[str, Any] | None
    ) -> tuple[int, str, bytes]:
        parts = urlsplit(self._url)
        body = b"" if content is None else json.dumps(content).encode()
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        try:
            writer.write(
                f"{method} /api/v1/assistant{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                f"X-Forwarded-For: {self._address}\r\nX-Forwarded-Proto: https\r\n"
                "Connection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
        head, _, content_bytes = answer.partition(b"\r\n\r\n")
        text = head.decode("latin-1")
        words = text.split(" ", 2)
        return (int(words[1]) if len(words) > 1 else 0), text.lower(), content_bytes

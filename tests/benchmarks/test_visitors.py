"""What the bench of visitors counts, and what it calls a miss."""

import asyncio
import itertools
import json
from collections import Counter

from .visitors import Asked, missed, questions, run


def test_figures_and_bars() -> None:
    fine = Asked(Counter({200: 990, 429: 10}), [100.0] * 960 + [900.0] * 40).figures()
    assert (fine["questions"], fine["errors"], fine["refused"]) == (1000, 0, 0.01)
    assert (fine["p50_ms"], fine["p95_ms"], fine["p99_ms"]) == (100.0, 100.0, 900.0)
    assert missed(fine) == []


def test_every_miss_is_named() -> None:
    bad = Asked(Counter({200: 90, 503: 1, 0: 1, 429: 8}), [2500.0] * 100, 8).figures()
    assert len(missed(bad)) == 4
    assert missed(Asked().figures())


def test_questions_differ() -> None:
    first = list(itertools.islice(questions(), 2_400))
    assert len(set(first)) == 2_400


def test_each_visitor_asks_in_turn_with_an_address_of_its_own() -> None:
    """Against a server that answers the third question of all with 429."""
    seen: list[tuple[str, str]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = int(head.lower().partition("content-length: ")[2].partition("\r")[0])
        body = json.loads(await reader.readexactly(size))
        seen.append((head.partition("X-Forwarded-For: ")[2].partition("\r")[0], body["text"]))
        status = "429 No\r\nRetry-After: 9" if len(seen) == 3 else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\n\r\n{{}}".encode())
        await writer.drain()
        writer.close()

    async def scene() -> Asked:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await run(f"http://127.0.0.1:{port}", visitors=3, every=0.2, seconds=0.5)

    asked = asyncio.run(scene())
    assert asked.statuses[429] == 1
    assert asked.statuses[200] == len(seen) - 1
    assert asked.without_retry_after == 0
    assert len({address for address, _text in seen}) == 3

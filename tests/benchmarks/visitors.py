"""Many visitors who ask the assistant, each a question now and then, as on a busy day.

    python -m tests.benchmarks.visitors --url http://127.0.0.1:8000

asks a portal that runs (``portal serve``) and has a knowledge base. 200 visitors with addresses of
their own ask one question each ten seconds for two minutes; no two ask the same words at once, so
that no memory of questions helps. With ``--dialogue`` they hold conversations, forms too
(``talkers``). Prints one JSON object; with ``--strict`` the exit code is 1 when a bar is missed.
"""

import argparse
import asyncio
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import talkers
from .loads import percentile

VISITORS, EVERY, SECONDS = 200, 10.0, 120.0
# No 5xx; at most this share refused with 429 (and told when to come back); this 95th percentile.
MOST_REFUSED, P95_MS = 0.02, 2000.0
_TIMEOUT = 30.0
_MATTERS = (
    "居住证", "老年卡", "公积金", "社保", "医保", "生育津贴", "新生儿户口", "小学报名", "公租房",
    "驾驶证", "车辆年检", "营业执照", "个体户注销", "个税", "契税", "护照", "外国人居留",
    "失业金", "退休", "残疾证", "婚姻登记", "身份证补办", "电动车上牌", "高龄津贴", "异地就医",
)  # fmt: skip
_QUESTIONS = (
    "{}怎么办理？", "办{}要带什么材料", "{}去哪里办", "{}可以网上办吗", "{}多久能办好？", "{}要交多少钱",
    "我家老人想问一下{}的事，找谁", "{}过期了怎么办", "外地人能办{}吗", "帮别人代办{}行不行",
)  # fmt: skip


_BEGINNINGS = (
    "", "请问", "您好，", "想问一下，", "我是新来的，", "麻烦问下，", "急！", "我妈让我问：",
    "打电话没人接，", "在网上没查到，",
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """What the visitors got: statuses with their numbers, times in milliseconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    without_retry_after: int = 0

    def figures(self) -> dict[str, float]:
        total = sum(self.statuses.values())
        ordered = sorted(self.times)
        errors = sum(n for status, n in self.statuses.items() if status >= 500 or status == 0)
        return {
            "questions": total,
            "errors": errors,
            "refused": self.statuses[429] / total if total else 0.0,
            "refused_without_retry_after": self.without_retry_after,
            "p50_ms": round(percentile(ordered, 0.5), 1) if ordered else 0.0,
            "p95_ms": round(percentile(ordered, 0.95), 1) if ordered else 0.0,
            "p99_ms": round(percentile(ordered, 0.99), 1) if ordered else 0.0,
        }


def missed(figures: dict[str, float]) -> list[str]:
    """The bars that a run missed, in words."""
    found = []
    if not figures["questions"] or figures["errors"]:
        found.append(f"{figures['errors']:.0f} of {figures['questions']:.0f} got an error")
    if figures["refused"] > MOST_REFUSED:
        found.append(f"{figures['refused']:.1%} were refused")
    if figures["refused_without_retry_after"]:
        found.append("some were refused without being told when to come back")
    if figures["p95_ms"] > P95_MS:
        found.append(f"the 95th percentile is {figures['p95_ms']:.0f} ms")
    return found


def questions(seed: int = 0) -> Iterator[str]:
    """Questions without an end; 2,500 different ones before the first comes again."""
    every = [
        begin + form.format(matter)
        for begin in _BEGINNINGS
        for form in _QUESTIONS
        for matter in _MATTERS
    ]
    random.Random(seed).shuffle(every)
    return itertools.cycle(every)


async def run(url: str, *, visitors: int, every: float, seconds: float) -> Asked:
    """Let all visitors ask; the first questions are spread over the first interval."""
    asked, texts = Asked(), questions()
    ends = time.monotonic() + seconds
    await asyncio.gather(
        *(
            _visitor(url, number, texts, asked, every * number / visitors, every, ends)
            for number in range(visitors)
        )
    )
    return asked


async def _visitor(
    url: str,
    number: int,
    texts: Iterator[str],
    asked: Asked,
    begins: float,
    every: float,
    ends: float,
) -> None:
    await asyncio.sleep(begins)
    while time.monotonic() < ends:
        started = time.monotonic()
        try:
            async with asyncio.timeout(_TIMEOUT):
                status, head = await _ask(
                    url, next(texts), f"198.18.{number // 250}.{number % 250}"
                )
        except OSError:  # refused, reset or timed out
            status, head = 0, ""
        asked.statuses[status] += 1
        asked.times.append((time.monotonic() - started) * 1000)
        if status == 429 and "retry-after:" not in head:
            asked.without_retry_after += 1
        await asyncio.sleep(max(0.0, every - (time.monotonic() - started)))


async def _ask(url: str, text: str, address: str) -> tuple[int, str]:
    """One question on a connection of its own; the status and the head in lower case."""
    parts = urlsplit(url)
    body = json.dumps({"text": text}).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        writer.write(
            f"POST /api/v1/assistant/messages HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: https\r\n"
            "Connection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    words = head.split(" ", 2)
    return (int(words[1]) if len(words) > 1 else 0), head.lower()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.visitors")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--every", type=float, default=EVERY, help="seconds between two questions")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--dialogue", action="store_true", help="conversations with forms")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args(arguments)
    about = {
        "visitors": options.visitors,
        "every": options.every,
        "seconds": options.seconds,
    }
    if options.dialogue:
        talked = asyncio.run(talkers.run(options.url, questions(), **about))
        figures, statuses = talked.figures(), talked.statuses
        over = talkers.missed(figures)
    else:
        asked = asyncio.run(run(options.url, **about))
        figures, statuses = asked.figures(), asked.statuses
        over = missed(figures)
    print(json.dumps(figures | {"statuses": dict(statuses), "missed": over}))
    return 1 if options.strict and over else 0


if __name__ == "__main__":
    sys.exit(main())

"""The bars of ``letters``, and how its figures are printed."""

from collections.abc import Iterable, Mapping
from typing import Any

from .bars import Judgement

GROWTH = 1.5
# Nobody waits for what runs by itself: it is held to a time, whatever there is.
BACKGROUND_MS = 1_000
# The first view after public content has changed, by one process.
COLD_MS = 1_500


def judge_letters(subject: str, seen: Mapping[str, Any]) -> list[Judgement]:
    """Every screen with many rows against the same with few, and its SQL queries."""
    judgements = []
    for key, row in seen["screens"].items():
        few, many, name = row["few"], row["many"], f"{key}, {subject}"
        if row["bar"] is None:
            judgements.append(Judgement(name, "CPU ms", many["cpu_ms"], BACKGROUND_MS))
            continue
        judgements += [
            Judgement(name, "CPU growth", many["cpu_ms"] / few["cpu_ms"], GROWTH),
            Judgement(name, "SQL queries", many["queries"], row["bar"]),
        ]
    judgements += [
        Judgement(f"{key}, nothing kept, {subject}", "CPU ms", row["many_ms"], COLD_MS)
        for key, row in seen["cold"].items()
    ]
    return judgements


def rows_of(seen: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    """A line for each screen: queries, CPU with few and with many."""
    for key, row in seen["screens"].items():
        few, many = row["few"], row["many"]
        yield (
            key,
            f"{few['queries']} / {many['queries']}",
            f"{few['cpu_ms']:.1f}",
            f"{many['cpu_ms']:.1f}",
            f"{many['cpu_ms'] / few['cpu_ms']:.2f}",
        )
    for key, row in seen["cold"].items():
        few_ms, many_ms = row["few_ms"], row["many_ms"]
        ratio = f"{many_ms / few_ms:.2f}"
        yield f"{key}, nothing kept", "", f"{few_ms:.1f}", f"{many_ms:.1f}", ratio


def headings_of(seen: Mapping[str, Any]) -> tuple[str, ...]:
    few, many = f"{seen['few']:,}", f"{seen['many']:,}"
    return f"{few} and {many} letters", "queries", f"CPU ms, {few}", f"CPU ms, {many}", "growth"

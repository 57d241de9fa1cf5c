"""The table that is printed and the file that is written."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .bars import (
    SEARCH_CHANGES,
    Cost,
    Judgement,
    judge_admin,
    judge_browser,
    judge_foreign,
    judge_growth,
    judge_pages,
    judge_policies,
    judge_retrieval,
    judge_scan,
    judge_search,
    judge_suggest,
)
from .browser import Seen, Typed
from .letters_bars import headings_of, judge_letters, rows_of
from .loads import CLIENTS
from .measure import ROUNDS, Measurement
from .servers import WORKERS
from .stored import judge_exact, judge_store

REFERENCES = ("hello", "static file")
_LOAD_HEADINGS = (
    "page",
    "KB",
    "queries",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU ms app",
    "CPU ms db",
    "CPU ÷ hello",
    "hello ÷ page",
)


@dataclass(slots=True)
class Session:
    """Everything measured together: one database, one number of articles, one set of runs.

    ``label`` is empty for the session of the references alone. ``public`` and ``admin`` hold the
    in-process figures of ``inprocess`` by page.
    """

    label: str = ""
    articles: int = 0
    fill_seconds: float | None = None
    loads: dict[str, Measurement] = field(default_factory=dict)
    public: dict[str, dict[str, float]] = field(default_factory=dict)
    admin: dict[str, dict[str, float]] = field(default_factory=dict)
    scan_ms: float | None = None
    browser: dict[str, Seen] = field(default_factory=dict)
    typing: Typed | None = None
    foreign: dict[str, Any] = field(default_factory=dict)
    letters: dict[str, Any] = field(default_factory=dict)
    policies: dict[str, Any] = field(default_factory=dict)
    retrieval: dict[str, dict[str, float]] = field(default_factory=dict)
    search: dict[str, dict[str, Any]] = field(default_factory=dict)
    suggest: dict[str, Any] = field(default_factory=dict)
    is_store: bool = False
    exact: dict[str, Any] = field(default_factory=dict)

    @property
    def has_figures(self) -> bool:
        others = self.foreign or self.policies or self.retrieval or self.search or self.suggest
        in_process = self.public or self.admin or self.letters or others
        return bool(self.loads or self.browser or in_process)

    @property
    def subject(self) -> str:
        if self.browser or self.retrieval or self.search or self.suggest or self.is_store:
            return self.label
        if self.foreign:
            pages, languages = self.foreign["pages"], self.foreign["languages"]
            return f"{self.label}, {pages:,} core pages × {languages} languages"
        if self.letters:
            guides = self.letters["guides"][-1]
            return f"{self.label}, {self.letters['many']:,} letters, {guides:,} guides"
        if self.policies:
            return f"{self.label}, {self.policies['documents']:,} documents"
        return f"{self.label}, {self.articles:,} articles" if self.label else "references"

    def ratio(self, key: str) -> float | None:
        """How many times the requests of ``key`` hello serves."""
        hello, page = self.loads.get("hello"), self.loads.get(key)
        if hello is None or page is None:
            return None
        return hello.requests_per_second / page.requests_per_second

    def cpu_ratio(self, key: str) -> float | None:
        """CPU of application and database for ``key`` ÷ CPU for hello."""
        hello, page = self.loads.get("hello"), self.loads.get(key)
        if hello is None or page is None or not hello.cpu_ms or page.cpu_ms is None:
            return None
        return page.cpu_ms / hello.cpu_ms

    def page_costs(self) -> dict[str, Cost]:
        """The public pages, as ``bars`` wants them."""
        return {
            key: Cost(
                ratio=self.ratio(key),
                cpu_ms=self.loads[key].cpu_ms if key in self.loads else None,
                queries=_whole(self.public.get(key, {}).get("queries")),
            )
            for key in (
                *self.public,
                *(key for key in self.loads if key not in self.public),
            )
            if key not in REFERENCES
        }

    def admin_costs(self) -> dict[str, Cost]:
        """The editors' pages; their ratio is CPU against CPU."""
        hello = self.loads.get("hello")
        unit = hello.app_cpu_ms if hello else None
        return {
            key: Cost(
                ratio=figures["cpu_ms"] / unit if unit else None,
                cpu_ms=figures["cpu_ms"],
                queries=_whole(figures["queries"]),
            )
            for key, figures in self.admin.items()
        }


def judge(sessions: Sequence[Session]) -> list[Judgement]:
    """All bars that the sessions have figures for."""
    judgements: list[Judgement] = []
    smallest: dict[str, Session] = {}
    for session in sessions:
        if session.browser:
            figures: dict[str, object] = dict(session.browser)
            if session.typing:
                figures["typing"] = session.typing
            judgements += judge_browser(session.subject, figures)
            continue
        if session.retrieval:
            judgements += judge_retrieval(session.subject, session.retrieval)
            continue
        if session.search:
            judgements += judge_search(session.subject, session.search)
            continue
        if session.suggest:
            judgements += judge_suggest(session.subject, session.suggest)
            continue
        if session.is_store:
            judgements += judge_store(session.subject, session.loads)
            judgements += judge_exact(session.subject, session.exact)
            continue
        if session.foreign:
            judgements += judge_foreign(session.subject, session.foreign)
            continue
        if session.letters:
            judgements += judge_letters(session.subject, session.letters)
            continue
        if session.policies:
            judgements += judge_policies(session.subject, session.policies)
            continue
        judgements += judge_pages(session.subject, session.page_costs())
        judgements += judge_admin(session.subject, session.admin_costs())
        if session.scan_ms is not None and "article" in session.public:
            article = session.public["article"]["cpu_ms"]
            judgements += judge_scan(session.subject, session.scan_ms, article)
        small = smallest.setdefault(session.label, session)
        if small is not session:
            subject = f"{session.label}, {small.articles:,} → {session.articles:,}"
            judgements += judge_growth(subject, small.page_costs(), session.page_costs())
            judgements += judge_growth(subject, small.admin_costs(), session.admin_costs())
    return judgements


def render(sessions: Sequence[Session], judgements: Sequence[Judgement], notes: list[str]) -> str:
    """The whole report as text."""
    heading = (
        f"{WORKERS} gunicorn sync workers, {CLIENTS} clients at once, best of {ROUNDS}"
        " interleaved runs, production settings, nothing stored but where it is said"
    )
    blocks = [heading, *(_session_block(session) for session in sessions)]
    if judgements:
        blocks.append(_judgement_block(judgements))
    blocks += notes
    return "\n\n".join(blocks)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their content; the first is aligned left, the others right."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    rendered = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    rendered.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(rendered)


def write_json(
    path: Path,
    sessions: Sequence[Session],
    judgements: Sequence[Judgement],
    machine: Mapping[str, Any],
) -> None:
    """Write the same figures for programs; the file is replaced whole."""
    content = {
        "machine": dict(machine),
        "sessions": [
            {
                **asdict(session),
                "loads": {
                    key: {
                        **asdict(load),
                        "cpu_ms": load.cpu_ms,
                        "hello_ratio": session.ratio(key),
                    }
                    for key, load in session.loads.items()
                },
            }
            for session in sessions
        ],
        "judgements": [
            {**asdict(judgement), "verdict": judgement.verdict} for judgement in judgements
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def machine(seconds: float) -> dict[str, Any]:
    """Where and when the figures were taken."""
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "load_average_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "workers": WORKERS,
        "clients": CLIENTS,
        "rounds": ROUNDS,
        "seconds_per_run": seconds,
    }


def _session_block(session: Session) -> str:
    parts = [f"== {session.subject} =="]
    if session.fill_seconds is not None:
        parts.append(f"synthetic content added in {session.fill_seconds:.0f} s")
    if session.loads:
        parts.append(
            table(
                _LOAD_HEADINGS,
                (_load_row(session, key) for key in session.loads),
            )
        )
    if session.browser:
        parts.append(
            table(
                ("on a slow phone", "LCP ms", "CLS", "KB", "KB images", "requests"),
                (
                    (
                        key,
                        f"{seen.paint_ms:,.0f}",
                        f"{seen.shift:.3f}",
                        f"{seen.weight_kb:.0f}",
                        f"{seen.images_kb:.0f}",
                        f"{seen.requests}",
                    )
                    for key, seen in session.browser.items()
                ),
            )
        )
        parts += [f"largest in {key}: {seen.element}" for key, seen in session.browser.items()]
    if session.retrieval:
        figures = list(next(iter(session.retrieval.values())))
        parts.append(
            table(
                ("answers, ms", *(f"{int(entries):,} entries" for entries in session.retrieval)),
                (
                    (name, *(f"{seen[name]:.2f}" for seen in session.retrieval.values()))
                    for name in figures
                ),
            )
        )
    if session.search:
        parts += _search_blocks(session.search)
    if session.suggest:
        parts += _suggest_blocks(session.suggest)
    if session.foreign:
        pages = {key: cost for key, cost in session.foreign.items() if isinstance(cost, dict)}
        parts.append(
            table(
                ("foreign sections", "queries", "CPU ms", "KB"),
                (
                    (
                        key,
                        f"{cost['queries']:.0f}",
                        f"{cost['cpu_ms']:.1f}",
                        f"{cost['bytes'] / 1024:.0f}",
                    )
                    for key, cost in pages.items()
                ),
            )
        )
        parts.append(f"a changed paragraph in one language: {session.foreign['sync_ms']:.1f} ms")
        parts.append(
            f"the memory's answer for one paragraph: {session.foreign['memory_ms']:.2f} ms"
        )
        parts.append(f"page in traditional characters: {session.foreign['zh_hant_ms']:.2f} ms")
    if session.exact:
        changes = session.exact["changes"]
        columns = ("changed", "out", "missed", "needless", "publish_ms", "settle_ms")
        parts.append(
            table(
                (f"one change, {session.exact['pages']:,} stored pages", *columns),
                ((name, *(f"{seen[c]:,.0f}" for c in columns)) for name, seen in changes.items()),
            )
        )
    if session.letters:
        parts.append(table(headings_of(session.letters), rows_of(session.letters)))
    if session.policies:
        parts.append(
            table(
                ("documents from files, ms each", "few", "many"),
                (
                    (kind, f"{few:.1f}", f"{session.policies['many'][kind]:.1f}")
                    for kind, few in session.policies["few"].items()
                ),
            )
        )
    inprocess = {**({} if session.loads else session.public), **session.admin}
    if inprocess:
        costs = session.admin_costs()
        parts.append(
            table(
                ("in one process", "KB", "queries", "CPU ms", "CPU ÷ hello"),
                (
                    (
                        key,
                        f"{figures['bytes'] / 1024:.0f}",
                        f"{figures['queries']:.0f}",
                        f"{figures['cpu_ms']:.1f}",
                        _number(costs[key].ratio if key in costs else None, 0),
                    )
                    for key, figures in inprocess.items()
                ),
            )
        )
    return "\n".join(parts)


def _search_blocks(search: Mapping[str, Mapping[str, Any]]) -> list[str]:
    parts = []
    fewest = search[min((number for number in search if number.isdecimal()), key=int)]
    for documents, figures in search.items():
        if documents == "stock":
            parts.append(
                f"a word in {figures['documents']:,} pages: {figures['stock_ms']:.1f} ms by what"
                f" Wagtail brings, finding {figures['stock_found']:.1%} of what holds it;"
                f" {figures['engine_ms']:.2f} ms by the engine, finding"
                f" {figures['engine_found']:.1%}"
            )
            continue
        if documents == "freshness":
            parts.append(
                table(
                    ("search follows, seconds", "p50", "p95", "most"),
                    (
                        (title, *(f"{figures[change][key]:.2f}" for key in ("p50", "p95", "most")))
                        for change, title in SEARCH_CHANGES.items()
                    ),
                )
            )
            continue
        database = figures.get("database", {})
        kinds = [kind for kind, cost in figures.items() if isinstance(cost, dict) and "p50" in cost]
        parts.append(
            table(
                (
                    f"search, {int(documents):,}, CPU ms",
                    "p50",
                    "p95",
                    "÷ fewest documents",
                    "the database by itself",
                ),
                (
                    (
                        kind,
                        f"{figures[kind]['p50']:.2f}",
                        f"{figures[kind]['p95']:.2f}",
                        f"{figures[kind]['p95'] / fewest[kind]['p95']:.1f}",
                        _number(database.get(kind), 1),
                    )
                    for kind in kinds
                ),
            )
        )
        parts.append(
            f"index made in {figures['build_s']:.0f} s ({figures['build_cpu_s']:.0f} s of CPU),"
            f" {figures['size_mb']:.0f} MB"
        )
    return parts


def _suggest_blocks(figures: Mapping[str, Any]) -> list[str]:
    word = figures["word"]["p50"]
    return [
        table(
            (f"beside search, {figures['documents']:,}, CPU ms", "p50", "p95", "a word = 1"),
            (
                (kind, f"{cost['p50']:.2f}", f"{cost['p95']:.2f}", f"{cost['p50'] / word:.1f}")
                for kind, cost in figures.items()
                if isinstance(cost, dict)
            ),
        ),
        f"names made in {figures['names_s']:.0f} s of CPU, {figures['names_mb']:.0f} MB; vectors"
        f" entered in {figures['vectors_s']:.0f} s of CPU, {figures['vectors_mb']:.0f} MB",
    ]


def _load_row(session: Session, key: str) -> tuple[str, ...]:
    load = session.loads[key]
    return (
        key,
        f"{load.body_bytes / 1024:.1f}",
        _number(session.public.get(key, {}).get("queries"), 0),
        f"{load.requests_per_second:,.1f}",
        f"{load.p50_ms:.2f}",
        f"{load.p99_ms:.2f}",
        _number(load.app_cpu_ms, 2),
        _number(load.database_cpu_ms, 2),
        _number(session.cpu_ratio(key), 1),
        _number(session.ratio(key), 1),
    )


def _judgement_block(judgements: Sequence[Judgement]) -> str:
    return "== bars ==\n" + table(
        ("page", "figure", "measured", "bar", "goal", "verdict"),
        (
            (
                judgement.subject,
                judgement.figure,
                f"{judgement.value:.4g}",
                f"≤ {judgement.bar:g}",
                "" if judgement.goal is None else f"≤ {judgement.goal:g}",
                judgement.verdict,
            )
            for judgement in judgements
        ),
    )


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)

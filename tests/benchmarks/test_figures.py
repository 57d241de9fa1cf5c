"""The arithmetic of the benchmarks: a wrong figure would be believed."""

import json
from pathlib import Path
from typing import Any

import pytest

from .bars import (
    SEARCH_BARS,
    Cost,
    Judgement,
    judge_browser,
    judge_foreign,
    judge_growth,
    judge_pages,
    judge_policies,
    judge_search,
)
from .browser import Seen, median_of
from .cpu import CpuReading, parse_stat
from .databases import with_database
from .loads import LoadFailed, LoadResult, percentile, summarise
from .measure import Measurement, Run, best
from .report import Session, judge, render, table, write_json


def load(rate: float) -> LoadResult:
    return LoadResult(
        requests=100, requests_per_second=rate, p50_ms=1.0, p99_ms=2.0, body_bytes=1024
    )


def measurement(key: str, rate: float, cpu: float | None) -> Measurement:
    return Measurement(
        key=key,
        requests=100,
        requests_per_second=rate,
        p50_ms=1.0,
        p99_ms=2.0,
        body_bytes=2048,
        app_cpu_ms=cpu,
        database_cpu_ms=None if cpu is None else cpu / 4,
    )


def session(articles: int, *, rate: float = 200.0, cpu: float = 8.0, queries: int = 6) -> Session:
    return Session(
        label="PostgreSQL 15",
        articles=articles,
        loads={
            "hello": measurement("hello", 3000.0, 0.4),
            "article": measurement("article", rate, cpu),
        },
        public={"article": {"queries": queries, "cpu_ms": 7.0, "bytes": 2048}},
        admin={"explorer": {"queries": 30, "cpu_ms": 200.0, "bytes": 90_000}},
    )


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.99, 10), (1.0, 10)]
)
def test_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile(range(1, 11), share) == expected


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_rates_of_clients_side_by_side_are_added() -> None:
    answer = {"latencies": [1000, 3000], "errors": {}, "seconds": 2.0, "bytes": 10}
    result = summarise([answer, answer], "/")
    assert result.requests == 4
    assert result.requests_per_second == pytest.approx(2.0)
    assert (result.p50_ms, result.p99_ms) == (1.0, 3.0)


def test_one_bad_answer_fails_the_load() -> None:
    good = {"latencies": [1000], "errors": {}, "seconds": 1.0, "bytes": 10}
    bad = {
        "latencies": [1000],
        "errors": {"status 500": 2},
        "seconds": 1.0,
        "bytes": 10,
    }
    with pytest.raises(LoadFailed, match="2 × status 500"):
        summarise([good, bad], "/")


def test_processor_time_survives_brackets_in_the_name() -> None:
    stat = "12 (a) b) (c) S 1 2 3 4 5 6 7 8 9 10 40 2 0 0 20 0 1 0 100"
    assert parse_stat(stat) == 42


def test_processor_time_of_other_processes_is_no_figure() -> None:
    before = CpuReading({1: 1.0, 2: 1.0})
    assert CpuReading({1: 1.5, 2: 1.25}).since(before) == pytest.approx(0.75)
    assert CpuReading({1: 1.5, 3: 0.1}).since(before) is None
    assert CpuReading({}).since(CpuReading({})) is None


def test_best_takes_the_fastest_run_and_the_least_cpu() -> None:
    chosen = best("x", [Run(load(10.0), 2.0, 0.5), Run(load(20.0), 3.0, None)])
    assert chosen.requests_per_second == 20.0
    assert (chosen.app_cpu_ms, chosen.database_cpu_ms) == (2.0, 0.5)
    assert chosen.requests == 200


def test_database_name_is_replaced_and_the_rest_kept() -> None:
    url = "postgres://user:secret@127.0.0.1:5433/first?sslmode=disable"
    assert with_database(url, "x") == "postgres://user:secret@127.0.0.1:5433/x?sslmode=disable"


@pytest.mark.parametrize(
    ("value", "verdict"), [(14, "goal"), (14.1, "pass"), (20, "pass"), (20.1, "FAIL")]
)
def test_verdict(value: float, verdict: str) -> None:
    assert Judgement("article", "ratio", value, bar=20, goal=14).verdict == verdict


def test_a_page_without_figures_is_not_judged() -> None:
    assert judge_pages("x", {"article": Cost(None, None, None)}) == []


def test_growth_compares_cpu_and_queries() -> None:
    small, large = Cost(15, 10.0, 6), Cost(15, 13.1, 7)
    cpu, queries = judge_growth("x", {"list": small}, {"list": large})
    assert cpu.value == pytest.approx(1.31)
    assert not cpu.passed
    assert queries.value == 1
    assert not queries.passed


def test_growth_without_cpu_is_no_growth_figure() -> None:
    assert judge_growth("x", {"list": Cost(1, None, None)}, {"list": Cost(1, 2.0, None)}) == []


def test_sessions_are_judged_against_the_smallest_of_the_same_database() -> None:
    figures = {
        (judgement.subject, judgement.figure): judgement
        for judgement in judge([session(100), session(100_000, cpu=9.0)])
    }
    growth = figures["article, PostgreSQL 15, 100 → 100,000", "CPU growth"]
    assert growth.value == pytest.approx(9 / 8)
    assert figures["article, PostgreSQL 15, 100 articles", "SQL queries"].verdict == "goal"
    explorer = figures["admin explorer, PostgreSQL 15, 100 articles", "CPU ÷ hello's CPU"]
    assert explorer.value == pytest.approx(500)


def test_report_shows_every_missed_bar(tmp_path: Path) -> None:
    sessions = [session(100, rate=100.0, queries=11)]
    judgements = judge(sessions)
    text = render(sessions, judgements, ["a note"])
    assert text.count("FAIL") == 2
    assert text.endswith("a note")
    target = tmp_path / "new" / "bench.json"
    write_json(target, sessions, judgements, {"cores": 2})
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["sessions"][0]["loads"]["article"]["hello_ratio"] == pytest.approx(30)
    assert written["sessions"][0]["loads"]["article"]["cpu_ms"] == pytest.approx(10)
    assert [row["verdict"] for row in written["judgements"]].count("FAIL") == 2
    assert [path.name for path in target.parent.iterdir()] == ["bench.json"]


def test_table_aligns_the_first_column_left() -> None:
    assert table(("a", "n"), [("long", "1"), ("b", "22")]).splitlines() == [
        "a      n",
        "----  --",
        "long   1",
        "b     22",
    ]


# --- the browser ----------------------------------------------------------------------------------
def seen(paint_ms: float, *, shift: float = 0.0, weight_kb: float = 50.0) -> Seen:
    return Seen(paint_ms, shift, weight_kb, images_kb=20.0, requests=12, element="<img>")


def test_one_slow_load_does_not_decide() -> None:
    middle = median_of([seen(900), seen(9000), seen(1000), seen(950), seen(980)])
    assert middle.paint_ms == 980


def test_browser_bars_name_what_is_over() -> None:
    judgements = judge_browser(
        "x", {"home": seen(1600, weight_kb=401), "list": seen(5000), "article": seen(1, shift=0.03)}
    )
    assert [(j.subject, j.figure) for j in judgements if not j.passed] == [
        ("portal home, x", "largest contentful paint, ms"),
        ("portal home, x", "KB without images"),
        ("article, x", "cumulative layout shift"),
    ]


def test_a_session_of_the_browser_alone_is_reported() -> None:
    alone = Session(label="SQLite, slow phone", browser={"home": seen(1234)})
    assert alone.has_figures
    assert not Session(label="nothing").has_figures
    report = render([alone], judge([alone]), [])
    assert "1,234" in report
    assert "portal home, SQLite, slow phone" in report


def test_foreign_sections_are_held_to_the_cost_of_an_article() -> None:
    seen = {
        "pages": 1000,
        "languages": 5,
        "article": {"queries": 6, "cpu_ms": 10.0, "bytes": 1},
        "board": {"queries": 31, "cpu_ms": 150.0, "bytes": 1},
        "boards": {"queries": 12, "cpu_ms": 201.0, "bytes": 1},
        "sync_ms": 310.0,
        "memory_ms": 31.0,
        "zh_hant_ms": 9.0,
    }
    judgements = judge_foreign("x", seen)
    assert len(judgements) == 7
    assert {(one.subject.split(",")[0], one.value) for one in judgements if not one.passed} == {
        ("the memory's answer for one paragraph", 3.1),
        ("board of a language", 31),
        ("board of all languages", 20.1),
        ("a changed paragraph in one language", 31.0),
    }
    session = Session(label="SQLite", foreign=seen)
    assert session.has_figures
    text = render([session], judge([session]), [])
    assert "1,000 core pages × 5 languages" in text


def test_letters_are_held_to_growth_and_queries() -> None:
    def row(bar: int | None, few: float, many: float, queries: int) -> dict[str, Any]:
        return {
            "bar": bar,
            "few": {"queries": queries, "cpu_ms": few},
            "many": {"queries": queries, "cpu_ms": many},
        }

    seen = {
        "few": 1_000,
        "many": 100_000,
        "guides": [1_000, 10_000],
        "screens": {
            "ledger": row(12, 20.0, 29.0, 13),
            "all letters": row(40, 100.0, 151.0, 40),
            "sweep": row(None, 2.0, 900.0, 500),
        },
        "cold": {"services entrance": {"few_ms": 50.0, "many_ms": 1_501.0}},
    }
    session = Session(label="SQLite", letters=seen)
    assert session.has_figures
    judgements = judge([session])
    assert {(one.subject.split(", S")[0], one.value) for one in judgements if not one.passed} == {
        ("ledger", 13),
        ("all letters", 1.51),
        ("services entrance, nothing kept", 1_501.0),
    }
    text = render([session], judgements, [])
    assert "100,000 letters, 10,000 guides" in text
    assert "450.00" in text  # how much the sweep grew is told, and not judged


def test_policies_are_held_to_rates_queries_and_the_cost_of_a_day() -> None:
    times = {"draft": 50.0, "published": 100.0, "word": 60.0}
    seen = {
        "few": times,
        "many": times | {"draft": 90.0},
        "documents": 10_000,
        "pages": {
            "policy": {"queries": 7, "cpu_ms": 20.0, "bytes": 1},
            "policy_as_of": {"queries": 13, "cpu_ms": 45.0, "bytes": 1},
            "library": {"queries": 12, "cpu_ms": 20.0, "bytes": 1},
        },
    }
    failed = {
        (one.subject.split(",")[0], one.figure, one.value)
        for one in judge_policies("x", seen)
        if not one.passed
    }
    assert failed == {
        ("text file to draft", "ms a document, full library", 90.0),
        ("text file to draft", "growth", 1.8),
        ("policy document on a day", "SQL queries", 13),
        ("policy document on a day", "CPU ÷ today's", 2.25),
    }


def test_search_is_held_to_its_times_its_growth_and_how_soon_it_follows() -> None:
    kinds = {kind: {"p50": 1.0, "p95": 4.0} for kind in SEARCH_BARS}
    built = {"build_s": 50.0, "build_cpu_s": 90.0, "size_mb": 100.0}
    soon = {"p50": 0.5, "p95": 1.0, "most": 1.2}
    seen = {
        "100000": {**kinds, **built, "phrase": {"p50": 1.0, "p95": 5.5}},
        "1000000": {**kinds, **built, "build_s": 601.0, "word": {"p50": 9.0, "p95": 30.5}},
        "stock": {"documents": 1000, "stock_ms": 400.0, "engine_ms": 0.3, "stock_found": 0.02,
                  "engine_found": 1.0},
        "freshness": {"findable": soon, "gone": soon | {"most": 5.1}, "burst": soon | {"p95": 2.5}},
    }  # fmt: skip
    failed = {
        (one.subject, one.figure, one.value) for one in judge_search("x", seen) if not one.passed
    }
    assert failed == {
        ("search among 100,000, x", "a phrase, CPU ms p95", 5.5),
        ("search among 1,000,000, x", "a word, CPU ms p95", 30.5),
        ("search among 1,000,000, x", "made anew, s", 601.0),
        ("search follows, x", "withdrawn, s most", 5.1),
        ("search follows, x", "published in a burst, s p95", 2.5),
    }
    session = Session(label="SQLite", search=seen)
    assert session.has_figures
    text = render([session], judge([session]), [])
    assert "the database by itself" in text
    assert "published in a burst" in text

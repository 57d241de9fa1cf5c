"""The bars, and the arithmetic that compares a run with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GROWTH_PUBLIC = 1.3
GROWTH_ADMIN = 1.5
SCAN_RATIO = 50


@dataclass(frozen=True, slots=True)
class PageBar:
    """A public page: requests/s of hello ÷ its own, and SQL queries when warm."""

    key: str
    title: str
    ratio: float
    queries: int
    ratio_goal: float
    queries_goal: int


@dataclass(frozen=True, slots=True)
class AdminBar:
    """A page of the editors: its CPU ÷ hello's, and SQL queries."""

    key: str
    title: str
    ratio: float
    queries: int


PAGE_BARS = (
    PageBar("article", "article", 20, 10, 14, 6),
    PageBar("list", "column list", 25, 12, 18, 8),
    PageBar("home", "portal home", 30, 18, 22, 12),
    PageBar("search", "search page, 20 results", 40, 16, 30, 10),
)
ADMIN_BARS = (
    AdminBar("explorer", "admin explorer", 800, 40),
    AdminBar("editor", "admin editor", 600, 45),
)


@dataclass(frozen=True, slots=True)
class BrowserBar:
    """A page on a slow phone: the address by key, a figure of ``browser.Seen`` (or ``Typed``), its bar."""

    key: str
    title: str
    field: str
    figure: str
    bar: float


BROWSER_BARS = (
    BrowserBar("typing", "typing, 100 blocks", "median_ms", "seen in the preview, ms", 2000),
    BrowserBar("typing", "typing, 100 blocks", "worst_ms", "the worst of five, ms", 2000),
    BrowserBar("home", "portal home", "paint_ms", "largest contentful paint, ms", 1500),
    BrowserBar("home", "portal home", "weight_kb", "KB without images", 400),
    BrowserBar("home", "portal home", "shift", "cumulative layout shift", 0.02),
    BrowserBar("list", "column list", "shift", "cumulative layout shift", 0.02),
    BrowserBar("article", "article", "shift", "cumulative layout shift", 0.02),
)


# Milliseconds for a document of a hundred clauses, reading included: 12, 4 and 3 a second.
POLICY_BARS = {
    "draft": ("text file to draft", 1000 / 12),
    "published": ("text file to public page", 1000 / 4),
    "word": ("Word file to draft", 1000 / 3),
}
GROWTH_POLICIES = 1.3
# SQL queries of the public pages of policies, and how much more the text of a day may cost.
POLICY_QUERIES = {
    "policy": ("policy document", 10),
    "policy_as_of": ("policy document on a day", 12),
    "library": ("library", 12),
    "library_far": ("library, page 20", 12),
    "library_search": ("library, a word", 12),
}
AS_OF = 2.0


# Of a thousand core pages in five languages: CPU ÷ that of an article's page, and SQL queries.
FOREIGN_BOARDS = {
    "board": "board of a language",
    "boards": "board of all languages",
    "board_column": "board, one column",
}
FOREIGN_BOARD_RATIO, FOREIGN_BOARD_QUERIES = 20, 30
FOREIGN_SYNC_RATIO = 30
FOREIGN_MEMORY_RATIO = 3.0  # a page at the desk has some twenty paragraphs that ask
# A hundred pages a second.
ZH_HANT_MS = 10


# Finding an answer ÷ the query's embedding alone, by number of entries: (figure, title, bar).
RETRIEVAL_BARS = {
    "10000": (
        ("ratio_p50", "÷ embedding alone, p50", 1.6),
        ("ratio_p95", "÷ embedding alone, p95", 2.5),
        ("memory_mb", "MB that a worker takes more", 400),
        ("change_ms", "ms from a change to its answer", 1000),
    ),
    "100000": (("ratio_p50", "÷ embedding alone, p50", 3.0),),
}


# Among 100,000 documents: milliseconds of CPU at p95, by kind of query.
SEARCH_BARS = {
    "word": ("a word", 5.0),
    "and": ("all of some words", 5.0),
    "phrase": ("a phrase", 5.0),
    "filtered": ("within site, column and dates", 5.0),
    "long_or": ("any word of a long question", 30.0),
    "broad": ("a broad word with all facets", 30.0),
}
SEARCH_DOCUMENTS = 100_000
SEARCH_GROWTH = 6.0  # times these bars with ten times as many
SEARCH_BUILD_SECONDS = 600.0  # of a million
# Seconds from a commit to the index: at p95, and at most.
SEARCH_FRESHNESS = (("p95", 2.0), ("most", 5.0))
SEARCH_CHANGES = {"findable": "published", "gone": "withdrawn", "burst": "published in a burst"}


# Among 100,000 titles: milliseconds of CPU at p95.
SUGGEST_BARS = {
    "suggest": ("a suggestion", 5.0),
    "correct": ("a correction", 10.0),
    "near": ("what is near, vector at hand", 10.0),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One figure beside its bar. ``goal`` is None where only a bar is set."""

    subject: str
    figure: str
    value: float
    bar: float
    goal: float | None = None

    @property
    def passed(self) -> bool:
        return self.value <= self.bar

    @property
    def verdict(self) -> str:
        if not self.passed:
            return "FAIL"
        return "pass" if self.goal is None else "goal" if self.value <= self.goal else "pass"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs on one database with one number of articles.

    ``cpu_ms`` is the application's and the database's processor time for one request; it is None
    where ``/proc`` told nothing. ``ratio`` is against the hello of the same interleaved runs.
    """

    ratio: float | None
    cpu_ms: float | None
    queries: int | None


def judge_pages(subject: str, costs: Mapping[str, Cost]) -> list[Judgement]:
    """Compare the public pages that were measured."""
    judgements = []
    for bar in PAGE_BARS:
        cost = costs.get(bar.key)
        if cost is None:
            continue
        name = f"{bar.title}, {subject}"
        if cost.ratio is not None:
            judgements.append(
                Judgement(
                    name,
                    "hello ÷ page, requests/s",
                    cost.ratio,
                    bar.ratio,
                    bar.ratio_goal,
                )
            )
        if cost.queries is not None:
            judgements.append(
                Judgement(name, "SQL queries", cost.queries, bar.queries, bar.queries_goal)
            )
    return judgements


def judge_admin(subject: str, costs: Mapping[str, Cost]) -> list[Judgement]:
    """Compare the editors' pages that were measured; ``ratio`` is CPU ÷ hello's CPU."""
    judgements = []
    for bar in ADMIN_BARS:
        cost = costs.get(bar.key)
        if cost is None:
            continue
        name = f"{bar.title}, {subject}"
        if cost.ratio is not None:
            judgements.append(Judgement(name, "CPU ÷ hello's CPU", cost.ratio, bar.ratio))
        if cost.queries is not None:
            judgements.append(Judgement(name, "SQL queries", cost.queries, bar.queries))
    return judgements


def judge_browser(subject: str, seen: Mapping[str, object]) -> list[Judgement]:
    """Compare what the browser saw: ``browser.Seen`` by key, ``Typed`` by "typing"."""
    return [
        Judgement(f"{bar.title}, {subject}", bar.figure, getattr(seen[bar.key], bar.field), bar.bar)
        for bar in BROWSER_BARS
        if bar.key in seen
    ]


def judge_growth(
    subject: str, small: Mapping[str, Cost], large: Mapping[str, Cost]
) -> list[Judgement]:
    """Compare the costs of the same pages with few and with many articles."""
    titles = {bar.key: (bar.title, GROWTH_PUBLIC) for bar in PAGE_BARS} | {
        bar.key: (bar.title, GROWTH_ADMIN) for bar in ADMIN_BARS
    }
    judgements = []
    for key, (title, bar) in titles.items():
        before, after = small.get(key), large.get(key)
        if before is None or after is None:
            continue
        name = f"{title}, {subject}"
        if before.cpu_ms and after.cpu_ms:
            judgements.append(Judgement(name, "CPU growth", after.cpu_ms / before.cpu_ms, bar))
        if before.queries is not None and after.queries is not None:
            judgements.append(
                Judgement(name, "queries added by growth", after.queries - before.queries, 0)
            )
    return judgements


def judge_retrieval(subject: str, seen: Mapping[str, Mapping[str, float]]) -> list[Judgement]:
    """Compare what ``retrieval`` measured, by number of entries."""
    return [
        Judgement(f"answer among {int(entries):,}, {subject}", title, seen[entries][figure], bar)
        for entries, bars in RETRIEVAL_BARS.items()
        if entries in seen
        for figure, title, bar in bars
    ]


def judge_search(subject: str, seen: Mapping[str, Mapping[str, Any]]) -> list[Judgement]:
    """Compare what ``search_engine`` measured, by number of documents."""
    base = seen.get(str(SEARCH_DOCUMENTS))
    judgements = []
    for documents, figures in seen.items():
        if not documents.isdecimal() or base is None:
            continue
        name = f"search among {int(documents):,}, {subject}"
        for kind, (title, bar) in SEARCH_BARS.items():
            # Ten times as many matches are ranked and counted in ten times the time.
            allowed = bar if figures is base else bar * SEARCH_GROWTH
            if figures is base or int(documents) >= 10 * SEARCH_DOCUMENTS:
                judgements.append(
                    Judgement(name, f"{title}, CPU ms p95", figures[kind]["p95"], allowed)
                )
        if int(documents) >= 10 * SEARCH_DOCUMENTS:
            seconds = figures["build_s"]
            judgements.append(Judgement(name, "made anew, s", seconds, SEARCH_BUILD_SECONDS))
    for change, title in SEARCH_CHANGES.items():
        for figure, bar in SEARCH_FRESHNESS if "freshness" in seen else ():
            seconds = seen["freshness"][change][figure]
            name = f"search follows, {subject}"
            judgements.append(Judgement(name, f"{title}, s {figure}", seconds, bar))
    return judgements


def judge_suggest(subject: str, seen: Mapping[str, Any]) -> list[Judgement]:
    """Compare what ``suggest`` measured."""
    name = f"beside search, {seen['documents']:,} documents, {subject}"
    return [
        Judgement(name, f"{title}, CPU ms p95", seen[kind]["p95"], bar)
        for kind, (title, bar) in SUGGEST_BARS.items()
    ]


def judge_scan(subject: str, scan_ms: float, article_ms: float) -> list[Judgement]:
    """Compare the scan of a long page with the article's page of the same process."""
    name = f"detectors, a page of 100,000 characters, {subject}"
    return [Judgement(name, "CPU ÷ article page", scan_ms / article_ms, SCAN_RATIO)]


def judge_foreign(subject: str, seen: Mapping[str, Any]) -> list[Judgement]:
    """Compare what ``foreign`` measured with the article's page of the same process."""
    article = seen["article"]["cpu_ms"]
    judgements = []
    for key, title in FOREIGN_BOARDS.items():
        if key in seen:
            name, cost = f"{title}, {subject}", seen[key]
            ratio = cost["cpu_ms"] / article
            judgements.append(Judgement(name, "CPU ÷ article page", ratio, FOREIGN_BOARD_RATIO))
            queries = cost["queries"]
            judgements.append(Judgement(name, "SQL queries", queries, FOREIGN_BOARD_QUERIES))
    name = f"a changed paragraph in one language, {subject}"
    ratio = seen["sync_ms"] / article
    judgements.append(Judgement(name, "CPU ÷ article page", ratio, FOREIGN_SYNC_RATIO))
    name = f"the memory's answer for one paragraph, {subject}"
    ratio = seen["memory_ms"] / article
    judgements.append(Judgement(name, "CPU ÷ article page", ratio, FOREIGN_MEMORY_RATIO))
    name = f"page in traditional characters, {subject}"
    judgements.append(Judgement(name, "ms of conversion", seen["zh_hant_ms"], ZH_HANT_MS))
    return judgements


def judge_policies(subject: str, seen: Mapping[str, Any]) -> list[Judgement]:
    """Compare what ``policies`` measured: ``few`` and ``many`` by kind of import."""
    judgements = []
    for key, (title, bar) in POLICY_BARS.items():
        name = f"{title}, {subject}"
        few, many = seen["few"][key], seen["many"][key]
        judgements.append(Judgement(name, "ms a document, full library", many, bar))
        judgements.append(Judgement(name, "growth", many / few, GROWTH_POLICIES))
    pages = seen.get("pages", {})
    for key, (title, queries) in POLICY_QUERIES.items():
        if key in pages:
            name = f"{title}, {subject}"
            judgements.append(Judgement(name, "SQL queries", pages[key]["queries"], queries))
    if "policy" in pages:
        ratio = pages["policy_as_of"]["cpu_ms"] / pages["policy"]["cpu_ms"]
        name = f"{POLICY_QUERIES['policy_as_of'][0]}, {subject}"
        judgements.append(Judgement(name, "CPU ÷ today's", ratio, AS_OF))
    return judgements

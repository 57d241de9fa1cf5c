"""The search engine with few and with many documents, beside what a database offers by itself.

Run by ``subject`` with the portal's environment, as ``retrieval`` is. The arguments are numbers of
documents; the last line of the output is one JSON object::

    {"100000": {"word": {"p50": 0.6, "p95": 1.9}, …, "build_s": 61.0, "build_cpu_s": 40.2,
     "size_mb": 61.0, "database": {"word": 8.1, …}}, "stock": {"documents": 1000, "stock_ms": 410.0,
     "engine_ms": 0.3, "stock_found": 0.02, "engine_found": 1.0}}

``build_s`` is how long the indexer takes to make a whole index anew from the rows in the database,
as it does when the words of the portal change; ``build_cpu_s`` counts its helping processes too.
Times are milliseconds of processor time, so that a busy machine blurs them less: of the thread that
searches, and for the database's own full text of the process that answers. Both have the same
documents, cut into the same words, and rank the best twenty. ``stock`` is the search that Wagtail
brings, unchanged, over pages of the portal, beside the engine over the same pages; ``found`` is the
share of pages holding the searched words that a search finds.
"""

import datetime
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

from tests.benchmarks.cpu import cpu_seconds

_EACH = 40
_STOCK = 1_000
_NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
# The database's own full text is not measured beyond: a single broad query takes minutes there.
_DATABASE_MOST = 100_000

type Queries = dict[str, list[Sequence[str]]]


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    answer: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="portal-bench-search-") as name:
        for number in map(int, arguments):
            answer[str(number)] = _measured(Path(name) / str(number), number)
            print(json.dumps(answer[str(number)]), file=sys.stderr, flush=True)
    answer["stock"] = _stock()
    print(json.dumps(answer))
    return 0


# --- documents --------------------------------------------------------------------------------
def rows(number: int) -> Iterator[Any]:
    """Documents as they are in the database; not saved yet."""
    from portal.pages.bulk_text import article_text
    from portal.search.models import Document

    for place in range(number):
        text = article_text(1, place)
        chance = random.Random(place)
        body = "\n".join(p for section in text.sections for p in section.paragraphs)
        yield Document(
            key=f"page:{place}",
            kind=chance.choice(("article", "policy", "question", "interpretation")),
            language="zh-hans",
            site=chance.randrange(20),
            url=f"/{place}/",
            title=text.title,
            summary=text.summary,
            body=f"{body}\n编号{place:07}。",
            columns=[chance.randrange(10), 10 + chance.randrange(40)],
            theme=str(chance.randrange(25)),
            agencies=[chance.randrange(16)],
            form=chance.choice(("通知", "公告", "办法", "意见")),
            date=text.published_at.replace(tzinfo=datetime.UTC),
            standing=chance.choice(("in_force", "in_force", "in_force", "repealed")),
        )


def _queries(words_of: Callable[[str], list[str]]) -> Queries:
    """Words to look for, by kind of query; the same ones at each size."""
    from portal.pages.bulk_text import vocabulary

    chance = random.Random(7)
    known = vocabulary()
    matters = [words_of(matter) for matter in known["matters"]]
    single = [max(words, key=len) for words in matters]
    places = [words_of(place) for place in known["places"]]
    question = [words_of(sentence) for sentence in known["sentences"]]
    return {
        "word": [[chance.choice(single)] for _ in range(_EACH)],
        "and": [[*chance.choice(matters), *chance.choice(places)] for _ in range(_EACH)],
        "phrase": [chance.choice([m for m in matters if len(m) > 1]) for _ in range(_EACH)],
        "filtered": [chance.choice(matters) for _ in range(_EACH)],
        "long_or": [
            [word for word in chance.choice(question) if word.isalpha()][:14] for _ in range(_EACH)
        ],
        "broad": [["办理"] for _ in range(_EACH)],
    }


def _words(cutter: Any, text: str) -> list[str]:
    words: list[str] = cutter.query_words(cutter.fold(text, "zh-hans"), "zh-hans")
    return words


# --- the engine -------------------------------------------------------------------------------
def _measured(folder: Path, number: int) -> dict[str, Any]:
    from portal.search.engine.tantivy_engine import TantivyEngine
    from portal.text.searching import analyser

    cutter = analyser()
    fill(rows(number))
    found = build(folder)
    engine = TantivyEngine.open(found.pop("folder"))
    assert engine.size() == number
    queries = _queries(partial(_words, cutter))
    for kind, asked in queries.items():
        engine.search(_query(kind, asked[0]))
        times = [_took(partial(engine.search, _query(kind, words))) for words in asked]
        found[kind] = {"p50": _percentile(times, 50), "p95": _percentile(times, 95)}
    if number <= _DATABASE_MOST:
        found["database"] = _database(number, queries)
    return found


def fill(found: Iterable[Any]) -> int:
    """These rows in the database, and no others; their number."""
    from portal.search.models import Document, Sequence

    Document.objects.all().delete()
    number = 0
    for some in batched(found, 2_000):
        for row in some:
            number += 1
            row.seq, row.whole = number, row.key
        Document.objects.bulk_create(some)
    Sequence.objects.update_or_create(defaults={"last": number})
    return number


def build(folder: Path) -> dict[str, Any]:
    """Let the indexer make an index of the rows in the database, as it does by itself."""
    from portal.search.indexing.folder import FolderStore, pointed_at
    from portal.search.indexing.indexer import Indexer

    begun, used = time.perf_counter(), _processor_seconds()
    indexer = Indexer(FolderStore(folder, "bench"))
    while indexer.live is None:
        state = indexer.step().state
        if state and not state.startswith("an index is being made"):
            raise RuntimeError(state)
    indexer.close()
    seconds = round(time.perf_counter() - begun, 1)
    made = pointed_at(folder)
    assert made is not None
    return {
        "folder": made,
        "build_s": seconds,
        "build_cpu_s": round(_processor_seconds() - used, 1),
        "size_mb": round(sum(path.stat().st_size for path in made.iterdir()) / 1e6, 1),
    }


def _processor_seconds() -> float:
    """Of this process and of those that it started and waited for."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _query(kind: str, words: Sequence[str]) -> Any:
    from portal.search.engine.contract import (
        FACETS,
        AllOf,
        AnyOf,
        Boosted,
        EngineQuery,
        Field,
        Filters,
        Phrase,
        Term,
    )

    each = tuple(
        AnyOf((Boosted(Term(Field.TITLE, word), 8.0), Term(Field.BODY, word))) for word in words
    )
    filters = Filters(at=_NOW)
    if kind == "filtered":
        filters = Filters(
            at=_NOW,
            chosen={"site": ("3", "4"), "column": ("5",)},
            since=datetime.datetime(2022, 1, 1, tzinfo=datetime.UTC),
        )
    if kind == "phrase":
        node: Any = AnyOf(
            (
                Boosted(Phrase(Field.TITLE, tuple(words)), 8.0),
                Phrase(Field.BODY, tuple(words)),
            )
        )
    else:
        node = AnyOf(each) if kind == "long_or" else AllOf(each)
    facets = FACETS if kind == "broad" else ()
    return EngineQuery(node=node, filters=filters, facets=facets, recency=0.1)


# --- the database by itself -------------------------------------------------------------------
def _database(number: int, queries: Queries) -> dict[str, float]:
    """The mean of each kind of query, without facets. PostgreSQL: tsvector, GIN and ts_rank;
    SQLite: FTS5 and its bm25."""
    from django.db import connection

    from portal.search.engine.contract import Field
    from portal.search.indexing.cutting import cut
    from portal.text.searching import analyser

    cutter = analyser()
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_documents")
        if postgresql:
            cursor.execute("CREATE TABLE bench_documents (id bigint, words tsvector)")
            insert = (
                "INSERT INTO bench_documents VALUES (%s, setweight(to_tsvector('simple', %s), 'A')"
                " || to_tsvector('simple', %s))"
            )
        else:
            cursor.execute("CREATE VIRTUAL TABLE bench_documents USING fts5 (title, body)")
            insert = "INSERT INTO bench_documents (rowid, title, body) VALUES (%s, %s, %s)"
        for some in batched(rows(number), 500):
            texts = [(int(row.key[5:]), cut(row, cutter).texts) for row in some]
            cursor.executemany(insert, [(seq, t[Field.TITLE], t[Field.BODY]) for seq, t in texts])
        if postgresql:
            cursor.execute("CREATE INDEX bench_words ON bench_documents USING gin (words)")
            cursor.execute("ANALYZE bench_documents")
        found = {}
        for kind, asked in queries.items():
            if kind != "filtered":
                work = [
                    partial(_fetch, cursor, *_sql(kind, words, postgresql)) for words in asked[:10]
                ]
                found[kind] = round(_spent(connection, work), 2)
        cursor.execute("DROP TABLE bench_documents")
    return found


def _sql(kind: str, words: Sequence[str], postgresql: bool) -> tuple[str, list[str]]:
    between = {"long_or": " | ", "phrase": " <-> "}.get(kind, " & ")
    if postgresql:
        return (
            "SELECT id, ts_rank(words, q) FROM bench_documents, to_tsquery('simple', %s) q"
            " WHERE words @@ q ORDER BY 2 DESC LIMIT 20",
            [between.join(f"'{word}'" for word in words)],
        )
    quoted = [f'"{word}"' for word in words]
    asked = f'"{" ".join(words)}"' if kind == "phrase" else None
    asked = asked or (" OR " if kind == "long_or" else " AND ").join(quoted)
    return (
        "SELECT rowid FROM bench_documents WHERE bench_documents MATCH %s"
        " ORDER BY bm25(bench_documents, 8.0, 1.0) LIMIT 20",
        [asked],
    )


def _fetch(cursor: Any, sql: str, values: list[str]) -> None:
    cursor.execute(sql, values)
    cursor.fetchall()


def _spent(connection: Any, work: Sequence[Callable[[], None]]) -> float:
    """Milliseconds of processor time for each piece of work: ours, and the database's."""
    pid = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
    work[0]()
    before, begun = (cpu_seconds(pid) if pid else None), time.thread_time()
    for piece in work:
        piece()
    spent = time.thread_time() - begun
    after = cpu_seconds(pid) if pid else None
    if before is not None and after is not None:
        spent += after - before
    return spent * 1000 / len(work)


# --- what Wagtail brings ----------------------------------------------------------------------
def _stock() -> dict[str, float]:
    """Over pages of the portal (``generate_content`` has made them)."""
    from django.db import connection
    from wagtail.models import Page

    from portal.core.page_texts import page_text
    from portal.pages.models import ArticlePage
    from portal.search.engine.tantivy_engine import TantivyEngine
    from portal.search.engine.tantivy_writer import TantivyWriter
    from portal.search.indexing.cutting import cut
    from portal.search.models import Document
    from portal.text.searching import analyser

    if connection.vendor == "postgresql":
        from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend as Stock
    else:
        from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend as Stock

    pages = list(ArticlePage.objects.filter(live=True).order_by("pk")[:_STOCK])
    backend = Stock({})
    backend.reset_indexes()
    backend.get_index_for_model(Page).add_items(ArticlePage, pages)
    cutter = analyser()
    writer = TantivyWriter()
    texts = {page.pk: page_text(page) for page in pages}
    writer.add(
        cut(
            Document(
                key=str(page.pk), kind="article", language="zh-hans", title=page.title,
                body=texts[page.pk],
            ),
            cutter,
        )
        for page in pages
    )  # fmt: skip
    writer.commit(1)
    engine = TantivyEngine(writer.index)
    asked = _queries(partial(_words, cutter))["word"][:20]
    stock_found = engine_found = true = 0
    for (word,) in asked:
        holding = {pk for pk, text in texts.items() if word in text}
        true += len(holding)
        results = backend.search(word, ArticlePage.objects.filter(pk__in=texts))
        stock_found += len(holding & {page.pk for page in results[:_STOCK]})
        hits = engine.search(_many(_query("word", [word]))).hits
        engine_found += len(holding & {int(hit.key) for hit in hits})
    broad = ArticlePage.objects.all()
    stock = [partial(_best, backend, word, broad) for (word,) in asked]
    return {
        "documents": len(pages),
        "stock_ms": round(_spent(connection, stock), 2),
        "engine_ms": statistics.mean(
            _took(partial(engine.search, _query("word", words))) for words in asked
        ),
        "stock_found": round(stock_found / max(1, true), 4),
        "engine_found": round(engine_found / max(1, true), 4),
    }


def _best(backend: Any, word: str, pages: Any) -> None:
    list(backend.search(word, pages)[:20])


def _many(query: Any) -> Any:
    return replace(query, count=_STOCK)


def _took(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000


def _percentile(values: Sequence[float], share: int) -> float:
    return round(statistics.quantiles(values, n=100)[share - 1], 3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

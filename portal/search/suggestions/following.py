"""Brings the file of names to what the ``Document`` rows say."""

import datetime
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils import timezone

from portal.search.models import Document, IndexPlan
from portal.search.models import Sequence as LastSequence
from portal.search.services import log
from portal.text.segmentation import normalise

from . import store
from .names import BROAD, KINDS, LEFT_OUT, Start, is_chinese, starts, stored_language, written
from .words import marks, words
from .words import number as mark_number

BATCH = 500
_QUERY = "query"  # the kind of what many looked for


def follow(*, batches: int = 20) -> int:
    """Take in what changed since the last time; the number of documents that were looked at.

    Each batch is stored with its position: whoever dies in the middle goes on where it stood. One
    process of a machine does it at a time (SQLite's lock sees to it). ``batches``: so many at most;
    call again while the answer is not 0.
    """
    seen = 0
    for _batch in range(batches):
        some = _one_batch()
        seen += some
        if not some:
            break
    return seen


def _one_batch() -> int:
    with store.writing() as file:
        position = store.value(file, "position")
        if _is_of_another_database(file, position):
            _forget_all(file)
            position = 0
        rows = list(Document.objects.filter(seq__gt=position).order_by("seq")[:BATCH])
        keys = [] if rows else _due(file)
        if keys:
            rows = list(Document.objects.filter(key__in=keys))
            _drop(file, set(keys) - {row.key for row in rows})
        if not rows:
            return len(keys)
        _apply(file, rows)
        store.keep_value(file, "position", max(position, *(row.seq for row in rows)))
    return len(rows)


def _is_of_another_database(file: sqlite3.Connection, position: int) -> bool:
    """Whether its documents are others, or have not come as far as this file, or rows that it
    would have to forget are gone."""
    plan = IndexPlan.objects.order_by("pk").first()
    origin = plan.origin.int & 0x7FFF_FFFF_FFFF_FFFF if plan else 0
    before = store.value(file, "origin", origin)
    store.keep_value(file, "origin", origin)
    last = LastSequence.objects.order_by("-last").values_list("last", flat=True).first() or 0
    missed = plan is not None and 0 < position < plan.forgotten
    return before != origin or last < position or missed


def _due(file: sqlite3.Connection) -> list[str]:
    """What became public by the clock, or ended by it."""
    now = timezone.now().timestamp()
    found = file.execute(
        "SELECT key FROM document WHERE shown = 0 AND public_from <= :now"
        " AND (public_until IS NULL OR public_until > :now)"
        " UNION SELECT key FROM document WHERE shown = 1 AND public_until <= :now LIMIT :most",
        {"now": now, "most": BATCH},
    )
    return [key for (key,) in found]


def _apply(file: sqlite3.Connection, rows: Sequence[Document]) -> None:
    uses: Counter[int] = Counter()
    for row in rows:
        _forget(file, row.key, uses)
        if not row.is_removed and row.kind not in LEFT_OUT and row.title:
            _add(file, row, uses)
    _count(file, uses)


def _add(file: sqlite3.Connection, row: Document, uses: Counter[int]) -> None:
    """Enter one document; ``uses`` learns of its words."""
    language = stored_language(row.language)
    public_from, public_until = _stamp(row.public_from), _stamp(row.public_until)
    now = timezone.now().timestamp()
    shown = (public_from is None or public_from <= now) and (
        public_until is None or public_until > now
    )
    document = _inserted(
        file,
        "INSERT INTO document (key, kind, language, site, url, page, public_from, public_until,"
        " shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.key, row.kind, language, row.site or 0, row.url, row.page,
         public_from, public_until, shown),
    )  # fmt: skip
    if not shown:
        return
    broad = row.kind in BROAD
    weight = KINDS.get(row.kind, 1.0) * max(row.weight, 0.01)
    others = {written(str(name), language): str(name) for name in row.aliases}
    own = written(row.title, language)
    # Other names of a thing are names; other ways to ask a question are only like it.
    share = 0.7 if row.kind == "question" else 0.95
    names = [(row.title, 1.0), *((name, share) for key, name in others.items() if key != own)]
    for name, share in names:
        _add_name(
            file, document, row.title, name, starts(name, language, at_words=not broad,
            by_sound=not broad), language, broad, row.site or 0, weight * share,
        )  # fmt: skip
    for text, _share in names:
        _add_words(file, document, words(text, language, groups=not broad), language, uses)


def _add_name(
    file: sqlite3.Connection,
    document: int,
    shown_as: str,
    name: str,
    places: Sequence[Start],
    language: str,
    broad: bool,
    site: int,
    weight: float,
) -> None:
    number = _inserted(
        file,
        "INSERT INTO name (document, shown_as, name) VALUES (?, ?, ?)",
        (document, shown_as, name),
    )
    for start in places:
        # What begins with it stands above what has it inside, a short name above a long one.
        rank = weight * (1.0 if start.place == 0 else 0.75) / (1 + len(name) / 30)
        begun = _inserted(
            file,
            "INSERT INTO start (name, place, language, broad, site, rank, written, spelt, initials)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, start.place, language, broad, site, rank, start.written, start.spelt,
             start.initials),
        )  # fmt: skip
        if not broad:
            file.executemany(
                "INSERT OR IGNORE INTO head (language, beginning, rank, start, site)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    (language, head, rank, begun, site)
                    for head in _heads((start.written, start.spelt, start.initials))
                ],
            )


def _heads(texts: Iterable[str]) -> set[str]:
    return {text[:length] for text in texts for length in (1, 2) if len(text) >= length}


def _add_words(
    file: sqlite3.Connection,
    document: int,
    found: Iterable[str],
    language: str,
    uses: Counter[int],
) -> None:
    for word in found:
        row = file.execute(
            "SELECT id FROM word WHERE language = ? AND word = ?", (language, word)
        ).fetchone()
        if row is None:
            number = _inserted(
                file, "INSERT INTO word (language, word, uses) VALUES (?, ?, 0)", (language, word)
            )
            file.executemany(
                "INSERT OR IGNORE INTO mark VALUES (?, ?)",
                [(mark_number(mark), number) for mark in marks(word, language)],
            )
        else:
            number = row[0]
        added = file.execute("INSERT OR IGNORE INTO use VALUES (?, ?)", (number, document))
        uses[number] += added.rowcount


def _forget(file: sqlite3.Connection, key: str, uses: Counter[int]) -> None:
    """Take out a document with its names; ``uses`` learns of its words."""
    row = file.execute("SELECT id FROM document WHERE key = ?", [key]).fetchone()
    if row is None:
        return
    (document,) = row
    begun = file.execute(
        "DELETE FROM start WHERE name IN (SELECT id FROM name WHERE document = ?)"
        " RETURNING id, language, rank, written, spelt, initials",
        [document],
    ).fetchall()
    file.executemany(
        "DELETE FROM head WHERE language = ? AND beginning = ? AND rank = ? AND start = ?",
        [
            (language, head, rank, start)
            for start, language, rank, *texts in begun
            for head in _heads(texts)
        ],
    )
    file.execute("DELETE FROM name WHERE document = ?", [document])
    for (word,) in file.execute("SELECT word FROM use WHERE document = ?", [document]):
        uses[word] -= 1
    file.execute("DELETE FROM use WHERE document = ?", [document])
    file.execute("DELETE FROM document WHERE id = ?", [document])


def _count(file: sqlite3.Connection, uses: Counter[int]) -> None:
    """Change the numbers of uses; what nobody uses any more is nothing to correct to."""
    changed = [(number, word) for word, number in uses.items() if number]
    file.executemany("UPDATE word SET uses = uses + ? WHERE id = ?", changed)
    for _number, word in changed:
        gone = file.execute(
            "DELETE FROM word WHERE id = ? AND uses <= 0 RETURNING word, language", [word]
        ).fetchone()
        if gone:
            file.executemany(
                "DELETE FROM mark WHERE mark = ? AND word = ?",
                [(mark_number(mark), word) for mark in marks(*gone)],
            )


def _drop(file: sqlite3.Connection, keys: Iterable[str]) -> None:
    uses: Counter[int] = Counter()
    for key in keys:
        _forget(file, key, uses)
    _count(file, uses)


def _forget_all(file: sqlite3.Connection) -> None:
    for table in ("document", "name", "start", "head", "word", "use", "mark"):
        file.execute(f"DELETE FROM {table}")  # noqa: S608
    store.keep_value(file, "position", 0)


# --- what many looked for -------------------------------------------------------------------------
def follow_popular(places: Iterable[tuple[int | None, str]]) -> int:
    """Put what many looked for, at each (site, language), in place of what was there; how many.

    ``log.popular_queries`` answers only what is above the threshold of privacy; a name that is
    suggested anyway is not entered twice.
    """
    entered = 0
    with store.writing() as file:
        there = file.execute("SELECT key FROM document WHERE kind = ?", [_QUERY])
        _drop(file, {key for (key,) in there})
        for site, language in places:
            for place, query in enumerate(log.popular_queries(site=site, language=language)):
                entered += _add_query(file, query, site, stored_language(language), place)
    return entered


def _add_query(
    file: sqlite3.Connection, query: str, site: int | None, language: str, place: int
) -> bool:
    text = normalise(query).strip()
    if not written(text, language):
        return False
    key = f"query:{site or 0}:{language}:{text}"
    if file.execute("SELECT 1 FROM document WHERE key = ?", [key]).fetchone():
        return False
    document = _inserted(
        file,
        "INSERT INTO document (key, kind, language, site, url, page, shown)"
        " VALUES (?, ?, ?, ?, '', NULL, 1)",
        (key, _QUERY, language, site or 0),
    )
    weight = KINDS[_QUERY] / (1 + place / 20)
    _add_name(
        file, document, query, query, starts(query, language, at_words=is_chinese(language)),
        language, False, site or 0, weight,
    )  # fmt: skip
    return True


def _inserted(file: sqlite3.Connection, sql: str, values: Sequence[object]) -> int:
    number = file.execute(sql, values).lastrowid
    assert number is not None
    return number


def _stamp(moment: datetime.datetime | None) -> float | None:
    return moment.timestamp() if moment else None

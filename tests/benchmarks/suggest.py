"""Suggestions, corrections and search by meaning among many documents, beside a search for a word.

Run by ``subject`` with the portal's environment, as ``search_engine`` is. The argument is a number
of documents: titles of news as the portal's generator writes them, and the names of the test sets.
The last line of the output is one JSON object::

    {"documents": 100594, "word": {"p50": 0.5, "p95": 1.1}, "suggest": {…}, "match": {…},
     "correct": {…}, "near": {…}, "embed": {…}, "names_s": 38.0, "names_mb": 86.5,
     "vectors_s": 20.1, "vectors_mb": 110.0}

Times are milliseconds of processor time of the thread that asks. ``match`` is ``suggest`` without
the look into the database at what is public now; ``near`` is asked with vectors that are there,
filters included; ``embed`` makes the vector of a query, on all threads of the process together.
The vectors are random: how quick they are found depends on their number, not on what they mean.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

_DIMENSIONS = 384
_WORDS = ("居住证", "公积金", "规划", "补贴", "医保", "通知", "培训", "环境")


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="portal-bench-suggest-") as name:
        settings.DATA_DIR = name
        print(json.dumps(_measured(Path(name), int(arguments[0]))))
    return 0


def _measured(folder: Path, number: int) -> dict[str, Any]:
    from portal.search.engine.tantivy_engine import TantivyEngine
    from portal.search.models import Document
    from portal.search.suggestions import following, store
    from tests.benchmarks.search_engine import build, fill, rows
    from tests.search.suggesting.sets import documents

    named = documents()
    figures: dict[str, Any] = {"documents": fill(_renamed((*named, *rows(number))))}
    engine = TantivyEngine.open(build(folder / "engine")["folder"])
    for some in batched(Document.objects.order_by("seq").iterator(1_000), 1_000):
        used = time.process_time()
        with store.writing() as file:
            following._apply(file, some)
        figures["names_s"] = figures.get("names_s", 0.0) + time.process_time() - used
    figures["names_mb"] = store.path().stat().st_size / 1e6
    figures |= _vectors(engine)
    figures |= _asked(engine)
    return {key: _rounded(value) for key, value in figures.items()}


def _renamed(made: Iterable[Any]) -> Iterable[Any]:
    for place, row in enumerate(made, 1):
        row.key, row.site = f"bench:{place}", None
        yield row


def _asked(engine: Any) -> dict[str, Any]:
    from portal.search.engine.contract import EngineQuery, Field, Filters, Term
    from portal.search.services.correcting import corrections
    from portal.search.services.suggesting import suggest
    from portal.search.suggestions import store
    from portal.search.suggestions.matching import matches
    from tests.benchmarks.search_engine import _NOW
    from tests.search.suggesting.sets import rows

    begun = [row[0] for row in rows("pinyin") + rows("pinyin_heldout")]
    begun += [name[:length] for _kind, name, _others in rows("names")[::9] for length in (1, 2, 4)]
    typed = [row[0] for row in rows("errors") + rows("errors_heldout") + rows("right")]
    file = store.reader()
    place: dict[str, Any] = {"site": None, "language": "zh-hans"}
    queries = [
        EngineQuery(node=Term(Field.TITLE, word), filters=Filters(at=_NOW)) for word in _WORDS * 12
    ]
    return {
        "word": _times(partial(engine.search, query) for query in queries),
        "suggest": _times(partial(suggest, text, **place) for text in begun),
        "match": _times(partial(matches, file, text, count=8, **place) for text in begun),
        "correct": _times(partial(corrections, text, **place) for text in typed),
    }


@dataclass(frozen=True)
class _Drawn:
    """A model whose vectors are drawn by lot, the same for the same text."""

    model: Any
    space: str = "drawn"

    def embed(self, texts: Sequence[str], part: str) -> Any:
        import numpy as np

        from portal.text.embedding import unit

        return unit(
            np.array(
                [
                    np.random.default_rng(abs(hash(text))).standard_normal(_DIMENSIONS)
                    for text in texts
                ],
                np.float32,
            )
        )


def _vectors(engine: Any) -> dict[str, Any]:
    import numpy as np
    from django.conf import settings

    from portal.search.engine.contract import Filters
    from portal.search.models import Document
    from portal.search.services import meaning
    from portal.search.vectors import files
    from portal.search.vectors.embedding import file_name
    from portal.text.embedding import QUESTION, Model, nano_e5
    from tests.benchmarks.search_engine import _NOW

    model = _Drawn(Model("drawn", "1", _DIMENSIONS))
    index = files.new_index(_DIMENSIONS)
    used = time.process_time()
    chance = np.random.default_rng(1)
    keys = Document.objects.order_by("pk").values_list("pk", flat=True)
    for some in batched(keys.iterator(), 4_096):
        table = chance.standard_normal((len(some), _DIMENSIONS), np.float32)
        table /= np.linalg.norm(table, axis=1, keepdims=True)
        index.add(np.array(some), table.astype(np.float16), threads=1)
    seconds = time.process_time() - used
    saved = files.save(file_name(model.model), index, 1, 1)
    settings.SEARCH_MEANING_FLOOR = 0.0
    meaning.embedder = lambda: model  # type: ignore[assignment]
    meaning.current_engine = lambda: engine
    texts = [f"第{number}个问题" for number in range(60)]
    ask = partial(meaning.nearest, filters=Filters(at=_NOW), seconds=10.0)
    for text in texts:
        ask(text)
    found: dict[str, Any] = {
        "near": _times(partial(ask, text) for text in texts),
        "vectors_s": seconds,
        "vectors_mb": saved.size / 1e6,
    }
    if (e5 := nano_e5()) is not None:
        e5.embed(["你好"], QUESTION)
        found["embed"] = _times(
            (partial(e5.embed, [text + "怎么办理"], QUESTION) for text in _WORDS * 4),
            time.process_time,
        )
    return found


def _times(
    asked: Iterable[Callable[[], object]], clock: Callable[[], float] = time.thread_time
) -> dict[str, float]:
    took = []
    for ask in asked:
        ask()  # what is loaded at first use is not measured
        begun = clock()
        ask()
        took.append((clock() - begun) * 1000)
    took.sort()
    return {"p50": took[len(took) // 2], "p95": took[int(0.95 * len(took))]}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: round(number, 2) for key, number in value.items()}
    return round(value, 1) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

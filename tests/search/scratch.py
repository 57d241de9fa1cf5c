"""Small indexes in memory, filled in milliseconds."""

import datetime
from collections.abc import Iterable
from typing import Any

from portal.search.engine.contract import (
    EngineAnswer,
    EngineQuery,
    EngineWriter,
    Everything,
    Field,
    Filters,
    IndexedDocument,
    Node,
    SearchEngine,
    Term,
)
from portal.search.engine.tantivy_engine import TantivyEngine
from portal.search.engine.tantivy_writer import TantivyWriter
from portal.text.searching import Analyser, analyser

NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)


def document(key: str, title: str = "", body: str = "", **facts: Any) -> IndexedDocument:
    """A document of words that are cut already (``title``, ``body``), or with ``texts`` of its own:
    a mapping by ``Field``."""
    texts = {Field.TITLE: title, Field.BODY: body, **facts.pop("texts", {})}
    return IndexedDocument(
        **{"kind": "article", "language": "zh-hans", "key": key, "texts": texts, **facts}
    )


def cut(
    key: str,
    title: str,
    body: str = "",
    *,
    language: str = "zh-hans",
    aliases: Iterable[str] = (),
    number: str = "",
    by: Analyser | None = None,
    **facts: Any,
) -> IndexedDocument:
    """A document of raw text, cut by an analyser."""
    texts = (by or analyser()).document(
        title=title, body=body, language=language, aliases=aliases, number=number
    )
    named = {Field(name): text for name, text in texts.items()}
    return document(key, texts=named, language=language, **facts)


class Scratch:
    """An index in memory: ``Scratch(cut("page:1", "居住证办理"), …).engine``."""

    def __init__(self, *documents: IndexedDocument) -> None:
        writer = TantivyWriter(heap_bytes=15_000_000)
        self.writer: EngineWriter = writer
        self.engine: SearchEngine = TantivyEngine(writer.index)
        if documents:
            self.write(*documents)

    def write(self, *documents: IndexedDocument, removed: Iterable[str] = ()) -> None:
        self.writer.apply(documents, removed, position=self.writer.position() + 1)


def ask(engine: SearchEngine, node: Node | str, **query: Any) -> EngineAnswer:
    """Search now: a word of titles, or a whole tree. Facts of ``Filters`` go there."""
    tree = Term(Field.TITLE, node) if isinstance(node, str) else node
    names = ("at", *(name for name in Filters.__slots__ if name != "at"))
    within = {name: query.pop(name) for name in names if name in query}
    return engine.search(EngineQuery(node=tree, filters=Filters(**{"at": NOW, **within}), **query))


def keys(engine: SearchEngine, node: Node | str | None = None, **query: Any) -> list[str]:
    return [hit.key for hit in ask(engine, node or Everything(), **query).hits]

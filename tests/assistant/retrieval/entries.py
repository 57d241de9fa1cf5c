"""Entries and sources for tests of retrieval."""

from collections.abc import Sequence
from typing import Any

from assistant.retrieval.contract import Entry, Query
from assistant.retrieval.embedders import Embedder, Embedders
from assistant.retrieval.live import LiveIndex
from assistant.retrieval.reading import READING
from assistant.retrieval.retriever import IndexRetriever
from assistant.retrieval.source import MemorySource
from assistant.retrieval.texts import PARTS, text_key, texts_of

QUESTIONS = (
    "新生儿怎么上户口？",
    "居住证怎么办理？",
    "公积金怎么提取？",
    "身份证丢了怎么补办？",
    "养老金什么时候发放？",
    "生育津贴如何申领？",
    "小学入学需要什么材料？",
    "驾驶证换证去哪里？",
)


def entry(number: int, question: str = "", **fields: Any) -> Entry:
    values = {"language": "zh-hans", "answer": f"第{number}号窗口办理，工作日受理。"}
    return Entry(id=str(number), question=question, **values | fields)


def entries() -> list[Entry]:
    return [entry(number, question) for number, question in enumerate(QUESTIONS, 1)]


def with_vectors(source: MemorySource, model: Embedder) -> MemorySource:
    """The source, all its texts embedded."""
    for one in source.entries():
        for part in PARTS:
            texts = texts_of(one).for_models(part)
            if texts:
                vectors = model.embed(texts, part).astype("<f2")
                keys = [text_key(part, text) for text in texts]
                source.put_vectors(model.model, dict(zip(keys, vectors, strict=True)))
    return source


def retriever_of(
    source: MemorySource, models: Sequence[Embedder] = (), **options: Any
) -> IndexRetriever:
    embedders = Embedders(models)
    return IndexRetriever(LiveIndex(source, embedders.models, READING, **options), embedders)


def found(
    retriever: IndexRetriever, text: str, language: str = "zh-hans", **more: Any
) -> list[str]:
    return [hit.entry for hit in retriever.retrieve(Query(text, language, **more)).ranked]

"""The store in PostgreSQL with the extension ``vector``: Haystack's document store for it."""

import importlib
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from .store import Filters, Store, Stored, StoreFailed, Vector

_STATE = "state"
# It warns with each connection that the graph, which it looks for, is there.
logging.getLogger("haystack_integrations.document_stores.pgvector").setLevel(logging.ERROR)

# So many are looked at while the graph is searched: filters come after, and narrow ones leave few.
_LOOKED_AT = 400


class PgvectorStore(Store):
    """One table of a database. Each thread has a connection of its own."""

    def __init__(self, url: str, dimensions: int, table: str = "assistant_index") -> None:
        self._url, self._dimensions, self._table = url, dimensions, table
        self._local = threading.local()

    def closest(self, vector: Vector, filters: Filters, count: int) -> Sequence[str]:
        found = self._ask(
            lambda store: self._retriever(store).run(
                query_embedding=vector.tolist(), filters=filters, top_k=count
            )
        )
        return _entries(found["documents"])

    def entries(self, filters: Filters) -> Sequence[str]:
        return _entries(self._ask(lambda store: store.filter_documents(filters)))

    def write(self, documents: Sequence[Stored]) -> None:
        document = importlib.import_module("haystack").Document
        written = [
            document(id=one.id, embedding=list(one.vector), meta=dict(one.meta))
            for one in documents
        ]
        self._write(written)

    def remove(self, entries: Sequence[str]) -> None:
        if entries:
            of_these = {"field": "meta.entry", "operator": "in", "value": list(entries)}
            self._ask(lambda store: store.delete_by_filter(of_these))

    def clear(self) -> None:
        self._ask(lambda store: store.delete_all_documents())

    def state(self) -> Mapping[str, Any]:
        kept = {"field": "meta.kind", "operator": "==", "value": _STATE}
        found = self._ask(lambda store: store.filter_documents(kept))
        state: Mapping[str, Any] = json.loads(found[0].meta["state"]) if found else {}
        return state

    def keep_state(self, state: Mapping[str, Any]) -> None:
        document = importlib.import_module("haystack").Document
        meta = {"kind": _STATE, "state": json.dumps(dict(state))}
        self._write([document(id=_STATE, content="", meta=meta)])

    def _write(self, documents: Sequence[Any]) -> None:
        policy = importlib.import_module("haystack.document_stores.types").DuplicatePolicy
        self._ask(lambda store: store.write_documents(list(documents), policy.OVERWRITE))

    def _retriever(self, store: Any) -> Any:
        retrievers = importlib.import_module("haystack_integrations.components.retrievers.pgvector")
        return retrievers.PgvectorEmbeddingRetriever(document_store=store)

    def _ask(self, question: Any) -> Any:
        errors = importlib.import_module("haystack.document_stores.errors")
        driver = importlib.import_module("psycopg")
        try:
            return question(self._store())
        except (errors.DocumentStoreError, driver.Error) as error:
            self._local.store = None
            # What failed may quote the address and its password; the kind is enough.
            raise StoreFailed(f"the index in PostgreSQL: {type(error).__name__}") from error

    def _store(self) -> Any:
        if getattr(self._local, "store", None) is None:
            module = importlib.import_module("haystack_integrations.document_stores.pgvector")
            secret = importlib.import_module("haystack.utils").Secret
            self._local.store = module.PgvectorDocumentStore(
                connection_string=secret.from_token(self._url),
                table_name=self._table,
                language="simple",
                embedding_dimension=self._dimensions,
                vector_function="inner_product",
                search_strategy="hnsw",
                hnsw_index_name=f"{self._table}_closest",
                keyword_index_name=f"{self._table}_words",
                hnsw_ef_search=_LOOKED_AT,
            )
        return self._local.store


def _entries(documents: Sequence[Any]) -> list[str]:
    """The entries of documents, each once, in order."""
    return list(dict.fromkeys(document.meta["entry"] for document in documents))

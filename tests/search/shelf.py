"""Documents in the database and in an index in memory, as ``find`` has them together."""

import itertools
from typing import Any

import pytest

from portal.search.finding import cascade
from portal.search.indexing.cutting import cut
from portal.search.models import Document
from portal.search.rules import Rules
from portal.search.services import searching
from portal.search.services.contract import Outcome, Search
from portal.search.services.correcting import Corrections
from portal.text.searching import Analyser, analyser

from .scratch import Scratch


class Shelf:
    """``shelf.put("page:1", "居住证办理")`` and ``shelf.find("居住证")``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scratch = Scratch()
        self.rules = Rules()
        self.corrections = Corrections()
        self.near: tuple[Any, ...] = ()
        self.analyser: Analyser = analyser()
        self._seq = itertools.count(1)
        monkeypatch.setattr(searching, "current_engine", lambda: self.scratch.engine)
        monkeypatch.setattr(searching, "current_analyser", lambda: self.analyser)
        monkeypatch.setattr(searching, "rules_for", lambda site: self.rules)
        monkeypatch.setattr(cascade, "corrections", lambda *args, **kwargs: self.corrections)
        monkeypatch.setattr(cascade, "nearest", lambda *args, **kwargs: self.near)

    def put(self, key: str, title: str, body: str = "", **facts: Any) -> Document:
        """A document that is stored and indexed."""
        row = self.stored(key, title, body, **facts)
        self.scratch.write(cut(row, self.analyser))
        return row

    def put_many(self, rows: list[dict[str, Any]]) -> None:
        made = [self._row(**{"body": "", **row}) for row in rows]
        Document.objects.bulk_create(made)
        self.scratch.write(*(cut(row, self.analyser) for row in made))

    def stored(self, key: str, title: str, body: str = "", **facts: Any) -> Document:
        """A document that no index has read yet."""
        row = self._row(key=key, title=title, body=body, **facts)
        row.save()
        return row

    def find(self, text: str, **search: Any) -> Outcome:
        return searching.find(Search(text=text, **{"language": "zh-hans", **search}))

    def keys(self, text: str, **search: Any) -> list[str]:
        return [found.key for found in self.find(text, **search).results]

    def _row(self, **facts: Any) -> Document:
        key = facts["key"]
        values = {
            "kind": "article", "language": "zh-hans", "url": f"/{key}", "whole": key,
            "standing": "in_force", "seq": next(self._seq),
        }  # fmt: skip
        return Document(**values | facts)

"""How good the answers are, on files of entries and questions: ``python -m tests.benchmarks.answers
ENTRIES.jsonl QUESTIONS.jsonl [--report FILE.json] [--vectors FILE.npz] [--observations FILE.jsonl]``.

Entries are JSON lines as ``portal import_qa`` takes them (``question`` may be missing; ``title``, and
``group`` for translations of one another, may be there). No database: the index is in memory, with
the models of the wheels, and is asked as a visitor's question is. Making vectors takes about a minute
for a thousand short texts; ``--vectors`` keeps them for the next run. ``--observations`` writes what
``python -m assistant.evaluation.calibrate`` fits the gates to.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation.calibrate import Observation, observe
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.runner import report, run
from assistant.retrieval.contract import Decision, Entry, Query, Retrieval
from assistant.retrieval.embedders import Embedder, Embedders, bundled
from assistant.retrieval.index import Snapshot
from assistant.retrieval.live import LiveIndex
from assistant.retrieval.reading import READING
from assistant.retrieval.retriever import IndexRetriever
from assistant.retrieval.signals import Ranking, Signals
from assistant.retrieval.source import MemorySource
from assistant.retrieval.texts import PARTS, text_key, texts_of
from assistant.retrieval.weighing import same_language

_BATCH = 32


def entries_of(lines: Iterable[str]) -> Iterator[Entry]:
    for line in lines:
        if line.strip():
            row = json.loads(line)
            yield Entry(
                id=row["id"],
                language=(row.get("language") or row.get("lang") or "zh-hans").lower(),
                question=row.get("question") or "",
                answer=row["answer"],
                phrasings=tuple(row.get("variants") or row.get("phrasings") or ()),
                title=row.get("title") or "",
                group=row.get("group") or "",
            )


def embed_all(source: MemorySource, models: Sequence[Embedder], kept: Path | None) -> None:
    """Give the source all vectors, those that were kept as they are."""
    cache: dict[str, Any] = dict(np.load(kept)) if kept is not None and kept.exists() else {}
    for model in models:
        for part in PARTS:
            texts = {text for one in source.entries() for text in texts_of(one).for_models(part)}
            named = {text: f"{model.space}{text_key(part, text).hex()}" for text in texts}
            missing = sorted((text for text in texts if named[text] not in cache), key=len)
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                for text, vector in zip(batch, model.embed(batch, part), strict=True):
                    cache[named[text]] = vector.astype("<f2")
            source.put_vectors(
                model.model, {text_key(part, text): cache[name] for text, name in named.items()}
            )
    if kept is not None:
        np.savez(kept, **cache)


class Observer:
    """Stands in for the gates and notes what they would have seen of a question, with the entries
    that answer it and without them."""

    def __init__(self, questions: Iterable[Question], groups: dict[str, str]) -> None:
        self._relevant = {question.text: set(question.relevant) for question in questions}
        self._groups = groups
        self.seen: list[Observation] = []

    def __call__(
        self, signals: Signals, ranking: Ranking, index: Snapshot
    ) -> tuple[Decision, float, int]:
        text = signals.query.text
        relevant = self._relevant[text]
        answers = [
            place
            for place, entry in enumerate(index.ids(signals.candidates))
            if self._groups[entry] in relevant
        ]
        self.seen += observe(
            signals.fields,
            text,
            answers,
            language=signals.query.language,
            same_language=same_language(signals, index),
            groups=index.groups(signals.candidates),
        )
        return Decision.DECLINE, 0.0, 0


class Grouped:
    """Ranks groups instead of entries: questions name what they mean, not in which language."""

    def __init__(self, retriever: IndexRetriever, groups: dict[str, str]) -> None:
        self._retriever, self._groups = retriever, groups

    def retrieve(self, query: Query) -> Retrieval:
        found = self._retriever.retrieve(query)
        hits = [type(hit)(self._groups[hit.entry], hit.score) for hit in found.ranked]
        return type(found)(hits, found.decision, found.confidence, took_ms=found.took_ms)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.answers")
    parser.add_argument("entries", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--observations", type=Path)
    chosen = parser.parse_args(arguments)
    with chosen.entries.open(encoding="utf-8") as lines:
        entries = list(entries_of(lines))
    questions, refused = read_questions(chosen.questions)
    for refusal in refused:
        print(refusal, file=sys.stderr)
    source, models = MemorySource(entries), bundled()
    embed_all(source, models, chosen.vectors)
    embedders = Embedders(models)
    embedders.warm()
    groups = {entry.id: entry.group or entry.id for entry in entries}
    index = LiveIndex(source, embedders.models, READING)
    if chosen.observations is not None:
        observer = Observer(questions, groups)
        run(IndexRetriever(index, embedders, decide=observer), questions)
        lines = [json.dumps(dataclasses.asdict(one)) for one in observer.seen]
        chosen.observations.write_text("\n".join(lines) + "\n", encoding="utf-8")
    retriever = IndexRetriever(index, embedders)
    found = report(run(Grouped(retriever, groups), questions))
    if chosen.report is not None:
        chosen.report.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    tables = {"all": found["metrics"], **found["by_language"], **found["by_kind"]}
    for name, figures in tables.items():
        print(name or "(none)", json.dumps(figures))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())

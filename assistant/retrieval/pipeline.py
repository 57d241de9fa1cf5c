"""Retrieval as one Haystack pipeline. Every step is told what was asked; besides:

- words → meanings, filter
- embedder → meanings → filter → fusion, decider
- fusion → decider
"""

import os

# Nobody outside is told that a city's portal uses this library; read when it is imported.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Pipeline

from .components import (
    CandidateFilter,
    Decider,
    Fusion,
    Judge,
    MeaningRetriever,
    QuestionEmbedder,
    Ranker,
    WordRetriever,
)
from .contract import Query, Retrieval
from .embedders import Embedders
from .index import Snapshot
from .signals import Asked

# Every step is told what was asked.
_STEPS = ("words", "embedder", "meanings", "filter", "fusion", "decider")


def make_pipeline(embedders: Embedders, ranker: Ranker, judge: Judge) -> Pipeline:
    """The pipeline; ``run_pipeline`` runs it."""
    pipeline = Pipeline()
    pipeline.add_component("words", WordRetriever())
    pipeline.add_component("embedder", QuestionEmbedder(embedders))
    pipeline.add_component("meanings", MeaningRetriever())
    pipeline.add_component("filter", CandidateFilter())
    pipeline.add_component("fusion", Fusion(ranker))
    pipeline.add_component("decider", Decider(judge))
    pipeline.connect("embedder.vectors", "meanings.vectors")
    pipeline.connect("words.fields", "meanings.words")
    pipeline.connect("words.fields", "filter.words")
    pipeline.connect("meanings.fields", "filter.meanings")
    pipeline.connect("filter.signals", "fusion.signals")
    pipeline.connect("filter.signals", "decider.signals")
    pipeline.connect("fusion.ranking", "decider.ranking")
    pipeline.warm_up()
    return pipeline


def run_pipeline(pipeline: Pipeline, query: Query, index: Snapshot) -> Retrieval:
    asked = Asked(query, index, index.candidates(query))
    found = pipeline.run({step: {"asked": asked} for step in _STEPS})
    retrieval: Retrieval = found["decider"]["retrieval"]
    return retrieval

"""What to do when it is not clear what a visitor wants: look for an answer.

A question that is taken for a complaint annoys; a complaint that is answered with what is known
about it and the way to complain does not. So whatever is unclear is a question, and what begins a
letter or calls a person has to be clearer than the rest.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Caution(IntentClassifier, GraphComponent):
    """Takes a prediction back that is not sure enough.

    ``threshold`` holds for every intent but those in ``thresholds``, which have their own (a name
    with ``*`` at its end is of all that begin so); ``otherwise`` is the intent of what is unclear.
    The ranking stays as the classifier gave it.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._otherwise: str = config["otherwise"]
        self._threshold: float = config["threshold"]
        self._thresholds: dict[str, float] = config["thresholds"]
        self._margin: float = config["margin"]

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"otherwise": "ask_question", "threshold": 0.4, "thresholds": {}, "margin": 0.05}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Caution:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            chosen = self.choose(message.get(INTENT_RANKING_KEY) or [])
            if chosen is not None:
                message.set(INTENT, chosen, add_to_output=True)
        return messages

    def choose(self, ranking: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The intent to go by; None where there is no ranking to judge."""
        if not ranking:
            return None
        first = ranking[0]
        confidence = first[PREDICTED_CONFIDENCE_KEY]
        second = ranking[1][PREDICTED_CONFIDENCE_KEY] if len(ranking) > 1 else 0.0
        least = self._least(first[INTENT_NAME_KEY])
        if confidence >= least and confidence - second >= self._margin:
            return first
        return {INTENT_NAME_KEY: self._otherwise, PREDICTED_CONFIDENCE_KEY: confidence}

    def _least(self, intent: str) -> float:
        for name, threshold in self._thresholds.items():
            if intent == name or (name.endswith("*") and intent.startswith(name[:-1])):
                return threshold
        return self._threshold

"""A retriever that says what a test wants, and questions put to the service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.services.answers import Given, Question, answer
from assistant.retrieval.contract import Decision, Hit, Query, Retrieval


@dataclass
class FakeRetriever:
    """Ranks the given entries, the first the best. Keeps the queries that it was asked."""

    entries: Sequence[QuestionPage] = ()
    decision: Decision = Decision.ANSWER
    close: Sequence[QuestionPage] = ()
    mode: str = "full"
    fails: Exception | None = None
    asked: list[Query] = field(default_factory=list)

    def retrieve(self, query: Query) -> Retrieval:
        self.asked.append(query)
        if self.fails is not None:
            raise self.fails
        ranked = [Hit(str(entry.pk), 1 - 0.1 * n) for n, entry in enumerate(self.entries)]
        return Retrieval(
            ranked=ranked,
            decision=self.decision if ranked else Decision.DECLINE,
            confidence=0.9,
            close=[str(entry.pk) for entry in self.close],
            mode=self.mode,
        )


def ask(message: str, *entries: QuestionPage, **values: Any) -> Given:
    """Ask the service with a retriever that ranks these entries."""
    about = {
        name: values.pop(name) for name in ("decision", "close", "mode", "fails") if name in values
    }
    return answer(question=Question(message, **values), retriever=FakeRetriever(entries, **about))

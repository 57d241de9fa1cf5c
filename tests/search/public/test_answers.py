"""The approved answer above results: only where it is about what was typed."""

from types import SimpleNamespace
from typing import Any

import pytest

from portal.plugin_api import CapabilityUnavailable, DirectAnswer
from portal.search import answers

RESIDENCE = DirectAnswer(
    question="新生儿怎么上户口？",
    html="<p>到派出所。</p>",
    text="到派出所申报出生登记。",
    language="zh-hans",
    url="/wenda/1/",
)
ENGLISH = DirectAnswer("How do I extend a visa?", "", "Ask the exit office.", "en", "/en/1/")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(asked=[], answer=RESIDENCE)

    def direct_answer(query: str, **about: Any) -> DirectAnswer | None:
        made.asked.append(query)
        if isinstance(made.answer, Exception):
            raise made.answer
        found: DirectAnswer | None = made.answer
        return found

    made.direct_answer = direct_answer
    monkeypatch.setattr(answers, "capability", lambda _name, _site: made)
    return made


def ask(text: str) -> DirectAnswer | None:
    return answers.direct_answer(text, site=None, language="zh-hans")


def test_questions_are_answered(provider: SimpleNamespace) -> None:
    assert ask("新生儿怎么上户口") is RESIDENCE
    assert ask("小孩上户口") is RESIDENCE, "in other words too"


def test_a_name_is_not_answered_with_what_is_only_near(provider: SimpleNamespace) -> None:
    assert ask("市公安局") is None
    assert ask("垃圾分类投放") is None


def test_short_words_are_not_even_asked_about(provider: SimpleNamespace) -> None:
    assert ask("户口") is None
    assert ask("x" * 201) is None
    assert provider.asked == []


def test_another_language_is_left_to_the_knowledge_base(provider: SimpleNamespace) -> None:
    assert ask("how to register a newborn") is RESIDENCE
    provider.answer = ENGLISH
    assert ask("extend my visa") is ENGLISH
    assert ask("garbage sorting rules") is None


def test_a_provider_that_fails_costs_its_answer(provider: SimpleNamespace) -> None:
    provider.answer = CapabilityUnavailable()
    assert ask("新生儿怎么上户口") is None

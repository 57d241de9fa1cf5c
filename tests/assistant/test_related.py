"""Related official text: only what is about the matter, however many words it shares."""

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.portal_plugin.answering import related
from assistant.portal_plugin.index import serving
from assistant.retrieval import projection
from assistant.retrieval.embedders import Embedders
from assistant.retrieval.source import Model

QUESTION = "新生儿怎么上户口"
ABOUT, ASTRAY = "新生儿出生登记应当在一个月内申报。", "户口簿样式由公安部统一制定。"


class Directions:
    """Stands in for e5: texts of one matter point one way, all others another."""

    space = "e5"
    model = Model("directions", "1", 384)

    def __init__(self) -> None:
        self.read: list[str] = []

    def embed(self, texts: list[str], part: str) -> np.ndarray:
        self.read += texts
        common = projection._constants()["e5"][part]
        rows = np.random.default_rng(4).standard_normal((2, 384)) / 40
        found = [common + rows[0 if "新生儿" in text else 1] for text in texts]
        return np.array([row / np.linalg.norm(row) for row in found], np.float32)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Directions:
    model = Directions()
    embedders = Embedders([model])
    monkeypatch.setattr(serving, "embedders", lambda: embedders)
    return model


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> None:
    common = {"label": "", "url": "/p/", "valid_from": None, "valid_until": None, "kind": "clause"}
    found = [SimpleNamespace(title=text, text=text, **common) for text in (ASTRAY, ABOUT)]
    passages = SimpleNamespace(passages=lambda *_words, **_about: found)
    monkeypatch.setattr(related, "capability", lambda _name, _site: passages)


def texts(question: str = QUESTION) -> list[str]:
    shown = related.related_text(question, site=None, language="zh-hans", at=None)
    return [passage["passage"] for passage in shown]


def test_what_only_shares_words_is_not_shown(model: Directions) -> None:
    assert texts() == [ABOUT]


def test_a_passage_is_read_once(model: Directions) -> None:
    texts()
    texts("新生儿落户要什么材料")
    assert model.read.count(ABOUT) == model.read.count(ASTRAY) == 1


def test_without_the_model_words_alone_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "embedders", lambda: Embedders([]))
    assert texts() == [ASTRAY, ABOUT]

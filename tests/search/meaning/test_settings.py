"""Settings of the search by meaning: what they are, and what is refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment


@pytest.mark.parametrize(
    ("value", "service", "expected"),
    [("", False, "e5"), ("", True, "service"), ("e5", True, "e5"), ("none", True, "")],
)
def test_which_model(
    monkeypatch: pytest.MonkeyPatch, value: str, service: bool, expected: str
) -> None:
    monkeypatch.setenv("SEARCH_EMBEDDER", value)
    assert environment.search_embedder(service=service) == expected


@pytest.mark.parametrize(
    ("value", "embedder", "expected"),
    [("", "e5", 0.86), ("", "service", 0.5), ("0.42", "service", 0.42), ("0", "e5", 0.0)],
)
def test_how_near(
    monkeypatch: pytest.MonkeyPatch, value: str, embedder: str, expected: float
) -> None:
    monkeypatch.setenv("SEARCH_MEANING_FLOOR", value)
    assert environment.meaning_floor(embedder) == expected


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RAISE_SETTINGS_ERRORS", "1")
    monkeypatch.setenv("SEARCH_EMBEDDER", "bert")
    with pytest.raises(ImproperlyConfigured, match="SEARCH_EMBEDDER: 'bert' is not one of"):
        environment.search_embedder(service=True)
    monkeypatch.setenv("SEARCH_EMBEDDER", "service")
    with pytest.raises(ImproperlyConfigured, match="set ASSISTANT_EMBEDDING_URL"):
        environment.search_embedder(service=False)
    for value in ("near", "1", "-0.1", "nan"):
        monkeypatch.setenv("SEARCH_MEANING_FLOOR", value)
        with pytest.raises(ImproperlyConfigured, match="SEARCH_MEANING_FLOOR"):
            environment.meaning_floor("e5")

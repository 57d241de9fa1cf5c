"""Which models the assistant asks is set from the environment; what is wrong is named at the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from assistant.portal_plugin.index import serving
from portal.settings import environment


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RAISE_SETTINGS_ERRORS", "1")
    for name in ("EMBEDDERS", "EMBEDDING_URL", "EMBEDDING_MODEL", "EMBEDDING_DIMENSIONS"):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)


@pytest.mark.parametrize(
    ("value", "service", "expected"),
    [
        ("", False, ["e5", "use"]),
        ("", True, ["service", "use"]),
        ("use", False, ["use"]),
        ("none", False, []),
    ],
)
def test_models_by_name(
    monkeypatch: pytest.MonkeyPatch, value: str, service: bool, expected: list[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDERS", value)

    assert environment.embedders(service=service) == expected


@pytest.mark.parametrize("value", ["bert", "service", "e5,none"])
def test_a_wrong_name_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDERS", value)

    with pytest.raises(ImproperlyConfigured, match="ASSISTANT_EMBEDDERS"):
        environment.embedders(service=False)


def test_a_service_is_set_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.embedding_service() == {}
    monkeypatch.setenv("ASSISTANT_EMBEDDING_URL", "http://10.0.0.5:8080/v1")
    with pytest.raises(ImproperlyConfigured, match="ASSISTANT_EMBEDDING_MODEL"):
        environment.embedding_service()
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", "bge-m3")
    with pytest.raises(ImproperlyConfigured, match="ASSISTANT_EMBEDDING_DIMENSIONS"):
        environment.embedding_service()
    monkeypatch.setenv("ASSISTANT_EMBEDDING_DIMENSIONS", "1024")

    service = environment.embedding_service()

    with override_settings(ASSISTANT_EMBEDDING_SERVICE=service, ASSISTANT_EMBEDDERS=["service"]):
        serving.forget()
        assert serving.embedders().models["service"].dimensions == 1024


def test_the_bundled_models_are_there_on_this_platform() -> None:
    with override_settings(ASSISTANT_EMBEDDERS=["e5", "use"]):
        serving.forget()
        assert sorted(serving.embedders().models) == ["e5", "use"]

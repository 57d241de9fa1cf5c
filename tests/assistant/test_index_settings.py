"""Which models the assistant asks is set from the environment; what is wrong is named at the start."""

from pathlib import Path

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


@pytest.mark.parametrize(
    ("store", "address", "expected"),
    [
        ("", "", ("files", "")),
        ("files", "", ("files", "")),
        ("pgvector", "postgresql://a:b@db/x", ("pgvector", "postgresql://a:b@db/x")),
    ],
)
def test_the_place_of_the_index(
    monkeypatch: pytest.MonkeyPatch, store: str, address: str, expected: tuple[str, str]
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX_STORE", store or "files")
    monkeypatch.setenv("ASSISTANT_INDEX_URL", address)

    assert environment.index_store() == expected


@pytest.mark.parametrize(
    ("store", "address", "named"),
    [
        ("opensearch", "", "ASSISTANT_INDEX_STORE"),
        ("files", "postgresql://db/x", "ASSISTANT_INDEX_URL"),
        ("pgvector", "", "ASSISTANT_INDEX_URL"),
        ("pgvector", "sqlite:///x", "ASSISTANT_INDEX_URL"),
    ],
)
def test_a_place_that_cannot_be_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, store: str, address: str, named: str
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX_STORE", store)
    monkeypatch.setenv("ASSISTANT_INDEX_URL", address)

    with pytest.raises(ImproperlyConfigured, match=named):
        environment.index_store()


@pytest.mark.django_db
def test_with_a_shared_store_the_pool_answers_and_the_job_fills_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from assistant.portal_plugin.index import compaction, serving
    from assistant.retrieval.pool import PoolRetriever

    told: list[object] = []
    monkeypatch.setattr(
        compaction.stores, "sync", lambda source, shared, *_rest: told.append(shared)
    )
    address = "postgresql://a:b@127.0.0.1:1/x"
    try:
        with override_settings(
            ASSISTANT_EMBEDDERS=["use"],
            ASSISTANT_INDEX_STORE="pgvector",
            ASSISTANT_INDEX_URL=address,
            DATA_DIR=tmp_path,
        ):
            serving.forget()
            assert isinstance(serving.retriever(), PoolRetriever)
            assert compaction.make_base()
            assert not serving.directory().exists()
    finally:
        serving.forget()
    assert len(told) == 1


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

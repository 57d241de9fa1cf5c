"""Indexes of a cluster: made, exchanged by an alias, written by one machine at a time."""

import datetime
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.utils import timezone
from opensearchpy import OpenSearch
from osmem_server import OsmemServer

from portal.search.engine.contract import EngineUnavailable
from portal.search.engine.opensearch_engine import OpenSearchEngine, OpenSearchWriter
from portal.search.indexing import cluster as cluster_module
from portal.search.indexing import plan, rows
from portal.search.indexing.cluster import ClusterStore, alias_of
from portal.search.indexing.indexer import Indexer
from portal.search.models import Replica
from portal.search.services import engines
from tests.search.scratch import document, keys

from .conftest import until_idle
from .test_indexer import entry, found, write

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[OsmemServer]:
    with OsmemServer.start() as server:
        yield server


@pytest.fixture
def client(server: OsmemServer) -> Any:
    return OpenSearch(hosts=[server.url])


@pytest.fixture
def origin() -> str:
    return plan.current_plan().identity.origin


@pytest.fixture
def store(client: Any, origin: str) -> ClusterStore:
    return ClusterStore(client, origin, "opensearch", "here:1")


@pytest.fixture
def engine(client: Any, origin: str) -> OpenSearchEngine:
    return OpenSearchEngine(client, alias_of(origin))


def test_rows_are_followed_and_removed(store: ClusterStore, engine: OpenSearchEngine) -> None:
    with pytest.raises(EngineUnavailable):
        engine.size()
    with closing(Indexer(store)) as indexer:
        write("居住证办理", "医保报销")
        until_idle(indexer)
        assert found(engine) == {"page:0", "page:1"}
        rows.store(["page:0", "page:1"], [entry("page:0", "医保转移")])
        until_idle(indexer)
        assert keys(engine, "医保") == ["page:0"]
        assert engine.size() == 1
        assert indexer.position() == 4


def test_a_new_index_takes_the_place_of_the_old_one(
    store: ClusterStore, engine: OpenSearchEngine, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(cluster_module.time, "monotonic", lambda: now[0])
    write("一")
    with closing(Indexer(store, clock=lambda: now[0])) as indexer:
        until_idle(indexer)
        assert indexer.live is not None
        first = indexer.live.name
        assert plan.change_words(["云湖市数据局"])
        write("一", "二")
        until_idle(indexer)
        assert indexer.live.name != first
        assert found(engine) == {"page:0", "page:1"}
        assert client.indices.exists(index=first)
        for _ in range(4):
            now[0] += 60
            until_idle(indexer)
        assert not client.indices.exists(index=first)
        assert found(engine) == {"page:0", "page:1"}


def test_the_next_process_goes_on(store: ClusterStore, client: Any, origin: str) -> None:
    write("一")
    with closing(Indexer(store)) as indexer:
        until_idle(indexer)
        assert indexer.live is not None
        name = indexer.live.name
    write("一", "二")
    with closing(Indexer(ClusterStore(client, origin, "opensearch", "there:2"))) as following:
        step = following.step()
        assert (step.followed, step.built) == (1, 0)
        assert following.live is not None
        assert following.live.name == name


def test_of_two_machines_one_writes_until_its_lease_ends(client: Any, origin: str) -> None:
    here = ClusterStore(client, origin, "opensearch", "here:1")
    there = ClusterStore(client, origin, "opensearch", "there:1")
    assert here.claim()
    assert not there.claim()
    here.release()
    assert there.claim()
    for moment in (-60, 600):  # it died; or its clock was ahead
        Replica.objects.update(
            holder="gone:1", held_at=timezone.now() + datetime.timedelta(seconds=moment)
        )
        assert ClusterStore(client, origin, "opensearch", "next:1").claim()
    Replica.objects.update(holder="alive:1", held_at=timezone.now())
    assert not ClusterStore(client, origin, "opensearch", "next:2").claim()


def test_what_an_old_writer_sends_late_overwrites_nothing(client: Any) -> None:
    client.indices.create(index="late", body=cluster_module.mapping({}))
    new, old = OpenSearchWriter(client, "late"), OpenSearchWriter(client, "late")
    new.apply([document("a", "new")], [], position=9)
    old.add([document("a", "old")], [], position=7)
    old.add([], ["a"], position=8)
    new.commit(9)
    assert keys(OpenSearchEngine(client, "late"), "new") == ["a"]


def test_the_portal_asks_the_cluster_when_it_is_told_to(
    server: OsmemServer, store: ClusterStore, settings: Any
) -> None:
    settings.OPENSEARCH_URL = server.url
    plan.change_words(["数据局"])
    write("一")
    with closing(Indexer(store)) as indexer:
        until_idle(indexer)
    engines._clusters.clear()
    assert engines.current_engine().size() == 1
    assert engines.current_analyser().words == {"数据局"}


def test_a_cluster_that_is_away_is_told_without_its_password(settings: Any) -> None:
    settings.OPENSEARCH_URL = "http://portal:secret@127.0.0.1:9"
    engines._clusters.clear()
    with pytest.raises(EngineUnavailable) as raised:
        engines.current_engine().size()
    assert "secret" not in str(raised.value)
    assert engines.current_analyser().version == plan.current_plan().identity.analyser

"""The night, the rebuild, the words, and what /readyz says."""

import datetime
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.search.indexing import lexicon, plan, replicas, rows
from portal.search.indexing.consumer import note_stale, refresh_stale
from portal.search.indexing.folder import FolderStore
from portal.search.indexing.indexer import Indexer
from portal.search.indexing.readiness import index_ready
from portal.search.indexing.rebuilding import rebuild
from portal.search.indexing.reconciling import look_after
from portal.search.indexing.replica import ReplicaEngine
from portal.search.models import Document, Replica, Stale
from portal.search.services.engines import current_analyser, current_engine
from tests.factories import ArticleFactory, OrganisationFactory, OrganisationPageFactory, World

from .conftest import rows as found_rows
from .conftest import tell
from .test_indexer import entry


@pytest.fixture
def article(world: World, folder: Path) -> Any:
    page = ArticleFactory(parent=world.column, title="居住证办理")
    tell()
    call_command("run_indexer", "--once")
    return page


def test_the_night_puts_right_what_slipped_through(world: World, article: Any) -> None:
    lost = ArticleFactory(parent=world.column, title="没有听说的")
    Document.objects.filter(key=f"page:{article.pk}").update(title="别的", checksum="x")
    rows.store(["page:999999"], [entry("page:999999")])
    written, removed = 0, 0
    with pytest.MonkeyPatch.context() as patch:
        for day in range(7):  # each is compared once in a week
            today = datetime.date(2026, 11, 23) + datetime.timedelta(days=day)
            patch.setattr(
                "portal.search.indexing.reconciling.timezone.localdate", lambda day=today: day
            )
            report = look_after()
            written += report.written
            removed += report.removed
    assert (written, removed) == (2, 1)
    assert found_rows()[f"page:{article.pk}"].title == "居住证办理"
    assert f"page:{lost.pk}" in found_rows()
    assert "page:999999" not in found_rows()


def test_an_index_that_lacks_something_is_made_anew(article: Any, folder: Path) -> None:
    call_command("run_indexer", "--once")
    assert not look_after().index_differs
    store = FolderStore(folder, "test")
    assert store.claim()
    generation = store.in_use()
    assert generation is not None
    generation.add([], [f"page:{article.pk}"])
    generation.commit(generation.position())
    generation.close()
    store.release()
    epoch = plan.current_plan().identity.epoch
    assert look_after().index_differs
    assert plan.current_plan().identity.epoch == epoch + 1
    call_command("run_indexer", "--once")
    assert not look_after().index_differs


def test_rebuilding_finds_what_is_new_and_what_is_gone(world: World, article: Any) -> None:
    lost = ArticleFactory(parent=world.column, title="没有听说的")
    rows.store(["page:999999"], [entry("page:999999")])
    said: list[str] = []
    generation = _engine().generation
    assert rebuild(said.append) >= 4
    assert said[-1] == "the new index is in use"
    engine = _engine()
    assert engine.generation != generation
    assert engine.size() == len(found_rows())
    assert f"page:{lost.pk}" in found_rows()
    assert "page:999999" not in found_rows()


def test_an_interrupted_rebuild_is_finished_by_the_indexer(world: World, article: Any) -> None:
    lost = ArticleFactory(parent=world.column)
    note_stale([f"page:{lost.pk}", "gone:1"])
    call_command("run_indexer", "--once")
    assert not Stale.objects.exists()
    assert f"page:{lost.pk}" in found_rows()
    assert refresh_stale() == 0


def _engine() -> ReplicaEngine:
    engine = current_engine()
    assert isinstance(engine, ReplicaEngine)
    return engine


class TestWords:
    def test_names_of_units_and_pages_are_words(self, world: World, article: Any) -> None:
        unit = OrganisationFactory(full_name="云湖市数据局", short_name="数据局")
        OrganisationPageFactory(parent=world.column, title="大数据中心", organisation=unit)
        tell()
        words = set(lexicon.words_now())
        assert {"云湖市数据局", "数据局", "大数据中心"} <= words
        assert "居住证办理" not in words  # the title of an article is a sentence
        assert all(2 <= len(word) <= 20 for word in words)
        assert lexicon.refresh_words()
        assert not lexicon.refresh_words()
        call_command("run_indexer", "--once")
        assert "云湖市数据局" in current_analyser().words
        assert _engine().size() == len(found_rows())

    def test_without_an_index_queries_are_cut_as_the_next_one_will_be(
        self, db: None, folder: Path
    ) -> None:
        plan.change_words(["数据局"])
        assert current_analyser().words == {"数据局"}


class TestReadiness:
    def test_all_is_well(self, article: Any) -> None:
        ready = index_ready()
        assert ready.ok, ready
        assert not ready.critical
        assert ready.detail.startswith(f"{len(found_rows())} documents, 0 s behind")

    def test_no_index(self, db: None, folder: Path) -> None:
        ready = index_ready()
        assert not ready.ok
        assert "the index is away" in ready.detail

    def test_nobody_follows(self, article: Any) -> None:
        Replica.objects.all().delete()
        assert not index_ready().ok

    def test_late(self, article: Any) -> None:
        rows.store(["page:0"], [entry("page:0")])
        assert index_ready().ok
        Document.objects.filter(key="page:0").update(
            changed_at=timezone.now() - datetime.timedelta(minutes=2)
        )
        assert not index_ready().ok


def test_a_machine_that_is_gone_holds_nothing_back(
    db: None, make_indexer: Callable[[], Indexer]
) -> None:
    rows.store(["page:0"], [entry("page:0")])
    rows.store(["page:0"], [])
    old = timezone.now() - datetime.timedelta(days=9)
    Document.objects.update(changed_at=old)
    replicas.report("gone", position=0, generation="", state="")
    assert replicas.forget_old() == 0
    Replica.objects.update(seen_at=old)
    assert replicas.forget_old() == 1
    with closing(make_indexer()) as indexer:  # it comes back
        for _ in range(4):
            indexer.step()
        assert indexer.position() == 2
        assert indexer.step().is_idle

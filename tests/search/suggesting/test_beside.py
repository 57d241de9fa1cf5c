"""What the indexer keeps beside the index: each part by itself."""

from typing import Any

import pytest
from django.db import DatabaseError

from portal.search import beside
from portal.search.beside import Beside, follow_popular
from portal.search.models import Document, Sequence
from portal.search.services import log
from portal.search.services.suggesting import suggest
from portal.search.suggestions import following, store
from portal.search.suggestions.readiness import names_ready

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file")]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def document() -> Document:
    Sequence.objects.create(pk=1, last=1)
    return Document.objects.create(
        key="test:1", seq=1, kind="service", language="zh-hans", title="居住证办理", url="/1/"
    )


def texts(typed: str) -> list[str]:
    return [found.text for found in suggest(typed, site=None, language="zh-hans")]


def test_names_follow_and_rest(clock: Clock) -> None:
    kept = Beside(clock)
    assert not names_ready().ok
    assert kept.step() == 1
    assert texts("jzz") == ["居住证办理"]
    assert (names_ready().ok, names_ready().detail) == (True, "1 names")
    assert kept.step() == 0
    Document.objects.update(seq=2, title="护照办理")
    Sequence.objects.update(last=2)
    assert kept.step() == 0  # it has only just looked
    assert names_ready().detail == "1 names, 1 documents behind"
    clock.now += 1
    assert kept.step() == 1
    assert texts("护照") == ["护照办理"]
    kept.close()


def test_a_damaged_file_is_made_anew(clock: Clock) -> None:
    kept = Beside(clock)
    kept.step()
    store.close_reader()
    for path in store.folder().glob("names-*"):
        path.unlink()
    store.path().write_bytes(b"no database at all " * 400)
    assert not names_ready().ok
    clock.now += 1
    assert kept.step() == 0
    clock.now += 5
    assert kept.step() == 1
    assert texts("jzz") == ["居住证办理"]
    kept.close()


def test_one_part_that_fails_costs_itself_alone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fail(**_options: Any) -> int:
        tried.append(clock.now)
        raise OSError("disk full")

    kept = Beside(clock)
    monkeypatch.setattr(kept._vectors, "step", fail)
    assert kept.step() == 1
    assert kept.step() == 0
    assert len(tried) == 1  # not again at once
    clock.now += 3
    kept.step()
    assert len(tried) == 2
    kept.close()


def test_trouble_with_the_database_is_the_indexers_affair(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_options: Any) -> int:
        raise DatabaseError

    monkeypatch.setattr(following, "follow", fail)
    with pytest.raises(DatabaseError):
        Beside(clock).step()


def test_popular_queries_once_a_minute_for_each_site_and_all(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int | None, str]] = []
    monkeypatch.setattr(
        log, "popular_queries", lambda *, site, language: asked.append((site, language)) or ()
    )
    Document.objects.update(site=7)
    kept = Beside(clock)
    kept.step()
    assert {site for site, _language in asked} == {None, 7}
    assert (7, "zh-hans") in asked
    assert (None, "en") in asked
    before = len(asked)
    clock.now += 30
    kept.step()
    assert len(asked) == before
    clock.now += 31
    kept.step()
    assert len(asked) == 2 * before
    assert follow_popular() == 0
    assert beside._POPULAR_SECONDS == 60
    kept.close()

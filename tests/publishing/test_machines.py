"""Several machines, gaps in numbers, killed processes: nothing half-written, nothing forgotten."""

import datetime
import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from portal.publishing.models import RowChange, StoreMachine
from portal.publishing.reading.recorder import Recording
from portal.publishing.store import keeping, layout, settling
from portal.publishing.store.files import Finished
from portal.publishing.store.index import Change
from portal.publishing.store.keeping import NotKept, Place, Store
from tests.factories import ArticleFactory, OrganisationFactory, World, publish

from .comparing import HOST, fill, in_file, path_of

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture
def machine(tmp_path: Path, settings: object) -> Callable[[str], Store]:
    """Work on the machine of this name from now on."""

    def go(name: str) -> Store:
        settings.PORTAL_PAGE_STORE = True  # type: ignore[attr-defined]
        settings.DATA_DIR = tmp_path / name  # type: ignore[attr-defined]
        return keeping.store()

    return go


@pytest.mark.django_db
def test_each_machine_follows_by_itself(world: World, machine: Callable[[str], Store]) -> None:
    article = ArticleFactory(parent=world.column)
    stores = [machine("one"), machine("two")]
    for name, store in zip(("one", "two"), stores, strict=True):
        machine(name)
        settling.settle(store)
        fill(store, [path_of(article)])
    publish(article, title="neu")
    settled = settling.settle(stores[0])
    assert settled.removed == [HOST + path_of(article)]
    assert in_file(stores[1], path_of(article)) is not None
    assert settling.settle(stores[1]).removed == settled.removed
    assert in_file(stores[1], path_of(article)) is None


@pytest.mark.django_db
def test_a_request_waits_for_machines_that_are_alive(
    world: World, machine: Callable[[str], Store]
) -> None:
    one, two = machine("one"), machine("two")
    for store in (one, two):
        settling.settle(store)
        settling.report(store)
    OrganisationFactory()
    position = settling.settle(one).position
    assert settling.wait_for_others(one, position, seconds=0.05) != []
    settling.settle(two)
    settling.report(two)
    assert settling.wait_for_others(one, position, seconds=0.05) == []
    OrganisationFactory()
    position = settling.settle(one).position
    dead = timezone.now() - datetime.timedelta(minutes=1)
    StoreMachine.objects.filter(name=two.index.machine()).update(seen_at=dead)
    assert settling.wait_for_others(one, position, seconds=0.05) == []


@pytest.mark.django_db
def test_who_was_away_for_long_begins_anew(world: World, machine: Callable[[str], Store]) -> None:
    article = ArticleFactory(parent=world.column)
    store = machine("one")
    settling.settle(store)
    fill(store, [path_of(article)])
    with store.index.writing():
        store.index.set_fact("settled_at", str(time.time() - settling.AWAY_SECONDS - 1))
    assert settling.settle(store).all
    assert store.index.count() == 0


@pytest.mark.django_db
def test_too_much_at_once_is_a_new_beginning(
    world: World, machine: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(parent=world.column)
    store = machine("one")
    settling.settle(store)
    fill(store, [path_of(article)])
    monkeypatch.setattr(settling, "MOST_CHANGES", 3)
    RowChange.objects.bulk_create(RowChange(table="core_listingrow", new="{}") for _n in range(4))
    assert settling.settle(store).all
    assert not settling.settle(store).all


@pytest.mark.django_db
def test_a_number_that_comes_late_is_followed(
    world: World, machine: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where numbers are given out before the commit."""
    article = ArticleFactory(parent=world.column)
    store = machine("one")
    settling.settle(store)
    fill(store, [path_of(article)])
    monkeypatch.setattr("portal.publishing.store.settling._numbers_have_gaps", lambda: True)
    publish(article, title="neu")
    late = list(RowChange.objects.filter(pk__gt=int(store.index.fact("position"))))
    RowChange.objects.filter(pk__in=[change.pk for change in late[:-1]]).delete()
    settling.settle(store)
    RowChange.objects.bulk_create(late[:-1])
    settling.settle(store)
    assert in_file(store, path_of(article)) is None
    assert not {change.pk for change in late} & set(store.index.gaps())


@pytest.mark.django_db
def test_followed_changes_are_forgotten_when_every_machine_has_seen_them(
    machine: Callable[[str], Store],
) -> None:
    one, two = machine("one"), machine("two")
    for store in (one, two):
        settling.settle(store)
        settling.report(store)
    OrganisationFactory()
    settling.settle(one)
    settling.report(one)
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    RowChange.objects.update(at=long_ago)
    newest = RowChange.objects.order_by("-pk").values_list("pk", flat=True)[0]
    settling.prune()
    assert RowChange.objects.filter(pk=newest).exists()
    settling.settle(two)
    settling.report(two)
    settling.prune()
    assert not RowChange.objects.exists()


# --- killed ---------------------------------------------------------------------------------------
WRITER = """
import datetime, random, sys
from pathlib import Path
from portal.publishing.reading.recorder import Recording
from portal.publishing.store.files import Finished
from portal.publishing.store.keeping import Place, Store

store = Store(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    number += 1
    body = (b"<p>%d</p>" % number) * random.randint(1, 40_000)
    place = Place("h.example", f"/p{number % 7}/")
    recording = Recording(datetime.datetime.now(datetime.UTC))
    store.put(place, Finished(body, (("Content-Type", "text/html"),)), recording,
              vendor="sqlite", followed_to=0)
"""


def test_killed_in_the_middle_of_writing_nothing_half_is_left(tmp_path: Path) -> None:
    found = Store(tmp_path)
    for _round in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(random.uniform(0.01, 0.25))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        known = {entry.folder: entry.digest for entry in found.index.entries()}
        for folder in list(found.files.pages()):
            body = (found.files.live / folder / layout.PAGE_FILE).read_bytes()
            one = body[: body.index(b"</p>") + 4]
            assert body == one * (len(body) // len(one))
            # What is there is what the index knows: a later change finds it.
            assert found.files.digest(folder) == known[folder]
    found.index.close()


def test_the_rest_of_a_killed_process_is_swept_away(tmp_path: Path) -> None:
    found = Store(tmp_path)
    found.files.ready()
    found.files.write("h.example/known", Finished(b"<p>", HEADERS))
    assert found.check_files() == 1
    assert list(found.files.pages()) == []
    found.index.close()


def test_a_disk_without_room_leaves_no_page_and_no_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Store(tmp_path)
    place, recording = Place("h.example", "/p/"), Recording(timezone.now())

    def put(body: bytes) -> None:
        found.put(place, Finished(body, HEADERS), recording, vendor="sqlite", followed_to=0)

    put(b"<p>old")

    def no_room(file: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("portal.publishing.store.files._put", no_room)
    with pytest.raises(OSError, match="space"):
        put(b"<p>new")
    assert list(found.files.pages()) == []
    found.index.close()


def test_changes_that_are_forgotten_already_keep_a_page_out(tmp_path: Path) -> None:
    found = Store(tmp_path)
    with found.index.writing():
        found.index.note_changes([Change("x", None, {"id": 1}), Change("x", None, {"id": 2})])
        found.index._db.execute("DELETE FROM recent WHERE seq = 1")
    place, page = Place("h.example", "/p/"), Finished(b"<p>", HEADERS)
    recording = Recording(timezone.now())
    with pytest.raises(NotKept):
        found.put(place, page, recording, vendor="sqlite", followed_to=0)
    found.put(place, page, recording, vendor="sqlite", followed_to=1)
    assert found.index.count() == 1
    found.index.close()

"""Appending: twice the same is once; a killed process leaves nothing that is believed."""

import os
import resource
import signal

import pytest
from django.db import transaction

from portal.evidence import merkle
from portal.evidence.leaves import chained
from portal.evidence.models import Entry, Finding, Log, State, Subtree
from portal.evidence.places import log_file
from portal.evidence.selectors import tree
from portal.evidence.services.log import Draft, append, leaf_of
from portal.evidence.services.sealing import seal, take_baseline
from portal.plugin_api import OutboxEvent
from tests.factories import World

from .conftest import check, follow

pytestmark = pytest.mark.django_db


def drafts(count: int, *, first: int = 0) -> list[Draft]:
    return [
        Draft("thing", first + number, Entry.Action.ADDED, f"{number:064x}", {"a": "1"})
        for number in range(count)
    ]


def file_lines() -> list[tuple[bytes, str]]:
    return [(line.leaf, line.chain) for line in log_file().lines()]


def table_lines() -> list[tuple[bytes, str]]:
    return [(leaf_of(entry), entry.chain) for entry in Entry.objects.order_by("seq")]


def test_file_and_table_say_the_same(db: None) -> None:
    append(drafts(3))
    append(drafts(2, first=3))
    assert [entry.seq for entry in Entry.objects.order_by("seq")] == [0, 1, 2, 3, 4]
    assert file_lines() == table_lines()
    assert (
        log_file().path.stat().st_mode & 0o077 == 0
        or log_file().path.parent.stat().st_mode & (0o077) == 0
    )


def test_stored_subtrees_give_the_roots_and_proofs_of_the_whole(db: None) -> None:
    append(drafts(700))
    leaves = [bytes.fromhex(leaf) for leaf in Entry.objects.values_list("leaf", flat=True)]
    assert Subtree.objects.filter(height=8).count() == 2
    for count in (1, 255, 256, 257, 512, 700):
        assert tree.root_at(count) == merkle.root_of(leaves[:count]).hex()
    root = merkle.root_of(leaves)
    for seq in (0, 255, 256, 511, 699):
        proof = [bytes.fromhex(step) for step in tree.inclusion(seq, 700)]
        assert merkle.verify_inclusion(leaves[seq], seq, 700, proof, root)
    proof = [bytes.fromhex(step) for step in tree.consistency(300, 700)]
    assert merkle.verify_consistency(300, 700, merkle.root_of(leaves[:300]), root, proof)


def test_events_seen_again_and_a_second_baseline_enter_nothing(city: World) -> None:
    before = Entry.objects.count()
    seal(list(OutboxEvent.objects.order_by("pk")))
    assert take_baseline() == 0
    assert Entry.objects.count() == before


def test_a_baseline_that_was_interrupted_goes_on(city: World) -> None:
    Log.objects.update(baselines={})
    State.objects.filter(kind="image").delete()
    Entry.objects.filter(pk=-1).delete()
    assert take_baseline() == 1
    assert "image" in Log.objects.get().baselines


def killed_while_writing(lines: list[tuple[bytes, str]], room: int) -> int:
    """Let a process append lines and die by SIGKILL with ``room`` bytes of them on the disk."""
    child = os.fork()
    if child == 0:
        end = log_file().path.stat().st_size + room
        resource.setrlimit(resource.RLIMIT_FSIZE, (end, end))
        try:
            log_file().append(lines)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def lines_after(state: State, count: int) -> list[tuple[bytes, str]]:
    """What a process would write next: entries that say of an item what is true of it."""
    last = Entry.objects.order_by("-seq")[0]
    chain, found = last.chain, []
    for number in range(1, count + 1):
        entry = Entry(
            seq=last.seq + number, key=state.key, action="changed", digest=state.digest,
            at=last.at, event=None,
        )  # fmt: skip
        leaf = leaf_of(entry)
        chain = chained(chain, merkle.leaf_hash(leaf).hex())
        found.append((leaf, chain))
    return found


@pytest.mark.parametrize("dice", [0, 97, 201])
def test_killed_in_the_middle_of_a_line(city: World, dice: int) -> None:
    state = State.objects.filter(kind="page").order_by("-pk")[0]
    before = Entry.objects.count()
    lines = lines_after(state, 400)
    status = killed_while_writing(lines, room=20_000 + dice)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    raw = log_file().path.read_bytes()
    assert not raw.endswith(b"\n"), "the kill came within a line"
    whole = raw.count(b"\n") - 1
    assert before < whole < before + 400
    append([])
    assert Entry.objects.count() == whole
    assert file_lines() == table_lines()
    mended = Finding.objects.get(code="log-file-torn")
    assert mended.status == Finding.Status.RESTORED
    assert check().findings == []


def test_a_transaction_that_did_not_end_is_taken_over_from_the_file(city: World) -> None:
    """As when the process dies, or the database goes, between file and commit."""
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append(drafts(3, first=10_000))
        raise ZeroDivisionError
    assert Entry.objects.count() == before
    append([])
    assert Entry.objects.count() == before + 3
    assert file_lines() == table_lines()


@pytest.mark.parametrize("torn", [b"{", b'{"action":"added"', b"\x00" * 40, b"no json\tno chain"])
def test_what_is_no_whole_line_is_cut_off(db: None, torn: bytes) -> None:
    append(drafts(2))
    with log_file().path.open("ab") as file:
        file.write(torn)
    append(drafts(1, first=2))
    assert file_lines() == table_lines()
    assert Entry.objects.count() == 3


def test_a_file_that_was_shortened_is_filled_and_told(city: World) -> None:
    path = log_file().path
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    append([])
    assert file_lines() == table_lines()
    assert Finding.objects.get(code="log-file-short").status == Finding.Status.OPEN


def test_the_file_of_another_log_is_put_aside(city: World) -> None:
    path = log_file().path
    path.write_bytes(b"portal-evidence-log v1 0123\nwhatever\n")
    append([])
    assert file_lines() == table_lines()
    assert list(path.parent.glob("log-aside-*.txt"))
    assert Finding.objects.filter(code="log-file-strange").exists()


def test_lines_that_do_not_follow_are_not_taken_over(city: World) -> None:
    state = State.objects.filter(kind="page").order_by("-pk")[0]
    before = Entry.objects.count()
    leaf, chain = lines_after(state, 1)[0]
    log_file().append([(leaf, "0" * len(chain))])
    append([])
    assert Entry.objects.count() == before
    assert file_lines() == table_lines()
    assert Finding.objects.filter(code="log-file-diverged").exists()
    follow()
    assert check().findings == []

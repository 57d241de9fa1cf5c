"""A hundred places, one byte each: found, and where. Then all is right again."""

import itertools
import random

import pytest

from portal.evidence.models import Entry, State
from portal.evidence.places import log_file
from portal.evidence.services.findings import Found
from portal.evidence.services.log import leaf_of
from portal.evidence.services.signing import sign_day
from tests.factories import World

from .conftest import check
from .tampering import DEEDS, Deed, byte, files, row

pytestmark = pytest.mark.django_db

PLACES = 100
assert len(DEEDS) <= PLACES, "every kind has its turn"
BYTES = 25


def leads_to(found: list[Found], deed: Deed) -> bool:
    return any(
        (one.place == deed.place or (not deed.field and deed.place in one.place))
        and one.field.startswith(deed.field)
        for one in found
    )


def test_a_changed_value_is_found_where_it_is(city: World) -> None:
    sign_day()
    assert not check().findings
    dice = random.Random(20261128)
    turns = itertools.cycle(dice.sample(sorted(DEEDS), len(DEEDS)))
    for kind in itertools.islice(turns, PLACES):
        was_changed = False
        while not was_changed:  # many columns are empty
            model, pk, name, deed = DEEDS[kind](dice)
            with row(model, pk, name, dice) as was_changed:
                if was_changed:
                    found = check().findings
                    assert leads_to(found, deed), (kind, name, deed, found)
    assert not check().findings


def test_a_changed_byte_of_a_file_is_found_near_its_offset(city: World) -> None:
    dice = random.Random(11)
    for _time in range(BYTES):
        path, deed = dice.choice(sorted(files().items()))
        with byte(path, dice) as place:
            found = check().findings
            assert leads_to(found, deed), (path, place, [one.to_json() for one in found])
            if path.suffix == ".txt" and path != log_file().path:
                offset = place - place % (64 * 1024)
                assert f"from byte {offset} on" in found[0].detail
    assert [one.to_json() for one in check().findings if "log-file" not in one.code] == []


def test_an_entry_taken_out_is_found(city: World) -> None:
    entry = Entry.objects.order_by("seq")[5]
    Entry.objects.filter(pk=entry.pk).delete()
    found = check().findings
    assert ("entry-missing", f"evidence_entry #{entry.pk}") in {(f.code, f.place) for f in found}


def test_entries_in_another_order_are_found(city: World) -> None:
    first, second = Entry.objects.order_by("seq")[3:5]
    for one, leaf in ((first, second), (second, first)):
        Entry.objects.filter(pk=one.pk).update(key=leaf.key, digest=leaf.digest)
    places = {found.place for found in check().findings}
    assert {f"evidence_entry #{first.pk}", f"evidence_entry #{second.pk}"} <= places


def test_an_entry_that_was_slipped_in_is_found(city: World) -> None:
    last = Entry.objects.order_by("-seq")[0]
    slipped = Entry(
        seq=last.seq + 1, key="page:999", action="added", digest="0" * 64, at=last.at,
        leaf=last.leaf, chain=last.chain,
    )  # fmt: skip
    slipped.save()
    places = {found.place for found in check().findings}
    assert f"evidence_entry #{slipped.pk}" in places


def test_rewriting_table_and_file_together_does_not_get_past_the_signed_root(city: World) -> None:
    """Whoever has both still lacks the key."""
    from portal.evidence import merkle
    from portal.evidence.leaves import FIRST_CHAIN, chained

    sign_day()
    Entry.objects.filter(seq=2).update(digest="ab" * 32)
    chain, lines = FIRST_CHAIN, []
    for entry in Entry.objects.order_by("seq"):
        leaf = leaf_of(entry)
        entry.leaf = merkle.leaf_hash(leaf).hex()
        entry.chain = chain = chained(chain, entry.leaf)
        entry.save()
        lines.append(leaf + b"\t" + chain.encode() + b"\n")
    path = log_file().path
    header = path.read_bytes().partition(b"\n")[0] + b"\n"
    path.write_bytes(header + b"".join(lines))
    assert "root-differs" in {found.code for found in check().findings}


def test_lines_of_the_file_taken_out_doubled_or_swapped_are_found(city: World) -> None:
    path = log_file().path
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for changed in (
        lines[:3] + lines[4:],
        [*lines[:5], lines[4], *lines[5:]],
        [*lines[:6], lines[7], lines[6], *lines[8:]],
    ):
        path.write_bytes(b"".join(changed))
        assert str(path) in {found.place for found in check().findings}
        path.write_bytes(whole)
    assert not check().findings


def test_a_page_and_its_state_taken_away_together_are_found(city: World) -> None:
    state = State.objects.filter(kind="page").order_by("-pk")[0]
    State.objects.filter(pk=state.pk).delete()
    codes = {(found.code, found.place) for found in check().findings}
    assert ("state-changed", f"evidence_state {state.key}") in codes

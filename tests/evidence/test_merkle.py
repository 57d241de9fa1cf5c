"""The tree against the definition of RFC 6962, and proofs against everything that is not one."""

import hashlib
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from portal.evidence import merkle


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = by_definition(leaves[:k]), by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def reader(leaves: Sequence[bytes]) -> merkle.Read:
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    return lambda height, index: merkle.root_of(hashes[index << height : (index + 1) << height])


def leaves_of(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def test_known_answer_of_certificate_transparency() -> None:
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in data]
    assert merkle.root_of(leaves).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_growing_tree_has_the_root_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root_of(map(merkle.leaf_hash, leaves)) == by_definition(leaves)


@given(st.integers(1, 130), st.data())
def test_inclusion_holds_for_its_leaf_and_place_only(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(reader(leaves), index, size)
    root = by_definition(leaves)
    leaf = merkle.leaf_hash(leaves[index])
    assert merkle.verify_inclusion(leaf, index, size, proof, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, merkle.leaf_hash(b"root"))
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, leaf], root)
    if size > 1:
        assert not merkle.verify_inclusion(leaf, (index + 1) % size, size, proof, root)
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)


@given(st.integers(1, 130), st.data())
def test_consistency_holds_for_a_beginning_only(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    proof = merkle.consistency_proof(reader(leaves), old, new)
    first, second = by_definition(leaves[:old]), by_definition(leaves)
    assert merkle.verify_consistency(old, new, first, second, proof)
    other = by_definition([b"changed", *leaves[1:old]])
    assert not merkle.verify_consistency(old, new, other, second, proof)
    assert not merkle.verify_consistency(old, new, first, by_definition([*leaves, b"x"]), proof)


def test_leaf_and_node_are_not_taken_for_each_other() -> None:
    """Without the prefixes a node's two hashes could be given out as a leaf."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)

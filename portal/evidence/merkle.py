"""Merkle trees as in RFC 6962 (section 2): hashes, roots, proofs and their verification.

Pure functions over bytes: they know no database. ``Read`` gives the hash of a whole subtree by
height and place; a log keeps some of them and computes the others.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

# A subtree of 2 ** height leaves, the index-th of its height.
type Read = Callable[[int, int], bytes]

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Peaks:
    """The roots of the whole subtrees of a growing tree: all that its root depends on."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append a leaf's hash; the subtrees that became whole, as (height, index, hash)."""
        whole: list[tuple[int, int, bytes]] = []
        index, height, found = self.size, 0, leaf
        while index & 1:
            found = node_hash(self.peaks.pop(), found)
            index, height = index >> 1, height + 1
            whole.append((height, index, found))
        self.peaks.append(found)
        self.size += 1
        return whole

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    peaks = Peaks()
    for leaf in leaves:
        peaks.add(leaf)
    return peaks.root()


def range_hash(read: Read, start: int, end: int) -> bytes:
    """The root of leaves ``start`` to ``end`` (not included); ``start`` begins a subtree."""
    size = end - start
    if size & (size - 1) == 0 and start % size == 0:
        return read(size.bit_length() - 1, start // size)
    split = 1 << ((size - 1).bit_length() - 1)
    return node_hash(range_hash(read, start, start + split), range_hash(read, start + split, end))


def inclusion_proof(read: Read, index: int, size: int) -> list[bytes]:
    """The path from a leaf to the root of the first ``size`` leaves.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("The leaf is not in this tree.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = 1 << ((end - start - 1).bit_length() - 1)
        if index - start < split:
            path.append(range_hash(read, start + split, end))
            end = start + split
        else:
            path.append(range_hash(read, start, start + split))
            start += split
    return path[::-1]


def consistency_proof(read: Read, old: int, new: int) -> list[bytes]:
    """That the tree of ``new`` leaves begins with that of ``old`` leaves.

    Raises:
        ValueError: not 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("The older tree is not a beginning of the newer one.")
    path: list[bytes] = []
    start, end, known = 0, new, True
    while end - start > 0 and old - start != end - start:
        split = 1 << ((end - start - 1).bit_length() - 1)
        if old - start <= split:
            path.append(range_hash(read, start + split, end))
            end = start + split
        else:
            path.append(range_hash(read, start, start + split))
            start, known = start + split, False
    if not known:
        path.append(range_hash(read, start, end))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a proof leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the newer root continues the older one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root

"""Reading the tree: subtrees from what is stored, proofs from subtrees."""

from django.db.models import Max

from portal.evidence import merkle
from portal.evidence.merkle import Peaks
from portal.evidence.models import Entry, Subtree

# Every eighth height is stored: a proof reads at most 255 hashes for each of its steps.
STEP = 8


def stored_height(height: int) -> bool:
    return height > 0 and height % STEP == 0


def size() -> int:
    """How many entries there are."""
    newest: int | None = Entry.objects.aggregate(newest=Max("seq"))["newest"]
    return 0 if newest is None else newest + 1


def subtree(height: int, index: int) -> bytes:
    """The root of a whole subtree.

    Raises:
        LookupError: something of it is not in the tables.
    """
    base = height - height % STEP
    count = 1 << (height - base)
    first = index << (height - base)
    if base == 0:
        rows = Entry.objects.filter(seq__gte=first, seq__lt=first + count).order_by("seq")
        found = list(rows.values_list("leaf", flat=True))
    else:
        nodes = Subtree.objects.filter(height=base, index__gte=first, index__lt=first + count)
        found = list(nodes.order_by("index").values_list("hash", flat=True))
    if len(found) != count:
        raise LookupError(f"Subtree {height}/{index} of the log is not whole")
    return merkle.root_of(bytes.fromhex(one) for one in found)


def stored_peaks(upto: int) -> Peaks:
    """What the root of the first ``upto`` entries depends on."""
    peaks = Peaks(size=upto)
    start = 0
    for height in reversed(range(upto.bit_length())):
        if upto >> height & 1:
            peaks.peaks.append(subtree(height, start >> height))
            start += 1 << height
    return peaks


def root_at(count: int) -> str:
    """The root over the first entries (hex)."""
    return stored_peaks(count).root().hex()


def inclusion(seq: int, count: int) -> list[str]:
    return [step.hex() for step in merkle.inclusion_proof(subtree, seq, count)]


def consistency(old: int, new: int) -> list[str]:
    return [step.hex() for step in merkle.consistency_proof(subtree, old, new)]

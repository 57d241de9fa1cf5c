"""Which Chinese characters are taken for each other by the eye."""

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def lookalikes() -> Mapping[str, frozenset[str]]:
    """Character → those that look like it. The table is our own: ``lookalikes.txt``."""
    found: dict[str, set[str]] = {}
    table = resources.files("portal.text").joinpath("lookalikes.txt").read_text("utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        for group in line.split():
            for sign in group:
                found.setdefault(sign, set()).update(group)
    return {sign: frozenset(others - {sign}) for sign, others in found.items()}


def look_alike(one: str, other: str) -> bool:
    """Whether two characters are in a group of the table."""
    return other in lookalikes().get(one, ())

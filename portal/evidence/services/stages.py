"""What a stage of the check is made of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .findings import Found


@dataclass(slots=True)
class Step:
    """One portion of a stage: how many things were looked at, and what was found."""

    checked: int = 0
    findings: list[Found] = field(default_factory=list)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """``work`` is called with a place that it moves on (kept as JSON) and whether to repair."""

    name: str
    work: Callable[[dict[str, Any], bool], Iterator[Step]]

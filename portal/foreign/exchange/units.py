"""What a file holds, whatever its format: texts of one page in one language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    """How a text stands when it is written to a file; kept on the way there and back."""

    NEW = "new"
    STALE = "stale"  # the Chinese has moved on; the text is that of the public version
    MACHINE = "machine"  # a draft by a machine that nobody has read
    DRAFT = "draft"
    LIVE = "live"  # public as it is


@dataclass(frozen=True, slots=True)
class Unit:
    """One text. ``finished``: the translator says that it can be taken over.

    ``base`` is a short digest of the draft at the time of the export ("" where a tool lost it).
    """

    path: str
    source_hash: str
    source: str
    target: str = ""
    mark: Mark = Mark.NEW
    finished: bool = False
    previous_source: str = ""
    label: str = ""
    base: str = ""
    line: int = 0

    @property
    def id(self) -> str:
        return f"{self.path}:{self.source_hash}"


@dataclass(frozen=True, slots=True)
class Document:
    """One page in one language. ``key`` names the Chinese page."""

    key: str
    source_language: str
    language: str
    title: str
    units: Sequence[Unit] = field(default_factory=tuple)


class NotReadable(Exception):
    """The file as a whole cannot be taken. ``line`` is 0 where no place can be told."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def split_id(text: str) -> tuple[str, str] | None:
    """The path and the hash of a unit's id; None for another kind of id."""
    path, _, source_hash = text.rpartition(":")
    return (path, source_hash) if path and source_hash else None

"""The column set with which a section begins (``columns.yaml``)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[1] / "columns.yaml"


@dataclass(frozen=True, slots=True)
class StartingColumn:
    need: str
    slug: str
    names: dict[str, str]

    def name(self, language: str) -> str:
        """In the language; in English where the file has no name for it, to be changed."""
        return self.names.get(language) or self.names["en"]


@cache
def _all() -> tuple[StartingColumn, ...]:
    with FILE.open(encoding="utf-8") as stream:
        return tuple(StartingColumn(**row) for row in yaml.safe_load(stream))


def starting_columns(needs: Collection[str] | None = None) -> list[StartingColumn]:
    """Those for the needs (None: all), in the order of the menu."""
    return [column for column in _all() if needs is None or column.need in needs]

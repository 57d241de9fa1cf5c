"""What a menu says beyond the tree of pages; small enough to be kept as text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .context import MenuItem


@dataclass(frozen=True, slots=True)
class MenuAdditions:
    """What a menu says of addresses without pages: (where they begin, entry), longest first, and
    the (title, address) of entries that plugins put below a page of the first level."""

    starts: list[tuple[str, str]]
    children: dict[int, list[tuple[str, str]]]

    @classmethod
    def of(cls, entries: "Sequence[MenuItem]") -> "MenuAdditions":
        starts: dict[str, str] = {}
        for entry in entries:
            for item in (entry, *entry.children):
                path = item.url.partition("?")[0]
                if path.startswith("/") and len(path) > 1:
                    starts.setdefault(path, entry.url)
        added = {
            entry.pk: [(child.title, child.url) for child in entry.children if not child.pk]
            for entry in entries
            if entry.pk
        }
        return cls(
            sorted(starts.items(), key=lambda pair: -len(pair[0])),
            {pk: children for pk, children in added.items() if children},
        )

    def as_text(self) -> str:
        return json.dumps([self.starts, list(self.children.items())])

    @classmethod
    def from_text(cls, text: str) -> "MenuAdditions":
        starts, children = json.loads(text)
        return cls([(start, url) for start, url in starts], dict(children))

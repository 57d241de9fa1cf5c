"""Pages of a list, addressed by path (``/page/2/``), so that a store can hold them."""

from dataclasses import dataclass
from functools import cached_property


def part(number: int) -> str:
    """What a list page's address has behind the column's: nothing for the first."""
    return "" if number == 1 else f"page/{number}/"


@dataclass(frozen=True)
class Pagination:
    """Where a list page stands. ``base_url`` ends with a slash; ``number`` starts at 1.

    ``query`` is what each page's address ends with, such as ``?site=hubin``.
    """

    number: int
    count: int
    per_page: int
    base_url: str
    query: str = ""

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.count // self.per_page))

    def url(self, number: int) -> str:
        return self.base_url + part(number) + self.query

    @property
    def previous_url(self) -> str:
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.number + 1) if self.number < self.pages else ""

    @cached_property
    def items(self) -> list[tuple[str, str, bool]]:
        """(label, address, is current); "…" without an address stands for what is left out."""
        shown = {1, self.pages, *range(self.number - 2, self.number + 3)}
        result: list[tuple[str, str, bool]] = []
        last = 0
        for number in sorted(n for n in shown if 1 <= n <= self.pages):
            if number - last > 1:
                result.append(("…", "", False))
            result.append((str(number), self.url(number), number == self.number))
            last = number
        return result

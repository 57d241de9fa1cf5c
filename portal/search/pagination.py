"""Pages of results, addressed by the query (``?q=…&page=2``)."""

from .asking import Asked
from .services.contract import MOST_PAGES, PER_PAGE


class SearchPagination:
    """What ``portal/pagination.html`` prints."""

    def __init__(self, asked: Asked, total: int) -> None:
        self.number = asked.page
        self.count = total
        self.pages = max(1, min(-(-total // PER_PAGE), MOST_PAGES))
        self._address = asked.address()

    def url(self, number: int) -> str:
        return self._address if number == 1 else f"{self._address}&page={number}"

    @property
    def previous_url(self) -> str:
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.number + 1) if self.number < self.pages else ""

    @property
    def items(self) -> list[tuple[str, str, bool]]:
        """(label, address, is current); "…" without an address stands for what is left out."""
        near = range(self.number - 2, self.number + 3)
        shown = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        items: list[tuple[str, str, bool]] = []
        last = 0
        for number in shown:
            if number - last > 1:
                items.append(("…", "", False))
            items.append((str(number), self.url(number), number == self.number))
            last = number
        return items

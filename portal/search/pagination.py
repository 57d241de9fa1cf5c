"""Pages of results, addressed by the query (``?q=…&page=2``)."""

from functools import cached_property

from portal.plugin_api import Pagination

from .asking import Asked
from .services.contract import MOST_PAGES, PER_PAGE


class SearchPagination(Pagination):
    """What ``portal/pagination.html`` prints; ``base_url`` is the address of the first page."""

    @classmethod
    def of(cls, asked: Asked, total: int) -> "SearchPagination":
        return cls(number=asked.page, count=total, per_page=PER_PAGE, base_url=asked.address())

    @cached_property
    def pages(self) -> int:
        return pages_of(self.count)

    def url(self, number: int) -> str:
        return self.base_url if number == 1 else f"{self.base_url}&page={number}"


def pages_of(total: int) -> int:
    """How many pages of results can be leafed through."""
    return max(1, min(-(-total // PER_PAGE), MOST_PAGES))

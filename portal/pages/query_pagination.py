"""Pages of a list that is addressed by its filters (``?page=2``)."""

from dataclasses import dataclass

from django.http import Http404, QueryDict

MOST = 100_000


@dataclass(frozen=True, slots=True)
class QueryPagination:
    """What ``portal/pagination.html`` prints. ``query`` holds the filters, without ``page``."""

    number: int
    count: int
    per_page: int
    query: QueryDict

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.per_page))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    def url(self, number: int) -> str:
        query = self.query.copy()
        if number > 1:
            query["page"] = str(number)
        return f"?{query.urlencode()}"

    @property
    def previous_url(self) -> str:
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.number + 1) if self.number < self.pages else ""

    @property
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


def page_number(query: QueryDict) -> int:
    """The page that an address asks for.

    Raises:
        Http404: it is no number of a page.
    """
    typed = query.get("page") or "1"
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed[:7]) <= MOST):
        raise Http404
    return int(typed)


def without_parameters(query: QueryDict, *names: str) -> QueryDict:
    """A copy of a query without some parameters and without empty ones."""
    rest = query.copy()
    for name in list(rest):
        if name in names or not rest.get(name, "").strip():
            del rest[name]
    return rest

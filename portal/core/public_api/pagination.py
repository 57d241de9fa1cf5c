"""Pages of a list."""

from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field


class ApiWindow(Schema):
    """Which part of a list is wanted. Queries of lists inherit it."""

    page: int = Field(1, ge=1, le=1_000_000, description="Counted from 1.")
    page_size: int = Field(20, ge=1, le=100)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size

    @property
    def end(self) -> int:
        return self.offset + self.page_size


class ApiListing[Item](Schema):
    """One page of a list, with the addresses of the pages around it."""

    total: int | None = Field(
        description="How many there are; null where only counting thousands would tell."
    )
    page: int
    page_size: int
    next: str | None
    previous: str | None
    items: list[Item]


def api_frame(
    request: HttpRequest, window: ApiWindow, *, total: int | None, more: bool
) -> dict[str, Any]:
    """Everything of a ``Listing`` but its items. ``more``: the list goes on after this page."""
    previous: int | None = window.page - 1
    if total is not None:  # beyond the end: back to the last page that there is
        previous = min(window.page - 1, -(-total // window.page_size))
    return {
        "total": total,
        "page": window.page,
        "page_size": window.page_size,
        "next": _address(request, window.page + 1) if more else None,
        "previous": _address(request, previous) if previous else None,
    }


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

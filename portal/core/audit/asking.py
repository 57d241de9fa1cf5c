"""Who is at work in this request, and from where. Without a request: nobody, from nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest

from portal.core.visitors import client_address

_REQUEST: ContextVar[HttpRequest | None] = ContextVar("audited_request", default=None)


@contextmanager
def within(request: HttpRequest) -> Iterator[None]:
    token = _REQUEST.set(request)
    try:
        yield
    finally:
        _REQUEST.reset(token)


def user() -> Any:
    request = _REQUEST.get()
    found = getattr(request, "user", None)
    return found if found is not None and found.is_authenticated else None


def address() -> str:
    request = _REQUEST.get()
    return client_address(request)[:45] if request is not None else ""

"""Somebody at the keyboard: one account, signed in, with what a request came to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from portal.core.roles import Role
from portal.plugins import switches

from .places import Place


class Actor:
    """An account that holds one role at one place."""

    def __init__(self, user: User, role: Role, home: Place) -> None:
        self.user, self.role, self.home = user, role, home
        # A view that raises answers 500, as for a real browser; ``get`` and ``post`` refuse that.
        self.client = Client(raise_request_exception=True)
        self.client.force_login(user, backend="portal.core.staff.backend.StaffBackend")

    def get(self, name: str, *args: Any, **query: Any) -> HttpResponseBase:
        return self.client.get(_address(name, args), query)

    def post(self, name: str, *args: Any, data: Any = None, query: str = "") -> HttpResponseBase:
        return self.client.post(_address(name, args) + query, data or {})

    def reads(self, text: str, name: str, *args: Any, **query: Any) -> bool:
        """Whether an address answers 200 with a text in it."""
        response = self.get(name, *args, **query)
        return response.status_code == 200 and text in body_of(response)


def _address(name: str, args: tuple[Any, ...]) -> str:
    return name if name.startswith("/") else reverse(name, args=args)


def body_of(response: HttpResponseBase) -> str:
    chunks = response if response.streaming else [response.content]
    return b"".join(chunks).decode("utf-8", "replace")  # type: ignore[arg-type, union-attr]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    sid = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(sid)
        switches.invalidate()

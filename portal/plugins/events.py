"""Events: the portal tells, plugins listen.

@Event.define
def page_published(*, page: Page, site: SiteLike) -> None:
    \"\"\"A page went live. …\"\"\"

page_published.send(page=page, site=site)          # the portal
@page_published.receiver                           # a plugin's events.py
def tell_search(*, page, site): ...
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from django.db import transaction

from .points import ExtensionPoint, keywords


class Event[**P](ExtensionPoint[Callable[P, None]]):
    """Something happened. Receivers run after the commit, only where their plugin is on.

    A receiver that fails is logged and skipped; it cannot undo what happened.
    """

    kind: ClassVar[str] = "event"

    def __init__(self, signature: Callable[P, None], *, name: str = "") -> None:
        super().__init__(
            name or signature.__name__,
            doc=inspect.getdoc(signature) or "",
            arguments=keywords(signature),
        )

    @classmethod
    def define(cls, signature: Callable[P, None]) -> "Event[P]":
        """Make an event of a function's name, signature and docstring."""
        return cls(signature)

    def receiver(self, function: Callable[P, None]) -> Callable[P, None]:
        """Register a receiver; usable as a decorator."""
        self._add(function, plugin=None)
        return function

    def send(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell the receivers when the running transaction commits; at once without one."""
        if self._contributions:
            transaction.on_commit(partial(self.send_now, *args, **kwargs), robust=True)

    def send_now(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell the receivers at once; for callers that know the change to be committed."""
        for owner, item in self.active(kwargs["site"]):  # type: ignore[arg-type]
            self._call(owner, partial(item.target, *args, **kwargs), None)

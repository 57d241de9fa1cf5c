"""Publishing by the portal itself: words that were released before, never new ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from portal.plugin_api import Basis, item_key, releasing_as

_released: ContextVar[frozenset[int]] = ContextVar("foreign_released", default=frozenset())


@contextmanager
def only_released_words(page_pk: int) -> Iterator[None]:
    """What is published of this page inside was released before: the gate need not ask again."""
    token = _released.set(_released.get() | {page_pk})
    try:
        yield
    finally:
        _released.reset(token)


def is_released_before(page: Page) -> bool:
    """Whether the portal itself publishes this page now, in words that were released."""
    return page.pk in _released.get()


@transaction.atomic
def publish_row(*, page: Any, action: str, data: dict[str, Any] | None = None) -> None:
    """Publish a page as it is in memory, by nobody, with an entry of its own in the history.

    Args:
        page: specific; its texts are those that were public.
        action: the log action that says why.
    """
    with (
        only_released_words(page.pk),
        releasing_as(Basis.CONSEQUENCE, item_key(page)),
    ):
        revision = page.save_revision(clean=False, log_action=False)
        revision.publish(log_action=False)
    log(instance=page, action=action, revision=revision, data=data or {})

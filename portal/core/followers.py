"""Telling those who write beside each publication, in its transaction (``publication_followers``).

One that fails is rolled back by itself and noted: publishing goes on, as with every plugin.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from wagtail.models import Page

from portal.plugins.breaker import breaker

from . import extension_points


def tell_published(pages: Sequence[Page], site_pk: int | None) -> None:
    """Of pages of one site that became public, or changed while they were."""
    _tell(site_pk, lambda follower: partial(follower.published, pages))


def tell_withdrawn(page: Page, site_pk: int | None) -> None:
    _tell(site_pk, lambda follower: partial(follower.withdrawn, page))


def _tell(site_pk: int | None, work: Callable[[Any], Callable[[], None]]) -> None:
    point = extension_points.publication_followers
    for entry in point.entries(site_pk):
        breaker.call(entry.plugin, point.title, work(entry.item), None, isolate=True)

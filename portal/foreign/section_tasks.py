"""Background work for sections."""

from functools import partial

from django.db import transaction
from django.tasks import task

from .selectors.core_content import core_pages
from .services.syncing import sync_source


@task
def sync_core_of(site_pk: int) -> int:
    """Enter the core pages of a site into the queues of its sections: there is a new one."""
    pages = core_pages(site_pk)
    for page in pages:
        sync_source(page)
    return len(pages)


def sync_after_commit(site_pk: int) -> None:
    transaction.on_commit(partial(sync_core_of.enqueue, site_pk))

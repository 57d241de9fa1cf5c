"""Counting anew in the background: after a change of the calendar there may be thousands."""

from functools import partial

from django.db import transaction
from django.tasks import task

from . import services


@task
def recount_clocks(site_pk: int | None) -> int:
    """``services.recount`` for one site, or for all."""
    return services.recount(site=site_pk)


def recount_after_commit(site_pk: int | None = None) -> None:
    """Have the open clocks of a site (None: of all) counted anew once the change is stored.

    The clock does the same for all each night, so that nothing depends on this one message.
    """
    transaction.on_commit(partial(recount_clocks.enqueue, site_pk))

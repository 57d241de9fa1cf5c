"""Reading in the background, a slice at a time: other tasks wait for seconds, not for hours."""

from functools import partial

from django.db import transaction
from django.tasks import task

_SLICE = 20.0  # seconds


@task
def read_batch(batch_pk: int) -> bool:
    """``queue.work`` for a while, and again where files are left; whether there are."""
    from . import queue

    more = queue.work(batch_pk=batch_pk, seconds=_SLICE)
    if more:
        read_after_commit(batch_pk)
    return more


def read_after_commit(batch_pk: int) -> None:
    """Have the waiting files of a batch read once what was changed is stored."""
    transaction.on_commit(partial(read_batch.enqueue, batch_pk))

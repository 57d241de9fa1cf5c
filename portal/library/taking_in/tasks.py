"""In the background, a slice at a time: other tasks wait for seconds, not for hours."""

from functools import partial

from django.db import transaction
from django.tasks import task


@task
def take_in(intake_pk: int) -> bool:
    from .services import work

    more = work(intake_pk=intake_pk)
    if more:
        work_after_commit(intake_pk)
    return more


def work_after_commit(intake_pk: int) -> None:
    transaction.on_commit(partial(take_in.enqueue, intake_pk))

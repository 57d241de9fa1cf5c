"""Work in the background."""

from functools import partial

from django.db import transaction
from django.tasks import task

from .models import MachineRun


@task
def draft_by_machine(run_pk: int) -> bool:
    """Some texts of a page, and again while there are more: other tasks wait for seconds."""
    from .services.machine import work_on

    run = (
        MachineRun.objects.select_related(
            "translation__section__locale", "translation__source__locale", "user"
        )
        .filter(pk=run_pk, state=MachineRun.State.RUNNING)
        .first()
    )
    more = run is not None and work_on(run)
    if more:
        machine_after_commit(run_pk)
    return more


def machine_after_commit(run_pk: int) -> None:
    """Once the run is stored."""
    transaction.on_commit(partial(draft_by_machine.enqueue, run_pk))

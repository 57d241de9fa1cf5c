"""Work in the background after a platform has changed."""

from functools import partial

from django.db import transaction
from django.tasks import task

from .services import catalogue


@task
def rebuild_catalogue(site_pk: int) -> int:
    """All lines of a site's catalogues."""
    return catalogue.rebuild(site_pk=site_pk)


def rebuild_after_commit(site_pk: int) -> None:
    """Once the change is stored."""
    transaction.on_commit(partial(rebuild_catalogue.enqueue, site_pk))

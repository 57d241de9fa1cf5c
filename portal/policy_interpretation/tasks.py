"""Work in the background."""

from functools import partial

from django.db import transaction
from django.tasks import task

from .models import PolicyRecord
from .services.obligations import recompute_site


@task
def recompute_obligations(site_pk: int | None) -> int:
    """What the documents of a site (None: of all) owe, after a rule has changed."""
    sites = [site_pk] if site_pk is not None else _sites()
    return sum(recompute_site(pk) for pk in sites)


def recompute_after_commit(site_pk: int | None) -> None:
    """Once the change is stored. Each night it is done in any case."""
    transaction.on_commit(partial(recompute_obligations.enqueue, site_pk))


def _sites() -> list[int]:
    found = PolicyRecord.objects.filter(site__isnull=False).order_by("site")
    return list(found.values_list("site", flat=True).distinct())

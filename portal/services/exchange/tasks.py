"""Storing in the background."""

from django.tasks import task


@task
def store_guides(batch_pk: int, language: str) -> None:
    from .uploads import GUIDE_FILES

    GUIDE_FILES.work(batch_pk, language)

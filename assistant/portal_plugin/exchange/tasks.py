"""Storing in the background."""

from django.tasks import task


@task
def store_import(batch_pk: int, language: str) -> None:
    from .uploads import ENTRY_FILES

    ENTRY_FILES.work(batch_pk, language)

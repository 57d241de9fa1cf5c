"""Storing in the background."""

from django.tasks import task


@task
def store_import(batch_pk: int, language: str) -> None:
    from . import uploads

    uploads.work(batch_pk=batch_pk, language=language)

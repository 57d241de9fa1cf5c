"""Work in the background."""

from django.tasks import task
from wagtail.documents import get_document_model


@task
def look_through(document_pk: int) -> None:
    from .services.files import scan_file

    document = get_document_model().objects.filter(pk=document_pk).first()
    if document is not None:
        scan_file(document=document)

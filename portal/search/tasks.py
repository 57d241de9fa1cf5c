"""Work in the background."""

from django.tasks import task


@task
def read_file(file_pk: int) -> None:
    """Read the text of an uploaded file, and have it searched."""
    from .indexing.consumer import refresh
    from .indexing.file_texts import read
    from .sources.files import FileSource, file_key

    if read(file_pk):
        refresh(FileSource(), [file_key(file_pk)])

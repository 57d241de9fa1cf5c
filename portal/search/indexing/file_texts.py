"""The texts of files, read in the background: a PDF file may take seconds."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from wagtail.documents import get_document_model

from portal.search.models import FileText
from portal.text.file_text import LIMITS, file_text

logger = logging.getLogger(__name__)


def texts_of(files: Sequence[Any]) -> dict[int, str]:
    """The texts that are known; files that changed or are new are read in the background, and
    their rows written again then."""
    from portal.search.tasks import read_file

    known = {row.file: row for row in FileText.objects.filter(file__in=[f.pk for f in files])}
    texts: dict[int, str] = {}
    for file in files:
        row = known.get(file.pk)
        if row is not None and row.file_hash == state_of(file):
            texts[file.pk] = row.text
        else:
            transaction.on_commit(partial(read_file.enqueue, file.pk))
    return texts


def read(pk: int) -> bool:
    """Read a file and keep its text; False where that is done, or the file is gone."""
    file = get_document_model().objects.filter(pk=pk).first()
    if file is None:
        FileText.objects.filter(file=pk).delete()
        return False
    state = state_of(file)
    if FileText.objects.filter(file=pk, file_hash=state).exists():
        return False
    text, reason = _read(file)
    # PostgreSQL stores no such character.
    values = {"file_hash": state, "text": text.replace("\x00", ""), "reason": reason}
    FileText.objects.update_or_create(file=pk, defaults=values)
    return True


def state_of(file: Any) -> str:
    """Changes with the content of a file; as well as can be told where no sum of it was kept."""
    return str(file.file_hash or f"{file.file_size}-{file.filename}")[:40]


def _read(file: Any) -> tuple[str, str]:
    if (file.file_size or 0) > LIMITS.file_size:
        return "", "too_large"
    try:
        with file.file.open("rb") as stream:
            data = stream.read()
    except OSError as error:
        logger.warning("The file %s cannot be read: %s", file.pk, error)
        return "", "missing"
    found = file_text(data, file.filename)
    return found.text, found.reason[:60]

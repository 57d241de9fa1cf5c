"""What ``/readyz`` says of the search by meaning. Never critical: words find everything else."""

from django.conf import settings

from portal.plugin_api import Readiness
from portal.search.models import Document

from . import files
from .embedding import embedder, file_name, full_name
from .filling import waiting


def vectors_ready() -> Readiness:
    """How many documents can be found by meaning on this machine, and by what model."""
    if not settings.SEARCH_EMBEDDER:
        return Readiness(True, "switched off: found by words alone", False)
    model = embedder()
    if model is None:
        return Readiness(False, "the model is not installed: found by words alone", False)
    name = full_name(model.model)
    documents = Document.objects.filter(is_removed=False).count()
    missing = waiting(name).count()
    reached = files.read_reached(file_name(model.model))
    here = reached.count if reached else 0
    detail = f"{here} of {documents} documents, by {name}"
    if missing:
        detail += f"; {missing} wait for vectors"
    return Readiness(True, detail, False)

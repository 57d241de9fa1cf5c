"""What ``/readyz`` says of the index. Never critical: without it the portal goes on."""

from django.conf import settings

from assistant.portal_plugin.models import IndexedEntry
from portal.plugin_api import Readiness

from . import embedding, serving


def index_ready() -> Readiness:
    """How many entries can be answered with, and by what they are found."""
    entries = IndexedEntry.objects.filter(live=True).count()
    models = sorted(serving.embedders().models)
    if not models:
        # As the administrator wants it, or a model that is named and not there.
        wanted = not settings.ASSISTANT_EMBEDDERS
        return Readiness(wanted, f"{entries} entries, found by words alone: no model", False)
    waiting = embedding.incomplete()
    detail = f"{entries} entries, found by words and {', '.join(models)}"
    if waiting:
        detail += f"; {waiting} wait for vectors"
    return Readiness(True, detail, False)

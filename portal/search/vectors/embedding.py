"""The model that is set, as this process has it."""

import hashlib
import os
from functools import cache

from django.conf import settings

from portal.search.models import IndexPlan
from portal.text.embedding import Embedder, Model, Service, nano_e5

SERVICE, E5 = "service", "e5"


@cache
def embedder() -> Embedder | None:
    """The model that ``SEARCH_EMBEDDER`` names; None: none, or it is not installed."""
    if settings.SEARCH_EMBEDDER == SERVICE:
        service = settings.ASSISTANT_EMBEDDING_SERVICE
        return Service(
            service["url"],
            service["model"],
            service["dimensions"],
            key=service["key"],
            timeout=service["timeout"],
            prefixes=service["prefixes"],
        )
    return nano_e5() if settings.SEARCH_EMBEDDER == E5 else None


def full_name(model: Model) -> str:
    """As ``DocumentVector.model`` has it."""
    return f"{model.name}/{model.version}"[:120]


def file_name(model: Model) -> str:
    """Part of the name of a file: another model, or another database, has another."""
    origin = IndexPlan.objects.order_by("pk").values_list("origin", flat=True).first()
    text = f"{full_name(model)}\n{model.dimensions}\n{origin}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# A child loads its own: the parent's lock may be held at that moment.
os.register_at_fork(after_in_child=embedder.cache_clear)

"""What ``/readyz`` says of the store of pages."""

import time

from django.conf import settings

from portal.plugin_api import Readiness

from .store.keeping import store
from .store.settling import AWAY_SECONDS

_LATE_SECONDS = 60


def store_readiness() -> Readiness:
    """Whether stored pages follow what changes. Reading goes on without: pages are rendered."""
    if not settings.PORTAL_PAGE_STORE:
        return Readiness(ok=True, detail="no pages are stored", critical=False)
    index = store().index
    followed = float(index.fact("settled_at") or 0)
    stored = f"{index.count()} pages"
    if not followed:
        return Readiness(ok=True, detail="nothing is stored yet", critical=False)
    seconds = time.time() - followed
    if seconds > _LATE_SECONDS:
        detail = f"{stored}; changes have not been followed for {min(seconds, AWAY_SECONDS):.0f} s"
        return Readiness(ok=False, detail=detail, critical=False)
    return Readiness(ok=True, detail=stored, critical=False)

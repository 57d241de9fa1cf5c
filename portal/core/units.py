"""Which unit answers for what somebody begins to write."""

from typing import Any

from . import structure
from .models import Organisation


def unit_for(user: Any, path: str) -> Organisation | None:
    """The author's own unit, else the owner of the site that a treebeard path lies in."""
    unit: Organisation | None = getattr(user, "organisation", None)
    if unit is not None:
        return unit
    found = structure.current()
    record = found.records.get(found.site_pk_for(path) or 0)
    return record.owner if record is not None else None

"""What ``/readyz`` says of suggestions and corrections. Never critical: searching goes on."""

import sqlite3

from portal.plugin_api import Readiness
from portal.search.models import Document

from . import store

_LATE = 1_000  # documents


def names_ready() -> Readiness:
    """How many names this machine can suggest, and how far they are behind."""
    try:
        file = store.reader()
        if file is None:
            return Readiness(False, "no names: nothing is suggested, nothing is put right", False)
        names = file.execute("SELECT count(*) FROM name").fetchone()[0]
        position = store.value(file, "position")
    except sqlite3.DatabaseError:
        store.close_reader()
        return Readiness(False, "the names cannot be read: nothing is suggested", False)
    behind = Document.objects.filter(seq__gt=position).count()
    detail = f"{names} names" + (f", {behind} documents behind" if behind else "")
    return Readiness(behind < _LATE, detail, False)

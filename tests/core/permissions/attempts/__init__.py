"""Every way to do something in the admin, tried through its real address.

An attempt answers whether it succeeded, judged by what is in the database or on the page
afterwards, not by the status code. The decorator says which actions of the table allow it.
"""

from . import accounts, deadlines, importing, letters, media, pages, registers
from .registry import ATTEMPTS, Attempt, Kind

GROUPS = {
    module.__name__.rpartition(".")[2]: [
        attempt for attempt in ATTEMPTS.values() if attempt.run.__module__ == module.__name__
    ]
    for module in (accounts, deadlines, importing, letters, media, pages, registers)
}
__all__ = ["ATTEMPTS", "GROUPS", "Attempt", "Kind"]

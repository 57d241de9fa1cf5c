"""Every way to do something in the admin, tried through its real address.

An attempt answers whether it succeeded, judged by what is in the database or on the page
afterwards, not by the status code. The decorator says which actions of the table allow it.
"""

from .registry import ATTEMPTS, Attempt, Kind

from . import accounts, media, pages, registers  # isort: skip  (they fill ATTEMPTS)

__all__ = ["ATTEMPTS", "Attempt", "Kind", "accounts", "media", "pages", "registers"]

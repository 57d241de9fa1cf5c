"""What a web process loads beside its first requests."""

import logging
import threading

from django.db import connections

from . import extension_points
from .mail import is_on

logger = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Start in a thread, so that the process answers at once and nothing that fails ends it."""
    thread = threading.Thread(target=run, name="web-start", daemon=True)
    thread.start()
    return thread


def run() -> None:
    """Call every starter; one that fails is an incident of its plugin and holds up no other."""
    if not is_on():
        logger.info("Mails are off: EMAIL_URL is not set")
    try:
        for entry in extension_points.web_starters.entries():
            entry.run(lambda starter: starter(), None)
    except Exception:
        logger.exception("The web process could not load everything beforehand")
    finally:
        connections.close_all()

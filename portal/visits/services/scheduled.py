"""What the scheduler calls; counters of the platform ask for no site."""

import logging
from pathlib import Path

from django.conf import settings

from .nginx_log import NginxLogError, take_log
from .reading import forget_log, read_log

logger = logging.getLogger(__name__)


def read_all(site: int | None = None) -> None:
    """Take what the web server has logged, if that is what is read, and count the log."""
    if settings.VISITS_NGINX_LOG:
        try:
            take_log(Path(settings.VISITS_NGINX_LOG))
        except NginxLogError:
            logger.exception("The log of nginx was not read (PORTAL_VISITS_NGINX_LOG)")
    read_log()


def forget_all(site: int | None = None) -> None:
    forget_log()

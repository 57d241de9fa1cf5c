"""Where the plugin keeps files."""

from pathlib import Path

from django.conf import settings

from .log_file import LogFile


def folder() -> Path:
    """``var/evidence``."""
    return Path(settings.DATA_DIR) / "evidence"


def log_file() -> LogFile:
    return LogFile(folder() / "log.txt")


def key_folder() -> Path:
    """``var/keys``, readable by the portal's own account only."""
    return Path(settings.DATA_DIR) / "keys"

"""Where the supervisor finds the project and its data folder.

The same rule as ``portal.settings.environment.data_dir``, kept here a second time because the
supervisor does not load settings; a test holds the two together.
"""

import os
from collections.abc import Mapping
from pathlib import Path

# What lives only as long as the processes: state, locks, the clock's memory.
RUN_FOLDER = "run"
PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of all state: ``PORTAL_DATA_DIR``, or ``var/`` beside the code."""
    value = environ.get("PORTAL_DATA_DIR", "").strip()
    path = Path(value).expanduser() if value else PROJECT_DIR / "var"
    return path if path.is_absolute() else PROJECT_DIR / path


def run_dir(environ: Mapping[str, str] = os.environ) -> Path:
    return data_dir(environ) / RUN_FOLDER


def log_dir(environ: Mapping[str, str] = os.environ) -> Path:
    return data_dir(environ) / "logs"

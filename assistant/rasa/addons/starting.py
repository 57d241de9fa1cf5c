"""What every program here does first, before anything of Rasa is imported.

Rasa writes the messages of citizens into its log, in debug lines that are built even when nobody
reads them. Here a line of that kind is its name and nothing else, and only from "warning" up.
"""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

from . import left_out

left_out.install()
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")
# Old libraries on a newer Python: nothing that an administrator could do about. (A filter would not
# last: Rasa sets its own while it is imported.)
warnings.showwarning = lambda *args, **kwargs: None

import structlog  # noqa: E402


def only_the_name(logger: Any, method: str, event: Any) -> str:
    """Of a structured line: everything beside its name may be what somebody typed."""
    return str(event.get("event", ""))


def set_logging() -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    structlog.configure(
        processors=[only_the_name],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


set_logging()

"""The log catches up with what has happened, outside of the outbox process."""

from portal.evidence.consumer import LogFollower
from portal.plugin_api import run_consumers

from .log import append


def catch_up() -> None:
    """Let the log follow what has happened: what waits in the outbox is no finding."""
    run_consumers([LogFollower()], batch=200)
    append([])  # file and table come together

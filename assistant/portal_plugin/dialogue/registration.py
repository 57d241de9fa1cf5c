"""What the dialogue enters into the portal's registries; called from ``components``."""

from portal.plugin_api import Readiness, readiness_checks, web_starters

from . import asking, listener


def dialogue_ready() -> Readiness:
    """How Rasa is. Never critical: without it each question is answered by itself."""
    is_well, detail = asking.state()
    return Readiness(is_well, detail, False)


def register() -> None:
    readiness_checks.register("dialogue", dialogue_ready)
    web_starters.register("dialogue", listener.start)

"""Named in the settings; loaded while Wagtail's models are, so nothing is imported before use."""

from typing import Any


def finish(workflow_state: Any, user: Any = None) -> None:
    """See ``services.finish``."""
    from .services import finish as finish_review

    finish_review(workflow_state, user)

"""What an approved text says, in the visitor's language, by a machine: only where a translator is
installed, only where there is no approved translation, always beside the approved text."""

import logging
from typing import Any

from assistant.portal_plugin.selectors.knowledge import Worded
from portal.plugin_api import CapabilityUnavailable, SiteLike, capability, translator

logger = logging.getLogger(__name__)


def machine_gist(worded: Worded, language: str, site: SiteLike) -> dict[str, Any] | None:
    """The gist with its label; None where it is not needed or nobody makes one."""
    if worded.is_asked_language:
        return None
    provider = capability(translator, site)
    if provider is None:
        return None
    try:
        texts = provider.translate(
            [worded.entry.question or worded.entry.title, worded.entry.answer_text],
            source=worded.language,
            target=language,
        )
    except CapabilityUnavailable:
        logger.warning("No gist: the translator is not available just now")
        return None
    if len(texts) != 2 or not texts[1].strip():
        return None
    return {"trust": "machine", "language": language, "title": texts[0], "text": texts[1]}

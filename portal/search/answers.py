"""What stands above the results: an approved answer, services, and a way to ask in sentences."""

import re
from collections.abc import Sequence

from portal.plugin_api import (
    AskPlace,
    CapabilityUnavailable,
    DirectAnswer,
    ServiceGuide,
    ask_places,
    capability,
    direct_answers,
    service_guides,
)

GUIDES = 2
_LONGEST = 200
# A single short word names no question: it is spared the cost of looking for an answer.
_LEAST_HANZI, _LEAST_WORDS = 4, 2
_HANZI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def direct_answer(text: str, *, site: int | None, language: str) -> DirectAnswer | None:
    """The approved text that surely answers a query; None where nobody has one."""
    if not _may_be_question(text):
        return None
    provider = capability(direct_answers, site)
    if provider is None:
        return None
    try:
        return provider.direct_answer(text, site=site, language=language)
    except CapabilityUnavailable:
        return None


def services(text: str, *, site: int | None, language: str) -> Sequence[ServiceGuide]:
    """Guides to what somebody wants to get done; empty until a plugin knows services."""
    provider = capability(service_guides, site)
    if provider is None or len(text) > _LONGEST:
        return ()
    try:
        return provider.find(text, site=site, language=language, count=GUIDES)
    except CapabilityUnavailable:
        return ()


def ask_place(*, site: int | None, language: str) -> AskPlace | None:
    provider = capability(ask_places, site)
    if provider is None:
        return None
    try:
        return provider.ask_place(site=site, language=language)
    except CapabilityUnavailable:
        return None


def _may_be_question(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    return len(_HANZI.findall(text)) >= _LEAST_HANZI or len(text.split()) >= _LEAST_WORDS

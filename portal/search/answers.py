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
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")
_SHARED = 0.4  # of the pairs of characters and words that were typed


def direct_answer(text: str, *, site: int | None, language: str) -> DirectAnswer | None:
    """The approved text that surely answers a query; None where nobody has one."""
    if not _may_be_question(text):
        return None
    provider = capability(direct_answers, site)
    if provider is None:
        return None
    try:
        answer = provider.direct_answer(text, site=site, language=language)
    except CapabilityUnavailable:
        return None
    return answer if answer is not None and _is_about(text, answer) else None


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


def _is_about(text: str, answer: DirectAnswer) -> bool:
    """Whether an answer shares words with what was typed. The knowledge base expects questions:
    to a name (市公安局) it may be sure of what is only near in meaning.

    What was typed in another language than the answer's cannot be compared, and passes.
    """
    told = f"{answer.question} {answer.text}".casefold()
    parts = _parts(text)
    if bool(_HANZI.search(text)) != bool(_HANZI.search(told)) or not parts:
        return True
    return sum(part in told for part in parts) >= _SHARED * len(parts)


def _parts(text: str) -> list[str]:
    """Pairs of characters, and words of letters."""
    runs = _RUN.findall(text.casefold())
    pairs = [
        run[at : at + 2] for run in runs if _HANZI.match(run) for at in range(max(1, len(run) - 1))
    ]
    return [*pairs, *(run for run in runs if not _HANZI.match(run) and len(run) > 2)]


def _may_be_question(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    return len(_HANZI.findall(text)) >= _LEAST_HANZI or len(text.split()) >= _LEAST_WORDS

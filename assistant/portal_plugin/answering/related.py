"""Related official text: the second tier, shown beside, never as the answer."""

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from assistant.portal_plugin.index import serving
from assistant.retrieval import projection
from assistant.retrieval.analysis import written
from assistant.retrieval.texts import ANSWER, for_models
from portal.plugin_api import CapabilityUnavailable, Passage, SiteLike, capability
from portal.text.script import to_simplified

from . import languages

logger = logging.getLogger(__name__)

COUNT = 3
_EXCERPT = 240
# Of passages that share words with a question: how close one must be to be about its matter. By
# e5, moved; of lay questions and articles of law that answer them 94 % are closer, of other
# articles with the same words 40 % are not (decision 27).
_CLOSE_ENOUGH = 0.33
_SPACE = "e5"


def related_text(
    question: str, *, site: SiteLike, language: str, at: datetime.datetime | None
) -> list[dict[str, Any]]:
    """Passages of policies and pages that fit a question and were in force at a moment.

    Nothing where nobody provides them; where the provider fails, which it logs itself.
    """
    found = official_passages(question, site=site, language=language, at=at, count=COUNT)
    return [
        {
            "title": passage.title,
            "label": passage.label,
            "url": passage.url,
            "passage": _excerpt(passage.text),
            "valid_from": day(passage.valid_from),
            "valid_until": day(passage.valid_until),
            "kind": str(passage.kind),
        }
        for passage in _about(_as_written(question, language)[0], found)
    ]


def official_passages(
    question: str, *, site: SiteLike, language: str, at: datetime.datetime | None, count: int
) -> Sequence[Passage]:
    """The passages themselves; nothing where nobody provides them, or the provider fails."""
    try:
        provider = capability("passages", site)
    except LookupError:  # a portal whose version has no such capability
        return ()
    if provider is None or not question:
        return ()
    try:
        words, simplified = _as_written(question, language)
        found: Sequence[Passage] = provider.passages(
            words, site=site, language=simplified, at=at, count=count
        )
    except CapabilityUnavailable:
        logger.warning("Related official text is not available just now")
        return ()
    return found


def _about(question: str, found: Sequence[Passage]) -> list[Passage]:
    """The passages that mean what the question does; all, where there is no model to tell."""
    vectors = serving.embedders().question(for_models(question), [_SPACE]) if found else {}
    if _SPACE not in vectors:
        return list(found)
    aimed = projection.question(_SPACE, ANSWER, vectors[_SPACE])
    rows = serving.embedders().passages(_SPACE, [written(_excerpt(one.text)) for one in found])
    closeness = projection.document(_SPACE, ANSWER, rows) @ aimed
    return [one for one, close in zip(found, closeness, strict=True) if close >= _CLOSE_ENOUGH]


def _as_written(question: str, language: str) -> tuple[str, str]:
    """Question and language as official texts are written: in simplified characters."""
    if language == languages.ZH_HANT:
        return to_simplified(question), "zh-hans"
    return question, language


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"


def day(value: datetime.date | datetime.datetime | None) -> str | None:
    """A day or moment as the API gives it."""
    return value.isoformat() if value else None

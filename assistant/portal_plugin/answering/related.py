"""Related official text: the second tier, shown beside, never as the answer."""

import datetime
import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

from opencc import OpenCC

from portal.plugin_api import CapabilityUnavailable, Passage, SiteLike, capability

from . import languages

logger = logging.getLogger(__name__)

COUNT = 3
_EXCERPT = 240


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
        for passage in found
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
        words, written = _as_written(question, language)
        found: Sequence[Passage] = provider.passages(
            words, site=site, language=written, at=at, count=count
        )
    except CapabilityUnavailable:
        logger.warning("Related official text is not available just now")
        return ()
    return found


def _as_written(question: str, language: str) -> tuple[str, str]:
    """Question and language as official texts are written: in simplified characters."""
    if language == languages.ZH_HANT:
        return str(_to_simplified().convert(question)), "zh-hans"
    return question, language


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"


def day(value: datetime.date | datetime.datetime | None) -> str | None:
    """A day or moment as the API gives it."""
    return value.isoformat() if value else None

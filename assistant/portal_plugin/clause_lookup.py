"""Clauses of cited documents, where a plugin offers them; nothing where none does."""

import datetime
import logging
from collections.abc import Iterable, Mapping, Sequence

from wagtail.models import Page

from portal.plugin_api import (
    CapabilityUnavailable,
    CitedClauses,
    ClauseText,
    capability,
    clauses,
    site_of_path,
)

logger = logging.getLogger(__name__)


def texts_of(
    cites: Iterable[tuple[Page, Sequence[str]]], *, at: datetime.datetime | None = None
) -> Mapping[tuple[int, str], ClauseText]:
    """The cited clauses as of a moment, by (document, clause); of the whole with clause "".

    The provider is asked once for each site that has documents among them. What it cannot tell
    just now is left out, as where no plugin knows clauses: the documents themselves still count.
    """
    by_site: dict[int | None, list[CitedClauses]] = {}
    for page, ids in cites:
        by_site.setdefault(site_of_path(page.path), []).append(CitedClauses(page.pk, tuple(ids)))
    found: dict[tuple[int, str], ClauseText] = {}
    for site, wanted in by_site.items():
        provider = capability(clauses, site)
        if provider is None:
            continue
        try:
            texts = provider.read(wanted, at=at)
        except CapabilityUnavailable:
            logger.warning("clauses of cited documents could not be read")
            continue
        found |= {(text.document, text.clause): text for text in texts}
    return found


def clauses_of(
    page: Page, ids: Sequence[str], *, at: datetime.datetime | None = None
) -> list[ClauseText]:
    """Some clauses of one document, as far as somebody knows them."""
    return list(texts_of([(page, ids)], at=at).values()) if ids else []


def is_document(page: Page) -> bool:
    """Whether somebody knows the clauses of a page."""
    return (page.pk, "") in texts_of([(page, ())])


def clause_called(page: Page, words: str) -> str:
    """The id of the clause of a document that people call so; "" where nobody knows it."""
    provider = capability(clauses, site_of_path(page.path)) if words else None
    if provider is None:
        return ""
    try:
        return provider.find(document=page.pk, words=words)
    except CapabilityUnavailable:
        logger.warning("a clause of a document could not be found by its name")
        return ""

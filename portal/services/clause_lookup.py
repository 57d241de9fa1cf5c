"""Clauses that guides rest on, where a plugin offers them; nothing where none does."""

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


def texts_of(cites: Iterable[tuple[Page, Sequence[str]]]) -> Mapping[tuple[int, str], ClauseText]:
    """The cited clauses as they read now, by (document, clause); a whole document has clause "".

    The provider is asked once for each site that has documents among them. What it cannot tell
    just now is left out: the documents themselves are still named.
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
            texts = provider.read(wanted)
        except CapabilityUnavailable:
            logger.warning("clauses of cited documents could not be read")
            continue
        found |= {(text.document, text.clause): text for text in texts}
    return found

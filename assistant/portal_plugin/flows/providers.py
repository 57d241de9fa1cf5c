"""Who can do something for a visitor of a site: plugins, if any, that work just now."""

from collections.abc import Sequence

from portal.plugin_api import (
    CapabilityUnavailable,
    DraftKind,
    ErrorReports,
    Letters,
    capability,
    error_reports,
    letters,
)

type Taker = Letters | ErrorReports


def kinds_of(provider: Taker | None, *, site: int | None, language: str) -> Sequence[DraftKind]:
    """The kinds that are taken at present; none where nobody takes any."""
    if provider is None:
        return ()
    try:
        return tuple(provider.kinds(site=site, language=language))
    except CapabilityUnavailable:  # it logs its failure itself
        return ()


def letters_at(site: int | None) -> Letters | None:
    """Who takes letters at a site now; None where nobody does."""
    provider = capability(letters, site)
    return provider if kinds_of(provider, site=site, language="zh-hans") else None


def error_reports_at(site: int | None) -> ErrorReports | None:
    """Who takes reports of errors at a site now; None where nobody does."""
    provider = capability(error_reports, site)
    return provider if kinds_of(provider, site=site, language="zh-hans") else None

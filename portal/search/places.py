"""Where the public searches: addresses of the search page and what lies beside it.

No request is needed, so that what is kept with the structure (header, home) can name them.
"""

from django.conf import settings

from portal.plugin_api import SearchPlace, just_seen

SUGGEST_URL = "/api/v1/suggest"


def search_url(language: str, rest: str = "") -> str:
    """``/search/`` or ``/en/search/``, with ``rest`` behind it."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{prefix}/search/{rest}"


def code_in_addresses(site: int | None, language: str) -> str:
    """The code of a sub-site that shares the portal's host; "" where the host says enough."""
    found = just_seen()
    record = found.records.get(site or 0)
    home = found.site_root(record.pk, language) if record is not None else None
    if record is None or home is None:
        return ""
    root = found.root_for_url_path(home.url_path)
    return "" if root is not None and root.site_pk == record.pk else record.code


class Places:
    """The provider of ``search_place``."""

    def search_place(self, *, site: int | None, language: str) -> SearchPlace:
        return SearchPlace(search_url(language), site=code_in_addresses(site, language))

"""What the portal and its plugins tell: called after the commit."""

from typing import Any

from portal.plugin_api import SiteLike, page_published, site_pk, watched_text_saved

from .watch.saving import check_after_publication
from .watch.services import check_key


@page_published.receiver
def compare_figures(*, page: Any, site: SiteLike) -> None:
    check_after_publication(page)


@watched_text_saved.receiver
def compare_saved_text(*, source: str, key: str, site: SiteLike) -> None:
    check_key(source=source, site=site_pk(site), key=key)

"""When a text is compared: after it was saved, and after what it cites was published."""

from typing import Any

from wagtail.models import Page

from portal.plugin_api import site_of_path
from portal.policy_interpretation.models import InterpretationPage, PolicyPage

from .services import check_citing, check_key
from .sources import source_of, text_of


def check_page(page: Page) -> None:
    """Compare a page that is a watched text itself; nothing for others."""
    specific = page.specific
    if text_of(specific) is None:
        return
    site = site_of_path(page.path)
    check_key(source=source_of(specific), site=site, key=str(page.pk))


def check_after_publication(page: Any) -> None:
    """Compare a page that became public, and what cites it, at whatever site."""
    check_page(page)
    if not isinstance(page, PolicyPage):
        return
    citing = InterpretationPage.objects.filter(interprets__policy=page).values_list("path")
    sites = {site_of_path(path) for (path,) in citing.distinct()} | {site_of_path(page.path)}
    for site in sorted(sites, key=lambda pk: pk or 0):
        check_citing(document=page.pk, site=site)

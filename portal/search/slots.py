"""The search field in headers and homes; what an address that is gone may have meant."""

from portal.plugin_api import Shown, SiteLike, header_slot, home_slot, missing_page_slot, site_pk

from .boxes import SearchBox
from .missing import Meant, meant_by


@header_slot.show
def box_in_header(*, site: SiteLike, language: str) -> Shown:
    return SearchBox(site_pk(site), language, style="head")


@home_slot.show
def box_in_home(*, site: SiteLike, language: str) -> Shown:
    return SearchBox(site_pk(site), language, style="home")


@missing_page_slot.show
def meant_page(*, site: SiteLike, language: str, path: str) -> Shown:
    words, found = meant_by(path, site=site_pk(site), language=language)
    return Meant(site_pk(site), language, words, found)

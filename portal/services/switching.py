"""The language switcher on the pages of the entrance: the same page in languages with guides."""

from wagtail.models import Page

from portal.plugin_api import LanguageLink, SiteLike, language_links, led_to_same

from .selectors.shelf import languages_with_guides

_PAGES = ("", "catalogue/", "online/", "guided/", "progress/")


@language_links.step
def same_page_of_services(
    links: list[LanguageLink], /, *, page: Page | None, site: SiteLike, language: str, path: str
) -> list[LanguageLink]:
    _before, mark, rest = path.partition("?")[0].partition("/services/")
    if page is not None or not mark or rest not in _PAGES:
        return links
    return led_to_same(
        links, path=path, language=language, keep=("site",), spoken=languages_with_guides()
    )

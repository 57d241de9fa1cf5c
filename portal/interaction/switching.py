"""The language switcher on the pages of letters: the same page in the other language."""

from wagtail.models import Page

from portal.plugin_api import LanguageLink, SiteLike, language_links, led_to_same, site_pk

from .selectors.kinds import is_spoken_at, open_kinds

# Not a single letter, which is in the language of its writer, and no draft.
_PAGES = ("", "write/", "error/", "public/", "figures/", "status/")


@language_links.step
def same_page_of_letters(
    links: list[LanguageLink], /, *, page: Page | None, site: SiteLike, language: str, path: str
) -> list[LanguageLink]:
    pk = site_pk(site)
    _before, mark, rest = path.partition("?")[0].partition("/letters/")
    if page is not None or not mark or rest not in _PAGES or pk is None or not open_kinds(pk):
        return links
    codes = [link.code.lower() for link in links]
    spoken = [code for code in codes if code.startswith("zh") or is_spoken_at(pk, code)]
    return led_to_same(links, path=path, language=language, keep=("site", "kind"), spoken=spoken)

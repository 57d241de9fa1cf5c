"""The reading switch: traditional Chinese among the languages of every page."""

from wagtail.models import Page

from portal.plugin_api import LanguageLink, SiteLike, language_links, site_pk

from .converting import converter_of, standard_of
from .variant import LABEL, PREFIX, traditional_chinese

_SOURCE = "zh-Hans"


@language_links.step
def with_traditional(
    links: list[LanguageLink], /, *, page: Page | None, site: SiteLike, language: str, path: str
) -> list[LanguageLink]:
    """After simplified Chinese: the same page in traditional characters.

    The finished page of simplified characters says that it is the current one; its conversion moves
    that mark (``portal.text.script_markup``).
    """
    pk = site_pk(site)
    if pk is None or not standard_of(pk):
        return links
    changed = []
    for link in links:
        changed.append(link)
        if link.code == _SOURCE:
            landing = converter_of(pk).text(link.landing) if link.landing else ""
            changed.append(_twin(link, landing))
    return changed


def _twin(link: LanguageLink, landing: str) -> LanguageLink:
    origin, address = "", link.url
    if "://" in address:
        host_end = address.index("/", address.index("://") + 3)
        origin, address = address[:host_end], address[host_end:]
    return LanguageLink(
        code=traditional_chinese.tag,
        label=LABEL,
        url=f"{origin}/{PREFIX}{address}",
        is_same_page=link.is_same_page,
        landing=landing,
    )

"""The way to the letters of a section: an entry of its menu, where letters are taken."""

from django.conf import settings
from django.utils.translation import gettext, override

from portal.plugin_api import MenuItem, SiteLike, main_site_pk, menu_items, site_pk

from .selectors.letters import letters_of, writing_section


@menu_items.step
def letters_entry(items: list[MenuItem], /, *, site: SiteLike, language: str) -> list[MenuItem]:
    if language == settings.LANGUAGE_CODE:
        return items
    section = writing_section(site_pk(site), language)
    if section is None or letters_of(section)[0] is None:
        return items
    query = "" if section.site_id == main_site_pk() else f"?site={section.site.code}"
    with override(language):
        title = gettext("Write to us")
    return [*items, MenuItem(title, f"/{language}/letters/{query}")]

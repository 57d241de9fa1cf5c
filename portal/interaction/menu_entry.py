"""The way to the letters in the menu of a site that takes letters, in Chinese.

In other languages a section has an entry of its own for them.
"""

from django.utils.translation import gettext, override

from portal.plugin_api import MenuItem, SiteLike, menu_items, site_pk

from .selectors.kinds import is_spoken_at, open_kinds
from .surroundings import address, code_of


@menu_items.step
def letters_entry(items: list[MenuItem], /, *, site: SiteLike, language: str) -> list[MenuItem]:
    pk = site_pk(site)
    if pk is None or not language.startswith("zh"):
        return items
    if not open_kinds(pk) or not is_spoken_at(pk, language):
        return items
    with override(language):
        entry = MenuItem(
            gettext("Write to us"), address("hub", language=language, site=code_of(pk))
        )
    return [*items, entry]

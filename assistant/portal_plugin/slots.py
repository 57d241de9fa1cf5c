"""The field for questions in the scene of homes: one question, search and ask in one; and the
launcher in the corner of every page."""

from portal.plugin_api import (
    Shown,
    SiteLike,
    capability,
    corner_slot,
    home_slot,
    search_places,
    site_pk,
)

from .components import AskBox
from .widget_views import Launcher


@home_slot.show
def ask_in_home(*, site: SiteLike, language: str) -> Shown:
    # Where the site is searched, its field takes questions too: one question, one field.
    return AskBox(language) if capability(search_places, site) is None else None


@corner_slot.show
def launcher_in_corner(*, site: SiteLike, language: str) -> Shown:
    pk = site_pk(site)
    return Launcher(pk, language) if pk is not None else None

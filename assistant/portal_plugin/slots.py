"""The field for questions in the scene of homes: one question, search and ask in one; and the
launcher in the corner of every page."""

from portal.plugin_api import Shown, SiteLike, corner_slot, home_slot, site_pk

from .components import AskBox
from .widget_views import Launcher


@home_slot.show
def ask_in_home(*, site: SiteLike, language: str) -> Shown:
    return AskBox(language)


@corner_slot.show
def launcher_in_corner(*, site: SiteLike, language: str) -> Shown:
    pk = site_pk(site)
    return Launcher(pk, language) if pk is not None else None

"""The field for questions in the scene of homes: one question, search and ask in one."""

from portal.plugin_api import Shown, SiteLike, home_slot

from .components import AskBox


@home_slot.show
def ask_in_home(*, site: SiteLike, language: str) -> Shown:
    return AskBox(language)

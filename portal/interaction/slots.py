"""What the plugin shows in pages of others: the ways to write, from the foot of every page."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.plugin_api import Shown, SiteLike, footer_slot, main_site_pk, site_pk

from .models import LetterKind
from .selectors.kinds import is_spoken_at, open_kinds
from .surroundings import address, code_of


class WaysToWrite:
    """Kept with the footer: the page and the marked words are added by the script, or found by
    where the visitor came from."""

    media = forms.Media(js=["interaction/report.js"])

    def __init__(self, hub_url: str, error_url: str) -> None:
        self.hub_url, self.error_url = hub_url, error_url

    def render_html(self, parent_context: Any = None) -> SafeString:
        return render_to_string(
            "interaction/public/footer.html",
            {"hub_url": self.hub_url, "error_url": self.error_url},
        )


@footer_slot.show
def ways_to_write(*, site: SiteLike, language: str) -> Shown:
    """In every language in which the site answers; nothing where it takes no letters."""
    pk = site_pk(site) or main_site_pk()
    kinds = open_kinds(pk)
    if pk is None or not kinds or not is_spoken_at(pk, language):
        return None
    code = code_of(pk)
    # In other languages the section has an entry of its own for letters.
    hub = address("hub", language=language, site=code) if language.startswith("zh") else ""
    error = address("error", language=language, site=code) if LetterKind.ERROR in kinds else ""
    return WaysToWrite(hub, error) if hub or error else None

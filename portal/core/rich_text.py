"""Links to pages inside texts: one query for all, none to what is not public, honest marks."""

from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from . import shared_previews, structure, validity
from .models import mark_text


class PublicPageLinkHandler(PageLinkHandler):
    """As Wagtail's, without loading the pages; a link to a withdrawn page is plain text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        found = structure.current()
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        pages = validity.with_standing(Page.objects.filter(pk__in=wanted, live=True))
        public = {
            str(pk): _opening(found.url(url_path, structure.viewer_host()), mark_text(standing))
            for pk, url_path, path, standing in pages.values_list(
                "pk", "url_path", "path", "standing"
            )
            if not found.is_private(path)
        }
        # In the preview of a set, what will be public with it can be reached as well.
        previews = shared_previews.previews_led_to()
        public |= {str(pk): _opening(previews[pk], "") for pk in wanted & previews.keys()}
        return [public.get(str(attrs.get("id", "")), "<a>") for attrs in attrs_list]


def _opening(address: str, mark: str) -> str:
    """The tag that opens a link, with the mark of what is not in force before its words."""
    shown = f'<span class="mark">{escape(mark)}</span> ' if mark else ""
    return f'<a href="{escape(address)}">{shown}'

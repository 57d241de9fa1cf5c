"""Links to pages inside texts: one query for all of them, and no link to what is not public."""

from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from . import structure


class PublicPageLinkHandler(PageLinkHandler):
    """As Wagtail's, without loading the pages; a link to a withdrawn page is plain text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        found = structure.current()
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        public = {
            str(pk): found.url(url_path, structure.viewer_host())
            for pk, url_path, path in Page.objects.filter(pk__in=wanted, live=True).values_list(
                "pk", "url_path", "path"
            )
            if not found.is_private(path)
        }
        addresses = [public.get(str(attrs.get("id", ""))) for attrs in attrs_list]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in addresses]

"""The field for searching: in every header, in the scene of homes, on the search page.

A plain form (GET). A small script adds suggestions, and a microphone where the browser has one.
"""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override

from portal.plugin_api import just_seen

from .asking import Asked
from .places import SUGGEST_URL, code_in_addresses, search_url

# What goes on to the next search: where and how to look, not what these words were narrowed to.
_KEPT = ("scope", "in", "sort", "current", "language")


class DescriptionLink:
    """The link in a page's head by which browsers offer to search here themselves.

    Among the styles of a form's media, which are what a slot can put there.
    """

    def __init__(self, address: str, title: str) -> None:
        self.address = address
        self.title = title

    def __html__(self) -> str:
        return format_html(
            '<link rel="search" type="application/opensearchdescription+xml" href="{}" title="{}">',
            self.address,
            self.title,
        )

    __str__ = __html__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DescriptionLink) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)


class SearchBox:
    """``style`` is ``head`` (in headers), ``home`` or ``page``."""

    def __init__(
        self,
        site: int | None,
        language: str,
        *,
        style: str,
        asked: Asked | None = None,
        is_focused: bool = False,
    ) -> None:
        self.site = site
        self.language = language
        self.style = style
        self.asked = asked
        self.is_focused = is_focused

    @property
    def media(self) -> forms.Media:
        css: list[Any] = ["search/box.css"]
        if self.style == "head":
            css.append(self._description())
        return forms.Media(css={"all": css}, js=["search/box.js"])

    def _description(self) -> DescriptionLink:
        found = just_seen()
        identity = found.identity(self.site, self.language, None) if self.site else None
        address = search_url(self.language, "opensearch.xml")
        code = code_in_addresses(self.site, self.language)
        return DescriptionLink(
            f"{address}?site={code}" if code else address, identity.name if identity else ""
        )

    def render_html(self, parent_context: Any = None) -> SafeString:
        code = code_in_addresses(self.site, self.language)
        hidden = [("site", code)] if code else []
        if self.asked is not None:
            hidden = [pair for pair in self.asked.pairs() if pair[0] in ("site", *_KEPT)]
        with override(self.language):
            return render_to_string(
                "search/box.html",
                {
                    "place": self.style,
                    "field_id": f"search-{self.style}",
                    "action": search_url(self.language),
                    "hidden": hidden,
                    "text": self.asked.text if self.asked else "",
                    "is_focused": self.is_focused,
                    "suggest_url": SUGGEST_URL,
                    "language": self.language,
                    "site_code": self._code_of_site(),
                    **self._action(code),
                },
            )

    def _action(self, code: str) -> dict[str, str]:
        """What search engines read of the field on a home: that the site can be searched there."""
        found = just_seen()
        identity = found.identity(self.site, self.language, None) if self.site else None
        if self.style != "home" or identity is None:
            return {}
        tail = f"&site={code}" if code else ""
        address = f"{identity.origin}{search_url(self.language)}?q={{q}}{tail}"
        return {"target": address, "site_url": identity.origin + identity.url}

    def _code_of_site(self) -> str:
        record = just_seen().records.get(self.site or 0)
        return record.code if record is not None else ""

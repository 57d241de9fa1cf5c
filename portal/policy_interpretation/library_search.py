"""The search field of the library, for editors to place in pages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class _SearchBox:
    media = forms.Media(css={"all": ["policy_interpretation/library.css"]})

    def render_html(self, parent_context: Any = None) -> SafeString:
        # One of a page: where it stands twice, the label still names the first field.
        return render_to_string(
            "policy_interpretation/library_search.html", {"field_id": "policy-search"}
        )


class LibrarySearch:
    """The search field of the policy library."""

    label = _("Search of the policy library")

    def render(self, *, site: int | None, context: Mapping[str, Any]) -> _SearchBox:
        return _SearchBox()

"""What this plugin shows in pages: a component, plain text (which is escaped) or nothing."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.plugin_api import (
    Shown,
    SiteLike,
    corner_slot,
    footer_slot,
    header_slot,
    home_slot,
    missing_page_slot,
    page_end_slot,
    page_notice_slot,
    page_side_slot,
)


class Badge:
    """A component: HTML and the files that it needs. No inline script or style."""

    media = forms.Media(css={"all": ["dummy/badge.css"]})

    def __init__(self, text: str) -> None:
        self.text = text

    def render_html(self, parent_context: Any = None) -> str:
        return render_to_string("dummy/badge.html", {"text": self.text})


@header_slot.show
def in_header(*, site: SiteLike, language: str) -> Shown:
    return Badge(_("Dummy in the header"))


@footer_slot.show
def in_footer(*, site: SiteLike, language: str) -> Shown:
    return Badge(_("Dummy in the footer"))


@corner_slot.show
def in_corner(*, site: SiteLike, language: str) -> Shown:
    return None  # one launcher in a corner is enough, and the dummy has nothing to launch


@home_slot.show
def in_home(*, site: SiteLike, language: str) -> Shown:
    return Badge(_("Dummy on the home page"))


@page_side_slot.show
def beside_page(*, page: Any, site: SiteLike, language: str) -> Shown:
    return _("Dummy beside the page") if page is not None else None


@page_end_slot.show
def below_page(*, page: Any, site: SiteLike, language: str) -> Shown:
    return None  # what readers say of a page is not the dummy's


@page_notice_slot.show
def above_page(*, page: Any, site: SiteLike, language: str) -> Shown:
    return None  # a notice is for what readers must know, and the dummy knows nothing


@missing_page_slot.show
def where_nothing_is(*, site: SiteLike, language: str, path: str) -> Shown:
    return None  # notes have no addresses that could be gone

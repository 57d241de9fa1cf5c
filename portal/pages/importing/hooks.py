"""The pages' hooks into Wagtail's admin: texts that come from outside."""

from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.core import roles
from portal.core.permissions import first_site_allowing
from portal.core.roles import Action

from . import views


@hooks.register("register_admin_urls")
def importing_urls() -> list[Any]:
    return [
        path("texts/paste/", views.paste, name="pages_paste"),
        path("texts/word/", views.word_blocks, name="pages_word_blocks"),
        path("texts/typeset/", views.typeset_body, name="pages_typeset"),
        path(
            "texts/word/<int:parent_page_id>/",
            views.WordArticleView.as_view(),
            name="pages_word_article",
        ),
        path(
            "texts/house-style/<int:site_pk>/",
            views.HouseStyleView.as_view(),
            name="pages_house_style",
        ),
    ]


@hooks.register("insert_editor_js")
def importing_script() -> SafeString:
    """The script of the editor, with its addresses and its words."""
    return format_html(
        '{}<script type="module" src="{}"></script>',
        json_script(_for_the_script(), "portal-importing"),
        static("pages/importing/importing.js"),
    )


def _for_the_script() -> dict[str, Any]:
    words = {
        "toolbar": gettext("Bring in and set the text"),
        "typeset": gettext("One-click typesetting"),
        "typesetOne": gettext("Typeset this block"),
        "word": gettext("From a Word file"),
        "drop": gettext("Copy a whole text in Word, WPS or WeChat, click here and paste"),
        "working": gettext("One moment, the text is being cleaned …"),
        "setting": gettext("One moment, the text is being set …"),
        "reading": gettext("One moment, the Word file is being read …"),
        "brought": gettext("The text is in."),
        "typesetDone": gettext("Set:"),
        "nothing": gettext("Nothing to change: the text is set already."),
        "undo": gettext("Undo"),
        "undone": gettext("Undone: everything is as it was."),
        "close": gettext("Close"),
        "look": gettext("Please look after:"),
        "failed": gettext("That did not work. Your text is as it was; please try again."),
        "failedPaste": gettext(
            "The text could not be cleaned. It was put in as plain text; nothing else was lost."
        ),
        "onlyText": gettext("Nothing could be taken from the clipboard."),
        "onlyPasted": gettext(
            "This place takes only what is pasted. To write yourself, add a text block below."
        ),
        "tooLarge": gettext("The file is too large. At most 30 MB can be read."),
        "notWord": gettext("This is not a Word file. Choose a file that ends in .docx."),
    }
    return {
        "paste": reverse("pages_paste"),
        "word": reverse("pages_word_blocks"),
        "typeset": reverse("pages_typeset"),
        "largest": views.LARGEST_WORD,
        "words": words,
    }


@hooks.register("insert_global_admin_css")
def importing_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("pages/importing/importing.css"))


@hooks.register("register_page_header_buttons")
def new_from_word(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.is_root():
        return
    if views.may_write_articles(user, page.specific):
        yield Button(
            _("New from a Word file"),
            reverse("pages_word_article", args=[page.pk]),
            icon_name="doc-full",
            priority=16,
        )


@hooks.register("register_settings_menu_item")
def house_style_menu_item() -> MenuItem:
    class HouseStyleItem(MenuItem):
        """Leads to the rules of the first own site."""

        def is_shown(self, request: Any) -> bool:
            sites = roles.sites_allowing(request.user, Action.SITE_SETTINGS)
            return sites is None or bool(sites)

        def render_component(self, request: Any) -> Any:
            first = first_site_allowing(request.user, Action.SITE_SETTINGS)
            if first is not None:
                self.url = reverse("pages_house_style", args=[first])
            return super().render_component(request)

    return HouseStyleItem(_("House style"), "#", name="house-style", icon_name="edit", order=56)

"""What our own scripts and checks need in the editor's form."""

import json
from typing import Any, ClassVar

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page

# Modules without imports of each other: hashed file names need no rewriting inside them.
MODULES = (
    "side_by_side",
    "click_to_edit",
    "quick_preview",
    "preview_patch",
    "proposals",
    "title_twins",
    "quick_checks",
    "first_error",
    "one_page",
)


def editor_scripts() -> SafeString:
    """The modules of the form, with their words in the language of the account."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="application/json" data-portal-editor'
        ' data-texts="{}" data-propose="{}" data-twins="{}"></script>{}',
        static("portal/admin/editor.css"),
        json.dumps(_texts(), ensure_ascii=False),
        reverse("portal_propose"),
        reverse("portal_title_twins", args=[0]),
        format_html_join(
            "",
            '<script type="module" src="{}"></script>',
            ((static(f"portal/admin/{name}.js"),) for name in MODULES),
        ),
    )


def copy_script() -> SafeString:
    """Copies links: the one of a shared preview, the one to a page that was just published."""
    return format_html(
        '<script type="module" src="{}" data-portal-copy-words data-copy="{}" data-done="{}">'
        "</script>",
        static("portal/admin/copy.js"),
        gettext("Copy the link"),
        gettext("Copied"),
    )


def _texts() -> dict[str, Any]:
    return {
        "list": gettext("Blocks of this page"),
        "empty": gettext("%(block)s: nothing to show yet. Choose to fill it in."),
        "proposeAbstract": gettext("Take it from the text"),
        "proposeKeywords": gettext("Propose from the text"),
        "proposeCover": gettext("Use the first picture of the text"),
        "undo": gettext("Undo"),
        "filled": gettext("Filled in. Please read it once."),
        "nothing": gettext("There is nothing in the text to take yet."),
        "failed": gettext("That did not work just now. Please try again."),
        "twins": gettext("This site has pages with the same or nearly the same title:"),
        "longText": gettext("A long text without subheadings is hard to read. Add some."),
        "longParagraph": gettext("This paragraph is very long. Divide it."),
        "emptyLink": gettext("A link has no words. Write what it leads to."),
        "vagueLink": gettext(
            "“%(words)s” does not say where the link leads. Name the page or file instead."
        ),
        "noAlt": gettext(
            "This picture has no description, so blind people learn nothing of it. Add it to the"
            " picture, or leave it empty only for decoration."
        ),
        "noHeadings": gettext("This table has no column headings."),
    }


class PortalChecks(ContentCheckerItem):
    """Wagtail's checks of the preview, with those that matter to a Chinese government site.

    What only some pages need (a description for search engines) is no warning on every page.
    """

    axe_run_only: ClassVar[list[str]] = [
        "image-alt",
        "alt-text-quality",
        "heading-order",
        "empty-heading",
        "p-as-heading",
        "link-name",
        "empty-table-header",
        "td-has-header",
        "color-contrast",
        "frame-title",
        "button-name",
        "input-button-name",
        "duplicate-id-aria",
    ]
    axe_rules: ClassVar[dict[str, Any]] = {
        "td-has-header": {"enabled": True},
        "p-as-heading": {"enabled": True},
    }
    axe_custom_rules: ClassVar[list[dict[str, Any]]] = [
        rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] == "alt-text-quality"
    ]
    axe_custom_checks: ClassVar[list[dict[str, Any]]] = [
        check
        for check in ContentCheckerItem.axe_custom_checks
        if check["id"] == "check-image-alt-text"
    ]
    axe_messages: ClassVar[dict[str, Any]] = {
        "image-alt": {
            "error_name": _("Picture without a description"),
            "help_text": _("Say in a sentence what the picture shows."),
        },
        "alt-text-quality": {
            "error_name": _("The picture's description is a file name"),
            "help_text": _("Say in a sentence what the picture shows."),
        },
        "heading-order": {
            "error_name": _("A heading level is left out"),
            "help_text": _("A subsection stands inside a section."),
        },
        "empty-heading": {
            "error_name": _("Empty heading"),
            "help_text": _("Write the heading or remove it."),
        },
        "p-as-heading": {
            "error_name": _("Bold text used as a heading"),
            "help_text": _("Use a heading, so that readers can jump to it."),
        },
        "link-name": {
            "error_name": _("Link without words"),
            "help_text": _("Write what the link leads to."),
        },
        "empty-table-header": {
            "error_name": _("Table heading without words"),
            "help_text": _("Name the column."),
        },
        "td-has-header": {
            "error_name": _("Large table without headings"),
            "help_text": _("Name the columns in the first row."),
        },
        "color-contrast": {
            "error_name": _("Text that is hard to tell from its background"),
            "help_text": _("Choose a theme colour or picture with more contrast."),
        },
        "frame-title": {
            "error_name": _("Embedded part without a title"),
            "help_text": _("Give it a title."),
        },
        "button-name": {
            "error_name": _("Button without words"),
            "help_text": _("Write what it does."),
        },
        "input-button-name": {
            "error_name": _("Button without words"),
            "help_text": _("Write what it does."),
        },
        "duplicate-id-aria": {
            "error_name": _("Two parts of the page have the same name"),
            "help_text": _("Please tell those who look after the portal."),
        },
    }

    # What the page's author cannot change is not the author's to mend.
    axe_include: ClassVar[list[str]] = ["main"]


def our_checks(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """In place of Wagtail's checks, wherever they stand."""
    for index, item in enumerate(items):
        if isinstance(item, ContentCheckerItem):
            items[index] = PortalChecks(in_editor=item.in_editor)

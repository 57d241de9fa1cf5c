"""What our own scripts need in the editor's form."""

import json
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

# Modules without imports of each other: hashed file names need no rewriting inside them.
MODULES = ("side_by_side", "click_to_edit", "quick_preview")


def editor_scripts() -> SafeString:
    """The modules of the form, with their words in the language of the account."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="application/json" data-portal-editor'
        ' data-texts="{}"></script>{}',
        static("portal/admin/editor.css"),
        json.dumps(_texts(), ensure_ascii=False),
        format_html_join(
            "",
            '<script type="module" src="{}"></script>',
            ((static(f"portal/admin/{name}.js"),) for name in MODULES),
        ),
    )


def _texts() -> dict[str, Any]:
    return {
        "list": gettext("Blocks of this page"),
        "empty": gettext("%(block)s: nothing to show yet. Choose to fill it in."),
    }

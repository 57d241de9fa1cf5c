"""The editor's form of policy documents: clauses in little room."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.plugin_api import register_wagtail_hook


@register_wagtail_hook("insert_editor_js")
def clause_form() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>',
        static("policy_interpretation/admin/clause_form.css"),
        static("policy_interpretation/admin/clause_form.js"),
    )

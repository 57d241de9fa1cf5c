"""Links to the style sheets of public pages."""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.core.static_storage import FOLDER, JOINED, PARTS, PortalStaticFilesStorage

register = template.Library()


@register.simple_tag
def portal_styles() -> SafeString:
    """One link where the sheets were joined, else one for each, in the same order."""
    if isinstance(staticfiles_storage, PortalStaticFilesStorage):
        return format_html('<link rel="stylesheet" href="{}">', static(JOINED))
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"{FOLDER}/{p}"),) for p in PARTS)
    )

"""Pages in other languages: Chinese words among theirs say that they are Chinese."""

from django.http import HttpRequest
from wagtail.models import Page

from portal.plugin_api import SiteLike, mark_mixed_text, rendered_page


@rendered_page.step
def finish_mixed_text(html: str, /, *, page: Page, request: HttpRequest, site: SiteLike) -> str:
    """Chinese pages pay nothing."""
    return mark_mixed_text(html, getattr(page, "written_in", page.locale.language_code))

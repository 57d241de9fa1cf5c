"""What pages in other languages need where languages and directions of writing meet."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info
from wagtail.models import Page

from portal.plugin_api import SiteLike, rendered_page

from .marking.chinese import mark_chinese
from .marking.numbers import isolate_numbers


def finished(html: str, language: str) -> str:
    """A finished document: its Chinese words marked, its telephone numbers from the left."""
    if language == settings.LANGUAGE_CODE:
        return html
    if get_language_info(language)["bidi"]:
        html = isolate_numbers(html)
    return mark_chinese(html)


@rendered_page.step
def finish_mixed_text(html: str, /, *, page: Page, request: HttpRequest, site: SiteLike) -> str:
    """Chinese pages pay nothing."""
    return finished(html, page.locale.language_code)

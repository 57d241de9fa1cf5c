"""Pages that are written from right to left show telephone numbers from the left."""

from django.http import HttpRequest
from django.utils.translation import get_language_info
from wagtail.models import Page

from portal.plugin_api import SiteLike, rendered_page

from .marking.numbers import isolate_numbers


def is_right_to_left(language: str) -> bool:
    return bool(get_language_info(language)["bidi"])


@rendered_page.step
def numbers_from_the_left(html: str, /, *, page: Page, request: HttpRequest, site: SiteLike) -> str:
    """Only the languages that need it pay for it."""
    return isolate_numbers(html) if is_right_to_left(page.locale.language_code) else html

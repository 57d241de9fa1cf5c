"""What finished pages in other languages need where languages and directions of writing meet."""

from django.conf import settings
from django.utils.translation import get_language_info

from portal.text.chinese_words import mark_chinese
from portal.text.number_direction import isolate_numbers


def mark_mixed_text(html: str, language: str) -> str:
    """A finished document in a language: its Chinese words say that they are Chinese, and its
    telephone numbers are read from the left. Chinese documents come back as they are."""
    if language == settings.LANGUAGE_CODE:
        return html
    if get_language_info(language)["bidi"]:
        html = isolate_numbers(html)
    return mark_chinese(html)

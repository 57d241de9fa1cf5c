"""The paragraphs of a page as visitors read them, for whoever checks the conversion."""

import re

from wagtail.models import Page

from portal.text.script_markup import Paragraph, paragraphs_of

from .converting import converter_for

_MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL | re.IGNORECASE)


def paragraphs_of_page(page: Page, standard: str) -> list[Paragraph]:
    """The paragraphs of a page's main part, each once, with what becomes of it."""
    specific = page.specific
    response = specific.make_preview_request(preview_mode=specific.default_preview_mode)
    found = _MAIN.search(response.content.decode(response.charset))
    seen: dict[str, Paragraph] = {}
    for paragraph in paragraphs_of(found[1] if found else "", converter_for(standard)):
        seen.setdefault(paragraph.source, paragraph)
    return list(seen.values())

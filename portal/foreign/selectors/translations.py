"""The row of a public page that is a translation; asked for once in a request."""

from django.conf import settings
from wagtail.models import Page

from portal.foreign.models import PageTranslation
from portal.plugin_api import tree_language

_KEPT = "_foreign_translation"


def translation_of(page: Page) -> PageTranslation | None:
    """How a page stands that says what a Chinese one says; None for all others.

    One query for a page in another language, however often it is asked; none for Chinese ones.
    """
    if page.pk is None or tree_language(page.path) == settings.LANGUAGE_CODE:
        return None
    if _KEPT not in page.__dict__:
        page.__dict__[_KEPT] = (
            PageTranslation.objects.select_related("source", "section")
            .filter(target_id=page.pk)
            .first()
        )
    found: PageTranslation | None = page.__dict__[_KEPT]
    return found

"""The versions of one page in the languages of its site."""

from django.conf import settings
from wagtail.models import Page

from portal.plugin_api import public_urls


def public_source(url_path: str) -> str:
    """The address of the Chinese original of what stands at a ``url_path``; empty without one."""
    key = Page.objects.filter(url_path=url_path).values("translation_key")[:1]
    row = (
        Page.objects.filter(
            translation_key__in=key, locale__language_code=settings.LANGUAGE_CODE, live=True
        )
        .values_list("pk", "path", "url_path")
        .first()
    )
    return public_urls([row]).get(row[0], "") if row else ""

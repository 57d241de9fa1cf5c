"""What stands at the addresses of a language that is closed."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from portal.plugin_api import LanguageLink, portal_of, public_urls, site_home

from .models import ForeignSection
from .selectors.sections import root_of, section_for
from .selectors.twins import public_source


class SectionKeeper:
    """Entered in the registry ``language_keepers``."""

    def notice(self, request: HttpRequest, *, site: int, language: str) -> HttpResponse | None:
        section = section_for(site, language)
        if section is None or section.state != ForeignSection.State.CLOSED:
            return None
        context: dict[str, Any] = {
            "section": section,
            "notice": section.closing_notice.strip(),
            "others": _others(request, section),
        }
        response = render(request, "foreign/closed.html", context, status=410)
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response


def _others(request: HttpRequest, section: ForeignSection) -> list[LanguageLink]:
    """Where to go on: the Chinese original of what stood here, and the site's open languages."""
    source = settings.LANGUAGE_CODE
    original = _original(request, section)
    links = portal_of(request).languages
    if not links:
        home = site_home(section.site_id, source)
        if home is None:
            return []
        address = public_urls([(home.pk, home.path, home.url_path)]).get(home.pk, "/")
        links = [LanguageLink("zh-Hans", dict(settings.LANGUAGES)[source], address)]
    return [
        replace(link, url=original) if link.code.lower() == source and original else link
        for link in links
    ]


def _original(request: HttpRequest, section: ForeignSection) -> str:
    root = root_of(section)
    if root is None:
        return ""
    below = request.path_info.removeprefix(root.specific.get_url_parts()[2])
    return public_source(f"{root.url_path}{below}")

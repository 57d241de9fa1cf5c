"""Where a visitor stands: the site and the language of an address, and the addresses around it.

In Chinese the pages lie below ``/letters/``, in other languages below ``/en/letters/``; ``?site=``
names a sub-site that is served by path.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override

from portal.plugin_api import PortalContext, just_seen, main_site_pk, portal_of


@dataclass(frozen=True, slots=True)
class Place:
    """``query`` is "" or ``?site=…``: every address of the same site carries it on."""

    portal: PortalContext
    site: int
    code: str
    query: str

    @property
    def language(self) -> str:
        return self.portal.language

    @property
    def in_chinese(self) -> bool:
        return self.language == settings.LANGUAGE_CODE

    @property
    def is_main(self) -> bool:
        return self.site == self.portal.structure.main_site_pk

    def url(self, name: str, *args: object, **more: str) -> str:
        """The address of one of our pages at this site, with further parameters."""
        return address(name, *args, language=self.language, site=self.code, **more)


def address(name: str, *args: object, language: str, site: str = "", **more: str) -> str:
    """An address of this plugin; what is empty is left out of its query."""
    space = "interaction" if language == settings.LANGUAGE_CODE else "interaction_language"
    if (get_language() or "") == language:
        path = reverse(f"{space}:{name}", args=args)
    else:
        with override(language):
            path = reverse(f"{space}:{name}", args=args)
    pairs = {"site": site, **more}
    query = urlencode({key: value for key, value in pairs.items() if value})
    return f"{path}?{query}" if query else path


def place_of(request: HttpRequest) -> Place:
    """The site and language that a request means.

    Raises:
        Http404: the site is not public in this language.
    """
    portal = portal_of(request)
    code = request.GET.get("site", "")
    if code:
        record = next((r for r in portal.structure.records.values() if r.code == code), None)
        root = portal.structure.site_root(record.pk, portal.language) if record else None
        if root is None or not root.is_public:
            raise Http404
        portal = PortalContext(
            request, portal.structure, root=root, host=portal.host, language=portal.language
        )
    elif portal.site_root is None or not portal.site_root.is_public:
        raise Http404
    if portal.site_pk is None:
        raise Http404
    return Place(portal, portal.site_pk, code, f"?{urlencode({'site': code})}" if code else "")


def code_of(site: int | None) -> str:
    """What stands behind ``?site=`` for a site: "" for the main one."""
    if site is None or site == main_site_pk():
        return ""
    record = just_seen().records.get(site)
    return record.code if record is not None else ""


def own_path(text: str) -> str:
    """The path of an address of this portal, "" for anything else; at most 500 characters."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    path = parts.path
    is_path = path.startswith("/") and not path.startswith("//") and "\\" not in path
    if not is_path or any(ord(sign) < 32 for sign in path):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return (path + query)[:500] if len(path) <= 500 else ""

"""``/sitemap.xml`` and its parts. Each host has its own: a sitemap speaks of its own host only."""

from collections.abc import Iterable
from hashlib import blake2b
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import rfc3339_date
from django.views.decorators.http import require_safe

from portal.plugin_api import kept_text, portal_of, public_tree

from .selectors import sitemap as selected
from .selectors.sitemap import Address, HostSitemap, Part

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HTML = "http://www.w3.org/1999/xhtml"
_START = '<?xml version="1.0" encoding="UTF-8"?>\n'


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The parts of this host's sitemap. Those of pages are kept in the process until something
    public changes."""
    sitemap = _sitemap(request)
    origin = sitemap.roots[settings.LANGUAGE_CODE].origin
    key = ("feeds", "sitemap", sitemap.host, selected.SIZE)
    pages = kept_text(key, lambda: parts_xml(sitemap.page_parts(), origin))
    return _answer(request, index_xml(pages, parts_xml(sitemap.contributed_parts(), origin)))


@require_safe
def part(request: HttpRequest, part: str, number: str) -> HttpResponse:
    found = _sitemap(request).addresses(part, int(number))
    if not found:
        raise Http404
    return _answer(request, addresses_xml(found))


def _sitemap(request: HttpRequest) -> HostSitemap:
    """There is one for all languages, at the address without one."""
    portal = portal_of(request)
    sitemap = HostSitemap(portal, public_tree(request))
    if portal.language != settings.LANGUAGE_CODE or settings.LANGUAGE_CODE not in sitemap.roots:
        raise Http404
    return sitemap


def parts_xml(parts: Iterable[Part], origin: str) -> str:
    """The lines of an index, without what stands around them."""
    lines = []
    for one in parts:
        changed = f"<lastmod>{rfc3339_date(one.changed_at)}</lastmod>" if one.changed_at else ""
        url = f"{origin}/sitemap-{one.name}-{one.number}.xml"
        lines.append(f"<sitemap><loc>{escape(url)}</loc>{changed}</sitemap>")
    return "\n".join(lines)


def index_xml(*parts: str) -> str:
    lines = [f'{_START}<sitemapindex xmlns="{_SITEMAPS}">', *filter(None, parts)]
    return "\n".join([*lines, "</sitemapindex>", ""])


def addresses_xml(addresses: Iterable[Address]) -> str:
    lines = [f'{_START}<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="{_HTML}">']
    for one in addresses:
        changed = f"<lastmod>{rfc3339_date(one.changed_at)}</lastmod>" if one.changed_at else ""
        lines.append(f"<url><loc>{escape(iri_to_uri(one.url))}</loc>{changed}")
        lines += [
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(iri_to_uri(url))}/>'
            for code, url in one.alternates
        ]
        lines.append("</url>")
    return "\n".join([*lines, "</urlset>", ""])


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    body = text.encode()
    response = HttpResponse(body, content_type="application/xml; charset=utf-8")
    response.headers["ETag"] = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag=etag, response=response) or response

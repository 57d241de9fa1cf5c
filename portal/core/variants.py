"""Pages in another form below a prefix of their own: the finished page, changed by a plugin.

``/zh-hant/news/`` is ``/news/`` in traditional characters. The page is rendered as always, with its
own address, and what comes out is changed: texts by the plugin, links by ``Addresses``, so that
whoever follows them stays in that form. Only HTML is changed; redirects lead back below the prefix.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from portal.plugins.slots import Entry

from .context import PortalContext, portal_of
from .extension_points import PageVariant, page_variants
from .structure import Node, origin_of

# Addresses that have one form only: files, programs, the admin, pages with a secret in them.
SINGLE = frozenset(
    {"admin", "api", "documents", "healthz", "media", "qr", "readyz", "robots.txt",
     "shared-preview", "sitemap.xml", "static"}
)  # fmt: skip
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def offered_variants(site_pk: int | None = None) -> Iterator[Entry[PageVariant]]:
    """The variants of a site: of plugins that are on there and offer theirs."""
    for entry in page_variants.entries(site_pk):
        if site_pk is None or entry.run(lambda item: item.is_offered(site=site_pk), False):
            yield entry


def asked_for(path: str) -> PageVariant | None:
    """The variant whose prefix an address begins with, wherever it is offered."""
    first = path[1:].partition("/")[0]
    # Nearly every address begins with none, and is not to pay for a look at the switches.
    if all(item.target.prefix != first for _owner, item in page_variants.contributions()):
        return None
    return next((e.item for e in page_variants.entries() if e.item.prefix == first), None)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Gives the addresses in a page the form of a variant.

    ``own``: the origin of the page. ``places``: where each site begins (origin and path) and
    whether it offers the variant, the longest first: the first that an address begins with decides.
    """

    prefix: str
    own: str
    places: tuple[tuple[str, bool], ...]

    def __call__(self, address: str) -> str:
        if address.startswith("/") and not address.startswith("//"):
            origin, path = "", address
        elif address.startswith(("http://", "https://")):
            parts = urlsplit(address)
            origin = f"{parts.scheme}://{parts.netloc}"
            path = address[len(origin) :] or "/"
        else:
            return address
        if not self._has_form(path):
            return address
        whole = (origin or self.own) + path
        offered = next(
            (offered for place, offered in self.places if whole.startswith(place)), False
        )
        return origin + self.prefix + path if offered else address

    def _has_form(self, path: str) -> bool:
        first = path[1:].partition("/")[0].partition("?")[0].partition("#")[0]
        return first not in SINGLE and first not in _LANGUAGES and f"/{first}" != self.prefix


def addresses_for(variant: PageVariant, portal: PortalContext) -> Addresses:
    """The rule for the links of a page that a request of this context gets."""
    found = portal.structure
    here = f"{portal.request.scheme}://{portal.request.get_host()}"
    own = origin_of(portal.host.rsplit(":", 1)[0])
    places: dict[str, bool] = {}
    for pk in found.records:
        node = found.site_root(pk, variant.source)
        root = found.root_for_url_path(node.url_path) if node is not None else None
        if node is None or root is None:
            continue
        path = found.url(node.url_path)
        places[root.origin + path] = offered = _offers(variant, pk)
        if root.origin == own:  # what the request calls this place: a proxy, a test
            places[here + path] = offered
    longest_first = sorted(places.items(), key=lambda item: (-len(item[0]), item[0]))
    return Addresses(f"/{variant.prefix}", here, tuple(longest_first))


def _offers(variant: PageVariant, site_pk: int) -> bool:
    return any(entry.item is variant for entry in offered_variants(site_pk))


def site_of_address(portal: PortalContext, path: str) -> int | None:
    """The site whose page, or whose host's address, this is."""
    node: Node | None = portal.root
    if node is None:
        return portal.site_pk
    for part in path.split("/"):
        if part:
            child = next((child for child in node.children if child.slug == part), None)
            if child is None:
                break
            node = child
    return node.site_pk or portal.site_pk


class VariantMiddleware:
    """Answers below a variant's prefix with the page at the rest of the address, changed.

    Stands inside ``PortalMiddleware``: language and host of a request are known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        variant = asked_for(request.path_info)
        if variant is None:
            return self.get_response(request)
        prefix = f"/{variant.prefix}"
        rest = request.path_info[len(prefix) :]
        if not rest:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(prefix + "/" + (f"?{query}" if query else ""))
        first = rest[1:].partition("/")[0]
        portal = portal_of(request)
        site_pk = site_of_address(portal, rest)
        if (
            first in SINGLE
            or first in _LANGUAGES
            or first == variant.prefix
            or site_pk is None
            or not _offers(variant, site_pk)
        ):
            return self.get_response(request)  # nothing is there: 404
        request.path_info = request.path = rest
        return self._changed(variant, request, self.get_response(request), site_pk)

    @staticmethod
    def _changed(
        variant: PageVariant, request: HttpRequest, response: HttpResponse, site_pk: int
    ) -> HttpResponse:
        rewrite = addresses_for(variant, portal_of(request))
        if "Location" in response.headers:
            response.headers["Location"] = rewrite(response.headers["Location"])
        kind = response.headers.get("Content-Type", "")
        if (
            response.streaming
            or not kind.startswith("text/html")
            or "Content-Encoding" in response.headers
            or not response.content
        ):
            return response
        page = response.content.decode(response.charset)
        entry = next(e for e in page_variants.entries(site_pk) if e.item is variant)
        changed = entry.run(lambda item: item.convert(page, site=site_pk, rewrite=rewrite), page)
        response.content = changed.encode(response.charset)
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
        if changed is not page:
            response.headers["Content-Language"] = variant.tag
        return response


def variant_of(page: str, key: str, *, portal: PortalContext) -> str:
    """A finished page in a variant, as ``VariantMiddleware`` would send it: for stores of pages.

    Args:
        page: as rendered for everybody.
        key: of the registry, such as ``foreign.traditional``.
        portal: the context that the page was rendered in.
    """
    entry = page_variants.get(key, portal.site_pk)
    if entry is None:
        raise LookupError(f"{key} is not offered by this site")
    rewrite = addresses_for(entry.item, portal)
    return entry.run(lambda item: item.convert(page, site=portal.site_pk, rewrite=rewrite), page)

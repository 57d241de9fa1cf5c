"""Contents of other websites inside a page: which ones are allowed, and the page's own policy."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.csp import CSP, build_policy

from .models import EmbedHost


def allowed_hosts(request: HttpRequest | None) -> list[EmbedHost]:
    """The allowed websites; asked once for a request, however many blocks want to know."""
    kept: list[EmbedHost] | None = getattr(request, "portal_embed_hosts", None)
    if kept is None:
        kept = list(EmbedHost.objects.filter(is_allowed=True))
        if request is not None:
            request.portal_embed_hosts = kept  # type: ignore[attr-defined]
    return kept


def find(address: str, hosts: list[EmbedHost]) -> tuple[EmbedHost, str] | None:
    """The website an address belongs to, and what to show of it."""
    for host in hosts:
        frame = host.frame_url(address)
        if frame is not None:
            return (host, frame)
    return None


def allow_frame(request: HttpRequest | None, host: EmbedHost) -> None:
    """Let the page that is being rendered, and no other, show frames of a website."""
    if request is not None:
        allow_frame_source(request, host.frame_origin)


def allow_frame_source(request: HttpRequest, source: str) -> None:
    """The same for what a security policy calls a source: an origin, or an address in it.

    An address that ends with a slash stands for everything below it.
    """
    origins: set[str] = request.__dict__.setdefault("portal_frame_origins", set())
    origins.add(source)


def policy_with_frames(request: HttpRequest, base: dict[str, Any]) -> str | None:
    """The policy of a page that shows frames; None for all others."""
    origins = getattr(request, "portal_frame_origins", None)
    if not origins:
        return None
    frames = [*base.get("frame-src", [CSP.SELF]), *sorted(origins)]
    return build_policy(base | {"frame-src": frames})


def public_policy(request: HttpRequest) -> str | None:
    return policy_with_frames(request, settings.SECURE_CSP)

"""Which site a question is about.

The mechanism lies below the core and does not know its models: it takes a site record, its
primary key or anything with a ``pk``, and asks the core how a page belongs to a site.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast, runtime_checkable

from django.http import HttpRequest


@runtime_checkable
class HasPk(Protocol):
    """A site record, or the identity object that public requests carry."""

    @property
    def pk(self) -> Any: ...


type SiteLike = HasPk | int | None

_page_resolver: Callable[[Any], SiteLike] | None = None


def site_pk(site: SiteLike) -> int | None:
    """Return the primary key of the site record; None stands for the whole platform.

    Raises:
        TypeError: for anything that is not a saved site, so that a mistake never reads as
            “the platform”.
    """
    if site is None:
        return None
    key = site if isinstance(site, int) else getattr(site, "pk", None)
    if isinstance(key, bool) or not isinstance(key, int):
        raise TypeError(f"{site!r} is not a site record, its primary key or None")
    return key


def request_site(request: HttpRequest) -> int | None:
    """Return the site of a public request; None where the request belongs to no site."""
    portal = getattr(request, "portal", None)
    site = getattr(portal, "site", None)
    return None if site is None else site_pk(site)


def page_site(page: Any) -> int | None:
    """Return the site that a page belongs to, as the core sees it."""
    return None if _page_resolver is None else site_pk(_page_resolver(page))


def use_page_resolver(resolver: Callable[[Any], SiteLike]) -> None:
    """Tell the mechanism how to find a page's site; called once, by the core."""
    global _page_resolver
    _page_resolver = resolver


def site_records() -> Iterable[Any]:
    """Return all sites; the model is the core's, known by the foreign key only."""
    from .models import PluginSwitch  # models cannot be imported before the apps are ready

    model = PluginSwitch._meta.get_field("site").related_model
    return cast("Iterable[Any]", model._default_manager.order_by("pk"))

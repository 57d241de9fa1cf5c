"""Pages of plugins below the portal's own: a plugin's type names where it may stand.

The portal cannot list what it does not know; a plugin knows the portal's columns and homes.
"""

from functools import cache

from django.apps import apps
from wagtail.models import Page

from portal.plugins import registry, switches


@cache
def types_below(parent: str) -> tuple[type[Page], ...]:
    """The page types of plugins that name ``parent`` ("pages.ColumnPage") as their parent."""
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, Page)
        and parent in (getattr(model, "parent_page_types", None) or ())
        and registry.installed().owner_of(model.__module__) != registry.PORTAL
    )


def is_on(model: type[Page], site_pk: int | None) -> bool:
    """Whether new pages of a type may be made at a site: yes for all that is no plugin's."""
    owner = registry.installed().owner_of(model.__module__)
    return owner == registry.PORTAL or switches.is_enabled(owner, site_pk)

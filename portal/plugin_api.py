"""The only module of the portal that plugins import (their tests also: ``portal.testing``).

Everything in ``__all__`` is stable within a minor version of the portal; what goes away is
announced in CHANGELOG one minor version before. Anything else is the portal's own affair.

The first section may be imported from a plugin's ``apps.py``. The second belongs to models and
page types, which do not exist yet at that time: its names are loaded at first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from portal.plugins.breaker import CircuitState
from portal.plugins.capabilities import Capability, CapabilityUnavailable, capability
from portal.plugins.config import PortalPluginConfig
from portal.plugins.events import Event
from portal.plugins.extension_points import Translator, plugin_switched, translator
from portal.plugins.filters import Filter, Refused
from portal.plugins.jobs import ScheduledJob, scheduled_jobs
from portal.plugins.metadata import Level
from portal.plugins.sites import SiteLike, page_site, request_site, site_pk
from portal.plugins.slots import Entry, Output, Part, Registry, Renderable, Shown, Slot
from portal.plugins.switches import is_enabled

if TYPE_CHECKING:
    # --- the core: extension points and the types that they speak of --------------------------
    from portal.core.context import MenuItem, PageTag
    from portal.core.extension_points import (
        Component,
        DashboardPanel,
        ListItem,
        ListSource,
        OutboxConsumer,
        Readiness,
        components,
        dashboard_panels,
        footer_slot,
        header_slot,
        home_slot,
        index_rebuilders,
        list_sources,
        menu_items,
        outbox_consumers,
        page_published,
        page_side_slot,
        page_tags,
        page_withdrawn,
        publish_checks,
        readiness_checks,
        site_created,
    )
    from portal.core.gate import PublishProblem
    from portal.core.models import OutboxEvent
    from portal.plugins.hooks import register_wagtail_hook

__all__ = [
    "Capability",
    "CapabilityUnavailable",
    "CircuitState",
    "Component",
    "DashboardPanel",
    "Entry",
    "Event",
    "Filter",
    "Level",
    "ListItem",
    "ListSource",
    "MenuItem",
    "OutboxConsumer",
    "OutboxEvent",
    "Output",
    "PageTag",
    "Part",
    "PortalPluginConfig",
    "PublishProblem",
    "Readiness",
    "Refused",
    "Registry",
    "Renderable",
    "ScheduledJob",
    "Shown",
    "SiteLike",
    "Slot",
    "Translator",
    "capability",
    "components",
    "dashboard_panels",
    "footer_slot",
    "header_slot",
    "home_slot",
    "index_rebuilders",
    "is_enabled",
    "list_sources",
    "menu_items",
    "outbox_consumers",
    "page_published",
    "page_side_slot",
    "page_site",
    "page_tags",
    "page_withdrawn",
    "plugin_switched",
    "publish_checks",
    "readiness_checks",
    "register_wagtail_hook",
    "request_site",
    "scheduled_jobs",
    "site_created",
    "site_pk",
    "translator",
]

# Where the names above come from at run time. The type checker reads the imports instead; a test
# keeps the two the same.
_LOADED_AT_FIRST_USE: dict[str, str] = {
    "register_wagtail_hook": "portal.plugins.hooks",
    "MenuItem": "portal.core.context",
    "PageTag": "portal.core.context",
    "PublishProblem": "portal.core.gate",
    "OutboxEvent": "portal.core.models",
    **dict.fromkeys(
        (
            "Component",
            "DashboardPanel",
            "ListItem",
            "ListSource",
            "OutboxConsumer",
            "Readiness",
            "components",
            "dashboard_panels",
            "footer_slot",
            "header_slot",
            "home_slot",
            "index_rebuilders",
            "list_sources",
            "menu_items",
            "outbox_consumers",
            "page_published",
            "page_side_slot",
            "page_tags",
            "page_withdrawn",
            "publish_checks",
            "readiness_checks",
            "site_created",
        ),
        "portal.core.extension_points",
    ),
}


def __getattr__(name: str) -> Any:
    try:
        module = _LOADED_AT_FIRST_USE[name]
    except KeyError:
        raise AttributeError(f"portal.plugin_api has no {name!r}") from None
    value = globals()[name] = getattr(import_module(module), name)
    return value


def __dir__() -> list[str]:
    return list(__all__)

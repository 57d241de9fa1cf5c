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
    from portal.core.clocks.desk import clocks
    from portal.core.clocks.kinds import ClockKind, Escalation, Terms
    from portal.core.clocks.known_limits import known_limit
    from portal.core.clocks.services import ClockError
    from portal.core.clocks.wording import DueWords
    from portal.core.clocks.worktime import Limit, Unit
    from portal.core.context import MenuItem, PageTag
    from portal.core.extension_points import (
        Component,
        DashboardPanel,
        ListItem,
        ListSource,
        OutboxConsumer,
        Readiness,
        clock_due_soon,
        clock_escalated,
        clock_kinds,
        clock_overdue,
        components,
        dashboard_panels,
        footer_slot,
        header_slot,
        home_slot,
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
    from portal.core.models import Clock, ClockAlarm, OutboxEvent
    from portal.plugins.hooks import register_wagtail_hook

__all__ = [
    "Capability",
    "CapabilityUnavailable",
    "CircuitState",
    "Clock",
    "ClockAlarm",
    "ClockError",
    "ClockKind",
    "Component",
    "DashboardPanel",
    "DueWords",
    "Entry",
    "Escalation",
    "Event",
    "Filter",
    "Level",
    "Limit",
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
    "Terms",
    "Translator",
    "Unit",
    "capability",
    "clock_due_soon",
    "clock_escalated",
    "clock_kinds",
    "clock_overdue",
    "clocks",
    "components",
    "dashboard_panels",
    "footer_slot",
    "header_slot",
    "home_slot",
    "is_enabled",
    "known_limit",
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
    "Clock": "portal.core.models",
    "ClockAlarm": "portal.core.models",
    "OutboxEvent": "portal.core.models",
    "clocks": "portal.core.clocks.desk",
    "ClockKind": "portal.core.clocks.kinds",
    "Escalation": "portal.core.clocks.kinds",
    "Terms": "portal.core.clocks.kinds",
    "known_limit": "portal.core.clocks.known_limits",
    "ClockError": "portal.core.clocks.services",
    "DueWords": "portal.core.clocks.wording",
    "Limit": "portal.core.clocks.worktime",
    "Unit": "portal.core.clocks.worktime",
    **dict.fromkeys(
        (
            "Component",
            "DashboardPanel",
            "ListItem",
            "ListSource",
            "OutboxConsumer",
            "Readiness",
            "clock_due_soon",
            "clock_escalated",
            "clock_kinds",
            "clock_overdue",
            "components",
            "dashboard_panels",
            "footer_slot",
            "header_slot",
            "home_slot",
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

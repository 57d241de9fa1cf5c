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
    from portal.core.admin.viewsets import OwnSitesForm, OwnViewSet
    from portal.core.base_page import BasePage, BasePageForm
    from portal.core.choice_lists import ChoiceListField
    from portal.core.clocks.desk import clocks
    from portal.core.clocks.kinds import ClockKind, Escalation, Terms
    from portal.core.clocks.known_limits import known_limit
    from portal.core.clocks.services import ClockError
    from portal.core.clocks.wording import DueWords
    from portal.core.clocks.worktime import Limit, Unit
    from portal.core.context import MenuItem, PageTag, PortalContext, context_for_page, portal_of
    from portal.core.extension_points import (
        Component,
        DashboardPanel,
        HotTopic,
        HotTopicSource,
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
        hot_topics,
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
    from portal.core.gate import PublishProblem, PublishRefused
    from portal.core.lists import date_text
    from portal.core.models import Clock, ClockAlarm, OutboxEvent
    from portal.core.operator import add_operator_arguments, operator_action
    from portal.core.permissions import PlatformRolePolicy, RolePolicy
    from portal.core.roles import Action, may, sites_allowing
    from portal.core.stream_fields import BlocksField
    from portal.core.structure import site_of_path
    from portal.core.turns import take_turn
    from portal.core.units import unit_for
    from portal.core.validity import follow_validity
    from portal.pages.blocks import BodyBlock, ImageBlock, TableBlock
    from portal.pages.models.detail import DetailPage
    from portal.plugins.hooks import register_wagtail_hook

__all__ = [
    "Action",
    "BasePage",
    "BasePageForm",
    "BlocksField",
    "BodyBlock",
    "Capability",
    "CapabilityUnavailable",
    "ChoiceListField",
    "CircuitState",
    "Clock",
    "ClockAlarm",
    "ClockError",
    "ClockKind",
    "Component",
    "DashboardPanel",
    "DetailPage",
    "DueWords",
    "Entry",
    "Escalation",
    "Event",
    "Filter",
    "HotTopic",
    "HotTopicSource",
    "ImageBlock",
    "Level",
    "Limit",
    "ListItem",
    "ListSource",
    "MenuItem",
    "OutboxConsumer",
    "OutboxEvent",
    "Output",
    "OwnSitesForm",
    "OwnViewSet",
    "PageTag",
    "Part",
    "PlatformRolePolicy",
    "PortalContext",
    "PortalPluginConfig",
    "PublishProblem",
    "PublishRefused",
    "Readiness",
    "Refused",
    "Registry",
    "Renderable",
    "RolePolicy",
    "ScheduledJob",
    "Shown",
    "SiteLike",
    "Slot",
    "TableBlock",
    "Terms",
    "Translator",
    "Unit",
    "add_operator_arguments",
    "capability",
    "clock_due_soon",
    "clock_escalated",
    "clock_kinds",
    "clock_overdue",
    "clocks",
    "components",
    "context_for_page",
    "dashboard_panels",
    "date_text",
    "follow_validity",
    "footer_slot",
    "header_slot",
    "home_slot",
    "hot_topics",
    "is_enabled",
    "known_limit",
    "list_sources",
    "may",
    "menu_items",
    "operator_action",
    "outbox_consumers",
    "page_published",
    "page_side_slot",
    "page_site",
    "page_tags",
    "page_withdrawn",
    "plugin_switched",
    "portal_of",
    "publish_checks",
    "readiness_checks",
    "register_wagtail_hook",
    "request_site",
    "scheduled_jobs",
    "site_created",
    "site_of_path",
    "site_pk",
    "sites_allowing",
    "take_turn",
    "translator",
    "unit_for",
]

# Where the names above come from at run time. The type checker reads the imports instead; a test
# keeps the two the same.
_MODULES: dict[str, tuple[str, ...]] = {
    "portal.core.admin.viewsets": (
        "OwnSitesForm",
        "OwnViewSet",
    ),
    "portal.core.base_page": (
        "BasePage",
        "BasePageForm",
    ),
    "portal.core.choice_lists": ("ChoiceListField",),
    "portal.core.clocks.desk": ("clocks",),
    "portal.core.clocks.kinds": (
        "ClockKind",
        "Escalation",
        "Terms",
    ),
    "portal.core.clocks.known_limits": ("known_limit",),
    "portal.core.clocks.services": ("ClockError",),
    "portal.core.clocks.wording": ("DueWords",),
    "portal.core.clocks.worktime": (
        "Limit",
        "Unit",
    ),
    "portal.core.context": (
        "MenuItem",
        "PageTag",
        "PortalContext",
        "context_for_page",
        "portal_of",
    ),
    "portal.core.extension_points": (
        "Component",
        "DashboardPanel",
        "HotTopic",
        "HotTopicSource",
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
        "hot_topics",
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
    "portal.core.gate": (
        "PublishProblem",
        "PublishRefused",
    ),
    "portal.core.lists": ("date_text",),
    "portal.core.models": (
        "Clock",
        "ClockAlarm",
        "OutboxEvent",
    ),
    "portal.core.operator": (
        "add_operator_arguments",
        "operator_action",
    ),
    "portal.core.permissions": (
        "PlatformRolePolicy",
        "RolePolicy",
    ),
    "portal.core.roles": (
        "Action",
        "may",
        "sites_allowing",
    ),
    "portal.core.stream_fields": ("BlocksField",),
    "portal.core.structure": ("site_of_path",),
    "portal.core.turns": ("take_turn",),
    "portal.core.units": ("unit_for",),
    "portal.core.validity": ("follow_validity",),
    "portal.pages.blocks": (
        "BodyBlock",
        "ImageBlock",
        "TableBlock",
    ),
    "portal.pages.models.detail": ("DetailPage",),
    "portal.plugins.hooks": ("register_wagtail_hook",),
}
_LOADED_AT_FIRST_USE: dict[str, str] = {
    name: module for module, names in _MODULES.items() for name in names
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

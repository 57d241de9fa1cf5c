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
    # --- page types, what they are built from, and who may do what ----------------------------
    from portal.core.admin.viewsets import OwnSitesForm, OwnViewSet
    from portal.core.base_page import BasePage, BasePageForm
    from portal.core.choice_lists import ChoiceListField
    from portal.core.context import MenuItem, PageTag, PortalContext, context_for_page, portal_of
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
    from portal.core.media import Attachment, attachment
    from portal.core.models import OutboxEvent
    from portal.core.operator import add_operator_arguments, operator_action
    from portal.core.permissions import RolePolicy
    from portal.core.publications import follow_validity
    from portal.core.roles import Action, may, sites_allowing
    from portal.core.stream_fields import BlocksField
    from portal.core.structure import site_of_path
    from portal.core.turns import take_turn
    from portal.core.units import unit_for
    from portal.pages.blocks import BodyBlock, ImageBlock, TableBlock
    from portal.pages.models.detail import DetailPage
    from portal.plugins.hooks import register_wagtail_hook

__all__ = [
    "Action",
    "Attachment",
    "BasePage",
    "BasePageForm",
    "BlocksField",
    "BodyBlock",
    "Capability",
    "CapabilityUnavailable",
    "ChoiceListField",
    "CircuitState",
    "Component",
    "DashboardPanel",
    "DetailPage",
    "Entry",
    "Event",
    "Filter",
    "ImageBlock",
    "Level",
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
    "Translator",
    "add_operator_arguments",
    "attachment",
    "capability",
    "components",
    "context_for_page",
    "dashboard_panels",
    "date_text",
    "follow_validity",
    "footer_slot",
    "header_slot",
    "home_slot",
    "is_enabled",
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
_LOADED_AT_FIRST_USE: dict[str, str] = {
    "register_wagtail_hook": "portal.plugins.hooks",
    **dict.fromkeys(
        ("MenuItem", "PageTag", "PortalContext", "context_for_page", "portal_of"),
        "portal.core.context",
    ),
    **dict.fromkeys(("PublishProblem", "PublishRefused"), "portal.core.gate"),
    "OutboxEvent": "portal.core.models",
    **dict.fromkeys(("OwnSitesForm", "OwnViewSet"), "portal.core.admin.viewsets"),
    **dict.fromkeys(("BasePage", "BasePageForm"), "portal.core.base_page"),
    **dict.fromkeys(("add_operator_arguments", "operator_action"), "portal.core.operator"),
    "RolePolicy": "portal.core.permissions",
    "follow_validity": "portal.core.publications",
    **dict.fromkeys(("Action", "may", "sites_allowing"), "portal.core.roles"),
    "BlocksField": "portal.core.stream_fields",
    "site_of_path": "portal.core.structure",
    "take_turn": "portal.core.turns",
    "unit_for": "portal.core.units",
    **dict.fromkeys(("BodyBlock", "ImageBlock", "TableBlock"), "portal.pages.blocks"),
    "date_text": "portal.core.lists",
    **dict.fromkeys(("Attachment", "attachment"), "portal.core.media"),
    "ChoiceListField": "portal.core.choice_lists",
    "DetailPage": "portal.pages.models.detail",
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

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
    from portal.core.clause_ids import (
        ClauseIdsField,
        ClauseIdsFormField,
        ClauseIdsInput,
        checked_clause_ids,
    )
    from portal.core.clocks.desk import clocks
    from portal.core.clocks.kinds import ClockKind, Escalation, Terms
    from portal.core.clocks.known_limits import known_limit
    from portal.core.clocks.services import ClockError
    from portal.core.clocks.wording import DueWords
    from portal.core.clocks.worktime import Limit, Unit
    from portal.core.context import MenuItem, PageTag, PortalContext, context_for_page, portal_of
    from portal.core.dependants import page_dependant
    from portal.core.embeds import allow_frame_source
    from portal.core.extension_points import (
        ActingDependantSource,
        ApiRoutes,
        CitedClauses,
        Clauses,
        ClauseText,
        Component,
        DashboardPanel,
        DemoContent,
        Dependant,
        DependantAction,
        DependantSource,
        DirectAnswer,
        DirectAnswers,
        DisclosureRequestFigures,
        DisclosureRequests,
        GapSignal,
        GapSignalSource,
        HotTopic,
        HotTopicSource,
        ListItem,
        ListSource,
        OutboxConsumer,
        Passage,
        Passages,
        QADrafts,
        QADraftsMade,
        QASource,
        Readiness,
        WatchedPart,
        WatchedText,
        WatchedTexts,
        api_routers,
        clauses,
        clock_due_soon,
        clock_escalated,
        clock_kinds,
        clock_overdue,
        components,
        dashboard_panels,
        demo_content,
        dependants,
        direct_answers,
        disclosure_requests,
        footer_slot,
        gap_signals,
        header_slot,
        home_slot,
        hot_topics,
        index_rebuilders,
        list_sources,
        menu_items,
        outbox_consumers,
        page_notice_slot,
        page_published,
        page_side_slot,
        page_tags,
        page_withdrawn,
        passages,
        publish_checks,
        qa_drafts,
        readiness_checks,
        site_created,
        watched_text_saved,
        watched_texts,
        web_starters,
    )
    from portal.core.gate import PublishProblem, PublishRefused, concerns_public
    from portal.core.lists import date_text
    from portal.core.media import Attachment, attachment
    from portal.core.models import (
        Clock,
        ClockAlarm,
        OutboxEvent,
        PortalDocument,
        Publication,
        Standing,
        mark_text,
    )
    from portal.core.operator import add_operator_arguments, operator_action
    from portal.core.permissions import PlatformRolePolicy, RolePolicy, pages_to_add_below
    from portal.core.public_api.errors import (
        ApiMissing,
        ApiProblem,
    )
    from portal.core.public_api.html import (
        absolute_html,
        absolute_url,
    )
    from portal.core.public_api.pagination import (
        ApiListing,
        ApiWindow,
        api_frame,
    )
    from portal.core.public_api.parameters import (
        ApiDay,
        ApiId,
        ApiLanguage,
        ApiMoment,
        ApiOneOf,
        ApiSiteCode,
    )
    from portal.core.public_api.tree import (
        PublicTree,
        public_tree,
    )
    from portal.core.ranges import partial_response
    from portal.core.repointing import repoint
    from portal.core.roles import Action, may, sites_allowing
    from portal.core.search import (
        having_words,
    )
    from portal.core.stream_fields import BlocksField
    from portal.core.structure import (
        kept_text,
        main_site_pk,
        public_pages,
        public_urls,
        site_home,
        site_of_path,
        touch_content,
        touch_on_commit,
    )
    from portal.core.turns import take_turn
    from portal.core.units import unit_for
    from portal.core.validity import follow_validity, with_standing
    from portal.pages.blocks import BodyBlock, EmbedBlock, ImageBlock, TableBlock
    from portal.pages.bulk_pages import publish_new_pages
    from portal.pages.models.articles import ArticlePage
    from portal.pages.models.detail import DetailPage
    from portal.pages.pagination import Pagination
    from portal.plugins.hooks import register_wagtail_hook

__all__ = [
    "ActingDependantSource",
    "Action",
    "ApiDay",
    "ApiId",
    "ApiLanguage",
    "ApiListing",
    "ApiMissing",
    "ApiMoment",
    "ApiOneOf",
    "ApiProblem",
    "ApiRoutes",
    "ApiSiteCode",
    "ApiWindow",
    "ArticlePage",
    "Attachment",
    "BasePage",
    "BasePageForm",
    "BlocksField",
    "BodyBlock",
    "Capability",
    "CapabilityUnavailable",
    "ChoiceListField",
    "CircuitState",
    "CitedClauses",
    "ClauseIdsField",
    "ClauseIdsFormField",
    "ClauseIdsInput",
    "ClauseText",
    "Clauses",
    "Clock",
    "ClockAlarm",
    "ClockError",
    "ClockKind",
    "Component",
    "DashboardPanel",
    "DemoContent",
    "Dependant",
    "DependantAction",
    "DependantSource",
    "DetailPage",
    "DirectAnswer",
    "DirectAnswers",
    "DisclosureRequestFigures",
    "DisclosureRequests",
    "DueWords",
    "EmbedBlock",
    "Entry",
    "Escalation",
    "Event",
    "Filter",
    "GapSignal",
    "GapSignalSource",
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
    "Pagination",
    "Part",
    "Passage",
    "Passages",
    "PlatformRolePolicy",
    "PortalContext",
    "PortalDocument",
    "PortalPluginConfig",
    "PublicTree",
    "Publication",
    "PublishProblem",
    "PublishRefused",
    "QADrafts",
    "QADraftsMade",
    "QASource",
    "Readiness",
    "Refused",
    "Registry",
    "Renderable",
    "RolePolicy",
    "ScheduledJob",
    "Shown",
    "SiteLike",
    "Slot",
    "Standing",
    "TableBlock",
    "Terms",
    "Translator",
    "Unit",
    "WatchedPart",
    "WatchedText",
    "WatchedTexts",
    "absolute_html",
    "absolute_url",
    "add_operator_arguments",
    "allow_frame_source",
    "api_frame",
    "api_routers",
    "attachment",
    "capability",
    "checked_clause_ids",
    "clauses",
    "clock_due_soon",
    "clock_escalated",
    "clock_kinds",
    "clock_overdue",
    "clocks",
    "components",
    "concerns_public",
    "context_for_page",
    "dashboard_panels",
    "date_text",
    "demo_content",
    "dependants",
    "direct_answers",
    "disclosure_requests",
    "follow_validity",
    "footer_slot",
    "gap_signals",
    "having_words",
    "header_slot",
    "home_slot",
    "hot_topics",
    "index_rebuilders",
    "is_enabled",
    "kept_text",
    "known_limit",
    "list_sources",
    "main_site_pk",
    "mark_text",
    "may",
    "menu_items",
    "operator_action",
    "outbox_consumers",
    "page_dependant",
    "page_notice_slot",
    "page_published",
    "page_side_slot",
    "page_site",
    "page_tags",
    "page_withdrawn",
    "pages_to_add_below",
    "partial_response",
    "passages",
    "plugin_switched",
    "portal_of",
    "public_pages",
    "public_tree",
    "public_urls",
    "publish_checks",
    "publish_new_pages",
    "qa_drafts",
    "readiness_checks",
    "register_wagtail_hook",
    "repoint",
    "request_site",
    "scheduled_jobs",
    "site_created",
    "site_home",
    "site_of_path",
    "site_pk",
    "sites_allowing",
    "take_turn",
    "touch_content",
    "touch_on_commit",
    "translator",
    "unit_for",
    "watched_text_saved",
    "watched_texts",
    "web_starters",
    "with_standing",
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
    "portal.core.clause_ids": (
        "ClauseIdsField",
        "ClauseIdsFormField",
        "ClauseIdsInput",
        "checked_clause_ids",
    ),
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
    "portal.core.dependants": ("page_dependant",),
    "portal.core.embeds": ("allow_frame_source",),
    "portal.core.extension_points": (
        "ActingDependantSource",
        "ApiRoutes",
        "CitedClauses",
        "ClauseText",
        "Clauses",
        "Component",
        "DashboardPanel",
        "DemoContent",
        "Dependant",
        "DependantAction",
        "DependantSource",
        "DirectAnswer",
        "DirectAnswers",
        "DisclosureRequestFigures",
        "DisclosureRequests",
        "GapSignal",
        "GapSignalSource",
        "HotTopic",
        "HotTopicSource",
        "ListItem",
        "ListSource",
        "OutboxConsumer",
        "Passage",
        "Passages",
        "QADrafts",
        "QADraftsMade",
        "QASource",
        "Readiness",
        "WatchedPart",
        "WatchedText",
        "WatchedTexts",
        "api_routers",
        "clauses",
        "clock_due_soon",
        "clock_escalated",
        "clock_kinds",
        "clock_overdue",
        "components",
        "dashboard_panels",
        "demo_content",
        "dependants",
        "direct_answers",
        "disclosure_requests",
        "footer_slot",
        "gap_signals",
        "header_slot",
        "home_slot",
        "hot_topics",
        "index_rebuilders",
        "list_sources",
        "menu_items",
        "outbox_consumers",
        "page_notice_slot",
        "page_published",
        "page_side_slot",
        "page_tags",
        "page_withdrawn",
        "passages",
        "publish_checks",
        "qa_drafts",
        "readiness_checks",
        "site_created",
        "watched_text_saved",
        "watched_texts",
        "web_starters",
    ),
    "portal.core.gate": (
        "PublishProblem",
        "PublishRefused",
        "concerns_public",
    ),
    "portal.core.lists": ("date_text",),
    "portal.core.media": (
        "Attachment",
        "attachment",
    ),
    "portal.core.models": (
        "Clock",
        "ClockAlarm",
        "OutboxEvent",
        "PortalDocument",
        "Publication",
        "Standing",
        "mark_text",
    ),
    "portal.core.operator": (
        "add_operator_arguments",
        "operator_action",
    ),
    "portal.core.permissions": (
        "PlatformRolePolicy",
        "RolePolicy",
        "pages_to_add_below",
    ),
    "portal.core.public_api.errors": (
        "ApiMissing",
        "ApiProblem",
    ),
    "portal.core.public_api.html": (
        "absolute_html",
        "absolute_url",
    ),
    "portal.core.public_api.pagination": (
        "ApiListing",
        "ApiWindow",
        "api_frame",
    ),
    "portal.core.public_api.parameters": (
        "ApiDay",
        "ApiId",
        "ApiLanguage",
        "ApiMoment",
        "ApiOneOf",
        "ApiSiteCode",
    ),
    "portal.core.public_api.tree": (
        "PublicTree",
        "public_tree",
    ),
    "portal.core.ranges": ("partial_response",),
    "portal.core.repointing": ("repoint",),
    "portal.core.roles": (
        "Action",
        "may",
        "sites_allowing",
    ),
    "portal.core.search": ("having_words",),
    "portal.core.stream_fields": ("BlocksField",),
    "portal.core.structure": (
        "kept_text",
        "main_site_pk",
        "public_pages",
        "public_urls",
        "site_home",
        "site_of_path",
        "touch_content",
        "touch_on_commit",
    ),
    "portal.core.turns": ("take_turn",),
    "portal.core.units": ("unit_for",),
    "portal.core.validity": (
        "follow_validity",
        "with_standing",
    ),
    "portal.pages.blocks": (
        "BodyBlock",
        "EmbedBlock",
        "ImageBlock",
        "TableBlock",
    ),
    "portal.pages.bulk_pages": ("publish_new_pages",),
    "portal.pages.models.articles": ("ArticlePage",),
    "portal.pages.models.detail": ("DetailPage",),
    "portal.pages.pagination": ("Pagination",),
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

"""Core's tables, one module per subject. Import them from here."""

from .clocks import CalendarDay, CalendarYear, Clock, ClockAlarm, ClockEntry, ClockTerms
from .embeds import EmbedHost
from .keywords import ListingKeyword
from .listing import ListingCount, ListingRow
from .media import PortalDocument, PortalImage, PortalMedia, PortalRendition
from .messages import EditableMessage
from .modes import EmergencyBanner, EmergencyText, GreyPeriod
from .organisations import Organisation, ResponsiblePerson
from .outbox import OutboxCursor, OutboxEvent
from .publications import MARKED, Publication, RefusedPublication, Standing, mark_text
from .shared_previews import SharedPreview
from .sites import ProvisionedRoles, SiteRecord, SiteRoleGroup
from .structure import StructureVersion
from .users import User

__all__ = [
    "MARKED",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "ClockAlarm",
    "ClockEntry",
    "ClockTerms",
    "EditableMessage",
    "EmbedHost",
    "EmergencyBanner",
    "EmergencyText",
    "GreyPeriod",
    "ListingCount",
    "ListingKeyword",
    "ListingRow",
    "Organisation",
    "OutboxCursor",
    "OutboxEvent",
    "PortalDocument",
    "PortalImage",
    "PortalMedia",
    "PortalRendition",
    "ProvisionedRoles",
    "Publication",
    "RefusedPublication",
    "ResponsiblePerson",
    "SharedPreview",
    "SiteRecord",
    "SiteRoleGroup",
    "Standing",
    "StructureVersion",
    "User",
    "mark_text",
]

"""Core's tables, one module per subject. Import them from here."""

from .listing import ListingCount, ListingRow
from .media import PortalDocument, PortalImage, PortalRendition
from .messages import EditableMessage
from .modes import EmergencyBanner, EmergencyText, GreyPeriod
from .organisations import Organisation, ResponsiblePerson
from .outbox import OutboxCursor, OutboxEvent
from .publications import Publication, RefusedPublication
from .sites import SiteRecord, SiteRoleGroup
from .structure import StructureVersion
from .users import User

__all__ = [
    "EditableMessage",
    "EmergencyBanner",
    "EmergencyText",
    "GreyPeriod",
    "ListingCount",
    "ListingRow",
    "Organisation",
    "OutboxCursor",
    "OutboxEvent",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "Publication",
    "RefusedPublication",
    "ResponsiblePerson",
    "SiteRecord",
    "SiteRoleGroup",
    "StructureVersion",
    "User",
]

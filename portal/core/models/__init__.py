"""Core's tables, one module per subject. Import them from here."""

from .listing import ListingCount, ListingRow
from .media import PortalDocument, PortalImage, PortalRendition
from .messages import EditableMessage
from .organisations import Organisation, ResponsiblePerson
from .outbox import OutboxCursor, OutboxEvent
from .publications import Publication, RefusedPublication
from .shared_previews import SharedPreview
from .sites import SiteRecord, SiteRoleGroup
from .structure import StructureVersion
from .users import User

__all__ = [
    "EditableMessage",
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
    "SharedPreview",
    "SiteRecord",
    "SiteRoleGroup",
    "StructureVersion",
    "User",
]

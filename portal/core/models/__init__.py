"""Core's tables, one module per subject. Import them from here."""

from .audit import AuditEntry, AuditHead
from .clocks import CalendarDay, CalendarYear, Clock, ClockAlarm, ClockEntry, ClockTerms
from .embeds import EmbedHost
from .keywords import ListingKeyword
from .listing import ListingCount, ListingRow
from .media import PortalDocument, PortalImage, PortalMedia, PortalRendition
from .messages import EditableMessage
from .modes import EmergencyBanner, EmergencyText, GreyPeriod
from .organisations import Organisation, ResponsiblePerson
from .outbox import OutboxCursor, OutboxEvent
from .publications import MARKED, Basis, Publication, RefusedPublication, Standing, mark_text
from .reviews import (
    THREE_REVIEWS,
    DutyShift,
    EmergencyWithdrawal,
    OperatorAction,
    ReviewDelegation,
    ReviewOpening,
    ReviewRound,
    ReviewSignature,
    ReviewStep,
    ReviewTask,
)
from .shared_previews import SharedPreview
from .sites import ProvisionedRoles, SiteRecord, SiteRoleGroup
from .structure import StructureVersion
from .users import User
from .withheld import WithheldFile

__all__ = [
    "MARKED",
    "THREE_REVIEWS",
    "AuditEntry",
    "AuditHead",
    "Basis",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "ClockAlarm",
    "ClockEntry",
    "ClockTerms",
    "DutyShift",
    "EditableMessage",
    "EmbedHost",
    "EmergencyBanner",
    "EmergencyText",
    "EmergencyWithdrawal",
    "GreyPeriod",
    "ListingCount",
    "ListingKeyword",
    "ListingRow",
    "OperatorAction",
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
    "ReviewDelegation",
    "ReviewOpening",
    "ReviewRound",
    "ReviewSignature",
    "ReviewStep",
    "ReviewTask",
    "SharedPreview",
    "SiteRecord",
    "SiteRoleGroup",
    "Standing",
    "StructureVersion",
    "User",
    "WithheldFile",
    "mark_text",
]

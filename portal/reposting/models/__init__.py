"""Sources and their items, reposts beside their sources, orders, submissions, channels."""

from .channels import MOST_TRIES, SECRET_PREFIX, Channel, Delivery, DeliveryState
from .groups import DistributionGroup, GroupKind
from .orders import (
    OrderSite,
    OrderState,
    RepostOrder,
    Submission,
    SubmissionKind,
    SubmissionState,
    SubmissionStep,
)
from .sources import (
    MOST_ITEMS,
    DateFlag,
    ItemState,
    PollState,
    SourceLevel,
    UpstreamItem,
    UpstreamSource,
)
from .watches import RepostWatch, WatchState

__all__ = [
    "MOST_ITEMS",
    "MOST_TRIES",
    "SECRET_PREFIX",
    "Channel",
    "DateFlag",
    "Delivery",
    "DeliveryState",
    "DistributionGroup",
    "GroupKind",
    "ItemState",
    "OrderSite",
    "OrderState",
    "PollState",
    "RepostOrder",
    "RepostWatch",
    "SourceLevel",
    "Submission",
    "SubmissionKind",
    "SubmissionState",
    "SubmissionStep",
    "UpstreamItem",
    "UpstreamSource",
    "WatchState",
]

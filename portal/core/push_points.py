"""Channels that public pages are sent to: the registry ``push_channels`` and its types.

The page in ``docs/plugins/registries/push_channels.md`` says how one is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from portal.plugins.slots import Registry


@dataclass(frozen=True, slots=True)
class PushTarget:
    """A channel as an administrator entered it.

    ``secret`` comes from the environment and is shown nowhere. ``allow_private``: the administrator
    of the installation allows this host to lie in an inner network.
    """

    name: str
    address: str
    secret: str = field(default="", repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class PushMessage:
    """What is sent. ``key`` is the same for each try: whoever has seen it does nothing twice.

    ``event``: ``published``, ``withdrawn``, ``submitted`` or ``test``. ``content`` is plain data
    that can be written as JSON.
    """

    key: str
    event: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PushReceipt:
    """What the other side answered. ``number``: its own number for it; ``url``: where it stands."""

    number: str = ""
    url: str = ""
    note: str = ""


class PushFailed(Exception):
    """It did not arrive: a sentence in English, for the log of the channel.

    ``for_good``: trying again is of no use, such as after a refusal.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


@runtime_checkable
class PushChannel(Protocol):
    """Sends to one kind of channel.

    ``is_connected`` False: the interface is described, and nothing is sent; ``note`` says why.
    """

    label: Any
    note: Any
    is_connected: bool

    def problem(self, target: PushTarget) -> str:
        """What is wrong with the set-up, as a sentence for the administrator; "" where nothing."""
        ...

    def push(self, target: PushTarget, message: PushMessage) -> PushReceipt:
        """Send it, once, in at most half a minute.

        Raises:
            PushFailed: it did not arrive.
        """
        ...


push_channels: Registry[PushChannel] = Registry(
    "push_channels",
    PushChannel,  # type: ignore[type-abstract]
    doc="""
    Kinds of channels that public pages are sent to. The key is stored with each channel of a site:
    do not rename it.
    """,
)

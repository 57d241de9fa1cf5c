"""The extension points of the mechanism itself; the core defines its own."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from .capabilities import Capability
from .events import Event


@Event.define
def plugin_switched(*, slug: str, site: int | None, enabled: bool) -> None:
    """A plugin was switched on or off.

    Sent after the commit to the plugins that are on for the site then; a plugin that was just
    switched off is therefore not told of it.

    Args:
        slug: the plugin that was switched.
        site: primary key of the site record; None for the platform.
        enabled: whether it is on now.
    """


@runtime_checkable
class Translator(Protocol):
    """Machine drafts of translations.

    Drafts only: whoever asks marks the result as made by a machine and has a person read it. The
    provider's plugin declares the hosts that texts are sent to.
    """

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return one translation for each text, in order.

        Args:
            texts: plain text or inline HTML; tags come back as they were.
            source: language code of the texts, such as ``zh-hans``.
            target: language code to translate into.
        """
        ...


translator: Capability[Translator] = Capability("translator", Translator)  # type: ignore[type-abstract]

"""Counter cards: a text in Chinese and in the visitor's language, offline and on one sheet of A4.

The plugin for foreign languages makes cards of pages by itself. Here others give it texts that are
no pages of a foreign section, and are told where the card is. Each has a page in ``docs/plugins/``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from portal.plugins.capabilities import Capability, CapabilityUnavailable, capability
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry


@dataclass(frozen=True, slots=True)
class CardText:
    """A public text that a card is made of.

    ``key`` is the one under which the card stands: other keys of the same text lead there. ``page``
    is the public page (primary key) to which the card's code and address lead. ``html`` and
    ``chinese_html`` are rich text of paragraphs and lists; without a translation ``title`` and
    ``html`` are empty. ``is_behind``: the Chinese says something else than the translation was made
    from; the card shows the Chinese then. ``contacts`` is Chinese text with the address and the
    telephone number of whoever answers for it, ``sources`` are Chinese pages that it rests on:
    looked into where the text itself names none. ``names`` are (Chinese, other language).
    """

    key: str
    page: int
    title: str
    chinese_title: str
    html: str
    chinese_html: str
    is_behind: bool = False
    contacts: str = ""
    sources: Sequence[int] = ()
    names: Sequence[tuple[str, str]] = ()


@runtime_checkable
class CardSource(Protocol):
    """Gives texts for counter cards."""

    def card_text(self, key: str, *, language: str) -> CardText | None:
        """What is public now under ``key``, which comes from an address; None for nothing."""
        ...


card_sources: Registry[CardSource] = Registry(
    "card_sources",
    CardSource,  # type: ignore[type-abstract]
    doc="""
    Texts that a bilingual counter card can be made of. ``card_text`` gives the text in Chinese and
    in ``language``. Cards are kept on phones: nothing of the visitor may be in them. The key is
    part of the address: do not rename it.
    """,
)


@runtime_checkable
class CounterCards(Protocol):
    """Makes counter cards of the texts in ``card_sources``."""

    def card_url(self, source: str, key: str, *, language: str) -> str:
        """The address of a card; "" where there is no public section in that language.

        Whether there is such a text is not looked at. No query.
        """
        ...


counter_cards: Capability[CounterCards] = Capability(
    "counter_cards",
    CounterCards,  # type: ignore[type-abstract]
)


def card_url(source: str, key: str, *, language: str, site: SiteLike) -> str:
    """Where the card of a text is; "" where nobody makes cards. Never raises.

    Args:
        source: key in ``card_sources``, such as ``assistant.entries``.
        key: which text of it.
        language: that of the card, beside the Chinese.
        site: where it is offered.
    """
    provider = capability(counter_cards, site)
    try:
        return provider.card_url(source, key, language=language) if provider is not None else ""
    except CapabilityUnavailable:
        return ""

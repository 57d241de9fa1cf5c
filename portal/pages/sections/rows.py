"""What the templates of sections get."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.lists import Row
from portal.core.media import Picture


@dataclass(frozen=True, slots=True)
class Card:
    """An entry of a directory, a link, a service, a slide. ``block_id`` marks it in previews."""

    title: str
    url: str
    summary: str = ""
    image_url: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0
    image_srcset: str = ""
    icon: str = ""
    block_id: str = ""
    picture: Picture | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a section that holds others: a column, a tab, a group of people."""

    title: str = ""
    anchor: str = ""
    block_id: str = ""
    icon: str = ""
    sections: "Sequence[Section]" = ()
    items: Sequence[Card] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section; what a kind does not use stays empty.

    ``template`` prints what follows the head. ``prints_title`` says that it prints the title
    itself. ``level`` is that of the heading, 2 at the top of the page's sections.
    """

    kind: str
    template: str = ""
    title: str = ""
    url: str = ""
    style: str = ""
    level: int = 2
    anchor: str = ""
    block_id: str = ""
    prints_title: bool = False
    rows: Sequence[Row] = ()
    lead: Row | None = None
    items: Sequence[Card] = ()
    groups: Sequence[Group] = ()
    text: str = ""
    html: str = ""
    picture: Picture | None = None
    child: Any = None
    extra: dict[str, Any] = field(default_factory=dict)

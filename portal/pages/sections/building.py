"""Runs the builders of a page's blocks and puts their sections into the editor's order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.core import structure
from portal.core.context import PortalContext

from .loading import Finish, Loader, definitions
from .rows import Section

type Builder = Callable[["Block", "Building"], Finish[Section | None]]

builders: dict[str, Builder] = {}


def builds(kind: str) -> Callable[[Builder], Builder]:
    """Register the builder of a kind of block."""

    def register(builder: Builder) -> Builder:
        builders[kind] = builder
        return builder

    return register


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it is stored: raw values, whatever an unfinished draft left out."""

    kind: str
    value: Any
    id: str
    anchor: str
    level: int

    def text(self, name: str) -> str:
        return str(self.value.get(name) or "")

    def number(self, name: str, default: int) -> int:
        value = self.value.get(name)
        return value if isinstance(value, int) and value > 0 else default

    def items(self, name: str) -> Iterator[tuple[Any, str]]:
        """(value, id) of the members of a list inside the block."""
        return members(self.value.get(name))


def members(stored: Any) -> Iterator[tuple[Any, str]]:
    """(value, id) of a stored list; lists of an older form have no ids."""
    for item in stored or ():
        if isinstance(item, dict) and "value" in item and "type" in item:
            yield item["value"], item.get("id") or ""
        else:
            yield item, ""


@dataclass(slots=True)
class Building:
    """One page's sections in the making."""

    portal: PortalContext
    loader: Loader = field(init=False)
    numbered: int = 0
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.loader = Loader(self.portal)

    @property
    def is_preview(self) -> bool:
        return bool(getattr(self.portal.request, "is_preview", False))

    def anchor(self, block_id: str) -> str:
        """An HTML id that stays the same when blocks are moved about."""
        self.numbered += 1
        return f"s-{block_id[:8]}" if block_id else f"section-{self.numbered}"

    def start(self, stored: Iterable[Any], level: int) -> Finish[list[Section]]:
        """Let the blocks of a stream ask for what they need."""
        begun = [
            (block, builders.get(block.kind, _content)(block, self))
            for block in self._blocks(stored, level)
        ]

        def finish() -> list[Section]:
            sections = (self._placed(block, build()) for block, build in begun)
            return [section for section in sections if section is not None]

        return finish

    def _blocks(self, stored: Iterable[Any], level: int) -> Iterator[Block]:
        for child in stored or ():
            block_id = child.get("id") or ""
            self.kinds.add(child["type"])
            yield Block(child["type"], child["value"] or {}, block_id, self.anchor(block_id), level)

    def _placed(self, block: Block, section: Section | None) -> Section | None:
        if section is None:
            return self._blank(block) if self.is_preview else None
        return replace(
            section, block_id=block.id, anchor=section.anchor or block.anchor, level=block.level
        )

    def _blank(self, block: Block) -> Section | None:
        """In a preview the editor sees (and can click) what visitors will not see yet."""
        definition = definitions.get(block.kind)
        if definition is None:
            return None
        text = _("%(block)s: nothing to show yet. Visitors do not see this block.") % {
            "block": definition.label
        }
        return Section(
            "blank", "pages/sections/blank.html", text=text, block_id=block.id, anchor=block.anchor
        )


# Content that is read line by line; the rest may be wider than a line of text.
_WORDS = frozenset({"notice", "steps", "accordion", "timeline", "quote", "attachments"})


def _content(block: Block, building: Building) -> Finish[Section | None]:
    child = building.loader.content(block.kind, block.value, block.id)
    style = "words" if block.kind in _WORDS else "wide"

    def finish() -> Section | None:
        if child.value is None:
            return None
        return Section("content", "pages/sections/content.html", style=style, child=child.value)

    return finish


def build_sections(stream: Iterable[Any], portal: PortalContext) -> list[Section]:
    """The sections that have something to show, in the editor's order."""
    return _build(Building(portal), stream)


def _build(building: Building, stream: Iterable[Any]) -> list[Section]:
    # Raw values: choosers would fetch each page with a query, the structure knows them all.
    finish = building.start(getattr(stream, "raw_data", stream), level=2)
    building.loader.load()
    return finish()


# What plugins show may change at any time, and an embedded page changes the policy of the answer.
_NEVER_KEPT = frozenset({"component", "plugin_feed", "embed"})


def render_sections(stream: Iterable[Any], context: dict[str, Any]) -> SafeString:
    """The sections of ``context["page"]`` as HTML, each kept until any public content changes.

    They are the dearest part of a home: with lists, cards and pictures most of its CPU. What is
    shown depends on the page, the host (addresses), the language and public content only. Of a home
    that shows something of a plugin all the rest is kept; what is not is built together, with the
    queries of one section.
    """
    portal: PortalContext = context["portal"]
    # Raw values: choosers would fetch each page with a query, the structure knows them all.
    stored = list(getattr(stream, "raw_data", stream) or ())
    if getattr(portal.request, "is_preview", False) or portal.page is None:
        sections = _build(Building(portal), stored)
        return render_to_string("portal/sections.html", {**context, "sections": sections})
    place = ("section", portal.page.pk, portal.host, portal.language)
    keys = [(*place, child.get("id") or f"#{number}") for number, child in enumerate(stored)]
    kept = {key: portal.structure.content_fragment(key) for key in keys}
    missing = [number for number, key in enumerate(keys) if kept[key] is None]
    if missing:
        token = structure.content_token()
        for number, html, may_be_kept in _pieces(Building(portal), stored, missing, context):
            kept[keys[number]] = html
            if may_be_kept:
                portal.structure.keep_content_fragment(keys[number], token, html)
    html = mark_safe("".join(kept[key] or "" for key in keys))  # noqa: S308 - our own templates'
    return render_to_string("portal/sections.html", {"html": html})


def _pieces(
    building: Building, stored: Sequence[Any], numbers: Iterable[int], context: dict[str, Any]
) -> Iterator[tuple[int, str, bool]]:
    """(number, HTML, whether it may be kept) of these sections."""
    begun = []
    for number in numbers:
        # Anchors of blocks without an id come from their place, whichever others are built.
        building.numbered, building.kinds = 100 * number, set()
        finish = building.start(stored[number : number + 1], level=2)
        begun.append((number, finish, not building.kinds & _NEVER_KEPT))
    building.loader.load()
    for number, finish, may_be_kept in begun:
        sections = finish()
        html = ""
        if sections:
            html = render_to_string("portal/section_list.html", {**context, "sections": sections})
        yield number, html, may_be_kept

"""Lists: of columns, keywords, plugins, topics, sites, leaders; links by hand; plugin parts."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from portal.core import extension_points
from portal.core.context import PortalContext, is_archived
from portal.core.extension_points import ListItem, ListSource
from portal.core.lists import Row, date_text
from portal.core.structure import Node
from portal.pages.blocks import render_component

from .building import Block, Building, builds
from .loading import Finish, Later, Target
from .rows import Card, Section

_FEED_TEMPLATES = {
    "cards": "pages/sections/feed_cards.html",
    "dates": "pages/sections/feed_dates.html",
    "numbered": "pages/sections/feed_numbered.html",
    "pictures": "pages/sections/feed_pictures.html",
}


def _nothing() -> None:
    return None


def _feed(block: Block, title: str, url: str, rows: Sequence[Row]) -> Section | None:
    if not rows:
        return None
    style = block.text("style") or "list"
    lead = None
    if style == "lead":
        lead = next((row for row in rows if row.image_url), None)
        rows = [row for row in rows if row is not lead]
    return Section(
        "feed",
        _FEED_TEMPLATES.get(style, "pages/sections/feed.html"),
        title=block.text("title") or title,
        url=url,
        style=style,
        rows=rows,
        lead=lead,
    )


def _chosen(block: Block, building: Building, otherwise: Node | None) -> Node | None:
    """The column that the editor chose; one that is gone is not replaced by another."""
    chosen = block.number("column", 0)
    return building.portal.structure.nodes.get(chosen) if chosen else otherwise


@builds("feed")
def feed(block: Block, building: Building) -> Finish[Section | None]:
    node = _chosen(block, building, building.portal.node)
    if node is None or not node.is_public or not node.count:
        return _nothing
    rows = building.loader.newest(node.pk, block.number("count", 6))
    if node is building.portal.node:  # there is no more of it elsewhere
        return lambda: _feed(block, _("Latest"), "", rows.value)
    return lambda: _feed(block, node.title, building.portal.url_of(node), rows.value)


@builds("keyword_feed")
def keyword_feed(block: Block, building: Building) -> Finish[Section | None]:
    keyword = block.text("keyword").strip()
    rows = building.loader.with_keyword(keyword, block.number("count", 6))
    return lambda: _feed(block, keyword, "", rows.value)


@builds("plugin_feed")
def plugin_feed(block: Block, building: Building) -> Finish[Section | None]:
    portal, count = building.portal, block.number("count", 6)
    entry = extension_points.list_sources.get(block.text("source"), portal.site_pk)
    if entry is None:
        return _nothing

    def read(source: ListSource) -> list[Row]:
        items = source.items(site=portal.site_pk, language=portal.language, count=count)
        return [_row(item) for item in items[:count]]

    return lambda: _feed(block, str(entry.item.label), "", entry.run(read, []))


def _row(item: ListItem) -> Row:
    if not item.url.startswith(("/", "https://", "http://")):
        raise ValueError(f"{item.url!r} is no address for a list")
    if not isinstance(item.date, datetime.datetime) or timezone.is_naive(item.date):
        raise ValueError(f"{item.date!r} is no time with a time zone")
    return Row(
        pk=0,
        title=item.title,
        url=item.url,
        date=item.date,
        date_text=date_text(item.date),
        summary=item.summary,
        source=item.source,
        kind="plugin",
        image_url="",
        image_alt="",
        image_width=0,
        image_height=0,
        is_pinned=False,
        is_external=not item.url.startswith("/"),
        mark=item.mark,
    )


# --- what the structure knows ---------------------------------------------------------------------
@builds("topics")
def topics(block: Block, building: Building) -> Finish[Section | None]:
    nodes = _topic_nodes(building.portal)
    return lambda: _directory(block, _("Special topics"), "topics", nodes, building.portal)


@builds("sub_sites")
def sub_sites(block: Block, building: Building) -> Finish[Section | None]:
    root = building.portal.site_root
    nodes = [n for n in root.walk() if n.kind == "sub_site" and n.is_public] if root else []
    title = _("Districts and departments")
    return lambda: _directory(block, title, "directory", nodes, building.portal)


def _topic_nodes(portal: PortalContext) -> list[Node]:
    root = portal.site_root
    if root is None:
        return []
    return [
        node
        for node in root.walk()
        if node.kind == "topic"
        and node.is_public
        and not is_archived(node)
        and node.site_pk == portal.site_pk
        and node.extra.get("state") in ("open", "maintained")
    ]


def _directory(
    block: Block, title: str, style: str, nodes: list[Node], portal: PortalContext
) -> Section | None:
    if not nodes:
        return None
    items = [
        Card(node.title, portal.url_of(node), node.extra.get("search_description") or "")
        for node in nodes
    ]
    return Section(
        block.kind,
        "pages/sections/directory.html",
        title=block.text("title") or title,
        style=style,
        items=items,
    )


def _leaders_column(portal: PortalContext) -> Node | None:
    root = portal.site_root
    nodes = root.walk() if root else ()
    return next(
        (
            node
            for node in nodes
            if node.extra.get("display") == "leaders"
            and node.is_public
            and node.site_pk == portal.site_pk
        ),
        None,
    )


@builds("leaders")
def leaders(block: Block, building: Building) -> Finish[Section | None]:
    node = _chosen(block, building, _leaders_column(building.portal))
    if node is None or not node.is_public:
        return _nothing
    rows = building.loader.units(node.pk, block.number("count", 6))

    def finish() -> Section | None:
        items = [unit_card(row) for row in rows.value if row.kind == "leader"]
        if not items:
            return None
        return Section(
            "leaders",
            "pages/sections/leaders.html",
            title=block.text("title") or node.title,
            url=building.portal.url_of(node),
            items=items,
        )

    return finish


def unit_card(row: Row) -> Card:
    """A leader or an institution."""
    return Card(
        row.title,
        row.url,
        row.summary,
        row.image_url,
        row.image_alt,
        row.image_width,
        row.image_height,
        row.image_srcset,
    )


# --- by hand --------------------------------------------------------------------------------------
@builds("links")
def links(block: Block, building: Building) -> Finish[Section | None]:
    asked = [ask_link(value, block_id, building) for value, block_id in block.items("items")]

    def finish() -> Section | None:
        items = [card for link in asked if (card := link()) is not None]
        if not items:
            return None
        return Section(
            "links",
            "pages/sections/links.html",
            title=block.text("title"),
            style="links",
            items=items,
        )

    return finish


def ask_link(value: dict[str, Any], block_id: str, building: Building) -> Finish[Card | None]:
    """The card of a ``LinkBlock`` or of another block with page, url and title.

    In a preview an unfinished one is shown too, without address: editors see what they build.
    """
    target = building.loader.target(value.get("page"))

    def finish() -> Card | None:
        title, url = link_of(value, target)
        if not (title and url):
            if not building.is_preview:
                return None
            title, url = title or _("(unfinished)"), ""
        summary = value.get("summary") or value.get("text") or ""
        return Card(
            title,
            url,
            summary,
            icon=value.get("icon") or "",
            block_id=block_id,
            mark=target.value.mark if target.value is not None else "",
        )

    return finish


def link_of(value: dict[str, Any], target: Later[Target | None]) -> tuple[str, str]:
    """(title, address) of a link: of the page where it is public, else of the address."""
    title = value.get("title") or ""
    if target.value is not None:
        return title or target.value.title, target.value.url
    return title, value.get("url") or ""


# --- words and plugin parts -----------------------------------------------------------------------
@builds("text")
def text(block: Block, building: Building) -> Finish[Section | None]:
    html = str(block.value or "")
    if not html:
        return _nothing
    return lambda: Section("text", "pages/sections/text.html", html=expand_db_html(html))


@builds("component")
def component(block: Block, building: Building) -> Finish[Section | None]:
    portal = building.portal

    def finish() -> Section | None:
        html = render_component(block.text("component"), portal.site_pk, {"portal": portal})
        return Section("component", "pages/sections/component.html", html=html) if html else None

    return finish

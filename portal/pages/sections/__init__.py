"""From the sections an editor put together to what a home template prints."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from portal.core import lists
from portal.core.context import PortalContext, is_archived
from portal.core.lists import Row, Wanted
from portal.core.structure import Node
from portal.pages.blocks import render_component


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    url: str
    summary: str = ""
    image_url: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0
    block_id: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a home; what a kind does not use stays empty."""

    kind: str
    title: str = ""
    url: str = ""
    style: str = "list"
    rows: Sequence[Row] = ()
    lead: Row | None = None
    items: Sequence[Card] = ()
    html: str = ""
    block_id: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def build_sections(stream: Iterable[Any], portal: PortalContext) -> list[Section]:
    """The sections that have something to show, in the editor's order."""
    # Raw values: choosers would fetch each page with a query, the structure knows them all.
    raw = getattr(stream, "raw_data", stream)
    children = [(child["type"], child["value"], child.get("id") or "") for child in raw]
    feeds = _read_feeds([value for kind, value, _id in children if kind == "feed"], portal)
    return list(_sections(children, feeds, portal))


def _read_feeds(values: list[dict[str, Any]], portal: PortalContext) -> Iterator[Section | None]:
    """The feed sections, all lists read with one query."""
    nodes = [portal.structure.nodes.get(value.get("column") or 0) for value in values]
    shown = [
        (value, node)
        for value, node in zip(values, nodes, strict=True)
        if node is not None and node.is_public and node.count
    ]
    wanted = [Wanted(node.pk, int(value.get("count") or 6)) for value, node in shown]
    rows = dict(
        zip(
            (id(value) for value, _node in shown),
            lists.read_lists(wanted, portal.structure, portal.host),
            strict=True,
        )
    )
    for value, node in zip(values, nodes, strict=True):
        found = rows.get(id(value))
        yield _feed(value, node, found, portal) if found and node is not None else None


def _sections(
    children: list[tuple[str, Any, str]], feeds: Iterator[Section | None], portal: PortalContext
) -> Iterator[Section]:
    for kind, value, block_id in children:
        if kind == "feed":
            section = next(feeds)
        elif kind == "topics":
            section = _cards(kind, value, _("Special topics"), _topic_nodes(portal), portal)
        elif kind == "sub_sites":
            section = _cards(
                kind, value, _("Districts and departments"), _sub_sites(portal), portal
            )
        elif kind == "links":
            section = _links(value, portal)
        elif kind == "text":
            section = Section("text", html=expand_db_html(value))
        elif kind == "component":
            html = render_component(value.get("component"), portal.site_pk, {"portal": portal})
            section = Section("component", html=html) if html else None
        else:
            section = None
        if section is not None:
            yield replace(section, block_id=block_id)


def _feed(value: dict[str, Any], node: Node, rows: list[Row], portal: PortalContext) -> Section:
    style = value.get("style") or "list"
    lead = None
    if style == "lead":
        lead = next((row for row in rows if row.image_url), None)
        rows = [row for row in rows if row is not lead]
    return Section(
        "feed",
        title=value.get("title") or node.title,
        url=portal.url_of(node),
        style=style,
        rows=rows,
        lead=lead,
    )


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


def _sub_sites(portal: PortalContext) -> list[Node]:
    root = portal.site_root
    if root is None:
        return []
    return [node for node in root.walk() if node.kind == "sub_site" and node.is_public]


def _cards(
    kind: str,
    value: dict[str, Any],
    title: str,
    nodes: list[Node],
    portal: PortalContext,
) -> Section | None:
    if not nodes:
        return None
    items = [
        Card(node.title, portal.url_of(node), node.extra.get("search_description") or "")
        for node in nodes
    ]
    return Section(kind, title=value.get("title") or title, items=items)


def _links(value: dict[str, Any], portal: PortalContext) -> Section | None:
    listed = value.get("items") or ()
    entries = [(item.get("value", item), item.get("id") or "") for item in listed]
    wanted = {entry.get("page") for entry, _id in entries if entry.get("page")}
    targets = _public_pages(wanted, portal)
    items = []
    for entry, block_id in entries:
        title, url = targets.get(entry.get("page"), ("", entry.get("url") or ""))
        if url and (entry.get("title") or title):
            words = (entry.get("title") or title, url, entry.get("summary") or "")
            items.append(Card(*words, block_id=block_id))
    return Section("links", title=value.get("title") or "", items=items) if items else None


def _public_pages(wanted: set[int], portal: PortalContext) -> dict[int | None, tuple[str, str]]:
    """Title and address of those pages that are public; one query for what is no structure."""
    found: dict[int | None, tuple[str, str]] = {}
    for pk in wanted:
        node = portal.structure.nodes.get(pk)
        if node is not None and node.is_public:
            found[pk] = (node.title, portal.url_of(node))
    rest = wanted - set(found) - set(portal.structure.nodes)
    if rest:
        pages = Page.objects.filter(pk__in=rest, live=True)
        for pk, title, path, url_path in pages.values_list("pk", "title", "path", "url_path"):
            if not portal.structure.is_private(path):
                found[pk] = (title, portal.structure.url(url_path, portal.host))
    return found

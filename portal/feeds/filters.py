"""Feeds in the heads of pages, the sitemap in ``/robots.txt``."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.plugin_api import FeedLink, SiteLike, page_feeds, portal_of, public_tree, robots_lines

from . import places


@page_feeds.step
def own_feeds(
    feeds: list[FeedLink], /, *, page: Any, site: SiteLike, language: str
) -> list[FeedLink]:
    """Of homes, sub-sites, topics and columns. No query: all is in the structure."""
    from portal.plugin_api import just_seen

    if not getattr(page, "is_container", False):
        return feeds
    found = just_seen()
    node = found.nodes.get(page.pk)
    if node is None or node.kind not in places.KINDS or not node.is_public:
        return feeds
    root = found.root_for_url_path(node.url_path)
    folder = places.folder_of(found, node, root.host if root else None)
    if not folder:
        return feeds
    name = _("%(title)s: what is new") % {"title": node.title}
    return [
        *feeds,
        *(
            FeedLink(f"{name} ({places.NAMES[file]})", kind, folder + file, about=folder)
            for file, kind in places.FILES.items()
        ),
    ]


@robots_lines.step
def sitemap_of_host(lines: list[str], /, *, request: HttpRequest, site: SiteLike) -> list[str]:
    """The sitemap lies at the host that was asked; a strange one is told the main one's."""
    portal = portal_of(request)
    tree = public_tree(request)
    if portal.root is None or not tree.shows(portal.root):
        return lines
    root = portal.structure.root_for_url_path(portal.root.url_path)
    return [*lines, "", f"Sitemap: {root.origin}/sitemap.xml"] if root is not None else lines

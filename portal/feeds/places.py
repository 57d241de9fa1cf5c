"""Where feeds lie: below ``/feeds/`` (``/en/feeds/``) as the columns do below the home."""

from collections.abc import Iterator
from typing import Any

from portal.plugin_api import PortalContext, PublicTree

KINDS = frozenset({"home", "sub_site", "column", "topic"})
FILES = {
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
NAMES = {"atom.xml": "Atom", "rss.xml": "RSS", "feed.json": "JSON Feed"}


def is_place(tree: PublicTree, node: Any) -> bool:
    """Whether a structural page has feeds: it lists other pages, and the public sees it."""
    return node.kind in KINDS and tree.shows(node)


def folder_of(found: Any, node: Any, host: str | None = None) -> str:
    """The address below which the feeds of a structural page lie; "" outside all sites.

    Args:
        host: of who asks, so that addresses on it are short; None: always whole.
    """
    root = found.root_for_url_path(node.url_path)
    if root is None:
        return ""
    address = f"{root.prefix}feeds/{node.url_path[len(root.url_path) :]}"
    return address if host == root.host else f"{root.origin}{address}"


def find(portal: PortalContext, path: str) -> Any | None:
    """The structural page at a path below the home that the request entered; None: there is none.

    It may be one whose feeds lie on another host.
    """
    node: Any = portal.root
    for part in path.split("/"):
        if part and node is not None:
            node = next((child for child in node.children if child.slug == part), None)
    return node


def below(tree: PublicTree, node: Any) -> Iterator[Any]:
    """The places directly below one, and those below what is none itself."""
    for child in node.children:
        if is_place(tree, child):
            yield child
        elif tree.shows(child):
            yield from below(tree, child)


def tag_of(language: str) -> str:
    """A language code as HTML and search engines write it: ``zh-Hans``."""
    name, dash, rest = language.partition("-")
    return name + dash + (rest.title() if len(rest) == 4 else rest.upper())

"""What the API may show: the one place that decides it."""

import datetime
from collections.abc import Iterator
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from django.conf import settings
from django.http import HttpRequest

from portal.core import structure
from portal.core.models import SiteRecord
from portal.core.structure import Node, Structure

from .errors import ApiMissing
from .messages import NO_COLUMN, NO_SITE

_trees: WeakKeyDictionary[Structure, "PublicTree"] = WeakKeyDictionary()


class PublicTree:
    """The part of the structure that everybody may see.

    A structural page is shown when it and everything above it is live and unrestricted and lies in
    a site that runs. This is narrower than what answers at an address: an article in
    a withdrawn column can still be read by whoever has its link, but is not handed out.
    """

    def __init__(self, found: Structure) -> None:
        self.structure = found
        self._shown: set[int] = set()
        for node in found.nodes.values():  # parents come before their children
            if node.is_public and node.site_pk is not None and self._parent_shown(node):
                self._shown.add(node.pk)

    def _parent_shown(self, node: Node) -> bool:
        return node.parent is None or node.parent.pk in self._shown

    def shows(self, node: Node) -> bool:
        return node.pk in self._shown

    def node_around(self, path: str) -> Node | None:
        """The structural page at or above a page (by treebeard path); None for what is hidden."""
        node = self.structure.nearest(path)
        if node is None or not self.shows(node) or self.structure.is_private(path):
            return None
        return node

    # --- sites -----------------------------------------------------------------------------------
    @property
    def sites(self) -> list[SiteRecord]:
        """The sites with a public home in some language, the portal first."""
        records = [r for r in self.structure.records.values() if self.languages(r.pk)]
        return sorted(records, key=lambda r: (r.kind != SiteRecord.Kind.PORTAL, r.code))

    def site(self, code: str) -> SiteRecord:
        """The site with a code.

        Raises:
            ApiMissing: there is none that the public may see.
        """
        for record in self.sites:
            if record.code == code:
                return record
        raise ApiMissing(NO_SITE)

    def languages(self, site_pk: int) -> list[str]:
        """The languages in which a site has a public home, the source language first."""
        return [code for code, _label in settings.LANGUAGES if self.home(site_pk, code) is not None]

    def home(self, site_pk: int, language: str) -> Node | None:
        node = self.structure.site_root(site_pk, language)
        return node if node is not None and self.shows(node) else None

    def code_of(self, site_pk: int | None) -> str:
        """The code of a site that is shown."""
        return self.structure.records[site_pk].code if site_pk is not None else ""

    # --- columns ---------------------------------------------------------------------------------
    @property
    def columns(self) -> Iterator[Node]:
        """Columns and special topics in the order of the tree, without what is archived."""
        for node in self.structure.nodes.values():
            if self._is_column(node) and self.archived_at(node) is None:
                yield node

    def column(self, pk: int) -> Node:
        """A column or special topic, archived ones too: they can still be read.

        Raises:
            ApiMissing: there is none that the public may see.
        """
        node = self.structure.nodes.get(pk)
        if node is None or not self._is_column(node):
            raise ApiMissing(NO_COLUMN)
        return node

    def _is_column(self, node: Node) -> bool:
        return node.kind in ("column", "topic") and self.shows(node)

    def column_above(self, node: Node | None) -> Node | None:
        """The nearest column or topic at or above a structural page of the same site."""
        while node is not None and node.kind not in ("home", "sub_site"):
            if self._is_column(node):
                return node
            node = node.parent
        return None

    @property
    def list_heads(self) -> Iterator[Node]:
        """Homes and topics: each listed page has a row in exactly one of them.

        Archived topics are left out, as the portal's own lists leave them out.
        """
        for node in self.structure.nodes.values():
            is_head = getattr(node.model, "is_listing_boundary", False)
            if is_head and self.shows(node) and self.archived_at(node) is None:
                yield node

    @staticmethod
    def archived_at(node: Node | None) -> datetime.datetime | None:
        """When the special topic around a structural page was archived."""
        while node is not None:
            at: datetime.datetime | None = node.extra.get("archived_at")
            if at is not None:
                return at
            node = node.parent
        return None

    # --- addresses -------------------------------------------------------------------------------
    def url(self, url_path: str) -> str:
        """The absolute address of a page, the same whichever host was asked."""
        root = self.structure.root_for_url_path(url_path)
        origin = root.origin if root is not None else settings.BASE_URL
        return urljoin(origin, self.structure.url(url_path))


def public_tree(request: HttpRequest) -> PublicTree:
    """The public tree at the version of the structure that this request looks at."""
    found = structure.of_request(request)
    tree = _trees.get(found)
    if tree is None:
        tree = _trees[found] = PublicTree(found)
    return tree

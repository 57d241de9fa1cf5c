"""Reads what all blocks of a page need, together instead of one by one."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Page

from portal.core import media, validity
from portal.core.context import PortalContext
from portal.core.keywords import fold
from portal.core.lists import AnyWanted, Row, Wanted, WantedKeyword, WantedUnits, read_lists
from portal.core.media import Picture
from portal.core.models import PortalImage, mark_text
from portal.pages.blocks import SectionsBlock

type Child = StreamValue.StreamChild
# Finishes what a builder began, once everything that it asked for is there.
type Finish[T] = Callable[[], T]

# The kinds of block that a page's sections may hold, by name.
definitions = SectionsBlock().child_blocks


@dataclass(slots=True)
class Later[T]:
    """What was asked for; there when everything has been loaded."""

    value: T


@dataclass(frozen=True, slots=True)
class Target:
    """A public page as links show it; ``mark`` where what it says is not in force."""

    title: str
    url: str
    mark: str = ""


class Loader:
    """Collects wishes, then fulfils all of them with a number of queries that does not grow.

    One for lists of every sort, one for pages that are no structure, two for images, and for
    content what its kinds need (one or two each).
    """

    def __init__(self, portal: PortalContext) -> None:
        self.portal = portal
        self._lists: list[tuple[AnyWanted, Later[list[Row]]]] = []
        self._targets: dict[int, Later[Target | None]] = {}
        self._pictures: dict[tuple[int, str], Later[Picture | None]] = {}
        self._content: dict[str, list[tuple[Any, str, Later[Child | None]]]] = defaultdict(list)

    # --- wishes ----------------------------------------------------------------------------------
    def newest(self, container_pk: int, limit: int) -> Later[list[Row]]:
        return self._list(Wanted(container_pk, limit))

    def units(self, column_pk: int, limit: int) -> Later[list[Row]]:
        """Leaders or institutions of a column, in the order of the tree."""
        return self._list(WantedUnits(column_pk, limit))

    def with_keyword(self, keyword: str, limit: int) -> Later[list[Row]]:
        """The newest items of the site that is shown."""
        home = self.portal.site_root
        folded = fold(keyword)
        if home is None or not folded:
            return Later([])
        return self._list(WantedKeyword(home.pk, folded, limit))

    def _list(self, wanted: AnyWanted) -> Later[list[Row]]:
        rows: Later[list[Row]] = Later([])
        self._lists.append((wanted, rows))
        return rows

    def target(self, page_pk: Any) -> Later[Target | None]:
        """Title and address of a page; None where it is not public."""
        if not isinstance(page_pk, int):
            return Later(None)
        return self._targets.setdefault(page_pk, Later(None))

    def picture(self, image_pk: Any, filter_spec: str) -> Later[Picture | None]:
        if not isinstance(image_pk, int):
            return Later(None)
        return self._pictures.setdefault((image_pk, filter_spec), Later(None))

    def content(self, kind: str, value: Any, block_id: str) -> Later[Child | None]:
        """A block that renders itself, from its raw value; None for a kind that is unknown."""
        child: Later[Child | None] = Later(None)
        if kind in definitions:
            self._content[kind].append((value, block_id, child))
        return child

    # --- fulfilment ------------------------------------------------------------------------------
    def load(self) -> None:
        if self._lists:
            self._load_lists()
        if self._targets:
            self._load_targets()
        if self._pictures:
            self._load_pictures()
        if self._content:
            self._load_content()

    def _load_lists(self) -> None:
        wanted = [piece for piece, _rows in self._lists]
        read = read_lists(wanted, self.portal.structure, self.portal.host)
        for (_piece, later), rows in zip(self._lists, read, strict=True):
            later.value = rows

    def _load_targets(self) -> None:
        """The structure knows its pages; one query for what is no structure."""
        found = self.portal.structure
        others = []
        for pk, later in self._targets.items():
            node = found.nodes.get(pk)
            if node is None:
                others.append(pk)
            elif node.is_public:
                later.value = Target(node.title, self.portal.url_of(node))
        if not others:
            return
        pages = validity.with_standing(Page.objects.filter(pk__in=others, live=True))
        for pk, title, path, url_path, standing in pages.values_list(
            "pk", "title", "path", "url_path", "standing"
        ):
            if not found.is_private(path):
                url = found.url(url_path, self.portal.host)
                self._targets[pk].value = Target(title, url, mark_text(standing))

    def _load_pictures(self) -> None:
        found = PortalImage.objects.in_bulk({pk for pk, _spec in self._pictures})
        media.prepare_images(found.values())
        for (pk, spec), later in self._pictures.items():
            later.value = media.picture(found.get(pk), spec)

    def _load_content(self) -> None:
        children: list[Child] = []
        for kind, asked in self._content.items():
            block = definitions[kind]
            values = block.bulk_to_python([value for value, _id, _later in asked])
            for (_value, block_id, later), value in zip(asked, values, strict=True):
                later.value = StreamValue.StreamChild(block, value, id=block_id)
                children.append(later.value)
        media.prepare_media(*children)

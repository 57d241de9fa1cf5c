"""The structure: sites, columns, topics and menus, held in memory and versioned in the database.

Addresses, breadcrumbs, menus and footers need the structural pages only (hundreds, while articles
are hundreds of thousands). They are loaded once for each process and kept until the token of
``StructureVersion`` changes; a request pays one small query for that look.
"""

import datetime
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from wagtail.models import Page, PageViewRestriction, Site

from . import extension_points, modes, page_reads
from .models import ListingCount, SiteRecord, StructureVersion
from .turns import take_turn

STEPLEN = 4  # treebeard's digits for each level of ``path``


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """What pages show of a site; ``pk`` is the ``SiteRecord``'s."""

    pk: int
    code: str
    kind: str
    name: str
    short_name: str
    language: str
    url: str
    origin: str
    theme: str
    show_emblem: bool
    emblem_url: str
    domain: str
    chinese_domain: str
    id_code: str
    icp_number: str
    icp_url: str
    police_number: str
    police_url: str
    party_mark_number: str
    party_mark_url: str
    owner: str
    operator: str
    supervisor: str
    contact_phone: str
    contact_email: str
    contact_address: str
    office_hours: str
    error_report_url: str
    footer_note: str
    parent_pk: int | None


@dataclass(slots=True, eq=False)
class Node:
    """A structural page. ``extra`` holds the values of the class's ``structure_fields``."""

    pk: int
    path: str
    depth: int
    title: str
    slug: str
    url_path: str
    live: bool
    in_menu: bool
    language: str
    translation_key: str
    model: type[Page]
    extra: dict[str, Any]
    private: bool = False
    site_is_open: bool = True
    count: int = 0
    latest: datetime.datetime | None = None
    parent: "Node | None" = None
    children: "list[Node]" = field(default_factory=list)
    site_pk: int | None = None

    @property
    def kind(self) -> str:
        kind: str = self.model.structure_kind
        return kind

    @property
    def is_public(self) -> bool:
        return self.live and not self.private and self.site_is_open

    def ancestors(self) -> "list[Node]":
        """From the top down, without the node itself."""
        found, node = [], self.parent
        while node is not None:
            found.append(node)
            node = node.parent
        return found[::-1]

    def walk(self) -> "Iterator[Node]":
        for child in self.children:
            yield child
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Root:
    """Where a host name enters the tree, for one language."""

    host: str
    origin: str
    wagtail_site_pk: int
    site_pk: int
    language: str
    url_path: str
    prefix: str
    is_default: bool


def origin_of(hostname: str) -> str:
    """Scheme and port come from PORTAL_BASE_URL; a site of its own differs by host name only."""
    parts = urlsplit(settings.BASE_URL)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{hostname}{port}"


def _is_kept(site_pk: int | None) -> bool:
    """Whether those who keep foreign trees in step (if any are installed) are on at a site."""
    keepers = extension_points.language_keepers
    return not keepers.contributions() or any(keepers.active(site_pk))


def _private_paths() -> tuple[str, ...]:
    """Treebeard paths under a view restriction, and those of the aliases of what is below them."""
    restricted = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    hidden = Q()
    for path in restricted:
        hidden |= Q(alias_of__path__startswith=path)
    if not hidden:
        return ()
    return restricted + tuple(Page.objects.filter(hidden).values_list("path", flat=True))


class Structure:
    """An immutable picture of all structural pages and sites at one version."""

    def __init__(self, token: int) -> None:
        self.token = token
        self.nodes: dict[int, Node] = {}
        self._by_path: dict[str, Node] = {}
        self._kept: dict[tuple[object, ...], Any] = {}
        self._content_kept: tuple[int, dict[tuple[object, ...], str]] = (0, {})
        self._private_paths: tuple[str, ...] = _private_paths()
        self._load_nodes()
        self.records: dict[int, SiteRecord] = {
            record.pk: record
            for record in SiteRecord.objects.select_related(
                "owner", "wagtail_site", "root_page", "root_page__locale", "emblem"
            )
        }
        self._load_roots()
        self.modes = modes.load(
            {record.pk: record.parent_id for record in self.records.values()}, self._private_paths
        )
        self._identities: dict[tuple[int, str, str | None], SiteIdentity] = {}

    # --- loading ---------------------------------------------------------------------------------
    def _load_nodes(self) -> None:
        found: list[Node] = []
        models: list[Any] = [m for m in apps.get_models() if getattr(m, "structure_kind", "")]
        for model in models:
            fields: tuple[str, ...] = model.structure_fields
            rows: Any = model.objects.values_list(
                "pk",
                "path",
                "depth",
                "title",
                "slug",
                "url_path",
                "live",
                "show_in_menus",
                "locale__language_code",
                "translation_key",
                *fields,
            )
            for pk, path, depth, title, slug, url_path, live, in_menu, language, key, *own in rows:
                extra = dict(zip(fields, own, strict=True))
                found.append(
                    Node(
                        pk, path, depth, title, slug, url_path, live, in_menu, language, str(key),
                        model, extra,
                    )
                )  # fmt: skip
        counts = {
            pk: (count, latest)
            for pk, count, latest in ListingCount.objects.values_list(
                "container_id", "count", "latest"
            )
        }
        for node in sorted(found, key=lambda n: n.path):
            node.parent = self._by_path.get(node.path[:-STEPLEN])
            node.private = self.is_private(node.path)
            node.count, node.latest = counts.get(node.pk, (0, None))
            if node.parent is not None:
                node.parent.children.append(node)
            self.nodes[node.pk] = node
            self._by_path[node.path] = node

    def _load_roots(self) -> None:
        by_translation: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            by_translation.setdefault(node.translation_key, []).append(node)
        self.roots: list[Root] = []
        self._site_roots: dict[tuple[int, str], Node] = {}
        for record in self.records.values():
            source = self.nodes.get(record.root_page_id)
            if source is None:
                continue
            for node in by_translation[source.translation_key]:
                node.site_pk = record.pk
                self._site_roots[record.pk, node.language] = node
                if record.wagtail_site is None:
                    continue
                default = node.language == settings.LANGUAGE_CODE
                self.roots.append(
                    Root(
                        host=record.wagtail_site.hostname,
                        origin=origin_of(record.wagtail_site.hostname),
                        wagtail_site_pk=record.wagtail_site.pk,
                        site_pk=record.pk,
                        language=node.language,
                        url_path=node.url_path,
                        prefix="/" if default else f"/{node.language}/",
                        is_default=record.wagtail_site.is_default_site,
                    )
                )
        # The longest root wins: a sub-site with a host of its own lies inside the portal's root.
        self.roots.sort(key=lambda root: -len(root.url_path))
        closed: set[int] = set()
        for path in sorted(self._by_path):
            node = self._by_path[path]
            if node.site_pk is None and node.parent is not None:
                node.site_pk = node.parent.site_pk
            own = self.records.get(node.site_pk or 0)
            node.site_is_open = own is None or own.state == SiteRecord.State.RUNNING
            inside = node.parent is not None and node.parent.pk in closed
            if inside or self._is_closed_root(node):
                closed.add(node.pk)
                node.site_is_open = False

    def _is_closed_root(self, node: Node) -> bool:
        return self._is_foreign_root(node) and not (node.live and _is_kept(node.site_pk))

    def _is_foreign_root(self, node: Node) -> bool:
        """Roots of other languages: while one is not public, nothing below it is."""
        foreign = node.language != settings.LANGUAGE_CODE
        return foreign and self._site_roots.get((node.site_pk or 0, node.language)) is node

    def closed_language(self, entrance: Node | None, path: str) -> Node | None:
        """The root of the foreign tree that a path below a root enters, if that is not public."""
        node, found = entrance, None
        parts = [part for part in path.split("/") if part]
        while node is not None:
            if self._is_foreign_root(node) and not node.site_is_open:
                found = node
            wanted = parts.pop(0) if parts else None
            node = next((child for child in node.children if child.slug == wanted), None)
        return found

    # --- looking up ------------------------------------------------------------------------------
    @cached_property
    def hidden_paths(self) -> tuple[str, ...]:
        """Treebeard paths below which nothing is for the public: restricted, withdrawn, closed.

        For lists that are not a container's; the topmost paths only.
        """
        found: list[str] = []
        hidden = {node.path for node in self.nodes.values() if not node.is_public}
        for path in sorted(hidden.union(self._private_paths)):
            if not found or not path.startswith(found[-1]):
                found.append(path)
        return tuple(found)

    def is_private(self, path: str) -> bool:
        """Whether a page (by treebeard path) lies under a view restriction."""
        return any(path.startswith(private) for private in self._private_paths)

    def nearest(self, path: str) -> Node | None:
        """The deepest structural page at or above a treebeard path."""
        while path:
            node = self._by_path.get(path)
            if node is not None:
                return node
            path = path[:-STEPLEN]
        return None

    def site_root(self, site_pk: int, language: str) -> Node | None:
        return self._site_roots.get((site_pk, language))

    def site_languages(self, site_pk: int) -> dict[str, Node]:
        return {
            language: node
            for (pk, language), node in self._site_roots.items()
            if pk == site_pk and node.is_public
        }

    @cached_property
    def main_site_pk(self) -> int | None:
        for root in self.roots:
            if root.is_default:
                return root.site_pk
        return next((r.pk for r in self.records.values() if r.kind == r.Kind.PORTAL), None)

    def root_for_host(self, host: str, language: str) -> Root | None:
        """The root that answers for a host and language; the default site for a strange one."""
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        for want in (lambda r: r.host == name, lambda r: r.is_default):
            for root in self.roots:
                if root.language == language and want(root):
                    return root
            if any(want(root) for root in self.roots):
                return None
        return None

    def root_for_url_path(self, url_path: str) -> Root | None:
        return next((root for root in self.roots if url_path.startswith(root.url_path)), None)

    def site_pk_for(self, path: str) -> int | None:
        node = self.nearest(path)
        return node.site_pk if node else None

    def url(self, url_path: str, viewer_host: str | None = None) -> str:
        """The address of a page by its ``url_path``; absolute where it is on another host."""
        root = self.root_for_url_path(url_path)
        if root is None:
            return ""
        address = root.prefix + url_path[len(root.url_path) :]
        if viewer_host is None or viewer_host == root.host:
            return address
        return root.origin + address

    def identity(self, site_pk: int, language: str, viewer_host: str | None) -> SiteIdentity | None:
        key = (site_pk, language, viewer_host)
        if key not in self._identities:
            found = self._make_identity(site_pk, language, viewer_host)
            if found is None:
                return None
            self._identities[key] = found
        return self._identities[key]

    def _make_identity(
        self, site_pk: int, language: str, viewer_host: str | None
    ) -> SiteIdentity | None:
        record = self.records.get(site_pk)
        if record is None:
            return None
        node = self.site_root(site_pk, language) or self.nodes.get(record.root_page_id)
        if node is None:
            return None
        foreign = node.pk != record.root_page_id
        root = self.root_for_url_path(node.url_path)
        emblem = record.emblem if record.show_emblem else None
        return SiteIdentity(
            pk=record.pk,
            code=record.code,
            kind=record.kind,
            name=node.title if foreign else record.name,
            short_name=node.title if foreign else record.short_name,
            language=node.language,
            url=self.url(node.url_path, viewer_host) or "/",
            origin=root.origin if root else settings.BASE_URL,
            theme=record.theme,
            show_emblem=record.show_emblem,
            emblem_url=emblem.file.url if emblem else "",
            domain=record.domain or (root.host if root else ""),
            chinese_domain=record.chinese_domain,
            id_code=record.site_id_code,
            icp_number=record.icp_number,
            icp_url=record.icp_url,
            police_number=record.police_number,
            police_url=record.police_url,
            party_mark_number=record.party_mark_number,
            party_mark_url=record.party_mark_url,
            owner=str(record.owner) if record.owner else "",
            operator=record.operator,
            supervisor=record.supervisor,
            contact_phone=record.contact_phone,
            contact_email=record.contact_email,
            contact_address=record.contact_address,
            office_hours=record.office_hours,
            error_report_url=record.error_report_url,
            footer_note=record.footer_note,
            parent_pk=record.parent_id,
        )

    def kept(self, key: tuple[object, ...]) -> Any:
        """What was made earlier from this version of the structure; None when nothing was.

        While the reads of a page are followed only what was made for this very page: the rest
        would hide what it was made from.
        """
        if page_reads.is_recorded():
            return page_reads.made_for_this_page((self.token, key))
        return self._kept.get(key)

    def keep(self, key: tuple[object, ...], value: Any) -> None:
        """Keep something for as long as this version holds."""
        if len(self._kept) > 4096:
            self._kept.clear()
        self._kept[key] = value
        page_reads.make_for_this_page((self.token, key), value)

    def content_fragment(self, key: tuple[object, ...]) -> str | None:
        """What was rendered from public content that is still the same; None otherwise."""
        if page_reads.is_recorded():
            made: str | None = page_reads.made_for_this_page(("content", self.token, key))
            return made
        token, kept = self._content_kept
        return kept.get(key) if token == content_token() else None

    def keep_content_fragment(self, key: tuple[object, ...], token: int, text: str) -> None:
        """Keep what was rendered; ``token`` is ``content_token()`` from before the reading began.

        Were it asked afterwards, a change in between would be kept out until the next one.
        """
        if self._content_kept[0] != token:
            self._content_kept = (token, {})
        self._content_kept[1][key] = text
        page_reads.make_for_this_page(("content", self.token, key), text)

    def fragment(self, key: tuple[object, ...]) -> str | None:
        """A piece of text that was kept."""
        found: str | None = self.kept(key)
        return found

    def keep_fragment(self, key: tuple[object, ...], text: str) -> str:
        self.keep(key, text)
        return text


@dataclass(slots=True)
class _Pin:
    structure: Structure | None = None
    content: int | None = None
    viewer_host: str | None = None


_pin: ContextVar[_Pin | None] = ContextVar("portal_structure_pin", default=None)


@contextmanager
def pinned() -> Iterator[None]:
    """Look once and answer all questions of a reading request from the same picture.

    Reading requests are pinned already; this is for those that ask by POST. A change made inside
    (``touch``) makes the next question look again.
    """
    if _pin.get() is not None:
        yield
        return
    token = _pin.set(_Pin())
    try:
        yield
    finally:
        _pin.reset(token)


def look_from(host: str) -> None:
    """Say for which host the running request shows addresses."""
    pin = _pin.get()
    if pin is not None:
        pin.viewer_host = host


def viewer_host() -> str | None:
    """The host of the running request; None outside one, where addresses are relative."""
    pin = _pin.get()
    return pin.viewer_host if pin is not None else None


_lock = threading.Lock()
_current: Structure | None = None


def read_tokens() -> tuple[int, int]:
    """The versions of structure and content in the database: one primary-key look-up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, content FROM core_structureversion WHERE id = 1")
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def read_token() -> int:
    """The version of the structure in the database."""
    return read_tokens()[0]


def content_token() -> int:
    """The version of all public content; within a request as it was at its beginning."""
    pin = _pin.get()
    if pin is None:
        return read_tokens()[1]
    if pin.content is None:
        pin.content = read_tokens()[1]
    return pin.content


def current() -> Structure:
    """The structure as the database has it now."""
    pin = _pin.get()
    if pin is not None and pin.structure is not None:
        return pin.structure
    structure, content = _look()
    if pin is not None:
        pin.structure, pin.content = structure, content
    return structure


def _look() -> tuple[Structure, int]:
    """The structure, and the version of the content that was read along with its own."""
    global _current
    token, content = read_tokens()
    structure = _current
    if structure is not None and structure.token == token:
        return structure, content
    with _lock:
        structure = _current
        if structure is None or structure.token != token:
            # Wagtail keeps root paths in the cache of each process; a change made by another
            # process must reach them here.
            Site.clear_site_root_paths_cache()
            structure = Structure(token)
            if not connection.in_atomic_block or token == read_token():
                _current = structure
    return structure, content


def last_token() -> int | None:
    """The version that this process saw last; None before the first look."""
    return _current.token if _current is not None else None


def last_known() -> Structure | None:
    """What this process saw last, without asking the database; for when nothing else works."""
    return _current


def forget() -> None:
    """Look again at the next question; for tests that put the database back."""
    global _current
    _current = None


def of_request(request: object | None) -> Structure:
    """The structure a request has looked at already, else the current one."""
    portal = getattr(request, "portal", None)
    found = getattr(portal, "structure", None)
    return found if isinstance(found, Structure) else current()


def touch() -> None:
    """Tell every process that the structure has changed; takes effect with the transaction."""
    pin = _pin.get()
    if pin is not None:
        pin.structure = None
    take_turn()
    StructureVersion.objects.update_or_create(pk=1, defaults={"token": secrets.randbits(62)})


def just_seen() -> Structure:
    """What this process looked at last, for those who are called right after a look (the gate)."""
    pin = _pin.get()
    if pin is not None and pin.structure is not None:
        return pin.structure
    return _current if _current is not None else current()


touch_structure = touch  # by this name in ``plugin_api``


def site_of_path(path: str) -> int | None:
    """The site (``SiteRecord`` pk) that a treebeard path lies in."""
    return current().site_pk_for(path)


def tree_language(path: str) -> str:
    """The language of the tree that a treebeard path lies in; the source language outside all."""
    node = current().nearest(path)
    return node.language if node is not None else settings.LANGUAGE_CODE


def site_home(site_pk: int | None, language: str) -> Node | None:
    """The home of a site (None: the main one) in a language; None where it has none."""
    found = current()
    pk = site_pk if site_pk is not None else found.main_site_pk
    return found.site_root(pk, language) if pk is not None else None


def public_urls(places: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """The addresses of live pages, as the running request shows them; hidden ones are left out.

    Args:
        places: (pk, treebeard path, url_path) of each page; no query is made.
    """
    found, host = current(), viewer_host()
    return {
        pk: found.url(url_path, host)
        for pk, path, url_path in places
        if not path.startswith(found.hidden_paths)
    }


def public_place(pk: int) -> tuple[str, str] | None:
    """Title and address of a public structural page, as the running request shows it.

    None for what is no structural page, or not public; no query is made.
    """
    found = current()
    node = found.nodes.get(pk)
    if node is None or not node.is_public:
        return None
    return (node.title, found.url(node.url_path, viewer_host()))


def public_pages(path: str = "path") -> Q:
    """A condition on live pages that leaves out what the public does not see.

    Args:
        path: the name of the treebeard path in the query, such as ``page__path``.
    """
    condition = Q()
    for hidden in current().hidden_paths:
        condition &= ~Q(**{f"{path}__startswith": hidden})
    return condition


def main_site_pk() -> int | None:
    """The portal's own site (``SiteRecord`` pk)."""
    return current().main_site_pk


def touch_content() -> None:
    """Tell every process that lists, texts or pictures have changed; with the transaction."""
    pin = _pin.get()
    if pin is not None:
        pin.content = None
    take_turn()
    StructureVersion.objects.update_or_create(pk=1, defaults={"content": secrets.randbits(62)})


def kept_text(key: tuple[object, ...], make: Callable[[], str]) -> str:
    """A text made from public content, kept in this process until any of that changes.

    For what is asked with each page view and seldom changes: a set of marked pages, say. ``key``
    begins with the name of the app.
    """
    found, token = current(), content_token()
    text = found.content_fragment(key)
    if text is None:
        text = make()
        found.keep_content_fragment(key, token, text)
    return text


def touch_on_commit() -> None:
    """For receivers of other apps' signals, which may fire many times in one transaction."""
    transaction.on_commit(touch)

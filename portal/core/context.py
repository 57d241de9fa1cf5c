"""What every public page shows around its content: site, menu, breadcrumb, tags, addresses."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from portal.plugins.slots import Output

from . import extension_points, feed_points, page_reads, structure
from .feed_points import FeedLink
from .menu_additions import MenuAdditions
from .structure import Node, SiteIdentity, Structure

PageTag = tuple[str, str]
LANGUAGE_LABELS: dict[str, str] = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Crumb:
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    title: str
    url: str
    pk: int = 0
    is_current: bool = False
    is_active: bool = False
    is_external: bool = False
    children: "Sequence[MenuItem]" = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language switcher; ``label`` is the language's name in its own script.

    ``is_same_page``: it leads to this page in that language. Otherwise there is none, and
    ``landing`` names what it leads to.
    """

    code: str
    label: str
    url: str
    is_current: bool = False
    is_same_page: bool = True
    landing: str = ""


def tag_of(language: str) -> str:
    """A language code as HTML and search engines write it: ``zh-Hans``."""
    name, dash, script = language.partition("-")
    return name + dash + (script.title() if len(script) == 4 else script.upper())


def in_menu(node: Node) -> bool:
    """Whether menus show a node: public, wanted there, not archived and not a blank column."""
    return node.is_public and node.in_menu and not is_blank(node) and not is_archived(node)


def is_archived(node: Node) -> bool:
    return bool(node.extra.get("archived_at"))


def is_blank(node: Node) -> bool:
    """A column without any content of its own or below (R-COL-06)."""
    if not getattr(node.model, "hidden_when_blank", False):
        return False
    if node.count:
        return False
    return not any(child.is_public and not is_blank(child) for child in node.children)


class PortalContext:
    """The surroundings of one request; without a page those of the site's root.

    Cheap to make: everything is computed when a template asks for it, and menus and footers are
    kept as rendered fragments for each version of the structure.
    """

    def __init__(
        self,
        request: HttpRequest,
        found: Structure,
        *,
        root: Node | None,
        host: str,
        language: str,
        page: Page | None = None,
        part: str = "",
    ) -> None:
        self.request = request
        self.structure = found
        self.root = root
        self.host = host
        self.language = language
        self.page = page
        self.part = part
        self.node: Node | None = found.nearest(page.path) if page is not None else root
        site_pk = (self.node.site_pk if self.node else None) or found.main_site_pk
        self.site_pk = site_pk

    def for_page(self, page: Page, part: str = "") -> "PortalContext":
        """The same request with a page; ``part`` names what is shown of it, as ``page/2/``.

        What stands around it is in the language of the page, which may be another than its tree's.
        """
        written_in = getattr(page, "written_in", "") if page.locale_id else ""
        if page_reads.is_recorded():
            page_reads.note_page(page.pk, self.structure.site_pk_for(page.path))
        return PortalContext(
            self.request,
            self.structure,
            root=self.root,
            host=self.host,
            language=written_in if written_in in LANGUAGE_LABELS else self._tree_language(page),
            page=page,
            part=part,
        )

    def _tree_language(self, page: Page) -> str:
        return page.locale.language_code if page.locale_id else self.language

    # --- sites -----------------------------------------------------------------------------------
    @cached_property
    def site(self) -> SiteIdentity | None:
        if self.site_pk is None:
            return None
        return self.structure.identity(self.site_pk, self.language, self.host)

    @cached_property
    def main_site(self) -> SiteIdentity | None:
        pk = self.structure.main_site_pk
        return self.structure.identity(pk, self.language, self.host) if pk else None

    @cached_property
    def site_root(self) -> Node | None:
        """The home of the page's site: the portal's or a sub-site's."""
        if self.site_pk is None:
            return None
        return self.structure.site_root(self.site_pk, self.language) or self.root

    # --- menus -----------------------------------------------------------------------------------
    @cached_property
    def _trail(self) -> set[int]:
        if self.node is None:
            return set()
        return {self.node.pk, *(node.pk for node in self.node.ancestors())}

    @cached_property
    def active_pk(self) -> int:
        """The top-level menu entry that the page lies in; 0 for none."""
        if self.site_root is None:
            return 0
        return next((n.pk for n in self.site_root.children if n.pk in self._trail), 0)

    def menu_item(self, node: Node, *, depth: int) -> MenuItem:
        children: Sequence[MenuItem] = ()
        if depth > 1:
            children = [
                self.menu_item(child, depth=depth - 1) for child in node.children if in_menu(child)
            ]
        return MenuItem(
            title=node.title,
            url=self.url_of(node),
            pk=node.pk,
            is_current=self.page is not None and node.pk == self.page.pk,
            is_active=node.pk in self._trail,
            is_external=node.kind == "external_link",
            children=children,
        )

    @cached_property
    def menu(self) -> list[MenuItem]:
        active = self.active_url
        return [
            replace(item, is_active=True) if active and item.url == active else item
            for item in self._entries
        ]

    @cached_property
    def active_url(self) -> str:
        """The menu entry that an address without a page lies in, as plugins have; "" for none."""
        if self.page is not None:
            return ""
        path = self.request.path
        return next((url for start, url in self._added.starts if path.startswith(start)), "")

    @cached_property
    def _added(self) -> MenuAdditions:
        """Kept for each version of the structure: few pages draw the menu anew."""
        key = ("menu_added", self.site_pk, self.language, self.host)
        kept = self.structure.fragment(key)
        if kept is None:
            kept = self.structure.keep_fragment(key, MenuAdditions.of(self._entries).as_text())
        return MenuAdditions.from_text(kept)

    @cached_property
    def _entries(self) -> list[MenuItem]:
        root = self.site_root
        if root is None:
            return []
        items = [self.menu_item(node, depth=2) for node in root.children if in_menu(node)]
        changed: list[MenuItem] = extension_points.menu_items.apply(
            items, site=self.site_pk, language=self.language
        )
        return changed

    @cached_property
    def footer_pages(self) -> list[MenuItem]:
        """The site's statements (about, contact, privacy): pages of the first level in no menu."""
        root = self.site_root
        return [
            self.menu_item(node, depth=1)
            for node in (root.children if root else ())
            if node.kind == "standard" and node.is_public and not node.in_menu
        ]

    def local_menu(self, node: Node) -> list[MenuItem]:
        """The columns below a column, or beside it when it has none."""
        has_menu = node.pk in self._added.children or any(map(in_menu, node.children))
        parent = node if has_menu else node.parent
        if parent is None or parent.kind != "column":
            return []
        added = [MenuItem(title, url) for title, url in self._added.children.get(parent.pk, ())]
        items = [self.menu_item(child, depth=1) for child in parent.children if in_menu(child)]
        return [*added, *items]

    def full_map(self) -> list[MenuItem]:
        """All public structural pages of the site, for the site map."""
        root = self.site_root
        return (
            [self._map_item(node) for node in root.children if self._in_map(node)] if root else []
        )

    def _in_map(self, node: Node) -> bool:
        return node.is_public and not is_blank(node) and not is_archived(node)

    def _map_item(self, node: Node) -> MenuItem:
        children = [self._map_item(child) for child in node.children if self._in_map(child)]
        return MenuItem(node.title, self.url_of(node), node.pk, children=children)

    # --- addresses -------------------------------------------------------------------------------
    def url_of(self, node: Node) -> str:
        return self.structure.url(node.url_path, self.host)

    @cached_property
    def breadcrumb(self) -> list[Crumb]:
        """From the main portal down to the page; the last one is not a link."""
        if self.node is None:
            return []
        nodes = [*self.node.ancestors(), self.node]
        nodes = [n for n in nodes if n.is_public or n is self.node]
        if self.page is not None and self.node.language != self.language:
            # A page apart from the tree of its language: its columns have other names there.
            nodes = [self.site_root] if self.site_root is not None else []
        crumbs = [Crumb(self._crumb_title(n), self.url_of(n)) for n in nodes]
        if self.page is not None and self.node.pk != self.page.pk:
            crumbs.append(Crumb(self.page.title))
        elif crumbs:
            crumbs[-1] = Crumb(crumbs[-1].title)
        return crumbs

    def _crumb_title(self, node: Node) -> str:
        if node.parent is None or node.kind == "home":
            return gettext("Home")
        return node.title

    @property
    def platform_origins(self) -> str:
        """All host names of the platform; links to them take the visitor's settings along."""
        return " ".join(sorted({root.origin for root in self.structure.roots}))

    @cached_property
    def canonical_url(self) -> str:
        if self.page is None:
            return self.request.build_absolute_uri(self.request.path)
        root = self.structure.root_for_url_path(self.page.url_path)
        address = self.structure.url(self.page.url_path) + self.part
        return (root.origin if root else "") + address

    @cached_property
    def sitemap_url(self) -> str:
        """The site map is asked with the site, since sub-sites by path share the host."""
        site = self.site
        if site is None or (self.main_site and site.pk == self.main_site.pk):
            return "/sitemap/"
        root = self.site_root
        own_host = self.structure.root_for_url_path(root.url_path) if root else None
        if own_host is not None and own_host.site_pk == site.pk:
            return "/sitemap/"
        return f"/sitemap/{site.code}/"

    @cached_property
    def page_title(self) -> str:
        parts = []
        if self.page is not None:
            parts.append(self.page.seo_title or self.page.title)
        name = self.site.name if self.site else ""
        if name and name not in parts:
            parts.append(name)
        return " - ".join(parts)

    @cached_property
    def description(self) -> str:
        return str(self.page.search_description) if self.page is not None else ""

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """The languages of the site: each leads to this page, else to the site's home in it."""
        if self.site_pk is None:
            return []
        homes = self.structure.site_languages(self.site_pk)
        twins = self._twins() if len(homes) > 1 else {}
        # A page may be in a script that is no language of the site's: then none is the current one.
        spoken = getattr(self.page, "written_in", self.language) if twins else self.language
        here = self._shown_address
        links = [
            LanguageLink(tag_of(code), LANGUAGE_LABELS[code], here, is_current=True)
            if code == spoken and here
            else LanguageLink(
                code=tag_of(code),
                label=LANGUAGE_LABELS[code],
                url=self.structure.url(twins.get(code) or homes[code].url_path, self.host),
                is_current=code == spoken,
                is_same_page=code in twins,
                landing="" if code in twins else homes[code].title,
            )
            for code in LANGUAGE_LABELS
            if code in homes
        ]
        changed: list[LanguageLink] = extension_points.language_links.apply(
            links,
            page=self.page,
            site=self.site_pk,
            language=self.language,
            path=here,
        )
        return changed if len(changed) > 1 else []

    @property
    def _shown_address(self) -> str:
        """The address that shows this, with its query where it was asked for at its own."""
        asked: str = self.request.get_full_path()
        if self.page is None:
            return "" if getattr(self.request, "is_preview", False) else asked
        own = self.structure.url(self.page.url_path, self.host) + self.part
        return asked if (asked.startswith(own) and own != "/") or asked == own else own

    def _twins(self) -> dict[str, str]:
        """The public versions of the page that is shown: {language: url_path}."""
        if self.page is None:
            return {}
        if getattr(self.page, "is_translated_apart", False):
            return {
                code: version.url_path
                for code, version in self.page.language_versions().items()
                if not version.path.startswith(self.structure.hidden_paths)
            }
        if self.node is not None and self.node.pk == self.page.pk:
            key = self.node.translation_key
            return {
                node.language: node.url_path
                for node in self.structure.nodes.values()
                if node.translation_key == key and node.is_public
            }
        rows = Page.objects.filter(
            translation_key=self.page.translation_key, live=True
        ).values_list("locale__language_code", "path", "url_path")
        hidden = self.structure.hidden_paths
        return {code: url_path for code, path, url_path in rows if not path.startswith(hidden)}

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        """(language, whole address) of each public version of the page, for search engines.

        Empty where there is one only, and on the further pages of lists, which have no twins.
        """
        if self.page is None or self.part:
            return []
        same = [link for link in self.languages if link.is_same_page]
        if len(same) < 2 or not any(link.is_current for link in same):
            return []
        found = [(link.code, self._whole(link.url)) for link in same]
        source = tag_of(settings.LANGUAGE_CODE)
        return found + [("x-default", url) for code, url in found if code == source]

    def _whole(self, url: str) -> str:
        url = url.partition("?")[0]
        return url if "://" in url else structure.origin_of(self.host.rsplit(":", 1)[0]) + url

    # --- feeds -----------------------------------------------------------------------------------
    @cached_property
    def feeds(self) -> list[FeedLink]:
        """The feeds of what the page lists; none on the further pages of a list."""
        if self.page is None or self.part:
            return []
        found: list[FeedLink] = feed_points.page_feeds.apply(
            [], page=self.page, site=self.site_pk, language=self.language
        )
        return found

    # --- tags ------------------------------------------------------------------------------------
    @cached_property
    def tags(self) -> list[PageTag]:
        """The ``<meta>`` tags of the national page-tag standard (reference 1), in its order."""
        found: list[PageTag] = []
        if self.site is not None:
            found += [
                ("SiteName", self.site.name),
                ("SiteDomain", self.site.domain),
                ("SiteIDCode", self.site.id_code),
            ]
        found += column_tags(self.node, self.site)
        if self.page is not None:
            page_tags = getattr(self.page, "page_tags", None)
            found += page_tags(self) if page_tags else []
        changed: list[PageTag] = extension_points.page_tags.apply(
            found, page=self.page, site=self.site_pk
        )
        return [(name, value) for name, value in changed if value and value != "null"]

    # --- topics ----------------------------------------------------------------------------------
    @cached_property
    def archived_at(self) -> datetime.datetime | None:
        """When the special topic around the page was archived; None outside archived topics."""
        node = self.node
        while node is not None:
            if is_archived(node):
                at: datetime.datetime = node.extra["archived_at"]
                return at
            node = node.parent
        return None

    # --- what plugins show -----------------------------------------------------------------------
    def _slot(self, slot: Any) -> Output:
        key = ("slot", slot.name, self.site_pk, self.language)
        output: Output | None = self.structure.kept(key)
        if output is None:
            found: Output = _told(slot.render(site=self.site_pk, language=self.language))
            if not found.complete:
                return found  # a plugin failed just now: ask again with the next request
            self.structure.keep(key, found)
            output = found
        return output

    @property
    def header_slots(self) -> SafeString:
        return self._slot(extension_points.header_slot).html

    @property
    def footer_slots(self) -> SafeString:
        return self._slot(extension_points.footer_slot).html

    @property
    def corner_slots(self) -> SafeString:
        return self._slot(extension_points.corner_slot).html

    @property
    def home_slots(self) -> SafeString:
        return self._slot(extension_points.home_slot).html

    @cached_property
    def _page_side(self) -> Output:
        return _told(
            extension_points.page_side_slot.render(
                site=self.site_pk, language=self.language, page=self.page
            )
        )

    @property
    def page_side(self) -> SafeString:
        """Beside a detail page; depends on the page, so it is not kept."""
        return self._page_side.html

    @cached_property
    def _page_end(self) -> Output:
        return _told(
            extension_points.page_end_slot.render(
                site=self.site_pk, language=self.language, page=self.page
            )
        )

    @property
    def page_end(self) -> SafeString:
        """Below the text of an article; depends on the page, so it is not kept."""
        return self._page_end.html

    @cached_property
    def _page_notice(self) -> Output:
        return _told(
            extension_points.page_notice_slot.render(
                site=self.site_pk, language=self.language, page=self.page
            )
        )

    @property
    def page_notice(self) -> SafeString:
        """Above the text of a page; depends on the page, so it is not kept."""
        return self._page_notice.html

    @cached_property
    def media(self) -> SafeString:
        """The links to styles and scripts (as modules) that the plugins' parts need."""
        own: Any = self._page_side.media + self._page_notice.media + self._page_end.media
        # What the page's own parts bring is one of few sets; merging and naming files takes longer
        # than an article's queries.
        key = ("media", self.site_pk, self.language, str(own._css_lists), str(own._js_lists))
        kept = self.structure.fragment(key)
        if kept is None:
            media = own
            for slot in (
                extension_points.header_slot,
                extension_points.footer_slot,
                extension_points.home_slot,
                extension_points.corner_slot,
            ):
                media += self._slot(slot).media
            tags = [*media.render_css(), *media.render_js(attrs={"type": "module"})]
            kept = self.structure.keep_fragment(key, "".join(tags))
        return mark_safe(kept)  # noqa: S308 - Django's own rendering


def _told(output: Output) -> Output:
    """A page from which a part is missing is not to be kept without it."""
    if not output.complete:
        page_reads.page_is_not_kept("a plugin failed just now")
    return output


def column_tags(node: Node | None, site: SiteIdentity | None) -> list[PageTag]:
    """ColumnName … ColumnType of the column a page lies in (of the home itself on homes)."""
    while node is not None and "column_type" not in node.extra:
        node = node.parent
    if node is None:
        return []
    description = node.extra.get("search_description") or (
        f"{site.name}{node.title}" if site else node.title
    )
    return [
        ("ColumnName", node.title),
        ("ColumnDescription", description),
        ("ColumnKeywords", node.extra.get("keywords") or node.title),
        ("ColumnType", node.extra.get("column_type") or node.title),
    ]


def context_for_request(request: HttpRequest) -> PortalContext:
    """The context of a request, from its host and path; no page known yet."""
    found = structure.current()
    language = get_language() or settings.LANGUAGE_CODE
    host = request.get_host()
    entry = found.root_for_host(host, language)
    root = None
    if entry is not None:
        root = found.site_root(entry.site_pk, language)
        host = entry.host
    structure.look_from(host)
    return PortalContext(request, found, root=root, host=host, language=language)


def portal_of(request: HttpRequest) -> PortalContext:
    """``request.portal``, as ``PortalMiddleware`` set it."""
    found: PortalContext = request.portal  # type: ignore[attr-defined]
    return found


def context_for_page(request: HttpRequest, page: Page, part: str = "") -> PortalContext:
    base = getattr(request, "portal", None)
    if not isinstance(base, PortalContext):
        base = context_for_request(request)
    return base.for_page(page, part)

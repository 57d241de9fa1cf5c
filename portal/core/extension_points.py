"""The core's extension points: what it tells, lets change, shows and collects.

Each has a page in ``docs/plugins/``; a test notices one that has not.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from portal.plugins.capabilities import Capability, CapabilityUnavailable, capability
from portal.plugins.events import Event
from portal.plugins.filters import Filter
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry, Renderable, Shown, Slot

from .clocks.kinds import ClockKind

if TYPE_CHECKING:
    from django.utils.functional import Promise
    from ninja import Router

    from .context import LanguageLink, MenuItem, PageTag
    from .gate import PublishProblem
    from .models import Clock, ClockAlarm, OutboxEvent


# --- events ---------------------------------------------------------------------------------------
@Event.define
def page_published(*, page: Page, site: SiteLike) -> None:
    """A page became public, or a new version of a public page did.

    Sent once after the commit, in the process that published. Work that must not be lost (an
    index, a message to another system) belongs into an outbox consumer instead.

    Args:
        page: the specific page, live.
        site: the site that the page belongs to.
    """


@Event.define
def page_withdrawn(*, page: Page, site: SiteLike) -> None:
    """A public page was withdrawn, by an editor or because it expired.

    Args:
        page: the page, no longer live; it may be a plain ``Page``.
        site: the site that the page belonged to.
    """


@Event.define
def site_created(*, site: SiteLike) -> None:
    """A site was created and provisioned with groups, collection and workflow.

    Args:
        site: primary key of the new site record.
    """


@Event.define
def clock_due_soon(*, clock: "Clock", alarm: "ClockAlarm", site: SiteLike) -> None:
    """A deadline comes near: one of the reminders of its kind is due.

    Sent by the clock process, once for each reminder and due moment. ``alarm.pk`` stays the same
    should a crash make it be told twice.

    Args:
        clock: the clock, running.
        alarm: the reminder.
        site: primary key of the clock's site.
    """


@Event.define
def clock_overdue(*, clock: "Clock", alarm: "ClockAlarm", site: SiteLike) -> None:
    """A deadline has passed and what was owed is not done.

    Sent as ``clock_due_soon`` is.

    Args:
        clock: the clock, running.
        alarm: the record of it.
        site: primary key of the clock's site.
    """


@Event.define
def clock_escalated(*, clock: "Clock", alarm: "ClockAlarm", role: str, site: SiteLike) -> None:
    """A deadline that was missed is shown to those above: a role of the site.

    Sent as ``clock_due_soon`` is.

    Args:
        clock: the clock, running.
        alarm: the escalation.
        role: key of the role, such as ``site_admin``.
        site: primary key of the clock's site.
    """


@Event.define
def watched_text_saved(*, source: str, key: str, site: SiteLike) -> None:
    """A text that a plugin has entered in ``watched_texts`` was saved: it is to be checked.

    Sent by the plugin whose text it is; heard by the one that checks figures.

    Args:
        source: key of the registry's entry, such as ``letters.answers``.
        key: which text of it, as ``WatchedText.key``.
        site: the site that the text belongs to.
    """


# --- filters --------------------------------------------------------------------------------------
@Filter.define(version=1, isolate=True)
def publish_checks(
    problems: "list[PublishProblem]", /, *, page: Page, site: SiteLike
) -> "list[PublishProblem]":
    """What speaks against publishing a page.

    Asked on every way to the public: the editor's button, submitting for review, schedules,
    aliases, translations, commands. A problem with ``blocking=True`` stops the publication.

    Args:
        problems: what was found so far; return a list with yours added.
        page: the specific page as it would become public; unsaved when it is new.
        site: the site that the page belongs to; None outside all sites.
    """
    return problems


@Filter.define(version=1)
def menu_items(items: "list[MenuItem]", /, *, site: SiteLike, language: str) -> "list[MenuItem]":
    """The top level of a site's menu.

    The result is kept until the structure changes: it may depend on site and language only.

    Args:
        items: the entries so far.
        site: whose menu it is.
        language: such as ``zh-hans``.
    """
    return items


@Filter.define(version=1)
def page_tags(tags: "list[PageTag]", /, *, page: Page | None, site: SiteLike) -> "list[PageTag]":
    """The ``<meta>`` tags of a public page: (name, content) pairs.

    Args:
        tags: the tags of the national standard, in its order.
        page: the page; None on addresses that are no page.
        site: the site that is shown.
    """
    return tags


@Filter.define(version=1)
def rendered_page(html: str, /, *, page: Page, request: HttpRequest, site: SiteLike) -> str:
    """The HTML of a public page, rendered, before it is sent.

    For what has to be put into finished text; most things belong into slots. Whoever has nothing to
    change gives the value back as it is, without a query.

    Args:
        html: the whole document.
        page: the specific page that was rendered.
        request: the visitor's request.
        site: the site that the page belongs to.
    """
    return html


@Filter.define(version=1)
def language_links(
    links: "list[LanguageLink]", /, *, page: Page | None, site: SiteLike, language: str, path: str
) -> "list[LanguageLink]":
    """The languages that the switcher of a public page offers, in its order.

    Asked with each page view where the site has more than one: no query where it can be avoided.

    Args:
        links: the site's languages so far; return a list with yours added or changed.
        page: the page; None on addresses that are no page.
        site: the site that is shown.
        language: that of the page.
        path: the address that is shown, such as ``/xinwen/page/2/``; with its query.
    """
    return links


# --- slots ----------------------------------------------------------------------------------------
@Slot.define
def header_slot(*, site: SiteLike, language: str) -> Shown:
    """At the end of the header, such as a search box.

    Kept until the structure changes: it may depend on site and language only.

    Args:
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def footer_slot(*, site: SiteLike, language: str) -> Shown:
    """Below the footer's columns. Kept until the structure changes, as in the header.

    Args:
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def corner_slot(*, site: SiteLike, language: str) -> Shown:
    """In the corner of the window, above the footer and never upon it: one launcher of a helper.

    Kept until the structure changes, as in the header. Not shown on paper and in previews.

    Args:
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def missing_page_slot(*, site: SiteLike, language: str, path: str) -> Shown:
    """On the page that says that an address leads nowhere: what may have been meant.

    Robots try many such addresses: take milliseconds.

    Args:
        site: the site that is shown.
        language: such as ``zh-hans``.
        path: the address that was asked for, as it came; anything may stand in it.
    """


@Slot.define
def home_slot(*, site: SiteLike, language: str) -> Shown:
    """In the scene at the top of a home, such as "what would you like to do?".

    Kept until the structure changes, as in the header.

    Args:
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def page_side_slot(*, page: Page | None, site: SiteLike, language: str) -> Shown:
    """Beside the text of a detail page. Rendered with each request: keep it cheap.

    Args:
        page: the specific page.
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def page_end_slot(*, page: Page | None, site: SiteLike, language: str) -> Shown:
    """Below the text of an article: what readers say of it. Rendered with each request: keep it
    cheap, and show nothing in previews.

    Args:
        page: the specific page.
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


@Slot.define
def page_notice_slot(*, page: Page | None, site: SiteLike, language: str) -> Shown:
    """Above the text of a page: what readers must know before they read, such as that the basis
    of the text was repealed. Rendered with each request: no query where there is nothing to say.

    Args:
        page: the specific page.
        site: the site that is shown.
        language: such as ``zh-hans``.
    """


# --- registries -----------------------------------------------------------------------------------
@runtime_checkable
class Component(Protocol):
    """Something that editors can place in bodies and homes through the component block."""

    label: Any

    def render(self, *, site: int | None, context: Mapping[str, Any]) -> Shown: ...


components: Registry[Component] = Registry(
    "components",
    Component,  # type: ignore[type-abstract]
    doc="""
    Components that the component block shows. ``label`` is what editors choose by; ``render``
    gives what to show, or None for nothing. The key is stored in pages: do not rename it.
    """,
)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a plugin's list. ``date`` is aware; ``url`` begins with ``/`` or ``https://``.

    ``mark`` stands before the title of what is not in force, such as "Repealed".
    """

    title: str
    url: str
    date: datetime.datetime
    summary: str = ""
    source: str = ""
    mark: str = ""


@runtime_checkable
class ListSource(Protocol):
    """A list that editors can place in homes, topics and channels through the list block."""

    label: Any

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]: ...


list_sources: Registry[ListSource] = Registry(
    "list_sources",
    ListSource,  # type: ignore[type-abstract]
    doc="""
    Lists that the block "List from a plugin" shows in the style of the other lists. ``items``
    gives at most ``count`` items, the newest first, with at most one query. The key is stored in
    pages: do not rename it.
    """,
)


@runtime_checkable
class DashboardPanel(Protocol):
    """A panel on the editors' first page. ``order`` sorts panels; the core uses 100 to 500."""

    order: int

    def panel(self, request: HttpRequest) -> Renderable | None: ...


dashboard_panels: Registry[DashboardPanel] = Registry(
    "dashboard_panels",
    DashboardPanel,  # type: ignore[type-abstract]
    doc="""
    Panels of the to-do dashboard. ``panel`` is asked with each visit and gives a component, or
    None where this person has nothing to do.
    """,
)


class DependantAction(StrEnum):
    """What can be done about something whose basis ended."""

    UPDATE = "update"  # by hand, at its edit address
    REPOINT = "repoint"  # let it lead to what replaced the basis
    MARK = "mark"  # shown with a notice
    WITHDRAW = "withdraw"
    KEEP = "keep"  # as it is, with a reason


@dataclass(frozen=True, slots=True)
class Dependant:
    """Something that rests on an item.

    ``key`` names it for good (``page:17``, ``question:5``); ``kind`` says in a word or two what it
    is, ``place`` where in it the item is mentioned; ``site`` is its site, ``unit`` who answers for
    it. ``page`` is the primary key where it is a page: the portal can then withdraw, mark and
    repoint it by itself. ``actions`` are the sensible ones, the best first; keeping is always
    possible.
    """

    key: str
    label: str
    kind: str
    url: str = ""
    edit_url: str = ""
    site: int | None = None
    unit: str = ""
    place: str = ""
    page: int | None = None
    actions: Sequence[DependantAction] = (DependantAction.UPDATE,)


@runtime_checkable
class DependantSource(Protocol):
    """Finds what rests on an item (``page:17``), in public now or soon."""

    def dependants(self, *, item: str) -> Iterable[Dependant]: ...


@runtime_checkable
class ActingDependantSource(DependantSource, Protocol):
    """Can also act upon dependants that are no pages.

    ``act`` does it with the rights of ``user`` and raises ``PermissionDenied``, or a
    ``ValidationError`` that says why not. ``replacement`` is an item, or empty.
    """

    def act(
        self, *, key: str, action: DependantAction, item: str, replacement: str, user: Any
    ) -> None: ...


dependants: Registry[DependantSource] = Registry(
    "dependants",
    DependantSource,  # type: ignore[type-abstract]
    doc="""
    Sources of what rests on an item: shown, one by one, when the item is repealed or replaced,
    until somebody has dealt with each. ``dependants`` gives ``Dependant``s for an item's key.
    """,
)


@dataclass(frozen=True, slots=True)
class HotTopic:
    """Something that many people ask. ``key`` names it for good within its source.

    ``kind``: ``message``, ``search``, ``hotline``, ``media`` or ``other``; ``count``: how many
    asked; ``url``: where editors read more of it.
    """

    key: str
    text: str
    kind: str = "other"
    count: int = 1
    url: str = ""


@runtime_checkable
class HotTopicSource(Protocol):
    """Knows what people ask at a site. No personal data: the words are shown to editors."""

    def hot_topics(self, *, site: int) -> Iterable[HotTopic]: ...


hot_topics: Registry[HotTopicSource] = Registry(
    "hot_topics",
    HotTopicSource,  # type: ignore[type-abstract]
    doc="""
    Sources of what many people ask: messages, searches, the hotline. Collected each night, and
    when an editor asks for it, into the list from which units are invited to answer.
    """,
)


@runtime_checkable
class OutboxConsumer(Protocol):
    """Reads outbox events in order, at least once each: ``handle`` must be idempotent."""

    name: str
    kinds: Sequence[str]

    def handle(self, events: "Sequence[OutboxEvent]") -> None: ...


outbox_consumers: Registry[OutboxConsumer] = Registry(
    "outbox_consumers",
    OutboxConsumer,  # type: ignore[type-abstract]
    doc="""
    Consumers of the outbox, run by the outbox process. Kinds: ``page.published``,
    ``page.updated``, ``page.withdrawn``, ``page.moved``, ``page.deleted``, ``page.validity``,
    ``page.access`` (a restriction came or went), ``site.changed``, ``unit.changed``,
    ``file.changed``. Each has its own cursor: one that fails is tried again later and holds up
    nobody.
    """,
)


@runtime_checkable
class PublicationFollower(Protocol):
    """Writes what must be true in the very transaction that publishes or withdraws."""

    def published(self, pages: Sequence[Page]) -> None: ...

    def withdrawn(self, page: Page) -> None: ...


publication_followers: Registry[PublicationFollower] = Registry(
    "publication_followers",
    PublicationFollower,  # type: ignore[type-abstract]
    doc="""
    What is stored beside each publication, in its transaction: ``published`` gets the specific
    pages that became public or changed while public (one, or hundreds of a bulk import),
    ``withdrawn`` a page that is public no longer. A few queries at most, whatever the number of
    pages: work that may come a second later belongs into an outbox consumer.
    """,
)


@runtime_checkable
class ResourceConnector(Protocol):
    """Another system whose items can be taken into the resource library.

    Rows have the library's fields as keys: ``title`` and ``body`` (HTML or plain text), and where
    known ``identifier``, ``summary``, ``keywords``, ``date`` (ISO 8601), ``source_name``,
    ``source_url``, ``author``, ``theme``, ``genre``, ``five_open``, ``doc_no``, ``pub_kind``.
    """

    label: Any

    def items(
        self, *, site: int, since: datetime.datetime | None
    ) -> Iterable[Mapping[str, str]]: ...


resource_connectors: Registry[ResourceConnector] = Registry(
    "resource_connectors",
    ResourceConnector,  # type: ignore[type-abstract]
    doc="""
    Systems beside the portal (disclosure, services, electronic certificates) whose items editors
    take into the library. ``items`` gives what is new or changed since a moment (None: all), at
    most 20,000; every row is tried first, and becomes a draft. Asked when an editor asks.
    """,
)


@runtime_checkable
class PageVariant(Protocol):
    """Another form of every finished page, below a prefix of its own.

    ``prefix`` is the first part of its addresses (``zh-hant``), ``tag`` the language that its pages
    say they are in, ``source`` the language whose pages it is made of.
    """

    prefix: str
    tag: str
    source: str

    def is_offered(self, *, site: int) -> bool: ...

    def version(self, *, site: int | None) -> str: ...

    def convert(self, page: str, *, site: int | None, rewrite: Callable[[str], str]) -> str: ...


page_variants: Registry[PageVariant] = Registry(
    "page_variants",
    PageVariant,  # type: ignore[type-abstract]
    doc="""
    Forms of finished pages below a prefix. ``convert`` gives the page's other form: a function of
    the page, ``rewrite`` (which gives an address its form) and ``version`` alone, so that stores
    and indexes can keep it. ``is_offered`` is asked for the site of each address; no query.
    """,
)


@runtime_checkable
class LanguageKeeper(Protocol):
    """Keeps the trees of foreign languages in step with the source."""

    def notice(self, request: HttpRequest, *, site: int, language: str) -> HttpResponse | None: ...


language_keepers: Registry[LanguageKeeper] = Registry(
    "language_keepers",
    LanguageKeeper,  # type: ignore[type-abstract]
    doc="""
    Who keeps foreign-language trees in step. Where a keeper is installed, a site's foreign trees
    are public only while it is on there, and while their root page is public. ``notice`` gives
    the whole answer (status 410, say) for an address in a tree that is not, or None: then nothing
    is there (404).
    """,
)


@runtime_checkable
class PageLimits(Protocol):
    """Says where translators and partners of a site work."""

    def paths(self, *, user: Any, site: int, language: str) -> Collection[str] | None: ...


page_limits: Registry[PageLimits] = Registry(
    "page_limits",
    PageLimits,  # type: ignore[type-abstract]
    doc="""
    Where the rights on pages hold that come from the roles translator, language reviewer and
    partner. ``paths`` gives the treebeard paths of pages in the site's tree of that language:
    rights hold at these and below, and nowhere else; None: no say in it. Where nobody has a say,
    the roles hold in the source language as they are and in foreign languages not at all.
    """,
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What ``/readyz`` says of one part. ``critical`` parts make the answer 503 when not ok."""

    ok: bool
    detail: str = ""
    critical: bool = True


type ReadinessCheck = Callable[[], Readiness]

readiness_checks: Registry[Any] = Registry(
    "readiness_checks",
    object,
    doc="""
    Parts that ``/readyz`` reports: functions without arguments that give a ``Readiness`` within
    a second. Details are public: no secrets, no addresses.
    """,
)


web_starters: Registry[Any] = Registry(
    "web_starters",
    object,
    doc="""
    What a web process does beside its first requests: functions without arguments that load what a
    visitor would wait for. Called once in each web process, in a thread, one after another.
    """,
)


@dataclass(frozen=True, slots=True)
class BackupPart:
    """What a plugin keeps below the data folder that a backup need not carry, and what it does
    when one was put back.

    Args:
        derived: folders relative to the data folder that are made anew from the rest.
        after_restore: called when database and files are back, before indexes are made anew.
    """

    derived: tuple[str, ...] = ()
    after_restore: Callable[[], None] | None = None


backup_parts: Registry[BackupPart] = Registry(
    "backup_parts",
    BackupPart,
    doc="""
    Folders below the data folder that ``portal backup`` leaves out, because they are made anew, and
    what a plugin does after ``portal restore``.
    """,
)


# Called with a function that takes lines of progress; gives the number of things written anew.
type IndexRebuilder = Callable[[Callable[[str], None]], int]

index_rebuilders: Registry[Any] = Registry(
    "index_rebuilders",
    object,
    doc="""
    What ``portal rebuild_index`` makes anew from the pages: functions that take ``say`` (a function
    for lines of progress) and give the number of things written. Readers must see the old index or
    the new one, never none. The name of the target is the part of the key after the dot.
    """,
)


clock_kinds: Registry[ClockKind] = Registry(
    "clock_kinds",
    ClockKind,
    doc="""
    Kinds of deadlines, with default terms that each site can change. The key is stored with every
    clock and with the sites' terms: do not rename it.
    """,
)


@dataclass(frozen=True, slots=True)
class CitedClauses:
    """A document that a text rests on: primary key of its page, ids of clauses (empty: all)."""

    document: int
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchedPart:
    """One field of a watched text. ``cites`` only where it rests on other clauses than the text."""

    name: str
    text: str
    cites: tuple[CitedClauses, ...] | None = None


@dataclass(frozen=True, slots=True)
class WatchedText:
    """A text whose figures must be those of the clauses that it cites.

    ``key`` is stable and unique within its entry. ``page`` is the page that it belongs to, if it
    belongs to one: its rights decide who may accept a difference, else the site's.
    ``rests_on_more``: it has other sources too, such as a law elsewhere; figures of which the
    cited clauses say nothing may come from these.
    """

    key: str
    title: str
    edit_url: str
    language: str
    parts: tuple[WatchedPart, ...]
    cites: tuple[CitedClauses, ...]
    page: int | None = None
    rests_on_more: bool = False


@runtime_checkable
class WatchedTexts(Protocol):
    """Texts of one kind. ``keys`` and ``document`` narrow the search; without: all of the site."""

    label: Any

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterable[WatchedText]: ...


watched_texts: Registry[WatchedTexts] = Registry(
    "watched_texts",
    WatchedTexts,  # type: ignore[type-abstract]
    doc="""
    Texts that cite clauses of policy documents: their amounts, dates, telephone numbers and the
    like are compared with the clauses when they are saved (``watched_text_saved``), when a cited
    document changes, and each night. The key is stored with what is found: do not rename it.
    """,
)


@runtime_checkable
class DemoContent(Protocol):
    """What a plugin adds to the demo city.

    ``finish`` is called when all pages of the city are public; ``demo`` is the loader
    (``portal.pages.demo_content``). A method ``after_all(demo)``, where there is one, is called
    when everything else is there.
    """

    def finish(self, demo: Any) -> None: ...


@runtime_checkable
class DemoPages(DemoContent, Protocol):
    """Demo content that has pages of its own in the columns of the city.

    ``directory`` holds files as the portal's own: ``articles/<site>/<column>.yaml``, each a list
    of rows with ``key`` and ``date``. Pages are made as drafts first, so that all can refer to
    all, and published by ``complete``.
    """

    directory: Path

    def draft(self, row: Mapping[str, Any], column: Page, demo: Any) -> Page: ...

    def complete(self, row: Mapping[str, Any], page: Page, demo: Any) -> None: ...


demo_content: Registry[DemoContent] = Registry(
    "demo_content",
    DemoContent,  # type: ignore[type-abstract]
    doc="""
    Content of plugins for ``portal load_demo``. Loading again changes nothing that is there:
    ``draft`` gives the page of a row that exists, ``complete`` leaves public pages alone.
    """,
)


_API_PATH = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What the portal's own routers answer below /api/v1/, and what the document is.
_OWN_API_PATHS = frozenset({"sites", "columns", "pages", "organisations", "openapi"})


@dataclass(frozen=True, slots=True)
class ApiRoutes:
    """A part of the public API: everything below ``/api/v1/<path>``.

    ``path`` is one word such as ``policies``. ``router`` is called once, when the addresses are
    mounted; it gives a new django-ninja ``Router``, whose own addresses begin with ``/`` or are
    empty. ``origins`` says of the origin of another website (``https://example.org``) whether its
    pages may use this part from a browser; without it none may.
    """

    path: str
    router: "Callable[[], Router]"
    origins: "Callable[[HttpRequest, str], bool] | None" = None

    def __post_init__(self) -> None:
        if not _API_PATH.fullmatch(self.path) or self.path in _OWN_API_PATHS:
            raise ValueError(f"{self.path!r} is not a free word for /api/v1/<word>")


api_routers: Registry[ApiRoutes] = Registry(
    "api_routers",
    ApiRoutes,
    doc="""
    Routers of the public API below ``/api/v1/``, named in its OpenAPI document. Where the plugin is
    off for the site of the request, its addresses are answered with 404. Errors become problem
    details; good answers to GET get their ETag and lifetime.
    """,
)


# --- capabilities ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class QASource:
    """A clause that questions are to be drafted from, or the page as a whole.

    ``clause`` is its id in the document, "" for the whole page (a service, an answered letter);
    ``label`` how people call it (第三条); ``url`` its permalink on this website; ``text`` the
    clause with all below it, or the answer that was given. ``valid_from`` and ``valid_until`` (the
    first day on which it is no longer in force) are open where None. ``question``: what somebody
    asked, without personal data, where that is known; else one is made from the text. ``clauses``:
    those that a given answer rests on, where it is not the words of one of them.
    """

    clause: str
    label: str
    text: str
    url: str
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    question: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QADraftsMade:
    """How many drafts there are now, and the address in the admin where they wait."""

    count: int
    url: str


@runtime_checkable
class QADrafts(Protocol):
    """Drafts of questions and answers from the clauses of a document, or from a whole page.

    Drafts only: a person reads and completes each before it is public. Each draft stays tied to
    its clause, so that it ends with it. Called again with the same clauses, a provider makes no
    second draft of what is waiting already; of a whole page one for each question.
    """

    def draft(
        self, sources: Sequence[QASource], *, page: Page, site: int | None, user: Any
    ) -> QADraftsMade:
        """Make the drafts in the account of ``user``, who may edit ``page``."""
        ...


qa_drafts: Capability[QADrafts] = Capability("qa_drafts", QADrafts)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class DirectAnswer:
    """An approved text that answers a question, word for word.

    ``language`` is the language of ``html`` (ready to be shown) and ``text``; ``trust`` is
    ``human``, ``reviewed_machine`` or ``machine``. ``url`` is the page of the answer.
    ``valid_from`` and ``valid_until`` are open where None.
    """

    question: str
    html: str
    text: str
    language: str
    url: str
    trust: str = "human"
    owner: str = ""
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None


@runtime_checkable
class DirectAnswers(Protocol):
    """Answers what is typed into a search field, where an approved text surely fits."""

    def direct_answer(self, query: str, *, site: int | None, language: str) -> DirectAnswer | None:
        """The answer, public and in force now; None where none is sure, and for no question."""
        ...


direct_answers: Capability[DirectAnswers] = Capability(
    "direct_answer",
    DirectAnswers,  # type: ignore[type-abstract]
)


@dataclass(frozen=True, slots=True)
class TrustLabel:
    """Who made the text of a page that says another one in a foreign language.

    ``made_by`` is ``human``, ``reviewed_machine`` or ``machine``; ``label`` says it in words,
    ``reviewer`` the role of the person who reviewed it ("" where nobody did), ``date``
    the day of its release. ``prevails`` is the sentence that the original is the text that counts,
    ``original`` the id of its page. Words may be lazy: they are in
    the language that is active when they are shown.
    """

    made_by: str
    label: "str | Promise"
    reviewer: "str | Promise"
    date: datetime.date | None
    prevails: "str | Promise"
    original: int


@runtime_checkable
class Trusts(Protocol):
    """Says of translated pages who made them: for lists, search results, answers, API and feeds."""

    def trust_labels(self, pages: Sequence[int]) -> Mapping[int, TrustLabel]:
        """By id; pages that translate nothing are left out. One query, whatever their number."""
        ...


trusts: Capability[Trusts] = Capability("trust", Trusts)  # type: ignore[type-abstract]


def trust_labels(pages: Sequence[int], site: SiteLike = None) -> Mapping[int, TrustLabel]:
    """Of the pages that are translations; empty where nobody knows. Reading goes on in any case."""
    provider = capability(trusts, site) if pages else None
    try:
        return provider.trust_labels(pages) if provider is not None else {}
    except CapabilityUnavailable:
        return {}


@runtime_checkable
class LanguageTeams(Protocol):
    """Knows who translates into and from which language, where."""

    def languages_of(self, user: Any) -> Collection[tuple[int, str]]:
        """The (site, language) pairs in whose team an account translates or reviews; empty for
        everybody else. One query: menus ask on each page."""
        ...


language_teams: Capability[LanguageTeams] = Capability(
    "language_teams",
    LanguageTeams,  # type: ignore[type-abstract]
)


@dataclass(frozen=True, slots=True)
class DisclosureRequestFigures:
    """Requests for information of one year; ``replies`` are (name of the reply type, number)."""

    carried_over: int
    received: int
    replied: int
    pending: int
    replies: Sequence[tuple[str, int]] = ()


@runtime_checkable
class DisclosureRequests(Protocol):
    """Takes requests for government information (依申请公开) online.

    ``unit`` is the pk of the ``Organisation`` that is asked; None: the site's own body.
    """

    def form_url(self, *, site: int, unit: int | None) -> str:
        """The address of the form; "" where this body takes no requests online."""
        ...

    def figures(self, *, site: int, unit: int | None, year: int) -> DisclosureRequestFigures | None:
        """What the annual report states; None where nothing was recorded in that year."""
        ...


disclosure_requests: Capability[DisclosureRequests] = Capability(
    "disclosure_requests",
    DisclosureRequests,  # type: ignore[type-abstract]
)


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause of a public document, as it read at a moment.

    ``document`` is the primary key of the document's page and ``title`` its title. ``clause`` is
    the id, "" for the document as a whole. ``label`` is how people call it (第三条), ``text`` its
    words with all that lies below it, a line each; ``url`` its permalink, beginning with ``/``.

    ``valid_from`` and ``valid_until`` say when the clause is in force, whatever its wording was
    (None: open; ``valid_until`` is the first moment at which it is not); ``standing`` is a value of
    ``Standing`` at that moment. ``since``: from when this wording holds, None: from the beginning.
    """

    document: int
    clause: str
    title: str
    label: str
    text: str
    url: str
    standing: str
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    since: datetime.datetime | None = None

    def is_in_force(self, at: datetime.datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or self.valid_until > at
        )


@runtime_checkable
class Clauses(Protocol):
    """The clauses of documents: their words and validity, by id and by what people call them."""

    def read(
        self, cites: "Sequence[CitedClauses]", *, at: datetime.datetime | None = None
    ) -> Sequence[ClauseText]:
        """The cited clauses in their order, as of a moment (default: now).

        A ``CitedClauses`` without ids gives the document as a whole. A clause that the text of
        that moment has not is given as it read last, or first, with the interval that says so. Left
        out: documents that are not public, ids that no text ever had. At most five queries.
        """
        ...

    def find(self, *, document: int, words: str) -> str:
        """The id of the clause that people call so (第十二条, 第12条第二款, 三、（一）).

        Of the text as it is now. "" where there is none, or more than one.
        """
        ...

    def widget(self, *, document: str) -> Any:
        """A form widget for clause ids as JSON. ``document``: name of the field beside it."""
        ...


clauses: Capability[Clauses] = Capability("clauses", Clauses)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of official text that a question is about, public and in force at the moment.

    ``kind`` says what it stands in, such as ``policy``; ``key`` names the piece for good
    (``page:17#c-0f1e2d3c4b``). ``title`` is that of the whole, ``label`` how people call the piece
    (第三条; may be empty), ``text`` its words, a line each, ``url`` its address, beginning with
    ``/``. ``score`` is between 0 and 1: how much of the question occurs; of one answer's passages
    the best come first.
    """

    kind: str
    key: str
    title: str
    url: str
    label: str
    text: str
    standing: str
    score: float
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None


@runtime_checkable
class Passages(Protocol):
    """Pieces of official text that a question is about: where to read on, never an answer.

    Only what everybody may read and what is in force at the moment that is asked for.
    """

    def passages(
        self,
        text: str,
        *,
        site: int | None,
        language: str,
        at: datetime.datetime | None = None,
        count: int = 5,
    ) -> Sequence[Passage]:
        """The passages that fit best, at most ``count``; none rather than what does not fit.

        Args:
            text: a question or some words, as a visitor typed them; the first 500 characters count.
            site: of this site and of the main one; None: of all.
            language: of the passages, such as ``zh-hans``.
            at: default: now.
        """
        ...


passages: Capability[Passages] = Capability("passages", Passages)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class GapSignal:
    """Something that somebody asked or looked for in vain.

    ``key`` names it for good within its source. ``text`` is in the words of the person, without
    personal data; ``asker`` tells people apart and nothing more ("" where they cannot be told).
    ``kind``: ``search``, ``letter`` or ``other``; ``url``: where editors read more.
    """

    key: str
    text: str
    language: str
    at: datetime.datetime
    kind: str = "other"
    asker: str = ""
    url: str = ""


@runtime_checkable
class GapSignalSource(Protocol):
    """Knows what people did not find at a site."""

    def gap_signals(
        self, *, site: int, since: datetime.datetime, until: datetime.datetime
    ) -> Iterable[GapSignal]:
        """What became known from ``since`` (inclusive) to ``until`` (exclusive), oldest first."""
        ...


gap_signals: Registry[GapSignalSource] = Registry(
    "gap_signals",
    GapSignalSource,  # type: ignore[type-abstract]
    doc="""
    Sources of what people asked or looked for in vain: searches without results, letters. Read
    each night and made into gaps of the knowledge base, with the questions that the assistant
    could not answer. The key is stored with each signal: do not rename it.
    """,
)


@runtime_checkable
class ConsequenceSource(Protocol):
    """Knows what else changes for people when pages are no longer in force."""

    def consequences(self, *, pages: Sequence[Page], clauses: Sequence[str] = ()) -> Iterable[str]:
        """A sentence for each thing that would change; none where nothing would.

        Args:
            pages: what ends.
            clauses: ids of the first page's clauses that end; empty: all of each page.
        """
        ...


consequences: Registry[ConsequenceSource] = Registry(
    "consequences",
    ConsequenceSource,  # type: ignore[type-abstract]
    doc="""
    Sources of what follows when a document ends, said on the screen that records it before it is
    recorded: whoever does it sees the list and confirms. Asked once for each attempt: take seconds
    at most, and write nothing.
    """,
)

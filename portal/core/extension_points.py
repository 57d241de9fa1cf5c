"""The core's extension points: what it tells, lets change, shows and collects.

Each has a page in ``docs/plugins/``; a test notices one that has not.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.http import HttpRequest
from wagtail.models import Page

from portal.plugins.events import Event
from portal.plugins.filters import Filter
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry, Renderable, Shown, Slot

from .clocks.kinds import ClockKind

if TYPE_CHECKING:
    from .context import MenuItem, PageTag
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
    ``page.updated``, ``page.withdrawn``, ``page.moved``, ``page.deleted``, ``page.validity``. Each has its own
    cursor: one that fails is tried again later and holds up nobody.
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


clock_kinds: Registry[ClockKind] = Registry(
    "clock_kinds",
    ClockKind,
    doc="""
    Kinds of deadlines, with default terms that each site can change. The key is stored with every
    clock and with the sites' terms: do not rename it.
    """,
)

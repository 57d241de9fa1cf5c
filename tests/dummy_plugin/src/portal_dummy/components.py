"""What this plugin enters into the portal's registries."""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from portal.plugin_api import (
    ApiRoutes,
    BackupPart,
    CardText,
    ClockKind,
    Dependant,
    DependantAction,
    EvidenceItem,
    GapSignal,
    HotTopic,
    Limit,
    ListItem,
    Measure,
    MemberStanding,
    OutboxEvent,
    PlatformConnection,
    PlatformHealth,
    PushMessage,
    PushReceipt,
    PushTarget,
    Readiness,
    ReceiptLine,
    Renderable,
    ScheduledJob,
    SearchCard,
    SearchEntry,
    SearchKind,
    Shown,
    SitemapAddress,
    Terms,
    Unit,
    WatchedText,
    api_routers,
    backup_parts,
    bundle_members,
    card_sources,
    clock_kinds,
    components,
    consequences,
    dashboard_panels,
    demo_content,
    dependants,
    dialogue_skills,
    evidence_sources,
    gap_signals,
    hot_topics,
    index_rebuilders,
    language_keepers,
    list_sources,
    measured_functions,
    outbox_consumers,
    page_limits,
    page_variants,
    preview_sets,
    publication_followers,
    push_channels,
    readiness_checks,
    receipt_parts,
    release_holds,
    resource_connectors,
    scheduled_jobs,
    search_cards,
    search_kinds,
    search_labels,
    search_sources,
    service_adaptors,
    sitemap_sources,
    watched_texts,
    web_starters,
)

from .api import make_router
from .apps import FORGET_OLD_NOTES
from .models import Note
from .services import forget_old_notes, take_note
from .skills import TakeNote
from .slots import Badge


class LatestNote:
    """Editors place it in a page; visitors see the latest note of the site."""

    label = gettext_lazy("Latest note")

    def render(self, *, site: int | None, context: Mapping[str, Any]) -> Shown:
        note = Note.objects.filter(site_id=site).first()
        return Badge(note.text) if note else None


class NotesList:
    """Editors choose it in the block "List from a plugin"."""

    label = gettext_lazy("Notes of the dummy")

    def items(self, *, site: int | None, language: str, count: int) -> list[ListItem]:
        notes = Note.objects.filter(site_id=site)[:count]
        return [ListItem(title=note.text, url="/dummy/", date=note.created_at) for note in notes]


class NotesInVain:
    """Notes of which nobody knew the answer."""

    def gap_signals(
        self, *, site: int, since: datetime.datetime, until: datetime.datetime
    ) -> list[GapSignal]:
        notes = Note.objects.filter(site_id=site, created_at__gte=since, created_at__lt=until)
        return [
            GapSignal(key=str(note.pk), text=note.text, language="zh-hans", at=note.created_at)
            for note in notes.order_by("created_at")
        ]


class NotesMeasured:
    """How much the dummy is used."""

    title = gettext_lazy("Notes of the dummy")
    order = 900

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> list[Measure]:
        notes = Note.objects.filter(created_at__date__range=(first, last))
        count = notes.count() if site is None else notes.filter(site_id=site).count()
        return [Measure(key="notes", label=_("Notes"), value=count)]


class NotesLost:
    """Says how many notes would have lost what they are about."""

    def consequences(self, *, pages: Sequence[Page], clauses: Sequence[str] = ()) -> list[str]:
        count = Note.objects.filter(text__in=[page.title for page in pages]).count()
        return [f"{count} notes are about it."] if count else []


class NoteTopics:
    """What many people write in notes."""

    def hot_topics(self, *, site: int) -> list[HotTopic]:
        return [HotTopic(key=str(note.pk), text=note.text) for note in Note.objects.all()[:20]]


class NotesPanel:
    """On the editors' first page."""

    order = 900

    def panel(self, request: HttpRequest) -> Renderable | None:
        return Badge(_("Notes: %(count)s") % {"count": Note.objects.count()})


class NotesElsewhere:
    """Notes as if another system had them."""

    label = gettext_lazy("Notes of the dummy")

    def items(self, *, site: int, since: datetime.datetime | None) -> Iterator[dict[str, str]]:
        for note in Note.objects.filter(site_id=site):
            yield {
                "identifier": str(note.pk),
                "title": note.text,
                "body": f"{note.text}。",
                "date": note.created_at.isoformat(),
            }


class NotesBeside:
    """In the transaction of each publication."""

    def published(self, pages: Sequence[Page]) -> None:
        """What came back needs no note that it went."""
        Note.objects.filter(text__in=[f"withdrawn: {page.title}" for page in pages]).delete()

    def withdrawn(self, page: Page) -> None:
        Note.objects.filter(text=f"to be withdrawn: {page.title}").delete()


class NotesAbout:
    """On the screen of what rests on a page that was repealed: the notes that name it."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        for note in Note.objects.filter(text__contains=f"{item} "):
            yield Dependant(
                key=f"note:{note.pk}",
                label=note.text,
                kind=_("note"),
                site=note.site_id,
                actions=(DependantAction.WITHDRAW,),
            )

    def act(
        self, *, key: str, action: DependantAction, item: str, replacement: str, user: Any
    ) -> None:
        if not user.has_perm("dummy.delete_note"):
            raise PermissionDenied
        Note.objects.filter(pk=key.partition(":")[2]).delete()


class NoteTaker:
    """Reads the outbox. Idempotent: the same event again finds its note."""

    name = "dummy"
    kinds = ("page.deleted",)

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        for event in events:
            text = f"deleted: {event.key} ({event.pk})"
            if not Note.objects.filter(text=text).exists():
                take_note(site=None, text=text)


class NoteForms:
    """The form of search results that are notes, as visitors read it."""

    facet = "form"

    def labels(self, values: Sequence[str], *, language: str) -> Mapping[str, str]:
        return {"note": _("Notes of the dummy")} if "note" in values else {}


class NotedTexts:
    """Texts whose figures are compared with the clauses that they cite; notes cite none."""

    label = gettext_lazy("Notes of the dummy")

    def texts(
        self,
        *,
        site: int | None,
        keys: Collection[str] | None = None,
        document: int | None = None,
    ) -> Iterator[WatchedText]:
        yield from ()


def ready() -> Readiness:
    return Readiness(ok=True, detail="dummy", critical=False)


clock_kinds.register(
    "answer",
    ClockKind(
        label=gettext_lazy("Answer to a note"),
        due_label=gettext_lazy("Answer by"),
        terms=Terms(limit=Limit(5, Unit.WORKING_DAYS), reminders=(Limit(1, Unit.WORKING_DAYS),)),
    ),
)


class NoDemo:
    """Nothing of its own in the demo city."""

    def finish(self, demo: Any) -> None:
        take_note(site=None, text="demo loaded")


class NoNotice:
    """Keeps no language in step: has nothing to say in place of a tree that is not public."""

    def notice(self, request: HttpRequest, *, site: int, language: str) -> HttpResponse | None:
        return None


class NoLimits:
    """Has no say in where translators and partners work."""

    def paths(self, *, user: Any, site: int, language: str) -> Collection[str] | None:
        return None


class Shouted:
    """Pages in capitals; a form of its own that no site offers."""

    prefix = "dummy-capitals"
    tag = "zh-Hans-x-dummy"
    source = "zh-hans"

    def is_offered(self, *, site: int) -> bool:
        return False

    def version(self, *, site: int | None) -> str:
        return "1"

    def convert(self, page: str, *, site: int | None, rewrite: Callable[[str], str]) -> str:
        return page.upper()


class NoCardTexts:
    """Notes are in one language: no card can be made of them."""

    def card_text(self, key: str, *, language: str) -> CardText | None:
        return None


class FoundNotes:
    """Makes notes findable: when everything is looked through, for no event tells of a note."""

    word = "note"
    kinds: Sequence[str] = ()

    def keys(self, events: Sequence[OutboxEvent]) -> Iterable[str]:
        return ()

    def entries(self, keys: Sequence[str]) -> Iterator[SearchEntry]:
        pks = [int(key.removeprefix("note:")) for key in keys]
        for note in Note.objects.filter(pk__in=pks):
            yield SearchEntry(
                key=f"note:{note.pk}",
                kind="note",
                language="zh-hans",
                url="/",
                title=note.text,
                site=note.site_id,
            )

    def all_keys(self) -> Iterator[str]:
        for pk in Note.objects.order_by("pk").values_list("pk", flat=True):
            yield f"note:{pk}"


class NotesOnCards:
    """Says more of results that are notes; none are."""

    kinds: Sequence[str] = ("note",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        return {key: SearchCard(facts=[(_("Note"), str(pk))]) for key, pk in pages.items()}


class NoteChannel:
    """A channel that only keeps, as notes, what it is given."""

    label = gettext_lazy("Notes")
    note = ""
    is_connected = True

    def problem(self, target: PushTarget) -> str:
        return ""

    def push(self, target: PushTarget, message: PushMessage) -> PushReceipt:
        return PushReceipt(number=message.key)


class NotePlatform:
    """A platform for services that has none: what it does not know is never asked of it."""

    label = gettext_lazy("Notes")
    knows: frozenset[str] = frozenset()

    def health(self, connection: PlatformConnection) -> PlatformHealth:
        return PlatformHealth(True, "")

    def items(self, connection: PlatformConnection, *, since: datetime.datetime | None) -> Any:
        return ()

    def push(self, connection: PlatformConnection, items: Sequence[Any]) -> Mapping[str, str]:
        return {}

    def progress(self, connection: PlatformConnection, *, number: str, code: str) -> None:
        return None

    def certificate(self, connection: PlatformConnection, *, kind: str, number: str) -> None:
        return None


def rebuild_notes(say: Callable[[str], None]) -> int:
    """Notes are their own index: there is nothing to make anew, only to count."""
    number = Note.objects.count()
    say(f"{number} notes")
    return number


def load_notes() -> None:
    """A plugin of this size has nothing that takes long to load; asked so that it is there."""
    Note.objects.exists()


class NotesOnRecord:
    """Notes for the log of evidence. None is public: nothing is entered."""

    kind = "note"
    label = gettext_lazy("Notes")
    table = "portal_dummy_note"
    events: Mapping[str, frozenset[str] | None] = {"site.changed": None}

    def concerned(self, events: Sequence[Any]) -> Sequence[int]:
        return []

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        return []

    def present(self, pks: Sequence[int]) -> Sequence[EvidenceItem]:
        return []

    def advice(self, pk: int) -> str:
        return "Write the note anew."


def restored() -> None:
    """Nothing of a note lies outside the database."""


api_routers.register("notes", ApiRoutes("dummy-notes", make_router))
card_sources.register("notes", NoCardTexts())
components.register("latest_note", LatestNote())
list_sources.register("notes", NotesList())
language_keepers.register("nothing", NoNotice())
page_limits.register("nothing", NoLimits())
page_variants.register("capitals", Shouted())
dashboard_panels.register("notes", NotesPanel())
demo_content.register("nothing", NoDemo())
dependants.register("notes", NotesAbout())
dialogue_skills.register("take_note", TakeNote())
consequences.register("notes", NotesLost())
evidence_sources.register("notes", NotesOnRecord())
gap_signals.register("notes", NotesInVain())
measured_functions.register("notes", NotesMeasured())
hot_topics.register("notes", NoteTopics())
outbox_consumers.register("notes", NoteTaker())
publication_followers.register("notes", NotesBeside())
resource_connectors.register("notes", NotesElsewhere())
readiness_checks.register("dummy", ready)
index_rebuilders.register("notes", rebuild_notes)
backup_parts.register("notes", BackupPart(derived=("dummy-cache",), after_restore=restored))
web_starters.register("notes", load_notes)
push_channels.register("notes", NoteChannel())
service_adaptors.register("notes", NotePlatform())
search_cards.register("notes", NotesOnCards())
search_kinds.register("note", SearchKind(gettext_lazy("Notes"), order=900))
search_sources.register("notes", FoundNotes())
scheduled_jobs.register(
    "forget_old_notes",
    ScheduledJob(label=FORGET_OLD_NOTES, work=forget_old_notes, at=datetime.time(3, 40)),
)
search_labels.register("notes", NoteForms())
watched_texts.register("notes", NotedTexts())


class Sets:
    """Holds what waits for the dummy, which is never long."""

    def holds(self, page: Page) -> str | None:
        return "dummies" if page.title == "Wait for the dummy" else None


release_holds.register("sets", Sets())


class NoMembers:
    """Notes go public by themselves: none waits for others, and whoever asks for one is told so."""

    def _refuse(self) -> None:
        raise ValidationError(_("Notes take no part in joint releases."))

    def standings(self, *, pages: Sequence[Page]) -> Mapping[int, MemberStanding]:
        return {}

    def hand_in(self, *, page: Page, user: Any) -> None:
        self._refuse()

    def release(self, *, page: Page, user: Any) -> None:
        self._refuse()

    def try_out(self, *, page: Page, user: Any) -> None:
        self._refuse()

    def let_go(self, *, page: Page) -> None:
        """Nothing of it is held, so nothing is to be let go."""


class NoSets:
    """There are no sets of notes, so that nobody can share one."""

    def subject(self, *, number: int) -> Model | None:
        return None

    def url(self, *, number: int) -> str:
        return ""

    def pages(self, *, number: int) -> Mapping[int, str]:
        return {}

    def shown(self, *, number: int, page: int) -> Page:
        raise Page.DoesNotExist

    def may_share(self, *, number: int, user: Any) -> bool:
        return False


bundle_members.register("notes", NoMembers())
preview_sets.register("notes", NoSets())


class NoteOfPublication:
    """Where a publication has arrived: among the notes, or nowhere."""

    order = 900

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        found = Note.objects.filter(text=f"published: {publication.title}").first()
        if found is None:
            return [ReceiptLine(_("Notes"), "none")]
        return [ReceiptLine(_("Notes"), "done", at=found.created_at, url="/dummy/")]


class NotesPlace:
    """The one address of the notes, for search engines."""

    def count(self, *, site: int, language: str) -> int:
        return 1

    def addresses(
        self, *, site: int, language: str, offset: int, limit: int
    ) -> Iterable[SitemapAddress]:
        return [SitemapAddress("/dummy/")][offset : offset + limit]


receipt_parts.register("notes", NoteOfPublication())
sitemap_sources.register("notes", NotesPlace())

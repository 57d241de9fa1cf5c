"""What this plugin enters into the portal's registries."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import (
    ClockKind,
    HotTopic,
    Limit,
    ListItem,
    OutboxEvent,
    Readiness,
    Renderable,
    ScheduledJob,
    Shown,
    Terms,
    Unit,
    clock_kinds,
    components,
    dashboard_panels,
    hot_topics,
    list_sources,
    outbox_consumers,
    readiness_checks,
    scheduled_jobs,
)

from .apps import FORGET_OLD_NOTES
from .models import Note
from .services import forget_old_notes, take_note
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


class NoteTopics:
    """What many people write in notes."""

    def hot_topics(self, *, site: int) -> list[HotTopic]:
        return [HotTopic(key=str(note.pk), text=note.text) for note in Note.objects.all()[:20]]


class NotesPanel:
    """On the editors' first page."""

    order = 900

    def panel(self, request: HttpRequest) -> Renderable | None:
        return Badge(_("Notes: %(count)s") % {"count": Note.objects.count()})


class NoteTaker:
    """Reads the outbox. Idempotent: the same event again finds its note."""

    name = "dummy"
    kinds = ("page.deleted",)

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        for event in events:
            text = f"deleted: {event.key} ({event.pk})"
            if not Note.objects.filter(text=text).exists():
                take_note(site=None, text=text)


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
components.register("latest_note", LatestNote())
list_sources.register("notes", NotesList())
dashboard_panels.register("notes", NotesPanel())
hot_topics.register("notes", NoteTopics())
outbox_consumers.register("notes", NoteTaker())
readiness_checks.register("dummy", ready)
scheduled_jobs.register(
    "forget_old_notes",
    ScheduledJob(label=FORGET_OLD_NOTES, work=forget_old_notes, at=datetime.time(3, 40)),
)

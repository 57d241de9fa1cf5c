"""The deadline of a section: one clock for its most urgent translation.

Each translation has its due day (``PageTranslation.due``), counted by the clock service. A clock
with reminders for each of a thousand pages would bury the editors' list of deadlines; a section has
one, that of the translation which is due first, and is handed on when that one is done.
"""

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.foreign.models import ForeignSection, PageTranslation
from portal.foreign.selectors.coverage import OWED
from portal.plugin_api import Clock, ClockKind, Escalation, Limit, Terms, Unit, clocks

# Stored with every clock.
CLOCK_KIND = "foreign.translation"
DONE, NEXT = "done", "another is due earlier"

TRANSLATION = ClockKind(
    label=_("Translation that a section owes"),
    due_label=_("Translation by"),
    terms=Terms(
        limit=Limit(5, Unit.WORKING_DAYS),
        reminders=(Limit(1, Unit.WORKING_DAYS),),
        escalations=(Escalation(Limit(0, Unit.WORKING_DAYS), "site_admin"),),
    ),
)


def follow_sections(site_pk: int | None, now: datetime.datetime | None = None) -> int:
    """Bring the clocks of a site's sections in line with their queues; how many changed."""
    if site_pk is None:
        return 0
    now = now or timezone.now()
    sections = ForeignSection.objects.filter(site=site_pk).select_related("site", "locale")
    return sum(_follow(section, now) for section in sections)


@transaction.atomic
def _follow(section: ForeignSection, now: datetime.datetime) -> bool:
    running = clocks.open(CLOCK_KIND, _subject(section))
    first = _first_due(section)
    if first is None:
        if running is not None:
            _stop(running, DONE, now)
        return running is not None
    if running is not None:
        if running.parameters == _parameters(first):
            return False
        is_done = not PageTranslation.objects.filter(
            OWED, pk=running.parameters.get("translation")
        ).exists()
        _stop(running, DONE if is_done else NEXT, now)
    assert first.waiting_since is not None
    assert first.due is not None
    clocks.start(
        kind=CLOCK_KIND,
        subject=_subject(section),
        site=section.site_id,
        label=f"{section.locale} · {first.source.title}"[:200],
        url=reverse("foreign_board", args=[section.pk]),
        limit=_limit(section, first),
        started_at=min(first.waiting_since, now),
        parameters=_parameters(first),
    )
    return True


def _first_due(section: ForeignSection) -> PageTranslation | None:
    if section.state == ForeignSection.State.CLOSED:
        return None
    return (
        PageTranslation.objects.filter(
            OWED, section=section, due__isnull=False, waiting_since__isnull=False
        )
        .select_related("source")
        .order_by("due", "-harm", "pk")
        .first()
    )


def _limit(section: ForeignSection, translation: PageTranslation) -> Limit:
    """The working days from the change to the due day, as the rule gave them."""
    assert translation.waiting_since is not None
    assert translation.due is not None
    begun = timezone.localdate(translation.waiting_since)
    passed = clocks.working_days_since(section.site_id, [begun], translation.due)[begun]
    # What came after office hours began on the next working day.
    for days in (passed, passed - 1):
        if days > 0:
            limit = Limit(days, Unit.WORKING_DAYS)
            due = clocks.due(section.site_id, limit, translation.waiting_since).at.date()
            if due == translation.due:
                return limit
    return Limit(max(passed, 1), Unit.WORKING_DAYS)


def _parameters(translation: PageTranslation) -> dict[str, Any]:
    assert translation.due is not None
    return {"translation": translation.pk, "due": translation.due.isoformat()}


def _subject(section: ForeignSection) -> str:
    return f"foreign-section:{section.pk}"


def _stop(clock: Clock, outcome: str, now: datetime.datetime) -> None:
    last = clock.entries.last()
    began = last.at if last is not None else clock.started_at
    clocks.stop(clock=clock, outcome=outcome, at=max(now, began))

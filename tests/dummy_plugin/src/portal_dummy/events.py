"""What the portal tells: called after the commit, only for sites where this plugin is on."""

from typing import Any

from portal.plugin_api import (
    Clock,
    ClockAlarm,
    ReviewRound,
    SiteLike,
    clock_due_soon,
    clock_escalated,
    clock_overdue,
    page_published,
    page_withdrawn,
    plugin_switched,
    release_held,
    review_moved,
    site_created,
    watched_text_saved,
)

from .services import take_note


@page_published.receiver
def note_publication(*, page: Any, site: SiteLike) -> None:
    take_note(site=site, text=f"published: {page.title}")


@page_withdrawn.receiver
def note_withdrawal(*, page: Any, site: SiteLike) -> None:
    take_note(site=site, text=f"withdrawn: {page.title}")


@site_created.receiver
def note_site(*, site: SiteLike) -> None:
    take_note(site=site, text="site created")


@plugin_switched.receiver
def note_switch(*, slug: str, site: int | None, enabled: bool) -> None:
    take_note(site=site, text=f"switched {'on' if enabled else 'off'}: {slug}")


@clock_due_soon.receiver
def note_reminder(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    take_note(site=site, text=f"due soon: {clock}")


@clock_overdue.receiver
def note_overdue(*, clock: Clock, alarm: ClockAlarm, site: SiteLike) -> None:
    take_note(site=site, text=f"overdue: {clock}")


@clock_escalated.receiver
def note_escalation(*, clock: Clock, alarm: ClockAlarm, role: str, site: SiteLike) -> None:
    take_note(site=site, text=f"escalated to {role}: {clock}")


@release_held.receiver
def note_waiting(*, page: Any, site: SiteLike) -> None:
    take_note(site=site, text=f"waits for others: {page.title}")


@review_moved.receiver
def note_review(*, review: ReviewRound, site: SiteLike) -> None:
    take_note(site=site, text=f"{review.state}: {review.title}")


@watched_text_saved.receiver
def note_saved_text(*, source: str, key: str, site: SiteLike) -> None:
    take_note(site=site, text=f"saved: {source} {key}")

"""Writing publications: one open row for each public page and language."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from .models import Publication, Standing

if TYPE_CHECKING:
    from .reviews.grounds import Ground


@dataclass(frozen=True, slots=True)
class ValidityFacts:
    """How a page stands: in force from when until when (None: open), what is said of it now, and
    the moments at which that may change."""

    interval: tuple[datetime.datetime | None, datetime.datetime | None]
    standing: Standing
    changes: tuple[datetime.datetime, ...]


def item_key(page: Page) -> str:
    return f"page:{page.pk}"


def _active_user_pk() -> int | None:
    user = get_active_log_context().user
    return user.pk if user is not None and user.is_authenticated else None


def open_publication(
    page: Page, site_pk: int | None, *, at: datetime.datetime, ground: "Ground | None" = None
) -> Publication:
    """Close the row that was open and open one for the version that is public from now on."""
    close_publication(page, at=at)
    return Publication.objects.create(
        page_id=page.pk,
        item=item_key(page),
        title=page.title,
        site_id=site_pk,
        language=page.locale.language_code,
        version=page.live_revision_id,
        published_by_id=_active_user_pk(),
        since=at,
        until=page.expire_at,
        basis=ground.basis if ground is not None else "",
        basis_key=ground.key if ground is not None else "",
        **validity_values(page, at),
    )


def validity_values(page: Page, at: datetime.datetime) -> dict[str, Any]:
    """What a publication says of a page's validity at a moment."""
    facts = page.validity_facts()
    valid_from, valid_until = facts.interval
    return {
        "valid_from": valid_from,
        "valid_until": valid_until,
        "standing": facts.standing,
        "changes_at": min((moment for moment in facts.changes if moment > at), default=None),
    }


def close_publication(page: Page, *, at: datetime.datetime | None = None) -> bool:
    """End what is public of a page; False when nothing was."""
    return bool(
        Publication.objects.filter(item=item_key(page), closed=False).update(
            until=at or timezone.now(), closed=True
        )
    )


def follow_move(path: str, site_pk_for: Callable[[str], int | None]) -> None:
    """After a move of what is at or below ``path``: it is public at its new site now."""
    now = timezone.now()
    moved = Publication.objects.filter(closed=False, page__path__startswith=path)
    for row in moved.select_related("page"):
        site_pk = site_pk_for(row.page.path) if row.page else None
        if site_pk == row.site_id:
            continue
        planned_end = row.until
        row.until, row.closed = now, True
        row.save(update_fields=["until", "closed"])
        row.pk, row._state.adding = None, True
        row.site_id, row.since, row.until, row.closed = site_pk, now, planned_end, False
        row.save()

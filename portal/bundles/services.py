"""Working on a set: making, filling, handing in, dissolving. Releasing is in ``release``."""

import datetime
import logging
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.plugin_api import MemberStage, release_held, site_of_path, take_turn

from .members import members_of
from .models import Bundle, BundleItem
from .permissions import may_include, may_work_on
from .selectors import open_item_of, row_of

logger = logging.getLogger(__name__)

# One step that many readers and editors wait for: not a whole website.
MAX_ITEMS = 200
LOG_MADE, LOG_CHANGED = "bundles.made", "bundles.changed"
LOG_ADDED, LOG_REMOVED = "bundles.added", "bundles.removed"
LOG_HANDED_IN, LOG_DISSOLVED = "bundles.handed_in", "bundles.dissolved"


def made(*, bundle: Bundle, by: Any) -> Bundle:
    """Store a new set that a form has filled.

    Raises:
        PermissionDenied: for who works on no pages of the set's site.
    """
    if not may_work_on(by, bundle):
        raise PermissionDenied
    with transaction.atomic():
        bundle.owner, bundle.owner_name = by, by.get_username()
        bundle.save()
        log(instance=bundle, action=LOG_MADE, user=by)
    return bundle


def changed(*, bundle: Bundle, by: Any) -> None:
    """Store what a form has changed of a set: title, note, embargo.

    Raises:
        PermissionDenied: for who works on no pages of the set's site.
        ValidationError: the set is over, or is to go public before the new embargo.
    """
    if not may_work_on(by, bundle):
        raise PermissionDenied
    with transaction.atomic():
        stored = _locked(bundle)
        if not stored.is_open:
            raise ValidationError(_("This set is over; nothing of it is changed any more."))
        if (
            stored.go_live_at is not None
            and bundle.embargo_until is not None
            and bundle.embargo_until > stored.go_live_at
        ):
            raise ValidationError(
                _("The set is to go public before that. Take its time back first.")
            )
        bundle.save(update_fields=["title", "note", "embargo_until"])
        log(instance=bundle, action=LOG_CHANGED, user=by)


@transaction.atomic
def add(*, bundle: Bundle, page: Page, by: Any) -> BundleItem:
    """Put a page into a set: from now on it becomes public with it, and not before.

    Raises:
        PermissionDenied: for who may not work on the set, or not edit the page.
        ValidationError: it is in another set, nothing of it waits, or the set takes nothing more.
    """
    take_turn()
    bundle = _locked(bundle)
    others = list(Page.objects.filter(pk__in=bundle.items.filter(open=True).values("page")))
    if not may_work_on(by, bundle) or not may_include(by, page, others):
        raise PermissionDenied
    if bundle.state == Bundle.State.SCHEDULED:
        raise ValidationError(
            _("The set has its time already. Take the time back before you add something.")
        )
    if not bundle.is_open:
        raise ValidationError(_("This set is over. Make a new one."))
    held = open_item_of(page.pk)
    if held is not None:
        raise ValidationError(
            _("“%(page)s” is in the set “%(set)s” already.")
            % {"page": page.title, "set": held.bundle.title}
        )
    if page.alias_of_id is not None:
        raise ValidationError(_("This page shows another one by reference. Add that one."))
    member = members_of([page]).get(page.pk)
    if member is None or member.standing.stage == MemberStage.PUBLIC:
        raise ValidationError(
            _("Nothing of “%(page)s” waits to go public. Change it first.") % {"page": page.title}
        )
    if len(others) >= MAX_ITEMS:
        raise ValidationError(_("A set holds at most %(count)s pages.") % {"count": MAX_ITEMS})
    last = bundle.items.aggregate(last=Max("sort_order"))["last"]
    item = BundleItem.objects.create(
        bundle=bundle,
        page_id=page.pk,
        title=page.get_admin_display_title()[:255],
        sort_order=(last or 0) + 1,
        was_public=page.live,
        added_by=by,
    )
    log(instance=bundle, action=LOG_ADDED, user=by, data={"page": item.title})
    release_held.send(site=site_of_path(page.path), page=page)
    return item


@transaction.atomic
def remove(*, item: BundleItem, by: Any, reason: str = "") -> None:
    """Take a page out. What was signed for the set has to be handed in anew.

    Also out of a set that has its time: what turns out wrong at the last minute does not go along.

    Raises:
        PermissionDenied: for who may not work on the set.
        ValidationError: the set is over.
    """
    take_turn()
    bundle = _locked(item.bundle)
    if not may_work_on(by, bundle):
        raise PermissionDenied
    if not bundle.is_open:
        raise ValidationError(_("This set is over; nothing of it is changed any more."))
    _let_go([item])
    log(
        instance=bundle,
        action=LOG_REMOVED,
        user=by,
        data={"page": item.title, "reason": reason.strip()},
    )
    bundle.items.filter(pk=item.pk).delete()
    if bundle.state == Bundle.State.SCHEDULED and not bundle.items.exists():
        bundle.state, bundle.go_live_at, bundle.scheduled_by = Bundle.State.PREPARING, None, None
        bundle.save(update_fields=["state", "go_live_at", "scheduled_by"])


@transaction.atomic
def dissolve(*, bundle: Bundle, by: Any, reason: str) -> None:
    """Give a set up. Nothing becomes public; each page goes its own way, and is reviewed anew.

    Raises:
        PermissionDenied: for who may not work on the set.
        ValidationError: no reason, or the set is over.
    """
    take_turn()
    bundle = _locked(bundle)
    if not may_work_on(by, bundle):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError(_("Say why the set is dissolved."))
    if not bundle.is_open:
        raise ValidationError(_("This set is over; nothing of it is changed any more."))
    _let_go(list(bundle.items.select_related("page")))
    bundle.items.update(open=False)
    bundle.state = Bundle.State.DISSOLVED
    bundle.go_live_at = bundle.scheduled_by = None
    bundle.ended_at, bundle.ended_reason = timezone.now(), reason.strip()[:300]
    bundle.save()
    log(instance=bundle, action=LOG_DISSOLVED, user=by, data={"reason": bundle.ended_reason})


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of handing in a set's drafts: titles, and (title, reason) of the others."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def hand_in_drafts(*, bundle: Bundle, by: Any) -> HandedIn:
    """Hand in every draft of a set, each for its own reviews; one refusal stops no other.

    Raises:
        PermissionDenied: for who may not work on the set.
    """
    if not may_work_on(by, bundle):
        raise PermissionDenied
    found = HandedIn()
    for row in row_of(bundle).rows:
        if not row.is_draft or row.member is None:
            continue
        try:
            with transaction.atomic():
                row.member.source.hand_in(page=row.member.page, user=by)
        except PermissionDenied as refusal:
            said = str(refusal) or _("You may not hand this page in; ask its editors.")
            found.refused.append((row.item.title, said))
        except ValidationError as refusal:
            found.refused.append((row.item.title, " ".join(refusal.messages)))
        else:
            found.done.append(row.item.title)
    if found.done:
        log(instance=bundle, action=LOG_HANDED_IN, user=by, data={"pages": found.done})
    return found


def _locked(bundle: Bundle) -> Bundle:
    return Bundle.objects.select_for_update().get(pk=bundle.pk)


def _let_go(items: list[BundleItem]) -> None:
    members = members_of(item.page for item in items if item.page is not None)
    for member in members.values():
        member.source.let_go(page=member.page)


def moment_text(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"

"""Going public in one step: at once, at a time, as a trial; and back again."""

import datetime
import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal.plugin_api import MemberStage, take_turn

from .models import Bundle, BundleItem
from .ordering import in_order
from .permissions import has_right_to_release, may_work_on, objection_to_release
from .releasing import releasing
from .selectors import BundleRow, ItemRow, hindrances, item_hindrances, row_of
from .services import moment_text

logger = logging.getLogger(__name__)

LOG_RELEASED, LOG_REFUSED = "bundles.released", "bundles.refused"
LOG_SCHEDULED, LOG_UNSCHEDULED = "bundles.scheduled", "bundles.unscheduled"
LOG_WITHDRAWN = "bundles.withdrawn"
# What fails for no reason of the set itself is tried again by the clock, so many minutes.
ATTEMPTS = 5


class ReleaseRefused(ValidationError):
    """Nothing of the set became public. ``item`` is the one that it failed at, if it was one."""

    def __init__(self, messages: list[str], item: BundleItem | None = None) -> None:
        self.item = item
        super().__init__(messages)


def release(*, bundle: Bundle, user: Any, due: datetime.datetime | None = None) -> Bundle:
    """Make a whole set public in one transaction, or nothing of it.

    A set that is public already is left as it is: two people may press the button at once. What
    stood against it is kept with the set, outside the transaction that was undone.

    Args:
        due: for the clock: the time at which it saw the set planned. Is that no longer so, because
            somebody has taken the time back or chosen another, nothing is done.

    Raises:
        ReleaseRefused: the messages say why, and at which page.
        PermissionDenied: not a releaser of all sites, or a writer of something in the set.
    """
    try:
        with transaction.atomic():
            take_turn()
            bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
            if bundle.state == Bundle.State.RELEASED or (
                due is not None and not _is_planned_for(bundle, due)
            ):
                return bundle
            row = row_of(bundle)
            _refuse(row, user)
            if found := hindrances(row):
                raise ReleaseRefused(found)
            _make_public(row, user)
            _record(bundle, user)
    except ReleaseRefused as refusal:
        _note(bundle, user, refusal.messages, refusal.item)
        raise
    except PermissionDenied:
        raise
    except Exception as failure:
        logger.exception("The set %s could not be released", bundle.pk)
        item = getattr(failure, "bundle_item", None)
        said = [_("An error of the portal stopped it; the administrators find it in the log.")]
        if item is not None:
            said = [f"{item.title}：{said[0]}"]
        _note(bundle, user, said, item)
        raise ReleaseRefused(said, item) from failure
    return bundle


def _refuse(row: BundleRow, user: Any) -> None:
    bundle = row.bundle
    if reason := objection_to_release(user, bundle, row.pages, row.writers):
        raise PermissionDenied(reason)
    if not bundle.is_open:
        raise ReleaseRefused([_("This set is over: %(state)s.") % {"state": row.stage.label}])


def _make_public(row: BundleRow, user: Any) -> None:
    rows = {each.page.pk: each for each in row.rows if each.page is not None}
    with releasing(row.bundle.pk):
        for page in in_order(row.pages):
            each = rows[page.pk]
            try:
                _one(each, user)
            except ValidationError as refusal:
                said = [f"{each.item.title}：{message}" for message in refusal.messages]
                raise ReleaseRefused(said, each.item) from refusal
            except Exception as failure:
                failure.bundle_item = each.item  # type: ignore[attr-defined]
                raise


def _one(each: ItemRow, user: Any) -> None:
    assert each.member is not None
    page = Page.objects.get(pk=each.member.page.pk)  # the tree may have changed with those before
    if each.standing.stage != MemberStage.PUBLIC:
        each.member.source.release(page=page, user=user)
    live = Page.objects.filter(pk=page.pk, live=True).values_list("live_revision").first()
    if live is None:
        raise ValidationError(_("It did not become public; look at its history."))
    each.item.revision_id, each.item.open = live[0], False
    each.item.save(update_fields=["revision_id", "open"])


def _record(bundle: Bundle, user: Any) -> None:
    bundle.state = Bundle.State.RELEASED
    bundle.released_at = timezone.now()
    bundle.released_by, bundle.released_by_name = user, user.get_username()
    bundle.problem, bundle.problem_item, bundle.problem_at = "", None, None
    bundle.save()
    log(instance=bundle, action=LOG_RELEASED, user=user, data={"count": bundle.items.count()})


def _note(bundle: Bundle, user: Any, messages: list[str], item: BundleItem | None) -> None:
    """Keep what stood against a release. A set that is over meanwhile keeps its own story."""
    text = "\n".join(messages)
    try:
        with transaction.atomic():
            noted = Bundle.objects.open().filter(pk=bundle.pk)
            if noted.update(problem=text, problem_item=item, problem_at=timezone.now()):
                log(instance=bundle, action=LOG_REFUSED, user=user, data={"reason": text})
    except Exception:
        logger.exception("What stood against releasing the set %s could not be kept", bundle.pk)


# --- at a time ------------------------------------------------------------------------------------
@transaction.atomic
def schedule(*, bundle: Bundle, at: datetime.datetime, user: Any) -> None:
    """Have a set released at a moment, by the clock, in the name of who decides it now.

    Raises:
        PermissionDenied: as ``release``.
        ReleaseRefused: it is not ready, or the moment has passed or lies within the embargo.
    """
    take_turn()
    bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
    row = row_of(bundle)
    _refuse(row, user)
    found = item_hindrances(row) if row.rows else hindrances(row)
    if at <= timezone.now():
        found.append(_("Choose a time to come, or release it now."))
    if bundle.embargo_until is not None and at < bundle.embargo_until:
        found.append(
            _("The set is not to go public before %(at)s.")
            % {"at": moment_text(bundle.embargo_until)}
        )
    if found:
        raise ReleaseRefused(found)
    bundle.state, bundle.go_live_at, bundle.scheduled_by = Bundle.State.SCHEDULED, at, user
    bundle.attempts, bundle.problem, bundle.problem_item = 0, "", None
    bundle.problem_at = None
    bundle.save()
    log(instance=bundle, action=LOG_SCHEDULED, user=user, data={"at": moment_text(at)})


@transaction.atomic
def take_time_back(*, bundle: Bundle, by: Any) -> None:
    """Back to preparation: the set waits for somebody to release it. Doing so twice is no error.

    Raises:
        PermissionDenied: for who neither works on the set nor releases it.
    """
    take_turn()
    bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if not may_work_on(by, bundle):
        raise PermissionDenied
    if bundle.state == Bundle.State.SCHEDULED:
        _off_the_schedule(bundle)
        log(instance=bundle, action=LOG_UNSCHEDULED, user=by)


def _is_planned_for(bundle: Bundle, at: datetime.datetime) -> bool:
    return bundle.state == Bundle.State.SCHEDULED and bundle.go_live_at == at


def _off_the_schedule(bundle: Bundle) -> None:
    """Back to preparation; a time that somebody chose meanwhile stays."""
    planned = Bundle.objects.filter(
        pk=bundle.pk, state=Bundle.State.SCHEDULED, go_live_at=bundle.go_live_at
    )
    planned.update(state=Bundle.State.PREPARING, go_live_at=None, scheduled_by=None, attempts=0)


def release_due(site: int | None = None) -> int:
    """The job: releases the sets whose time has come; how many went public.

    One that is refused goes off the schedule and says why; one that fails for another reason is
    tried again for some minutes.
    """
    done = 0
    due = Bundle.objects.due().select_related("scheduled_by")
    for bundle in due.order_by("go_live_at", "pk"):
        user = bundle.scheduled_by
        try:
            if user is None:
                raise PermissionDenied(_("The account that chose the time is gone."))
            found = release(bundle=bundle, user=user, due=bundle.go_live_at)
            done += found.state == Bundle.State.RELEASED
        except PermissionDenied as refusal:
            _note(bundle, None, [str(refusal)], None)
            _off_the_schedule(bundle)
        except ReleaseRefused as refusal:
            is_of_the_set = not refusal.__cause__ or isinstance(refusal.__cause__, ValidationError)
            if is_of_the_set or bundle.attempts + 1 >= ATTEMPTS:
                _off_the_schedule(bundle)
            else:
                Bundle.objects.filter(pk=bundle.pk).update(attempts=bundle.attempts + 1)
    return done


# --- a trial --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Finding:
    """What would stand against one page."""

    item: BundleItem
    messages: list[str]


def try_out(*, bundle: Bundle, user: Any) -> list[Finding]:
    """What the publish gate would say of each page if the set were released now.

    The set is released for real, page by page, and all of it undone: nobody sees anything of it.
    Others who publish wait for so long.

    Raises:
        PermissionDenied: for who does not work on the set.
    """
    if not may_work_on(user, bundle):
        raise PermissionDenied
    found: list[Finding] = []
    with transaction.atomic():
        take_turn()
        row = row_of(bundle)
        rows = {each.page.pk: each for each in row.rows if each.page is not None}
        with releasing(bundle.pk):
            for page in in_order(row.pages):
                messages = _trial(rows[page.pk], user)
                if messages:
                    found.append(Finding(rows[page.pk].item, messages))
        transaction.set_rollback(True)
    return found


def _trial(each: ItemRow, user: Any) -> list[str]:
    assert each.member is not None
    if each.standing.stage == MemberStage.PUBLIC:
        return []
    try:
        with transaction.atomic():
            page = Page.objects.get(pk=each.member.page.pk)
            each.member.source.try_out(page=page, user=user)
    except ValidationError as refusal:
        return list(refusal.messages)
    except Exception:
        logger.exception("The trial release of page %s failed", each.item.page_id)
        return [_("An error of the portal stopped it; the administrators find it in the log.")]
    return []


# --- back -----------------------------------------------------------------------------------------
@transaction.atomic
def withdraw(*, bundle: Bundle, user: Any, reason: str) -> None:
    """Take all pages of a released set from the public in one step, or none.

    Also those of which an older version was public before: it comes back through the reviews.

    Raises:
        PermissionDenied: not a releaser of all sites.
        ValidationError: no reason, or the set is not public.
    """
    take_turn()
    bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
    row = row_of(bundle)
    if not has_right_to_release(user, bundle, row.pages):
        raise PermissionDenied(
            _("Withdrawing is for releasers of the sites whose pages are in the set.")
        )
    if bundle.state != Bundle.State.RELEASED:
        raise ValidationError(_("Only what was released is withdrawn."))
    if not reason.strip():
        raise ValidationError(_("Say why the set is withdrawn."))
    for listed in reversed(in_order(row.pages)):
        page = Page.objects.get(pk=listed.pk)  # withdrawn with another one, perhaps
        if page.live:
            page.specific.unpublish(user=user)
    bundle.state = Bundle.State.WITHDRAWN
    bundle.ended_at, bundle.ended_reason = timezone.now(), reason.strip()[:300]
    bundle.save()
    log(instance=bundle, action=LOG_WITHDRAWN, user=user, data={"reason": bundle.ended_reason})

"""Pages with reviews of their own as members of a set, and who is in charge of which page."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.plugin_api import (
    Basis,
    BundleMembers,
    MemberStage,
    MemberStanding,
    ReviewRefused,
    ReviewRound,
    ReviewStanding,
    bundle_members,
    go_live,
    hand_in,
    let_go,
    no_ground,
    releasing_as,
    review_standings,
    site_of_path,
)

State = ReviewRound.State


class ReviewedPages:
    """Entered in ``bundle_members``, last: every page that no other plugin knows better."""

    def standings(self, *, pages: Sequence[Page]) -> Mapping[int, MemberStanding]:
        known = review_standings(pages)
        times = _own_times(
            row.review.revision_id for row in known.values() if row.review.state == State.SIGNED
        )
        return {page.pk: _standing(page, known.get(page.pk), times) for page in pages}

    def hand_in(self, *, page: Page, user: Any) -> None:
        specific = page.specific
        rights = specific.permissions_for_user(user)
        # The second asks whether it can be handed in, not whether this account may.
        if not (rights.can_edit() and rights.can_submit_for_moderation()):
            raise PermissionDenied(_("You may not hand this page in; ask its editors."))
        hand_in(page=specific, user=user)

    def release(self, *, page: Page, user: Any) -> None:
        found = review_standings([page]).get(page.pk)
        if found is None or found.review.state != State.SIGNED:
            raise ReviewRefused(_("Its reviews are not all signed."))
        _let_go_of(page, but=found.review)
        # It stands on its own reviews, whatever else the running work may publish on.
        with no_ground():
            go_live(review=found.review, user=user)
        _refuse_if_not_public(page, found.review.revision_id)

    def try_out(self, *, page: Page, user: Any) -> None:
        found = review_standings([page]).get(page.pk)
        if found is not None and found.review.state == State.SIGNED:
            self.release(page=page, user=user)
            return
        revision = page.get_latest_revision()
        if revision is None:
            raise ValidationError(_("It was never saved."))
        with releasing_as(Basis.OPERATOR, "trial of a joint release"):
            revision.publish(user=user, skip_permission_checks=True)
        _refuse_if_not_public(page, revision.pk)

    def let_go(self, *, page: Page) -> None:
        _let_go_of(page)


def _let_go_of(page: Page, *, but: ReviewRound | None = None) -> None:
    """End the rounds that wait, also those of versions that newer ones have overtaken."""
    waiting = ReviewRound.objects.filter(page=page, state=State.SIGNED)
    for review in waiting.exclude(pk=but.pk) if but is not None else waiting:
        let_go(review=review)


def _refuse_if_not_public(page: Page, revision_pk: int) -> None:
    if not Page.objects.filter(pk=page.pk, live=True, live_revision=revision_pk).exists():
        raise ValidationError(
            _("It would not become public now: a later publication time stands in it.")
        )


def _own_times(revisions: Iterable[int]) -> dict[int, datetime.datetime]:
    """Publication times of their own that versions carry and that have not come."""
    rows = Revision.objects.filter(pk__in=set(revisions)).values_list("pk", "content__go_live_at")
    now = timezone.now()
    return {
        pk: moment
        for pk, text in rows
        if text and (moment := parse_datetime(text)) is not None and moment > now
    }


def _standing(
    page: Page, found: ReviewStanding | None, times: Mapping[int, datetime.datetime]
) -> MemberStanding:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    writers = frozenset(found.review.writers) if found is not None else frozenset()
    if found is not None and found.review.state == State.RUNNING:
        return MemberStanding(
            MemberStage.IN_REVIEW,
            step=found.step,
            waits_for=found.waits_for,
            url=reverse("portal_review", args=[found.review.pk]),
            problem=_("In review: %(step)s.") % {"step": found.step or _("a step waits")},
            writers=writers,
            revision=found.review.revision_id,
        )
    if found is not None and found.review.state == State.SIGNED:
        own = times.get(found.review.revision_id)
        problem, note = "", ""
        if own is not None:
            problem = _(
                "It carries a publication time of its own (%(at)s). Take that out and hand it in "
                "again, or take the page out of the set."
            ) % {"at": f"{timezone.localtime(own):%Y-%m-%d %H:%M}"}
        if page.latest_revision_id != found.review.revision_id:
            note = _("There is a newer draft. It does not go public with the set.")
        return MemberStanding(
            MemberStage.READY,
            url=url,
            problem=problem,
            note=note,
            writers=writers,
            revision=found.review.revision_id,
        )
    if page.live and not page.has_unpublished_changes:
        return MemberStanding(MemberStage.PUBLIC, url=url, note=_("Nothing new waits."))
    returned = found is not None and found.review.state == State.RETURNED
    return MemberStanding(
        MemberStage.DRAFT,
        waits_for=found.review.provider_name if found is not None and returned else "",
        url=url,
        problem=_("Returned; to be mended and handed in again.")
        if returned
        else _("A draft, not handed in yet."),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A page with how it stands, and who is in charge of it."""

    page: Page
    standing: MemberStanding
    source: BundleMembers


def members_of(pages: Iterable[Page]) -> dict[int, Member]:
    """By primary key. What nobody can tell (a plugin that fails) is not ready, and says so."""
    by_site: dict[int | None, dict[int, Page]] = {}
    for page in pages:
        by_site.setdefault(site_of_path(page.path), {})[page.pk] = page
    found: dict[int, Member] = {}
    for site, left in by_site.items():
        found |= _members_at(site, left)
    return found


def _members_at(site: int | None, left: dict[int, Page]) -> dict[int, Member]:
    found: dict[int, Member] = {}
    for entry in bundle_members.entries(site):
        standings = entry.run(partial(_ask, list(left.values())), None)
        if standings is None:  # others must not take its pages for theirs
            return found | {pk: Member(page, _unknown(), entry.item) for pk, page in left.items()}
        for pk, standing in standings.items():
            if pk in left:
                found[pk] = Member(left.pop(pk), standing, entry.item)
        if not left:
            break
    return found


def _ask(pages: Sequence[Page], source: BundleMembers) -> Mapping[int, MemberStanding] | None:
    return source.standings(pages=pages)


def _unknown() -> MemberStanding:
    return MemberStanding(
        MemberStage.DRAFT, problem=_("How far it is cannot be told at the moment. Try again.")
    )


def deleted() -> MemberStanding:
    """Of an item whose page is gone."""
    problem = _("This page was deleted. Take it out of the set.")
    return MemberStanding(MemberStage.DRAFT, problem=problem)

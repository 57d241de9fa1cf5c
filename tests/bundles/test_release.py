"""All of a set becomes public in one step, or none of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page, Revision

from portal.bundles.models import Bundle
from portal.bundles.release import ReleaseRefused, release, try_out, withdraw
from portal.bundles.selectors import Stage, row_of
from portal.core import outbox, publications
from portal.core.extension_points import publish_checks
from portal.core.gate import PublishProblem
from portal.core.models import (
    Basis,
    ListingRow,
    OutboxEvent,
    Publication,
    ReviewRound,
    ReviewStep,
)
from portal.core.reviews.grounds import releasing_as
from portal.foreign.joint_release import Translations
from portal.pages.models import ArticlePage
from portal.plugins.registry import PORTAL
from portal.testing import production_behaviour
from tests.factories import World, publish

from .factories import Staff, draft, live_of, make_bundle, ready_bundle, signed, walk

pytestmark = pytest.mark.django_db

COUNT = 50


class Fault(Exception):
    """Stands for any failure, a lost connection included."""


@contextmanager
def failing_call(target: Any, name: str, at: int) -> Iterator[None]:
    """The ``at``-th call (from 0) of a function fails before it does anything."""
    original = getattr(target, name)
    calls = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at + 1:
            raise Fault
        return original(*args, **kwargs)

    with mock.patch.object(target, name, counted):
        yield
    assert calls > at, "the fault was never reached"


@contextmanager
def refusing_gate(at: int) -> Iterator[None]:
    """The gate refuses the ``at``-th page that it is asked for."""
    asked = 0

    def step(problems: list[Any], /, *, page: Page, site: Any) -> list[Any]:
        nonlocal asked
        asked += 1
        if asked == at + 1:
            problems.append(PublishProblem("Not like this."))
        return problems

    with publish_checks.temporarily(step, plugin=PORTAL):
        yield
    assert asked > at


POINTS: dict[str, Callable[[int], Any]] = {
    "the page": lambda at: failing_call(ArticlePage, "save", at),
    "the version": lambda at: failing_call(Revision, "publish", at),
    "the gate": refusing_gate,
    "the publication": lambda at: failing_call(publications, "open_publication", at),
    "the outbox": lambda at: failing_call(outbox, "append", at),
    "the record of the set": lambda at: failing_call(Bundle, "save", 0),
}


def everything() -> dict[str, list[Any]]:
    """What a release writes."""
    return {
        "pages": list(Page.objects.order_by("pk").values()),
        "publications": list(Publication.objects.order_by("pk").values()),
        "rows": list(ListingRow.objects.order_by("pk").values()),
        "outbox": list(OutboxEvent.objects.order_by("pk").values()),
        "rounds": list(ReviewRound.objects.order_by("pk").values()),
        "items": list(Bundle.objects.values("items__open", "items__revision_id", "state")),
    }


def test_fifty_pages_go_public_in_one_step(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, COUNT)
    assert live_of(bundle) == {False}
    released = release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {True}
    assert (released.state, released.released_by) == (Bundle.State.RELEASED, staff.releaser)
    pks = list(bundle.items.values_list("page", flat=True))
    rows = Publication.objects.filter(page__in=pks, closed=False)
    assert rows.count() == COUNT
    assert set(rows.values_list("basis", flat=True)) == {Basis.REVIEWED}
    events = OutboxEvent.objects.filter(kind="page.published", key__in=[f"page:{pk}" for pk in pks])
    assert events.count() == COUNT
    assert set(ReviewRound.objects.values_list("state", flat=True)) == {ReviewRound.State.RELEASED}
    assert not bundle.items.filter(open=True).exists()


@pytest.mark.long
def test_a_fault_among_fifty_leaves_none_public(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, COUNT)
    before = everything()
    for at in (0, COUNT // 2, COUNT - 1):
        for name, fault in POINTS.items():
            with fault(at), pytest.raises(ReleaseRefused):
                release(bundle=bundle, user=staff.releaser)
            assert everything() == before, (name, at)
    bundle.refresh_from_db()
    assert bundle.problem
    assert bundle.state == Bundle.State.PREPARING
    release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {True}


@pytest.mark.parametrize("point", POINTS)
def test_a_fault_at_any_page_leaves_none_public(
    provisioned_world: World, staff: Staff, point: str
) -> None:
    count = 5
    bundle = ready_bundle(provisioned_world, staff, count)
    before = everything()
    for at in range(count):
        with POINTS[point](at), pytest.raises(ReleaseRefused):
            release(bundle=bundle, user=staff.releaser)
        assert everything() == before
    release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {True}


def test_the_set_says_which_page_refused_and_why(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 3)
    with refusing_gate(1), pytest.raises(ReleaseRefused) as refused:
        release(bundle=bundle, user=staff.releaser)
    assert refused.value.messages == ["第1篇：Not like this."]
    bundle.refresh_from_db()
    assert bundle.problem == "第1篇：Not like this."
    assert bundle.problem_item == bundle.items.get(title="第1篇")
    release(bundle=bundle, user=staff.releaser)
    bundle.refresh_from_db()
    assert (bundle.problem, bundle.problem_item) == ("", None)


def test_the_second_click_changes_nothing(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 2)
    release(bundle=bundle, user=staff.releaser)
    before = everything()
    again = release(bundle=bundle, user=staff.releaser)
    assert again.state == Bundle.State.RELEASED
    assert everything() == before


def test_one_that_is_not_signed_holds_all_back(provisioned_world: World, staff: Staff) -> None:
    done, waits = (
        draft(provisioned_world, staff.editor, title=title) for title in ("办法", "解读")
    )
    bundle = make_bundle(provisioned_world.site, done, waits)
    walk(done, staff)
    walk(waits, staff, until=ReviewStep.REVIEW)
    assert row_of(bundle).stage == Stage.IN_REVIEW
    with pytest.raises(ReleaseRefused, match="解读：In review: Review"):
        release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {False}


def test_what_was_returned_holds_all_back(provisioned_world: World, staff: Staff) -> None:
    from portal.core.reviews.services import note_opening, send_back

    page = draft(provisioned_world, staff.editor)
    review = walk(page, staff, until=ReviewStep.FIRST_CHECK)
    bundle = make_bundle(provisioned_world.site, page)
    note_opening(review=review, user=staff.first_checker)
    send_back(
        review=review, step=ReviewStep.FIRST_CHECK, user=staff.first_checker, reason="数字不对"
    )
    with pytest.raises(ReleaseRefused, match="Returned"):
        release(bundle=bundle, user=staff.releaser)


def test_the_version_that_was_signed_goes_public_not_a_newer_draft(
    provisioned_world: World, staff: Staff
) -> None:
    page = draft(provisioned_world, staff.editor, title="审过的")
    bundle = make_bundle(provisioned_world.site, page)
    walk(page, staff)
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "没审的"
    page.save_revision(user=staff.editor)
    assert "newer draft" in row_of(bundle).rows[0].standing.note
    release(bundle=bundle, user=staff.releaser)
    assert Page.objects.get(pk=page.pk).title == "审过的"


def test_a_version_that_was_overtaken_waits_no_longer(
    provisioned_world: World, staff: Staff
) -> None:
    page = draft(provisioned_world, staff.editor, title="第一版")
    bundle = make_bundle(provisioned_world.site, page)
    first = walk(page, staff)
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "第二版"
    page.save_revision(user=staff.editor)
    second = walk(page, staff)
    release(bundle=bundle, user=staff.releaser)
    assert Page.objects.get(pk=page.pk).title == "第二版"
    for review, state in ((first, "cancelled"), (second, "released")):
        review.refresh_from_db()
        assert review.state == state


def test_what_nobody_can_tell_holds_all_back(provisioned_world: World, staff: Staff) -> None:
    """A plugin that fails must not have its pages taken for ordinary ones."""
    bundle = ready_bundle(provisioned_world, staff, 1)
    failing = mock.patch.object(Translations, "standings", side_effect=Fault)
    with failing, production_behaviour(), pytest.raises(ReleaseRefused, match="cannot be told"):
        release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {False}


def test_a_publication_time_of_its_own_is_told_before(
    provisioned_world: World, staff: Staff
) -> None:
    import datetime

    from django.utils import timezone

    page = draft(provisioned_world, staff.editor)
    page.go_live_at = timezone.now() + datetime.timedelta(days=2)
    page.save_revision(user=staff.editor)
    signed(page, staff)
    bundle = make_bundle(provisioned_world.site, page)
    with pytest.raises(ReleaseRefused, match="publication time of its own"):
        release(bundle=bundle, user=staff.releaser)


def test_a_deleted_page_is_not_passed_over(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 2)
    Page.objects.get(pk=bundle.items.first().page_id).delete()
    with pytest.raises(ReleaseRefused, match="deleted"):
        release(bundle=bundle, user=staff.releaser)


def test_an_empty_set_is_not_released(provisioned_world: World, staff: Staff) -> None:
    with pytest.raises(ReleaseRefused, match="empty"):
        release(bundle=make_bundle(provisioned_world.site), user=staff.releaser)


def test_writers_of_anything_in_it_release_nothing(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.releaser)
    review = signed(page, staff)
    ReviewRound.objects.filter(pk=review.pk).update(writers=[staff.releaser.pk])
    bundle = make_bundle(provisioned_world.site, page)
    with pytest.raises(PermissionDenied):
        release(bundle=bundle, user=staff.releaser)


def test_an_operators_ground_is_not_lent_to_it(provisioned_world: World, staff: Staff) -> None:
    """It stands on the reviews of its items, whatever runs around it."""
    bundle = ready_bundle(provisioned_world, staff, 1)
    with releasing_as(Basis.OPERATOR, "x"):
        release(bundle=bundle, user=staff.releaser)
    assert Publication.objects.get(page=bundle.items.get().page_id).basis == Basis.REVIEWED


# --- a trial --------------------------------------------------------------------------------------
def test_a_trial_tells_everything_and_changes_nothing(
    provisioned_world: World, staff: Staff
) -> None:
    good, bad, unsigned = (
        draft(provisioned_world, staff.editor, title=title) for title in ("好的", "坏的", "没审")
    )
    signed(good, staff)
    bad.source = ""
    bad.save_revision(user=staff.editor)
    signed(bad, staff)
    unsigned.source = ""
    unsigned.save_revision(user=staff.editor)
    bundle = make_bundle(provisioned_world.site, good, bad, unsigned)
    before = everything()
    found = try_out(bundle=bundle, user=staff.editor)
    assert [finding.item.title for finding in found] == ["坏的", "没审"]
    assert all(finding.messages for finding in found)
    assert everything() == before


def test_a_trial_is_for_those_who_work_on_it(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    with pytest.raises(PermissionDenied):
        try_out(bundle=bundle, user=staff.secrecy_reviewer)


# --- back -----------------------------------------------------------------------------------------
def test_the_whole_set_is_withdrawn_in_one_step(provisioned_world: World, staff: Staff) -> None:
    bundle = ready_bundle(provisioned_world, staff, 3)
    release(bundle=bundle, user=staff.releaser)
    withdraw(bundle=bundle, user=staff.releaser, reason="数据有误")
    bundle.refresh_from_db()
    assert live_of(bundle) == {False}
    assert (bundle.state, bundle.ended_reason) == (Bundle.State.WITHDRAWN, "数据有误")
    assert not Publication.objects.filter(
        page__in=bundle.items.values("page"), closed=False
    ).exists()


def test_a_fault_while_withdrawing_leaves_all_public(
    provisioned_world: World, staff: Staff
) -> None:
    bundle = ready_bundle(provisioned_world, staff, 3)
    release(bundle=bundle, user=staff.releaser)
    before = everything()
    for at in range(3):
        with failing_call(outbox, "append", at), pytest.raises(Fault):
            withdraw(bundle=bundle, user=staff.releaser, reason="x")
        assert everything() == before


@pytest.mark.parametrize("who", ["editor", "first_checker", "reviewer", "secrecy_reviewer"])
def test_only_releasers_withdraw(provisioned_world: World, staff: Staff, who: str) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1)
    release(bundle=bundle, user=staff.releaser)
    with pytest.raises(PermissionDenied):
        withdraw(bundle=bundle, user=getattr(staff, who), reason="x")
    assert live_of(bundle) == {True}


def test_a_new_version_of_a_public_page_goes_with_the_set(
    provisioned_world: World, staff: Staff
) -> None:
    page = draft(provisioned_world, staff.editor, title="旧")
    with releasing_as(Basis.OPERATOR, "x"):
        publish(page, title="旧")
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "新"
    page.save_revision(user=staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    walk(page, staff)
    assert Page.objects.get(pk=page.pk).title == "旧"
    release(bundle=bundle, user=staff.releaser)
    assert Page.objects.get(pk=page.pk).title == "新"

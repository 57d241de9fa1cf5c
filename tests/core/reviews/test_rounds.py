"""The way through the reviews: who signs, what is kept, what happens at the end."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, TaskState, WorkflowState, WorkflowTask

from portal.core import gate, provisioning
from portal.core.models import (
    Basis,
    DutyShift,
    Publication,
    ReviewDelegation,
    ReviewRound,
    ReviewSignature,
    ReviewStep,
    ReviewTask,
    User,
)
from portal.core.reviews.duties import current_task, takers, waiting_for
from portal.core.reviews.services import (
    ReviewRefused,
    explain_date,
    hand_in,
    make_urgent,
    note_correction,
    note_opening,
    send_back,
    sign,
)
from portal.pages.models import ArticlePage
from portal.policy_interpretation.models import ResponseTopicPage, RumourRefutationPage
from tests.factories import (
    ALL_CLEAR,
    ArticleFactory,
    OrganisationFactory,
    World,
    handed_in,
    member,
    open_round_of,
    reviewed,
    signed_by,
)
from tests.factories.reviews import ROLE_OF, fresh
from tests.policy_interpretation.factories import make_policy

pytestmark = pytest.mark.django_db
State = ReviewRound.State


def test_four_people_and_it_is_public(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    review = open_round_of(in_review)
    assert (review.provider, review.title) == (author, "云湖图书馆开放日")
    assert review.column_title == "云湖要闻"
    people = {step: member(role, provisioned_world.site) for step, role in ROLE_OF.items()}
    for step, person in people.items():
        assert not fresh(in_review).live
        assert list(waiting_for(person)) == [review]
        signed_by(person, in_review, opinion=f"{step}：同意", address="192.0.2.7")
        assert list(waiting_for(person)) == []
    page = fresh(in_review)
    assert page.live
    assert page.live_revision_id == review.revision_id
    review.refresh_from_db()
    assert review.state == State.RELEASED
    kept = {row.step: row for row in review.signatures.all()}
    assert {step: row.account for step, row in kept.items()} == people
    assert kept["review"].opinion == "review：同意"
    assert kept["secrecy"].answers == ALL_CLEAR
    assert all(row.opened_at <= row.at and row.address == "192.0.2.7" for row in kept.values())
    publication = Publication.objects.get(page=page, closed=False)
    assert (publication.basis, publication.basis_key) == (Basis.REVIEWED, str(review.pk))


# --- who may not ---------------------------------------------------------------------------------
@pytest.mark.parametrize("step", list(ReviewStep))
def test_who_wrote_it_signs_no_step(
    provisioned_world: World, in_review: ArticlePage, author: User, step: ReviewStep
) -> None:
    earlier = list(ReviewStep)[: list(ReviewStep).index(step)]
    if earlier:
        reviewed(in_review, provisioned_world.site, until=earlier[-1])
    author.groups.add(provisioned_world.site.role_groups.get(role=ROLE_OF[step]).group)
    with pytest.raises(ReviewRefused, match=r"写|wrote"):
        signed_by(author, in_review)


def test_everyone_who_wrote_a_part_is_a_writer(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    helper = member("first_checker", provisioned_world.site)
    draft.save_revision(user=helper)
    handed_in(draft, author)
    assert open_round_of(draft).writers == sorted([author.pk, helper.pk])
    with pytest.raises(ReviewRefused):
        signed_by(helper, draft)


@pytest.mark.parametrize("later", [ReviewStep.REVIEW, ReviewStep.RELEASE])
def test_the_three_reviews_are_three_people(
    provisioned_world: World, in_review: ArticlePage, later: ReviewStep
) -> None:
    both = member("first_checker", provisioned_world.site)
    both.groups.add(provisioned_world.site.role_groups.get(role=ROLE_OF[later]).group)
    signed_by(both, in_review)
    signed_by(member("secrecy_reviewer", provisioned_world.site), in_review)
    if later == ReviewStep.RELEASE:
        signed_by(member("reviewer", provisioned_world.site), in_review)
    with pytest.raises(ReviewRefused):
        signed_by(both, in_review)
    assert not fresh(in_review).live


def test_secrecy_may_be_reviewed_by_who_makes_another_review(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    both = member("first_checker", provisioned_world.site)
    both.groups.add(provisioned_world.site.role_groups.get(role="secrecy_reviewer").group)
    signed_by(both, in_review)
    assert signed_by(both, in_review).signatures.count() == 2


def test_a_superuser_signs_nothing_without_the_duty(
    in_review: ArticlePage, django_user_model: type[User]
) -> None:
    root = django_user_model.objects.create_superuser("root", "r@yunhu.example", "x" * 12)
    with pytest.raises(ReviewRefused):
        signed_by(root, in_review)


def test_nobody_signs_what_they_did_not_open(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    checker = member("first_checker", provisioned_world.site)
    review = open_round_of(in_review)
    with pytest.raises(ReviewRefused, match=r"看过|read"):
        sign(review=review, step="first_check", user=checker)
    note_opening(review=review, user=checker)
    sign(review=review, step="first_check", user=checker)


def test_an_opening_of_the_version_before_does_not_count(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    checker = member("first_checker", provisioned_world.site)
    review = open_round_of(in_review)
    note_opening(review=review, user=checker)
    send_back(review=review, step="first_check", user=checker, reason="日期有误")
    again = hand_in(page=fresh(in_review), user=author)
    with pytest.raises(ReviewRefused, match=r"看过|read"):
        sign(review=again, step="first_check", user=checker)


def test_a_reviewer_of_another_site_signs_nothing(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    with pytest.raises(ReviewRefused):
        signed_by(member("first_checker", provisioned_world.hubin), in_review)


# --- secrecy -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "answers",
    [{}, {**ALL_CLEAR, "privacy": "concerns"}, {**ALL_CLEAR, "together": "maybe"}],
    ids=["unanswered", "concerns", "no-such-answer"],
)
def test_the_secrecy_review_answers_every_question_with_no(
    provisioned_world: World, in_review: ArticlePage, answers: dict[str, str]
) -> None:
    reviewed(in_review, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    with pytest.raises(ValidationError):
        signed_by(member("secrecy_reviewer", provisioned_world.site), in_review, answers=answers)
    assert open_round_of(in_review).signatures.count() == 1


# --- returned ------------------------------------------------------------------------------------
def test_what_is_returned_begins_anew(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    first = reviewed(in_review, provisioned_world.site, until=ReviewStep.SECRECY)
    reviewer = member("reviewer", provisioned_world.site)
    note_opening(review=first, user=reviewer)
    with pytest.raises(ReviewRefused):
        send_back(review=first, step="review", user=reviewer, reason="  ")
    send_back(review=first, step="review", user=reviewer, reason="第二段的电话有误")
    first.refresh_from_db()
    assert first.state == State.RETURNED
    assert fresh(in_review).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    page = fresh(in_review)
    page.title = "云湖图书馆开放日（改）"
    page.save_revision(user=author)
    second = hand_in(page=fresh(in_review), user=author)
    assert second.pk != first.pk
    task = current_task(second)
    assert task is not None
    assert task.step == ReviewStep.FIRST_CHECK
    reviewed(in_review, provisioned_world.site)
    assert fresh(in_review).title == "云湖图书馆开放日（改）"
    assert first.signatures.get(step="review").opinion == "第二段的电话有误"


def test_a_return_without_a_change_begins_anew_too(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    first = reviewed(in_review, provisioned_world.site, until=ReviewStep.REVIEW)
    releaser = member("releaser", provisioned_world.site)
    note_opening(review=first, user=releaser)
    send_back(review=first, step="release", user=releaser, reason="请再核对")
    hand_in(page=fresh(in_review), user=author)
    with pytest.raises(ReviewRefused):
        signed_by(releaser, in_review)
    reviewed(in_review, provisioned_world.site)
    assert fresh(in_review).live


# --- what is signed is what is published ---------------------------------------------------------
def test_a_version_written_meanwhile_is_not_what_goes_live(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    reviewed(in_review, provisioned_world.site, until=ReviewStep.REVIEW)
    page = fresh(in_review)
    page.title = "偷换的标题"
    page.save_revision(clean=False)
    signed_by(member("releaser", provisioned_world.site), in_review)
    assert fresh(in_review).title == "云湖图书馆开放日"


def test_a_version_changed_in_the_database_is_refused(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    review = reviewed(in_review, provisioned_world.site, until=ReviewStep.REVIEW)
    revision = in_review.get_latest_revision()
    revision.content["title"] = "偷换的标题"
    type(revision).objects.filter(pk=revision.pk).update(content=revision.content)
    with pytest.raises(ValidationError):
        signed_by(member("releaser", provisioned_world.site), in_review)
    review.refresh_from_db()
    assert review.state == State.RUNNING
    assert not fresh(in_review).live


def test_signatures_and_what_was_handed_in_are_fixed(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    review = reviewed(in_review, provisioned_world.site)
    signature = review.signatures.first()
    assert signature is not None
    for change in (signature.save, signature.delete):
        with pytest.raises(ValidationError):
            change()
    for name, value in (
        ("provider_name", "别人"), ("provider_unit_name", "别的局"), ("content_hash", "0" * 64),
        ("writers", []), ("revision_id", 1),
    ):  # fmt: skip
        changed = ReviewRound.objects.get(pk=review.pk)
        setattr(changed, name, value)
        with pytest.raises(ValidationError):
            changed.save()


def test_withdrawn_it_goes_through_the_reviews_again(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    review = reviewed(in_review, provisioned_world.site)
    fresh(in_review).unpublish()
    review.refresh_from_db()
    assert review.state == State.ENDED
    with pytest.raises(ValidationError):
        fresh(in_review).get_latest_revision().publish()
    assert not fresh(in_review).live


# --- later ---------------------------------------------------------------------------------------
def test_what_waits_for_its_time_and_is_overtaken_waits_no_longer(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    draft.go_live_at = timezone.now() + datetime.timedelta(days=2)
    draft.save_revision(user=author)
    handed_in(draft, author)
    first = reviewed(draft, provisioned_world.site)
    assert first.state == State.SIGNED
    page = fresh(draft)
    page.go_live_at = None
    page.save_revision(user=author)
    handed_in(page, author)
    second = reviewed(page, provisioned_world.site)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.CANCELLED, State.RELEASED)


def test_the_providing_unit_is_that_of_the_version(provisioned_world: World, author: User) -> None:
    """A change of what is public may name another unit: it is fixed with what names it."""
    unit = OrganisationFactory()
    column: Any = Page.objects.get(pk=provisioned_world.column.pk).specific
    column.owner_unit = unit
    column.save_revision(user=author)
    assert handed_in(column, author).provider_unit == unit


def test_signed_for_later_it_goes_live_in_time(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    draft.go_live_at = timezone.now() + datetime.timedelta(hours=5)
    draft.save_revision(user=author)
    handed_in(draft, author)
    review = reviewed(draft, provisioned_world.site)
    assert (review.state, fresh(draft).live) == (State.SIGNED, False)
    call_command("publish_scheduled")
    assert not fresh(draft).live
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=6), tick=True):
        call_command("publish_scheduled")
    assert fresh(draft).live
    review.refresh_from_db()
    assert review.state == State.RELEASED


# --- the fast lane, stand-ins --------------------------------------------------------------------
def _now_and_then() -> dict[str, datetime.datetime]:
    now = timezone.now()
    return {"since": now - datetime.timedelta(hours=1), "until": now + datetime.timedelta(hours=1)}


def test_an_approver_on_duty_takes_any_step_of_what_is_urgent(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    duty = [member("reviewer", provisioned_world.hubin) for _ in range(4)]
    for person in duty:
        DutyShift.objects.create(site=provisioned_world.site, account=person, **_now_and_then())
    with pytest.raises(ReviewRefused):
        signed_by(duty[0], in_review)
    with pytest.raises(ReviewRefused):
        make_urgent(review=open_round_of(in_review), user=author, reason=" ")
    make_urgent(review=open_round_of(in_review), user=author, reason="暴雨红色预警")
    assert list(waiting_for(duty[0])) == [open_round_of(in_review)]
    signed_by(duty[0], in_review)
    signed_by(duty[1], in_review)
    with pytest.raises(ReviewRefused):  # the same checks: three people
        signed_by(duty[0], in_review)
    signed_by(duty[2], in_review)
    review = signed_by(duty[3], in_review)
    assert fresh(in_review).live
    assert all(row.on_duty for row in review.signatures.all())


def test_duty_ends_with_the_shift(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    person = member("reviewer", provisioned_world.hubin)
    DutyShift.objects.create(site=provisioned_world.site, account=person, **_now_and_then())
    make_urgent(review=open_round_of(in_review), user=author, reason="预警")
    later = timezone.now() + datetime.timedelta(hours=2)
    with time_machine.travel(later, tick=True), pytest.raises(ReviewRefused):
        signed_by(person, in_review)


def test_a_stand_in_signs_for_who_is_away(provisioned_world: World, in_review: ArticlePage) -> None:
    absent = member("first_checker", provisioned_world.site, username="chuchayuan")
    stand_in = member("editor", provisioned_world.site)
    with pytest.raises(ReviewRefused):
        signed_by(stand_in, in_review)
    ReviewDelegation.objects.create(
        site=provisioned_world.site, absent=absent, stand_in=stand_in, reason="休假",
        **_now_and_then(),
    )  # fmt: skip
    assert list(waiting_for(stand_in)) == [open_round_of(in_review)]
    review = signed_by(stand_in, in_review)
    assert review.signatures.get().for_name == "chuchayuan"


def test_who_is_away_and_wrote_it_lends_no_way_around(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    """The stand-in of a checker who wrote the item is another person: allowed. The author as
    stand-in of a checker is not."""
    absent = member("first_checker", provisioned_world.site)
    ReviewDelegation.objects.create(
        site=provisioned_world.site, absent=absent, stand_in=author, reason="休假",
        **_now_and_then(),
    )  # fmt: skip
    with pytest.raises(ReviewRefused):
        signed_by(author, in_review)


def test_a_delegation_holds_at_its_site_only(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    absent = member("first_checker", provisioned_world.site)
    stand_in = member("editor", provisioned_world.site)
    ReviewDelegation.objects.create(
        site=provisioned_world.hubin, absent=absent, stand_in=stand_in, reason="休假",
        **_now_and_then(),
    )  # fmt: skip
    with pytest.raises(ReviewRefused):
        signed_by(stand_in, in_review)


# --- nothing is lost -----------------------------------------------------------------------------
def test_two_reviewers_at_the_same_moment(provisioned_world: World, in_review: ArticlePage) -> None:
    one, other = (member("first_checker", provisioned_world.site) for _ in range(2))
    review = open_round_of(in_review)
    for person in (one, other):
        note_opening(review=review, user=person)
    sign(review=review, step="first_check", user=one)
    with pytest.raises(ReviewRefused, match=one.username):
        sign(review=review, step="first_check", user=other)
    with pytest.raises(ReviewRefused, match=one.username):
        send_back(review=review, step="first_check", user=other, reason="x")


def test_an_account_that_goes_leaves_its_name(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    checker = member("first_checker", provisioned_world.site, username="chuchayuan")
    review = signed_by(checker, in_review)
    checker.delete()
    author.delete()
    review.refresh_from_db()
    assert review.provider_name == "zuozhe"
    assert review.signatures.get().account_name == "chuchayuan"
    for role in list(ROLE_OF.values())[1:]:
        signed_by(member(role, provisioned_world.site), in_review)
    assert fresh(in_review).live


def test_a_step_that_nobody_can_take_waits_visibly(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    review = open_round_of(in_review)
    task = current_task(review)
    assert task is not None
    assert takers(review, task) == []
    checker = member("first_checker", provisioned_world.site)
    assert takers(review, task) == [checker]


def test_a_moved_column_changes_nothing_for_what_is_in_review(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    reviewed(in_review, provisioned_world.site, until=ReviewStep.SECRECY)
    column = Page.objects.get(pk=provisioned_world.column.pk)
    column.move(Page.objects.get(pk=provisioned_world.hubin_home.pk), pos="last-child")
    signed_by(member("reviewer", provisioned_world.site), in_review)
    signed_by(member("releaser", provisioned_world.site), in_review)
    assert fresh(in_review).live


def test_a_step_that_is_switched_off_meanwhile_is_missed_at_the_end(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    reviewed(in_review, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    secrecy = ReviewTask.objects.get(
        workflow_tasks__workflow=provisioned_world.site.workflow, step="secrecy"
    )
    secrecy.deactivate()
    in_review = fresh(in_review)
    signed_by(member("reviewer", provisioned_world.site), in_review)
    releaser = member("releaser", provisioned_world.site)
    with pytest.raises(ReviewRefused, match=r"保密|Secrecy"):
        signed_by(releaser, in_review)
    assert not fresh(in_review).live
    send_back(review=open_round_of(in_review), step="release", user=releaser, reason="流程变了")
    ReviewTask.objects.filter(pk=secrecy.pk).update(active=True)
    hand_in(page=fresh(in_review), user=author)
    reviewed(in_review, provisioned_world.site)
    assert fresh(in_review).live


def test_steps_of_an_older_portal_are_replaced_and_what_waits_begins_anew(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    record = provisioned_world.site
    WorkflowTask.objects.filter(workflow=record.workflow).delete()
    old = GroupApprovalTask.objects.create(name="旧初审", active=True)
    WorkflowTask.objects.create(workflow=record.workflow, task=old)
    draft.get_workflow().start(draft, author)
    assert not ReviewRound.objects.exists()
    provisioning.provision_site(record)
    state = fresh(draft).current_workflow_task_state
    assert (state.status, state.task.specific.step) == (
        TaskState.STATUS_IN_PROGRESS, ReviewStep.FIRST_CHECK,
    )  # fmt: skip
    reviewed(draft, record)
    assert fresh(draft).live


def test_taken_back_it_can_be_written_and_handed_in_again(
    provisioned_world: World, in_review: ArticlePage, author: User
) -> None:
    review = reviewed(in_review, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    fresh(in_review).current_workflow_state.cancel(user=author)
    review.refresh_from_db()
    assert review.state == State.CANCELLED
    assert hand_in(page=fresh(in_review), user=author).signatures.count() == 0


def test_what_is_in_review_is_not_handed_in_twice(in_review: ArticlePage, author: User) -> None:
    with pytest.raises(ReviewRefused):
        hand_in(page=fresh(in_review), user=author)
    assert ReviewRound.objects.count() == 1


def test_a_deleted_page_leaves_its_record(provisioned_world: World, in_review: ArticlePage) -> None:
    review = reviewed(in_review, provisioned_world.site)
    fresh(in_review).delete()
    review.refresh_from_db()
    assert (review.page, review.title) == (None, "云湖图书馆开放日")
    assert ReviewSignature.objects.filter(round=review).count() == 4


def test_a_page_deleted_in_review_is_in_review_no_more(in_review: ArticlePage) -> None:
    review = open_round_of(in_review)
    fresh(in_review).delete()
    review.refresh_from_db()
    assert review.state == State.CANCELLED
    assert review.finished_at is not None


def test_a_deleted_page_is_public_no_more_on_record(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    review = reviewed(in_review, provisioned_world.site)
    provisioned_world.column.specific.delete()
    review.refresh_from_db()
    assert review.state == State.ENDED


# --- times and notes -----------------------------------------------------------------------------
def test_an_earlier_publication_time_wants_a_reason(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    draft.date = timezone.now() - datetime.timedelta(days=40)
    draft.save_revision(user=author)
    handed_in(draft, author)
    with pytest.raises(ReviewRefused):
        reviewed(draft, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    explain_date(review=open_round_of(draft), reason="补录纸质公报")
    review = reviewed(draft, provisioned_world.site)
    assert (fresh(draft).live, review.date_reason) == (True, "补录纸质公报")


@pytest.mark.parametrize("is_live", [True, False])
def test_a_change_moves_no_publication_time_back_without_a_reason(
    provisioned_world: World, in_review: ArticlePage, author: User, is_live: bool
) -> None:
    reviewed(in_review, provisioned_world.site)
    page = fresh(in_review)
    if not is_live:
        page.unpublish()
        page = fresh(in_review)
    page.date = timezone.now() - datetime.timedelta(days=400)
    page.save_revision(user=author)
    handed_in(page, author)
    with pytest.raises(ReviewRefused):
        reviewed(page, provisioned_world.site, until=ReviewStep.FIRST_CHECK)


def test_a_change_keeps_the_time_that_the_public_saw(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    draft.date = timezone.now() - datetime.timedelta(days=40)
    draft.save_revision(user=author)
    handed_in(draft, author)
    explain_date(review=open_round_of(draft), reason="补录纸质公报")
    reviewed(draft, provisioned_world.site)
    page = fresh(draft)
    page.title = "云湖图书馆开放日（更正）"
    page.save_revision(user=author)
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    assert fresh(draft).title == "云湖图书馆开放日（更正）"


def test_a_reason_that_somebody_signed_with_stays(
    provisioned_world: World, draft: ArticlePage, author: User
) -> None:
    draft.date = timezone.now() - datetime.timedelta(days=40)
    draft.save_revision(user=author)
    handed_in(draft, author)
    review = open_round_of(draft)
    explain_date(review=review, reason="补录纸质公报")
    reviewed(draft, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    with pytest.raises(ReviewRefused):
        explain_date(review=review, reason="别的缘故")
    review.refresh_from_db()
    assert review.date_reason == "补录纸质公报"


@pytest.mark.parametrize("change", [note_correction, explain_date])
def test_what_changed_after_it_was_opened_is_opened_anew(
    provisioned_world: World, in_review: ArticlePage, change: Any
) -> None:
    """The note for readers is part of what is signed: nobody signs one that they did not see."""
    checker = member("first_checker", provisioned_world.site)
    review = open_round_of(in_review)
    note_opening(review=review, user=checker)
    change(review=review, **{"text" if change is note_correction else "reason": "已订正"})
    with pytest.raises(ReviewRefused):
        sign(review=review, step=ReviewStep.FIRST_CHECK, user=checker)
    note_opening(review=review, user=checker)
    assert sign(review=review, step=ReviewStep.FIRST_CHECK, user=checker).signatures.exists()


def test_a_stale_screen_changes_no_note_behind_a_signature(
    provisioned_world: World, in_review: ArticlePage
) -> None:
    stale = open_round_of(in_review)
    reviewed(in_review, provisioned_world.site)
    for change in (
        lambda: note_correction(review=stale, text="x"),
        lambda: explain_date(review=stale, reason="x"),
        lambda: make_urgent(review=stale, user=None, reason="x"),
    ):
        with pytest.raises(ReviewRefused):
            change()
    stored = ReviewRound.objects.get(pk=stale.pk)
    assert (stored.correction, stored.date_reason, stored.urgent) == ("", "", False)


@pytest.mark.parametrize("make", [make_policy, ResponseTopicPage, RumourRefutationPage])
def test_no_kind_of_page_says_what_time_it_likes(make: Any, provisioned_world: World) -> None:
    """Policies, responses and refutations have a time that is typed, too."""
    now = timezone.now()
    page = make(provisioned_world.column, live=False) if make is make_policy else make()
    page.date = now - datetime.timedelta(days=40)
    assert page.stated_date() == page.date
    page.date = now + datetime.timedelta(days=1)
    assert "date" in [field for field, _message in page.problems_of_date()]
    if make is make_policy:
        assert "date" in [problem.field for problem in gate.problems_of(page)]


def test_what_is_reposted_keeps_the_time_of_its_source(
    provisioned_world: World, author: User
) -> None:
    page = ArticleFactory(
        parent=provisioned_world.column, draft=True, owner=author,
        date=timezone.now() - datetime.timedelta(days=40), source_url="https://www.gov.cn/x",
    )  # fmt: skip
    handed_in(page, author)
    reviewed(page, provisioned_world.site)
    assert fresh(page).live


def test_no_publication_time_lies_in_the_future(draft: ArticlePage, author: User) -> None:
    draft.date = timezone.now() + datetime.timedelta(days=1)
    draft.save_revision(user=author)
    with pytest.raises(ValidationError):
        handed_in(draft, author)
    assert not ReviewRound.objects.exists()


def test_readers_are_told_of_a_correction(
    provisioned_world: World, in_review: ArticlePage, author: User, client: object
) -> None:
    reviewed(in_review, provisioned_world.site)
    page = fresh(in_review)
    page.title = "云湖图书馆开放日（更正）"
    page.save_revision(user=author)
    handed_in(page, author)
    note_correction(review=open_round_of(page), text="开放日为11月8日，原文误作9日。")
    reviewed(page, provisioned_world.site, until=ReviewStep.FIRST_CHECK)
    with pytest.raises(ReviewRefused):
        note_correction(review=open_round_of(page), text="别的话")
    for role in list(ROLE_OF.values())[1:]:
        signed_by(member(role, provisioned_world.site), page)
    html = client.get(fresh(page).url).content.decode()  # type: ignore[attr-defined]
    assert "开放日为11月8日，原文误作9日。" in html


def test_who_could_sign_gets_a_mail(
    provisioned_world: World,
    draft: ArticlePage,
    author: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    checker = member("first_checker", provisioned_world.site)
    secrecy = member("secrecy_reviewer", provisioned_world.site)
    author.groups.add(provisioned_world.site.role_groups.get(role="first_checker").group)
    with django_capture_on_commit_callbacks(execute=True):
        handed_in(draft, author)
    steps = [mail for mail in mailoutbox if checker.email in mail.to or author.email in mail.to]
    assert [mail.to for mail in steps] == [[checker.email]]
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        signed_by(checker, draft)
    assert [mail.to for mail in mailoutbox] == [[secrecy.email]]


def test_mail_that_cannot_be_sent_stops_no_review(
    provisioned_world: World,
    draft: ArticlePage,
    author: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from portal.core.reviews.mail import StepBegins

    member("first_checker", provisioned_world.site)

    def no_server(*args: Any, **kwargs: Any) -> Any:
        raise OSError("no such host")

    monkeypatch.setattr(StepBegins, "send_emails", no_server)
    with django_capture_on_commit_callbacks(execute=True):
        handed_in(draft, author)
    assert open_round_of(draft).state == State.RUNNING


def test_no_mail_tells_of_what_was_undone(
    provisioned_world: World, draft: ArticlePage, author: User, mailoutbox: list[Any]
) -> None:
    member("first_checker", provisioned_world.site)
    with pytest.raises(RuntimeError), transaction.atomic():
        handed_in(draft, author)
        raise RuntimeError
    assert not mailoutbox

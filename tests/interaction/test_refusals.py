"""What is refused, to whom, and why."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.interaction.models import (
    FollowUp,
    Letter,
    LetterState,
    LetterStep,
    OtherChannel,
    Transfer,
    Verb,
)
from portal.interaction.permissions import may, may_see_writer, moves_now, visible_letters
from portal.interaction.services import flow
from portal.interaction.services.flow import MoveRefused
from portal.interaction.states import TRANSITIONS

from .people import ANSWER, Desk, ago

S = LetterState


# --- who may not ----------------------------------------------------------------------------------
def test_strangers_see_nothing(desk: Desk) -> None:
    letter = desk.assigned()
    for stranger in (desk.editor, desk.strange_clerk, desk.school_handler, desk.school_head):
        assert not visible_letters(stranger).filter(pk=letter.pk).exists()
        assert moves_now(stranger, letter) == []
        assert not may_see_writer(stranger, letter)


def test_a_unit_sees_what_lies_below_it_not_what_lies_above(desk: Desk) -> None:
    below = flow.assign(letter=desk.accepted(), unit=desk.bureau_station, by=desk.clerk)
    assert visible_letters(desk.handler).filter(pk=below.pk).exists()
    desk.school_handler.organisation = desk.bureau_station
    desk.school_handler.save()
    above = desk.assigned()
    assert not visible_letters(desk.school_handler).filter(pk=above.pk).exists()


def test_who_is_only_asked_for_an_opinion_does_not_learn_who_wrote(desk: Desk) -> None:
    letter = desk.assigned()
    flow.ask_advice(letter=letter, unit=desk.school, request="请提意见", by=desk.clerk)
    assert visible_letters(desk.school_handler).filter(pk=letter.pk).exists()
    assert not may_see_writer(desk.school_handler, letter)
    assert may_see_writer(desk.handler, letter)


def test_an_account_that_was_closed_may_nothing(desk: Desk) -> None:
    letter = desk.letter()
    desk.clerk.is_active = False
    desk.clerk.save()
    with pytest.raises(PermissionDenied):
        flow.accept(letter=letter, by=desk.clerk)


def test_what_only_the_writer_does_no_account_does(desk: Desk) -> None:
    letter = desk.letter()
    for verb in (Verb.WITHDRAW, Verb.RATE, Verb.FOLLOW_UP, Verb.REMIND):
        assert not TRANSITIONS[verb].who
        assert not may(desk.admin, verb, letter)


def test_heads_assign_within_their_own_unit_only(desk: Desk) -> None:
    letter = desk.assigned()
    flow.assign(letter=letter, unit=desk.bureau, holder=desk.handler, by=desk.head)
    with pytest.raises(PermissionDenied):
        flow.assign(letter=letter, unit=desk.school, by=desk.head)


def test_the_giver_does_not_confirm_for_the_other_unit(desk: Desk) -> None:
    handover = flow.transfer(
        letter=desk.handling(), to_unit=desk.school, reason="学校职责", by=desk.handler
    )
    for giver in (desk.handler, desk.head, desk.clerk):
        with pytest.raises(PermissionDenied):
            flow.confirm_transfer(transfer=handover, by=giver)
    assert flow.confirm_transfer(transfer=handover, by=desk.school_handler).unit == desk.school


def test_nobody_takes_it_out_of_anothers_hands(desk: Desk) -> None:
    letter = desk.handling()
    with pytest.raises(MoveRefused, match="has this letter in hand"):
        flow.take(letter=letter, by=desk.second_handler)
    with pytest.raises(PermissionDenied):
        flow.save_draft(letter=letter, text=ANSWER, by=desk.second_handler)


# --- states and reasons ---------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   "])
def test_no_end_without_a_reason(reason: str, desk: Desk) -> None:
    letter = desk.accepted()
    channel = OtherChannel.objects.create(name="信访", words="信访", explanation="请走信访渠道")
    for move in (
        lambda: flow.refuse(letter=letter, reason=reason, by=desk.clerk),
        lambda: flow.invalidate(letter=letter, reason=reason, by=desk.clerk),
        lambda: flow.direct(letter=letter, channel=channel, reason=reason, by=desk.clerk),
        lambda: flow.forward(letter=letter, to_name="省厅", reason=reason, by=desk.clerk),
        lambda: flow.defer(letter=letter, reason=reason, notice="x", by=desk.clerk),
        lambda: flow.pause(letter=letter, reason=reason, by=desk.clerk),
    ):
        with pytest.raises(MoveRefused, match="Give a reason"):
            move()
    letter.refresh_from_db()
    assert letter.state == S.ACCEPTED


def test_while_it_is_on_its_way_the_giver_answers_for_it_and_does_nothing_else(desk: Desk) -> None:
    letter = desk.handling()
    handover = flow.transfer(letter=letter, to_unit=desk.school, reason="x", by=desk.handler)
    letter.refresh_from_db()
    assert letter.unit == desk.bureau
    with pytest.raises(MoveRefused, match="on its way"):
        flow.return_letter(letter=letter, reason="x", by=desk.handler)
    with pytest.raises(MoveRefused, match="on its way"):
        flow.transfer(letter=letter, to_unit=desk.school, reason="x", by=desk.handler)
    flow.decline_transfer(transfer=handover, reason="不属教育职责", by=desk.school_head)
    with pytest.raises(PermissionDenied):  # it is not asked any more
        flow.confirm_transfer(transfer=handover, by=desk.school_head)
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    assert Transfer.objects.get().declined_reason == "不属教育职责"


def test_a_moment_is_neither_to_come_nor_before_the_last_step(desk: Desk) -> None:
    letter = desk.letter()
    with pytest.raises(MoveRefused, match="future"):
        flow.accept(
            letter=letter, by=desk.clerk, at=timezone.now() + (timezone.now() - ago(days=1))
        )
    with pytest.raises(MoveRefused, match="before what happened last"):
        flow.accept(letter=letter, by=desk.clerk, at=ago(days=1))


def test_the_time_is_extended_once_and_only_where_the_kind_allows_it(desk: Desk) -> None:
    simple = desk.accepted()
    with pytest.raises(MoveRefused, match="cannot be extended"):
        flow.defer(letter=simple, reason="x", notice="y", by=desk.clerk)
    opinion = desk.accepted(kind="complaint")
    opinion = flow.defer(letter=opinion, reason="x", notice="y", by=desk.clerk)
    with pytest.raises(MoveRefused, match="extended already"):
        flow.defer(letter=opinion, reason="x", notice="y", by=desk.clerk)
    assert LetterStep.objects.get(letter=opinion, verb=Verb.DEFER).public_note == "y"


def test_a_letter_with_others_in_it_is_not_closed_without_them(desk: Desk) -> None:
    main, joined = desk.accepted(), desk.accepted(text="同一条路的灯也不亮")
    flow.merge(letter=joined, into=main, by=desk.clerk)
    with pytest.raises(MoveRefused, match="Take them out first"):
        flow.refuse(letter=main, reason="x", by=desk.clerk)
    with pytest.raises(MoveRefused, match="Take them out first"):
        flow.merge(letter=main, into=desk.accepted(), by=desk.clerk)
    flow.withdraw(letter=main)
    joined.refresh_from_db()
    assert (joined.state, joined.merged_into) == (S.ACCEPTED, None)


def test_joining_a_letter_that_just_came_takes_it_on(desk: Desk) -> None:
    joined = desk.letter(text="同一条路的灯也不亮")
    joined = flow.merge(letter=joined, into=desk.assigned(), by=desk.clerk)
    assert joined.accepted_at is not None


def test_everyone_who_was_joined_gets_the_answer(desk: Desk) -> None:
    main, joined = desk.approved(), desk.accepted(kind="complaint")
    with pytest.raises(PermissionDenied):
        flow.merge(letter=joined, into=main, by=desk.handler)
    flow.merge(letter=joined, into=main, by=desk.clerk)
    flow.release(letter=main, by=desk.releaser)
    joined.refresh_from_db()
    reply = flow.released_reply(joined)
    assert (joined.state, joined.in_time) == (S.ANSWERED, True)
    assert reply is not None
    assert reply.text == ANSWER


def test_an_answer_stays_as_it_was_released(desk: Desk) -> None:
    letter = desk.answered()
    with pytest.raises(PermissionDenied):  # nobody has it in hand any more
        flow.save_draft(letter=letter, text="改", by=desk.handler)
    with pytest.raises(MoveRefused):
        flow.release(letter=letter, by=desk.releaser)


def test_one_question_more_and_one_rating(desk: Desk) -> None:
    letter = desk.answered()
    flow.rate(letter=letter, score=4)
    with pytest.raises(MoveRefused, match="rated this answer already"):
        flow.rate(letter=letter, score=1)
    letter = flow.follow_up(letter=letter, text="哪天完工？")
    assert (letter.state, letter.unit, letter.reopened) == (S.ASSIGNED, desk.bureau, 1)
    assert letter.due_at is not None
    assert letter.due_at > timezone.now()
    letter = flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text="本月底完工。电话0999-10001234。", by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="已核对")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    with pytest.raises(MoveRefused, match="added a question"):
        flow.follow_up(letter=letter, text="再问一次")
    assert FollowUp.objects.count() == 1
    assert flow.rate(letter=letter, score=5).score == 5


def test_who_is_not_content_is_heard_once_more(desk: Desk) -> None:
    letter = desk.answered()
    flow.rate(letter=letter, score=1, is_solved=False, text="没有解决")
    letter.refresh_from_db()
    assert (letter.state, letter.unit, letter.reopened) == (S.ASSIGNED, desk.bureau, 1)


def test_what_the_writer_keeps_private_is_not_published(desk: Desk) -> None:
    letter = desk.answered(may_publish=False)
    with pytest.raises(MoveRefused, match="does not agree"):
        flow.publish(letter=letter, by=desk.clerk)
    with pytest.raises(PermissionDenied):  # the desk alone does not keep a result back
        flow.decide_publicity(letter=letter, publicity="privacy", reason="x", by=desk.clerk)
    with pytest.raises(MoveRefused, match="Give a reason"):
        flow.decide_publicity(letter=letter, publicity="privacy", reason=" ", by=desk.releaser)


def test_erased_is_erased(desk: Desk) -> None:
    letter = desk.published()
    with pytest.raises(PermissionDenied):
        flow.erase_sender(letter=letter, reason="本人要求", by=desk.handler)
    flow.erase_sender(letter=letter, reason="本人要求", by=desk.clerk)
    sender = Letter.objects.get(pk=letter.pk).sender
    assert (sender.name, sender.phone, sender.email) == ("", "", "")
    assert Letter.objects.get(pk=letter.pk).text == "某路的路灯不亮。"
    with pytest.raises(MoveRefused, match="erased already"):
        flow.erase_sender(letter=letter, reason="本人要求", by=desk.clerk)


def test_the_history_is_not_changed(desk: Desk) -> None:
    step = LetterStep.objects.filter(letter=desk.letter()).get()
    with pytest.raises(TypeError):
        step.save()
    with pytest.raises(TypeError):
        LetterStep.objects.update(reason="x")
    with pytest.raises(TypeError):
        step.delete()


def test_bulk_assignment_goes_on_past_what_is_refused(desk: Desk) -> None:
    letters = [desk.letter(), desk.answered(), desk.accepted()]
    result = flow.bulk_assign(letters=letters, unit=desk.bureau, by=desk.clerk)
    assert [letter.pk for letter in result.done] == [letters[0].pk, letters[2].pk]
    assert [letter.pk for letter, _why in result.refused] == [letters[1].pk]

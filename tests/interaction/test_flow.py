"""A letter's way from receipt to answer, and the ways that leave it."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.interaction.models import LetterState, LetterStep, Verb
from portal.interaction.services import flow
from portal.interaction.services.flow import MoveRefused

from .people import ANSWER, Desk


def test_the_whole_way_has_a_holder_and_a_time_at_each_step(desk: Desk) -> None:
    letter = desk.published()
    steps = list(LetterStep.objects.filter(letter=letter).order_by("seq"))
    assert [step.verb for step in steps] == [
        "receive", "accept", "assign", "take", "draft", "hand_in", "approve", "release", "publish",
    ]  # fmt: skip
    assert [step.by_name for step in steps][:4] == ["", "钱一", "钱一", "孙二"]
    assert [step.unit for step in steps][2:] == [desk.bureau] * 7
    assert steps[-1].to_state == LetterState.ANSWERED
    assert letter.answered_at is not None
    assert letter.in_time is True


def test_who_drafted_neither_approves_nor_releases(desk: Desk) -> None:
    letter = desk.handling()
    both = desk.admin  # has every right at the site
    flow.assign(letter=letter, unit=desk.bureau, holder=both, by=desk.clerk)
    flow.save_draft(letter=letter, text=ANSWER, by=both)
    flow.hand_in(letter=letter, by=both, guard_reason="核对无误")
    with pytest.raises(PermissionDenied):
        flow.approve(letter=letter, by=both)
    flow.approve(letter=letter, by=desk.head)
    with pytest.raises(PermissionDenied):
        flow.release(letter=letter, by=both)
    assert flow.release(letter=letter, by=desk.releaser).state == LetterState.ANSWERED


def test_nothing_is_released_without_words(desk: Desk) -> None:
    letter = desk.handling()
    flow.save_draft(letter=letter, text="  ", by=desk.handler)
    with pytest.raises(MoveRefused, match="Write the reply first"):
        flow.hand_in(letter=letter, by=desk.handler)


def test_verbs_are_all_in_the_table_or_the_intakes() -> None:
    from portal.interaction.states import TRANSITIONS

    assert set(Verb) - set(TRANSITIONS) == {Verb.RECEIVE}

"""Letters: what the desk, a unit's handlers and heads, and releasers do. The letters of a place lie
with its own unit, and the account that acts belongs to it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import Locale

from portal.core.models import User
from portal.core.roles import Action
from portal.foreign.models import ForeignSection, TeamMember, TeamRole
from portal.interaction.comments import services as comments
from portal.interaction.models import Comment, CommentState, Letter, LetterState
from portal.interaction.permissions import own_languages, visible_letters
from portal.interaction.services import flow
from portal.interaction.services.intake import receive
from tests.factories import member

from ..actors import Actor
from ..places import Place
from .registry import attempt

S = LetterState


def _letter(place: Place) -> Letter:
    return receive(
        site=place.record, kind="consultation", subject="咨询", text="请问怎样办理？"
    ).letter


def _somebody(role: str, place: Place) -> User:
    """Of the site, and of its unit: whoever did the steps before."""
    user: User = member(role, place.record, organisation=place.organisation)
    return user


def _assigned(place: Place) -> Letter:
    clerk = _somebody("letters_clerk", place)
    letter = flow.accept(letter=_letter(place), by=clerk)
    return flow.assign(letter=letter, unit=place.organisation, by=clerk)


def _in_review(place: Place) -> Letter:
    handler = _somebody("letters_handler", place)
    letter = flow.take(letter=_assigned(place), by=handler)
    flow.save_draft(letter=letter, text="您好：已办理。电话：0999-10000101。", by=handler)
    return flow.hand_in(letter=letter, by=handler, guard_reason="已核对")


def _approved(place: Place) -> Letter:
    return flow.approve(letter=_in_review(place), by=_somebody("letters_reviewer", place))


def _in_the_unit(actor: Actor, place: Place) -> Any:
    """The acting account, as one of the place's own unit."""
    user = User.objects.get(pk=actor.user.pk)
    user.organisation = place.organisation
    user.save()
    return user


def _moves(move: Any, letter: Letter, state: str) -> bool:
    try:
        move()
    except PermissionDenied:
        return False
    return Letter.objects.get(pk=letter.pk).state == state


@attempt(Action.LETTERS_DESK)
def accept_a_letter(actor: Actor, place: Place) -> bool:
    letter = _letter(place)
    return _moves(lambda: flow.accept(letter=letter, by=actor.user), letter, S.ACCEPTED)


@attempt(Action.LETTERS_DESK)
def find_a_letter_invalid(actor: Actor, place: Place) -> bool:
    letter = _letter(place)
    return _moves(
        lambda: flow.invalidate(letter=letter, reason="广告", by=actor.user), letter, S.INVALID
    )


@attempt(Action.LETTERS_HANDLE)
def take_a_letter(actor: Actor, place: Place) -> bool:
    letter, user = _assigned(place), _in_the_unit(actor, place)
    return _moves(lambda: flow.take(letter=letter, by=user), letter, S.HANDLING)


@attempt(Action.LETTERS_REVIEW)
def approve_a_reply(actor: Actor, place: Place) -> bool:
    letter, user = _in_review(place), _in_the_unit(actor, place)
    return _moves(lambda: flow.approve(letter=letter, by=user), letter, S.APPROVED)


@attempt(Action.LETTERS_RELEASE)
def release_a_reply(actor: Actor, place: Place) -> bool:
    letter = _approved(place)
    return _moves(lambda: flow.release(letter=letter, by=actor.user), letter, S.ANSWERED)


@attempt(Action.LETTERS_TRANSLATE)
def translate_letters_of_the_own_language(actor: Actor, place: Place) -> bool:
    """As one of the English team of the place: the team alone opens no letter."""
    user = User.objects.get(pk=actor.user.pk)
    english = Locale.objects.get(language_code="en")
    section, _made = ForeignSection.objects.get_or_create(site=place.record, locale=english)
    TeamMember.objects.get_or_create(section=section, user=user, role=TeamRole.TRANSLATOR)
    return (place.record.pk, "en") in own_languages(user)


@attempt(Action.COMMENTS)
def show_a_comment(actor: Actor, place: Place) -> bool:
    comment = Comment.objects.create(
        site=place.record, page_id=place.home.pk, page_title="首页", text="很好",
        masked_text="很好", language="zh-hans", at=timezone.now(),
    )  # fmt: skip
    try:
        comments.approve(comments=[comment], by=actor.user)
    except PermissionDenied:
        return False
    return Comment.objects.get(pk=comment.pk).state == CommentState.SHOWN


@attempt(any_of=(
    Action.LETTERS_DESK, Action.LETTERS_HANDLE, Action.LETTERS_REVIEW, Action.LETTERS_RELEASE,
))  # fmt: skip
def read_a_letter(actor: Actor, place: Place) -> bool:
    letter, user = _assigned(place), _in_the_unit(actor, place)
    return visible_letters(user).filter(pk=letter.pk).exists()

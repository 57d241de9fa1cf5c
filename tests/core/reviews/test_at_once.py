"""Two people at the same moment: one signature, one clear answer, nothing lost."""

import pytest

from portal.core.models import Basis, ReviewRound, ReviewStep
from portal.core.reviews.grounds import releasing_as
from portal.core.reviews.services import (
    ReviewRefused,
    note_correction,
    note_opening,
    send_back,
    sign,
)
from tests.core.test_concurrency import at_once
from tests.factories import (
    ArticleFactory,
    handed_in,
    make_world,
    member,
    open_round_of,
    reviewed,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sign_the_same_step(transactional_db: None) -> None:
    with releasing_as(Basis.OPERATOR, "tests"):
        world = make_world(provisioned=True)
    author = member("editor", world.site)
    page = ArticleFactory(parent=world.column, draft=True, owner=author)
    handed_in(page, author)
    reviewed(page, world.site, until=ReviewStep.REVIEW)
    review = open_round_of(page)
    people = [member("releaser", world.site) for _ in range(2)]
    for person in people:
        note_opening(review=review, user=person)
    errors = at_once(
        *(
            lambda person=person: sign(review=review, step="release", user=person)
            for person in people
        )
    )
    assert [type(error) for error in errors] == [ReviewRefused]
    assert review.signatures.filter(step="release").count() == 1
    review.refresh_from_db()
    assert review.state == ReviewRound.State.RELEASED


def test_one_signs_and_the_other_returns(transactional_db: None) -> None:
    with releasing_as(Basis.OPERATOR, "tests"):
        world = make_world(provisioned=True)
    author = member("editor", world.site)
    page = ArticleFactory(parent=world.column, draft=True, owner=author)
    review = handed_in(page, author)
    one, other = (member("first_checker", world.site) for _ in range(2))
    for person in (one, other):
        note_opening(review=review, user=person)
    errors = at_once(
        lambda: sign(review=review, step="first_check", user=one),
        lambda: send_back(review=review, step="first_check", user=other, reason="电话有误"),
    )
    assert [type(error) for error in errors] == [ReviewRefused]
    [signature] = review.signatures.all()
    review.refresh_from_db()
    returned = signature.verdict == "returned"
    assert review.state == ("returned" if returned else "running")


def test_a_note_and_the_first_signature(transactional_db: None) -> None:
    """Whoever is first: no note is signed unseen, and none is changed behind a signature."""
    with releasing_as(Basis.OPERATOR, "tests"):
        world = make_world(provisioned=True)
    author = member("editor", world.site)
    page = ArticleFactory(parent=world.column, draft=True, owner=author)
    handed_in(page, author)
    review = open_round_of(page)
    checker = member("first_checker", world.site)
    note_opening(review=review, user=checker)
    noting = open_round_of(page)
    errors = at_once(
        lambda: sign(review=review, step="first_check", user=checker),
        lambda: note_correction(review=noting, text="原文有误。"),
    )
    assert [type(error) for error in errors] == [ReviewRefused]
    stored = open_round_of(page)
    assert stored.signatures.exists() is (stored.correction == "")

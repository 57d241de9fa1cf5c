"""Making and filling sets; who may not."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import Page

from portal.bundles.models import Bundle
from portal.bundles.release import ReleaseRefused, release
from portal.bundles.selectors import Stage, open_item_of, row_of
from portal.bundles.services import add, changed, dissolve, hand_in_drafts, made, remove
from portal.core.models import Basis, ReviewRound, ReviewStep
from portal.core.reviews.grounds import releasing_as
from tests.factories import World, member, publish

from .factories import Staff, draft, live_of, make_bundle, signed, walk

pytestmark = pytest.mark.django_db


def test_a_page_is_in_one_open_set_only(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor, title="办法")
    one, two = make_bundle(provisioned_world.site, title="一"), make_bundle(provisioned_world.site)
    add(bundle=one, page=page, by=staff.editor)
    with pytest.raises(ValidationError, match="“办法” is in the set “一” already"):
        add(bundle=two, page=page, by=staff.editor)
    remove(item=one.items.get(), by=staff.editor)
    add(bundle=two, page=page, by=staff.editor)
    assert open_item_of(page.pk).bundle == two


def test_what_waits_for_nothing_is_not_added(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    with releasing_as(Basis.OPERATOR, "x"):
        publish(page)
    bundle = make_bundle(provisioned_world.site)
    with pytest.raises(ValidationError, match="Change it first"):
        add(bundle=bundle, page=Page.objects.get(pk=page.pk), by=staff.editor)


def test_how_far_a_set_is(provisioned_world: World, staff: Staff) -> None:
    one, two = (draft(provisioned_world, staff.editor) for _ in range(2))
    bundle = make_bundle(provisioned_world.site, one, two)
    assert row_of(bundle).stage == Stage.DRAFT
    walk(one, staff, until=ReviewStep.SECRECY)
    row = row_of(bundle)
    assert row.stage == Stage.IN_REVIEW
    standing = row.rows[0].standing
    assert standing.step == "Secrecy review"
    assert standing.waits_for
    assert "reviews" in standing.url
    signed(two, staff)
    assert row_of(bundle).ready == 1


def test_a_signed_page_of_a_set_waits(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    review = walk(page, staff)
    assert review.state == ReviewRound.State.SIGNED
    assert live_of(bundle) == {False}
    assert row_of(bundle).stage == Stage.READY


def test_drafts_are_handed_in_each_by_itself(provisioned_world: World, staff: Staff) -> None:
    one, two = (draft(provisioned_world, staff.editor, title=title) for title in ("甲", "乙"))
    other = draft(
        provisioned_world, staff.editor, title="别站", parent=provisioned_world.hubin_column
    )
    bundle = make_bundle(provisioned_world.site, one, two, other)
    walk(two, staff, until=ReviewStep.SECRECY)
    found = hand_in_drafts(bundle=bundle, by=staff.editor)
    assert found.done == ["甲"]
    assert [title for title, _reason in found.refused] == ["别站"]
    assert ReviewRound.objects.filter(state=ReviewRound.State.RUNNING).count() == 2


def test_what_is_taken_out_is_reviewed_anew(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    review = walk(page, staff)
    remove(item=bundle.items.get(), by=staff.editor, reason="口径未定")
    review.refresh_from_db()
    assert review.state == ReviewRound.State.CANCELLED
    assert not Page.objects.get(pk=page.pk).live
    assert walk(page, staff).state == ReviewRound.State.RELEASED
    assert Page.objects.get(pk=page.pk).live


def test_dissolving_publishes_nothing(provisioned_world: World, staff: Staff) -> None:
    page = draft(provisioned_world, staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    walk(page, staff)
    with pytest.raises(ValidationError, match="why"):
        dissolve(bundle=bundle, by=staff.editor, reason=" ")
    dissolve(bundle=bundle, by=staff.editor, reason="政策暂缓")
    bundle.refresh_from_db()
    assert bundle.state == Bundle.State.DISSOLVED
    assert live_of(bundle) == {False}
    assert open_item_of(page.pk) is None
    with pytest.raises(ReleaseRefused, match="over"):
        release(bundle=bundle, user=staff.releaser)


def test_what_is_over_is_not_changed(provisioned_world: World, staff: Staff) -> None:
    bundle = make_bundle(provisioned_world.site, state=Bundle.State.RELEASED)
    page = draft(provisioned_world, staff.editor)
    with pytest.raises(ValidationError, match="over"):
        add(bundle=bundle, page=page, by=staff.editor)
    with pytest.raises(ValidationError, match="over"):
        changed(bundle=bundle, by=staff.editor)


# --- who may not ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["secrecy_reviewer", "information_officer", "partner", "auditor"])
def test_who_works_on_no_pages_makes_no_sets(
    provisioned_world: World, staff: Staff, role: str
) -> None:
    user = member(role, provisioned_world.site)
    page = draft(provisioned_world, staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    with pytest.raises(PermissionDenied):
        made(bundle=Bundle(site=provisioned_world.site, title="x"), by=user)
    for work in (
        lambda: add(bundle=bundle, page=draft(provisioned_world), by=user),
        lambda: remove(item=bundle.items.get(), by=user),
        lambda: dissolve(bundle=bundle, by=user, reason="x"),
        lambda: hand_in_drafts(bundle=bundle, by=user),
        lambda: changed(bundle=bundle, by=user),
    ):
        with pytest.raises(PermissionDenied):
            work()
    assert bundle.items.count() == 1


def test_editors_of_another_site_do_nothing(provisioned_world: World, staff: Staff) -> None:
    stranger = member("site_admin", provisioned_world.hubin)
    page = draft(provisioned_world, staff.editor)
    bundle = make_bundle(provisioned_world.site, page)
    signed(page, staff)
    for work in (
        lambda: add(bundle=bundle, page=draft(provisioned_world), by=stranger),
        lambda: remove(item=bundle.items.get(), by=stranger),
        lambda: dissolve(bundle=bundle, by=stranger, reason="x"),
        lambda: release(bundle=bundle, user=stranger),
    ):
        with pytest.raises(PermissionDenied):
            work()
    assert live_of(bundle) == {False}


def test_nobody_puts_others_pages_into_the_own_set(provisioned_world: World, staff: Staff) -> None:
    """A page that one may not edit cannot be held back, or be shown by a link of one's own set."""
    own = make_bundle(provisioned_world.hubin)
    with pytest.raises(PermissionDenied):
        add(bundle=own, page=draft(provisioned_world), by=member("editor", provisioned_world.hubin))


@pytest.mark.parametrize("who", ["editor", "first_checker", "reviewer", "secrecy_reviewer"])
def test_only_releasers_release(provisioned_world: World, staff: Staff, who: str) -> None:
    page = draft(provisioned_world)
    signed(page, staff)
    bundle = make_bundle(provisioned_world.site, page)
    with pytest.raises(PermissionDenied):
        release(bundle=bundle, user=getattr(staff, who))
    assert live_of(bundle) == {False}


def test_a_releaser_needs_the_right_at_each_pages_site(
    provisioned_world: World, staff: Staff
) -> None:
    other = draft(provisioned_world, parent=provisioned_world.hubin_column)
    signed(other, staff)
    bundle = make_bundle(provisioned_world.site, other)
    with pytest.raises(PermissionDenied):
        release(bundle=bundle, user=staff.releaser)

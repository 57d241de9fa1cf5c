"""A policy that is not public yet and its English version, public in one step."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from portal.bundles.members import members_of
from portal.bundles.models import Bundle
from portal.bundles.proposals import proposals_for
from portal.bundles.release import ReleaseRefused, release, try_out
from portal.bundles.services import add, hand_in_drafts, remove
from portal.core.gate import PublishRefused
from portal.core.joint_release import MemberStage
from portal.core.models import Basis, Publication
from portal.core.reviews.grounds import releasing_as
from portal.foreign.joint_release import translate_what_waits
from portal.foreign.models import PageTranslation
from portal.foreign.selectors.review import review_of
from portal.foreign.services.review import approve, submit
from tests.factories import UserFactory, World, publish
from tests.foreign.desk import again, to_release, write
from tests.foreign.factories import Section, make_section

from .factories import Staff, draft, live_of, make_bundle, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(provisioned_world: World) -> Section:
    with releasing_as(Basis.OPERATOR, "tests"):
        return make_section(provisioned_world)


@pytest.fixture
def policy(provisioned_world: World, section: Section, staff: Staff) -> Page:
    """Signed, in a column whose pages are owed in English, never public."""
    page = draft(
        provisioned_world, staff.editor, parent=section.source, title="居留新规", slug="xingui"
    )
    signed(page, staff)
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def bundle(policy: Page, provisioned_world: World) -> Bundle:
    found = make_bundle(provisioned_world.site, policy)
    translate_what_waits(page=policy, site=provisioned_world.site)  # sent after the commit
    return found


@pytest.fixture
def translation(bundle: Bundle, policy: Page) -> PageTranslation:
    rows = PageTranslation.objects.select_related("section__locale", "source", "target")
    return rows.get(source=policy.pk)


def put_in(bundle: Bundle, translation: PageTranslation, staff: Staff) -> None:
    add(bundle=bundle, page=Page.objects.get(pk=translation.target_id), by=staff.editor)


def test_what_waits_can_be_translated_and_is_proposed(
    bundle: Bundle, translation: PageTranslation, staff: Staff
) -> None:
    assert translation.target is not None
    assert not translation.target.live
    assert [found.page.pk for found in proposals_for(bundle, staff.editor)] == [
        translation.target_id
    ]


def test_only_what_waits_is_taken_over(section: Section, policy: Page, staff: Staff) -> None:
    translate_what_waits(page=policy, site=None)
    assert not PageTranslation.objects.filter(source=policy.pk).exists()


def test_both_go_public_in_one_step(
    section: Section, bundle: Bundle, policy: Page, translation: PageTranslation, staff: Staff
) -> None:
    put_in(bundle, translation, staff)
    target = Page.objects.get(pk=translation.target_id)
    assert members_of([target])[target.pk].standing.stage == MemberStage.DRAFT
    write(translation, section.team.translator)
    to_release(section, again(translation))
    standing = members_of([target])[target.pk].standing
    assert (standing.stage, standing.step) == (MemberStage.IN_REVIEW, "Release")
    assert standing.waits_for == str(section.team.lead)
    with pytest.raises(ReleaseRefused, match="translators' desk"):
        release(bundle=bundle, user=staff.releaser)
    approve(translation=again(translation), user=section.team.lead)
    assert members_of([target])[target.pk].standing.stage == MemberStage.READY
    assert live_of(bundle) == {False}
    assert try_out(bundle=bundle, user=staff.editor) == []
    assert live_of(bundle) == {False}
    release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {True}
    found = again(translation)
    assert found.status == PageTranslation.Status.CURRENT
    assert found.released_by == section.team.lead
    assert Publication.objects.get(page=target.pk, closed=False).basis == Basis.TRANSLATION
    assert review_of(found) is None


def test_the_desk_releases_nothing_before_its_set(
    section: Section, bundle: Bundle, translation: PageTranslation, staff: Staff
) -> None:
    put_in(bundle, translation, staff)
    write(translation, section.team.translator)
    to_release(section, again(translation))
    page = Page.objects.get(pk=translation.target_id).specific
    with releasing_as(Basis.OPERATOR, "x"), pytest.raises(PublishRefused):
        publish(page)
    assert live_of(bundle) == {False}


def test_another_text_takes_the_signature_away(
    section: Section, bundle: Bundle, policy: Page, translation: PageTranslation, staff: Staff
) -> None:
    put_in(bundle, translation, staff)
    write(translation, section.team.translator)
    to_release(section, again(translation))
    approve(translation=again(translation), user=section.team.lead)
    newer = policy.specific
    newer.title = "居留新规（修订）"
    newer.save_revision(user=staff.editor)
    signed(policy, staff)
    translate_what_waits(page=policy, site=None)
    with pytest.raises(ReleaseRefused):
        release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {False}


def test_taken_out_it_is_decided_on_again(
    section: Section, bundle: Bundle, translation: PageTranslation, staff: Staff
) -> None:
    put_in(bundle, translation, staff)
    write(translation, section.team.translator)
    to_release(section, again(translation))
    approve(translation=again(translation), user=section.team.lead)
    remove(item=bundle.items.get(page=translation.target_id), by=staff.editor)
    review = review_of(again(translation))
    assert review is not None
    assert review.state.signed_by is None


def test_editors_hand_in_no_translation(
    section: Section, bundle: Bundle, translation: PageTranslation, staff: Staff
) -> None:
    put_in(bundle, translation, staff)
    write(translation, section.team.translator)
    found = hand_in_drafts(bundle=bundle, by=staff.editor)
    assert [reason for _title, reason in found.refused] == [
        "A translation is handed in at the desk, by its translators."
    ]
    with pytest.raises(PermissionDenied):
        add(bundle=bundle, page=Page.objects.get(pk=section.root.pk), by=UserFactory())
    submit(translation=again(translation), user=section.team.translator)

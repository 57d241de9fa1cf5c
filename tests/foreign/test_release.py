"""Texts become public through three reviews by other people, and in no other way."""

import contextlib
import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import Page, WorkflowPage
from wagtail_localize.models import StringTranslation, Translation

from portal.core.gate import PublishRefused
from portal.foreign.models import MadeBy, PageTranslation, SegmentOrigin, TeamRole
from portal.foreign.selectors.review import history_of, review_of
from portal.foreign.selectors.texts import texts_of
from portal.foreign.services.drafts import save_draft
from portal.foreign.services.release import NotReady, release
from portal.foreign.services.review import (
    approve,
    provision_section_workflow,
    send_back,
    submit,
    take_back,
)
from portal.foreign.services.segments import (
    ChangedMeanwhile,
    Locked,
    SourceMoved,
    confirm_segment,
    save_segment,
)
from tests.factories import UserFactory, publish

from .desk import again, to_release, translation_of, write
from .factories import Section, add_member

pytestmark = pytest.mark.usefixtures("words_of_the_code")

Status = PageTranslation.Status


def test_a_page_goes_through_three_reviews_and_is_public(english: Section) -> None:
    team = english.team
    translation = translation_of(english)
    write(translation, team.translator)
    submit(translation=translation, user=team.translator)
    assert again(translation).status == Status.IN_REVIEW
    approve(translation=translation, user=team.language_reviewer)
    approve(translation=translation, user=team.content_reviewer)
    assert not Page.objects.get(pk=again(translation).target_id).live
    approve(translation=translation, user=team.lead)
    found = again(translation)
    page = Page.objects.get(pk=found.target_id).specific
    assert page.live
    assert page.title.startswith("T:")
    assert page.get_parent().pk == english.living.page_id
    assert found.status == Status.CURRENT
    assert found.made_by == MadeBy.HUMAN
    assert found.reviewer_role == TeamRole.LANGUAGE_REVIEWER
    assert found.released_by == team.lead
    assert review_of(found) is None
    assert [line.what for line in history_of(found)]


def test_the_lead_alone_releases_nothing(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    with pytest.raises(NotReady, match="reviews"):
        release(translation=translation, user=english.team.lead)
    assert not Page.objects.filter(pk=again(translation).target_id, live=True).exists()


def test_missing_texts_are_not_handed_in(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    first = texts_of(translation)[0]
    save_segment(
        translation=translation,
        path=first.path,
        position=0,
        source_hash=first.source_hash,
        text="",
        user=english.team.translator,
    )
    with pytest.raises(NotReady, match="1 text is not translated"):
        submit(translation=translation, user=english.team.translator)


def test_chinese_is_no_translation(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    first = texts_of(translation)[0]
    save_segment(
        translation=translation,
        path=first.path,
        position=0,
        source_hash=first.source_hash,
        text=first.source,
        user=english.team.translator,
    )
    with pytest.raises(NotReady, match="still Chinese"):
        submit(translation=translation, user=english.team.translator)


def test_a_translator_reviews_no_page_with_an_own_text(english: Section) -> None:
    translation = translation_of(english)
    reviewer = english.team.language_reviewer
    add_member(english.row, TeamRole.TRANSLATOR, reviewer)
    first = texts_of(translation)[0]
    save_segment(
        translation=translation,
        path=first.path,
        position=0,
        source_hash=first.source_hash,
        text="Mine",
        user=reviewer,
    )
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    with pytest.raises(NotReady, match="another person"):
        approve(translation=translation, user=reviewer)
    other = UserFactory()
    add_member(english.row, TeamRole.LANGUAGE_REVIEWER, other)
    approve(translation=translation, user=other)


def test_the_content_reviewer_is_a_third_person_unless_the_step_says_otherwise(
    english: Section,
) -> None:
    translation = translation_of(english)
    add_member(english.row, TeamRole.CONTENT_REVIEWER, english.team.language_reviewer)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    approve(translation=translation, user=english.team.language_reviewer)
    with pytest.raises(NotReady, match="another person"):
        approve(translation=translation, user=english.team.language_reviewer)
    task = review_of(translation).task
    task.other_person = False
    task.save()
    approve(translation=translation, user=english.team.language_reviewer)


@pytest.mark.parametrize("role", ["translator", "content_reviewer", "lead"])
def test_each_step_is_for_its_role(english: Section, role: str) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    with pytest.raises(PermissionDenied):
        approve(translation=translation, user=getattr(english.team, role))
    with pytest.raises(PermissionDenied):
        send_back(translation=translation, user=getattr(english.team, role), comment="no")


def test_a_returned_page_is_reviewed_from_the_start(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    approve(translation=translation, user=english.team.language_reviewer)
    with pytest.raises(ValidationError, match="what has to be changed"):
        send_back(translation=translation, user=english.team.content_reviewer, comment=" ")
    send_back(translation=translation, user=english.team.content_reviewer, comment="Name wrong")
    assert review_of(again(translation)).is_returned
    submit(translation=translation, user=english.team.translator)
    assert review_of(again(translation)).step == "language"
    assert "Name wrong" in [line.said for line in history_of(again(translation))]


def test_texts_stand_still_while_somebody_reviews_them(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    translation = again(translation)
    first = texts_of(translation)[0]
    place = {"translation": translation, "path": first.path, "position": 0}
    place["source_hash"] = first.source_hash
    with pytest.raises(Locked):
        save_segment(**place, text="Late", user=english.team.translator)
    save_segment(**place, text="Better", user=english.team.language_reviewer)
    origin = SegmentOrigin.objects.get(text__data="Better")
    assert origin.author == english.team.translator
    assert origin.corrected_by == english.team.language_reviewer
    approve(translation=translation, user=english.team.language_reviewer)
    with pytest.raises(Locked):
        save_segment(**place, text="Later", user=english.team.language_reviewer)


def test_who_handed_it_in_takes_it_back(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    with pytest.raises(NotReady):
        take_back(translation=again(translation), user=english.team.lead)
    take_back(translation=again(translation), user=english.team.translator)
    assert again(translation).status == Status.IN_WORK


def test_a_machines_text_is_looked_at_before_it_goes_on(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator, MadeBy.MACHINE)
    submit(translation=translation, user=english.team.translator)
    translation = again(translation)
    reviewer = english.team.language_reviewer
    with pytest.raises(NotReady, match="machine"):
        approve(translation=translation, user=reviewer)
    for text in texts_of(translation):
        confirm_segment(
            translation=translation, path=text.path, source_hash=text.source_hash, user=reviewer
        )
    approve(translation=translation, user=reviewer)
    approve(translation=translation, user=english.team.content_reviewer)
    approve(translation=translation, user=english.team.lead)
    assert again(translation).made_by == MadeBy.REVIEWED_MACHINE


def test_a_change_of_the_chinese_during_the_review_stops_the_release(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    publish(english.article, title="居留许可怎么换")
    with pytest.raises(NotReady, match="not translated"):
        approve(translation=again(translation), user=english.team.lead)


def test_texts_that_changed_by_the_back_door_are_not_released(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    row = StringTranslation.objects.filter(locale=english.row.locale).first()
    row.data = "Slipped in"
    row.save()
    with pytest.raises(NotReady, match="language reviewer approved"):
        approve(translation=again(translation), user=english.team.lead)


def test_between_two_releases_the_old_text_stays_public(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    approve(translation=again(translation), user=english.team.lead)
    page = Page.objects.get(pk=again(translation).target_id).specific
    title = page.title
    publish(english.article, title="居留许可怎么换")
    translation = translation_of(english)
    assert translation.status == Status.STALE
    write(translation, english.team.translator)
    save_draft(translation=translation, user=english.team.translator)
    assert Page.objects.get(pk=page.pk).title == title
    to_release(english, translation)
    approve(translation=again(translation), user=english.team.lead)
    assert Page.objects.get(pk=page.pk).title != title
    assert again(translation).status == Status.CURRENT


def _ready(english: Section) -> tuple[PageTranslation, Page]:
    translation = translation_of(english)
    write(translation, english.team.translator)
    save_draft(translation=translation, user=english.team.translator)
    return translation, Page.objects.get(pk=again(translation).target_id).specific


def test_no_button_of_wagtail_publishes_a_translation(english: Section) -> None:
    _translation, page = _ready(english)
    with pytest.raises(PublishRefused, match="desk"):
        page.get_latest_revision().publish(user=UserFactory(superuser=True))
    assert not Page.objects.get(pk=page.pk).live


def test_no_schedule_publishes_a_translation(english: Section) -> None:
    from django.core.management import call_command

    _translation, page = _ready(english)
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + datetime.timedelta(seconds=1)
    revision = draft.save_revision()
    revision.approved_go_live_at = timezone.now() - datetime.timedelta(hours=1)
    revision.save()
    with contextlib.suppress(PublishRefused):
        call_command("publish_scheduled")
    assert not Page.objects.get(pk=page.pk).live


def test_no_button_of_wagtail_localize_publishes_a_translation(english: Section) -> None:
    translation, page = _ready(english)
    row = Translation.objects.get(
        source__object_id=translation.source.translation_key, target_locale=english.row.locale
    )
    with pytest.raises(PublishRefused):
        row.save_target(publish=False)
        page.refresh_from_db()
        page.get_latest_revision().publish()
    assert not Page.objects.get(pk=page.pk).live


def test_what_was_released_is_public_again_as_it_was(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    approve(translation=again(translation), user=english.team.lead)
    page = Page.objects.get(pk=again(translation).target_id).specific
    page.unpublish()
    page.get_latest_revision().publish()
    assert Page.objects.get(pk=page.pk).live
    page = Page.objects.get(pk=page.pk).specific
    page.title = "Something else"
    with pytest.raises(PublishRefused, match="desk"):
        page.save_revision().publish()


def test_imports_name_a_reviewer_who_is_another_person(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    with pytest.raises(NotReady, match="not its reviewer"):
        release(
            translation=translation,
            user=english.team.lead,
            reviewed_by=english.team.translator,
        )
    page = release(
        translation=translation,
        user=english.team.lead,
        reviewed_by=english.team.language_reviewer,
    )
    assert page.live


def test_a_moved_source_is_no_loss(english: Section) -> None:
    translation = translation_of(english)
    first = texts_of(translation)[0]
    publish(english.article, title="居留许可怎么换")
    translation_of(english)
    with pytest.raises(SourceMoved) as refused:
        save_segment(
            translation=translation,
            path=first.path,
            position=0,
            source_hash=first.source_hash,
            text="How to",
            user=english.team.translator,
        )
    assert refused.value.present == "居留许可怎么换"


def test_two_translators_do_not_overwrite_each_other(english: Section) -> None:
    translation = translation_of(english)
    first = texts_of(translation)[0]
    place = {"translation": translation, "path": first.path, "position": 0}
    place["source_hash"] = first.source_hash
    save_segment(**place, text="One", user=english.team.translator, seen="")
    with pytest.raises(ChangedMeanwhile) as refused:
        save_segment(**place, text="Two", user=english.team.lead, seen="")
    assert refused.value.theirs == "One"
    save_segment(**place, text="Two", user=english.team.lead, seen="One")
    assert texts_of(translation)[0].data == "Two"


def test_the_address_comes_from_the_title(english: Section) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    title = next(text for text in texts_of(translation) if text.path == "title")
    save_segment(
        translation=translation,
        path="title",
        position=0,
        source_hash=title.source_hash,
        text="Residence permits",
        user=english.team.translator,
    )
    to_release(english, translation)
    approve(translation=again(translation), user=english.team.lead)
    assert Page.objects.get(pk=again(translation).target_id).slug == "residence-permits"


def test_the_workflow_is_made_once_and_belongs_to_the_root(english: Section) -> None:
    first = provision_section_workflow(english.row)
    assert provision_section_workflow(english.row) == first
    assert WorkflowPage.objects.get(page_id=english.root.pk).workflow_id == first.pk
    assert [task.specific.step for task in first.tasks] == ["language", "content", "release"]


def test_the_next_reviewer_gets_a_mail(english: Section, mailoutbox: list[Any]) -> None:
    translation = translation_of(english)
    write(translation, english.team.translator)
    submit(translation=translation, user=english.team.translator)
    assert [mail.to for mail in mailoutbox] == [[english.team.language_reviewer.email]]

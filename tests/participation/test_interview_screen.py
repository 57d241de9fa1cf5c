"""The host's screen, and who may not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from portal.participation.models import InterviewPage, InterviewQuestion, LiveEntry
from tests.factories import ImageFactory, World, member

from .interviews import announced, asked, on_air, row, taken

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def address(page: InterviewPage) -> str:
    return reverse("participation_activity", args=[page.pk])


def press(user: Any, page: InterviewPage, action: str, **data: Any) -> Any:
    return signed_in(user).post(address(page), {"action": action} | data)


def test_from_the_first_question_to_the_transcript(provisioned_world: World) -> None:
    world = provisioned_world
    editor, admin = member("editor", world.site), member("site_admin", world.site)
    page = on_air(world.column)
    first, second = asked(page, "甲"), asked(page, "乙")
    assert press(editor, page, "take", row=[first.pk, second.pk]).status_code == 302
    press(editor, page, "post", speaker="副局长", text="答甲", question=first.pk)
    entry = LiveEntry.objects.get()
    assert entry.posted_by == editor
    press(editor, page, "correct", entry=entry.pk, text="答甲，更正", speaker="副局长")
    press(admin, page, "end")
    press(editor, page, "answer", question=second.pk, text="答乙")
    states = InterviewQuestion.objects.order_by("pk").values_list("state", "answer")
    assert list(states) == [("answered", "答甲，更正"), ("answered", "答乙")]
    press(editor, page, "transcript")
    draft: Any = InterviewPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert "答甲，更正" in str(draft.transcript)
    shown = signed_in(editor).get(address(page)).content.decode()
    assert "Replace the transcript" in shown


def test_going_on_air_is_for_those_who_may_publish(provisioned_world: World) -> None:
    world = provisioned_world
    page = on_air(world.column)
    editor = member("editor", world.site)
    assert press(editor, page, "end").status_code in (302, 403)
    assert row(page).ended_at is None
    shown = signed_in(editor).get(address(page)).content.decode()
    assert "Somebody who may publish begins and ends it." in shown
    assert 'value="end"' not in shown


@pytest.mark.parametrize("role", ["platform:security_admin", "other:editor", "visitor"])
def test_nobody_else_reads_what_was_asked(provisioned_world: World, role: str) -> None:
    world = provisioned_world
    page = announced(world.column)
    asked(page, "只给编辑看", name="张三")
    client = Client()
    if role != "visitor":
        kind, name = role.split(":")
        site = world.hubin if kind == "other" else None
        client = signed_in(member(name, site))
    for method in (client.get, client.post):
        response = method(address(page))
        assert response.status_code in (302, 403)
        assert "只给编辑看" not in response.content.decode()
    exported = client.get(reverse("participation_export", args=[page.pk, "csv"]))
    assert exported.status_code in (302, 403)


def test_what_was_typed_stays_when_something_is_wrong(provisioned_world: World) -> None:
    world = provisioned_world
    page, editor = on_air(world.column), member("editor", world.site)
    undescribed = ImageFactory(description="")
    tried = press(editor, page, "post", speaker="副局长", text="很长的一段话", image=undescribed.pk)
    assert tried.status_code == 422
    shown = tried.content.decode()
    assert "很长的一段话" in shown
    assert 'value="副局长"' in shown
    assert not LiveEntry.objects.exists()
    question = taken(page)
    refused = press(editor, page, "refuse", question=question.pk, reason=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()


def test_entries_and_questions_of_another_interview_are_out_of_reach(
    provisioned_world: World,
) -> None:
    world = provisioned_world
    page, other = on_air(world.column), announced(world.column, title="另一场", slug="other")
    question = asked(other)
    admin = member("site_admin", world.site)
    assert press(admin, page, "answer", question=question.pk, text="x").status_code == 404
    question.refresh_from_db()
    assert question.state == "new"

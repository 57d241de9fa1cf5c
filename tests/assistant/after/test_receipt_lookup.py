"""The hotline looks receipts up by what a caller reads out; letters about visitors' data."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.log_actions import registry

from assistant.portal_plugin.models import AnswerRecord, Conversation
from assistant.portal_plugin.services.visitor_data import forget
from tests.assistant.asking import ask
from tests.assistant.factories import make_question
from tests.factories import UserFactory, World, member

from .test_switch import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(provisioned_world: World) -> AnswerRecord:
    entry = make_question(provisioned_world.column)
    return ask("小孩咋落户", entry, site=provisioned_world.site.pk).record


def hotline(site: Any) -> Any:
    """Somebody at the telephone: any role at the site, and a group with the permission."""
    user = member("information_officer", site)
    group = Group.objects.create(name=f"热线 {user.pk}")
    group.permissions.add(Permission.objects.get(codename="look_up_receipts"))
    user.groups.add(group)
    return user


def look(user: Any, term: str) -> Any:
    return signed_in(user).post(reverse("assistant_receipts"), {"term": term})


def test_everything_a_caller_can_read_out_finds_it(
    provisioned_world: World, record: AnswerRecord
) -> None:
    user = hotline(provisioned_world.site)
    code = record.code
    for term in (
        code, f"{code[:4]} {code[4:7]} {code[7:]}", f" {code[:4]}-{code[4:]} ", record.pk,
        f"https://www.yunhu.gov.cn/assistant/answers/{record.pk}/?lang=en", record.digest,
        record.digest.upper(),
    ):  # fmt: skip
        response = look(user, term)
        assert response.status_code == 200, term
        html = response.content.decode()
        assert record.text in html
        assert "小孩咋落户" in html


def test_it_says_how_the_answer_stands(provisioned_world: World, record: AnswerRecord) -> None:
    user = hotline(provisioned_world.site)
    assert record.page is not None
    record.page.unpublish()
    assert "help-warning" in look(user, record.code).content.decode()
    AnswerRecord.objects.filter(pk=record.pk).update(text="别的话")
    html = look(user, record.code).content.decode()
    assert "别的话" in html
    assert html.count("<strong>") >= 1


def test_two_receipts_with_one_number_are_both_shown(
    provisioned_world: World, record: AnswerRecord
) -> None:
    other = ask("还有呢", site=provisioned_world.site.pk).record
    AnswerRecord.objects.filter(pk=other.pk).update(code=record.code)
    html = look(hotline(provisioned_world.site), record.code).content.decode()
    assert html.count("oversight-receipt__text") == 2


@pytest.mark.parametrize("term", ["", "x y z", "1234567890", "0", "\x00", "a" * 600, "'; --"])
def test_what_cannot_be_right_is_told(
    provisioned_world: World, record: AnswerRecord, term: str
) -> None:
    response = look(hotline(provisioned_world.site), term)
    assert response.status_code == 404
    assert record.text not in response.content.decode()


def test_a_misheard_digit_is_told_as_such(provisioned_world: World, record: AnswerRecord) -> None:
    wrong = str((int(record.code[0]) % 9) + 1) + record.code[1:]
    response = look(hotline(provisioned_world.site), wrong)
    assert response.status_code == 404
    messages = [str(message) for message in response.context["messages"]]
    assert len(messages) == 1
    right_but_unknown = look(hotline(provisioned_world.site), "1" * 64)
    others = [str(message) for message in right_but_unknown.context["messages"]]
    assert messages != others


def test_each_look_goes_on_record_without_what_opens_the_receipt(
    provisioned_world: World, record: AnswerRecord
) -> None:
    user = hotline(provisioned_world.site)
    look(user, record.code)
    [row] = registry.get_logs_for_instance(provisioned_world.site).filter(
        action="assistant.receipt.look_up"
    )
    assert (row.user_id, row.data["number"]) == (user.pk, record.code)
    assert record.pk not in json.dumps(row.data)


def test_who_may_look_up_whose(provisioned_world: World, record: AnswerRecord) -> None:
    world = provisioned_world
    stray = UserFactory()
    stray.user_permissions.add(Permission.objects.get(codename="look_up_receipts"))
    for user in (hotline(world.site), member("site_admin", world.site), member("platform_admin")):
        assert look(user, record.code).status_code == 200
    for user in (hotline(world.hubin), member("site_admin", world.hubin)):
        assert look(user, record.code).status_code == 404
    for role in ("editor", "releaser", "auditor", "information_officer"):
        assert look(member(role, world.site), record.code).status_code == 302
    for role in ("audit_admin", "security_admin"):
        assert look(member(role), record.code).status_code == 302
    assert look(stray, record.code).status_code == 302
    response = signed_in(hotline(world.site)).get(reverse("wagtailadmin_home"))
    assert reverse("assistant_receipts") in response.content.decode()


# --- letters --------------------------------------------------------------------------------------
def test_a_letter_gets_everything_and_it_goes_on_record(
    provisioned_world: World, record: AnswerRecord
) -> None:
    user = member("site_admin", provisioned_world.site)
    client = signed_in(user)
    address = reverse("assistant_letter", args=[record.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"do": "export", "reason": " "}).status_code == 422
    response = client.post(address, {"do": "export", "reason": "来信〔2026〕3号"})
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(response.content)["answers"][0]["question"] == "小孩咋落户"
    [row] = registry.get_logs_for_instance(provisioned_world.site).filter(
        action="assistant.conversation.export"
    )
    assert (row.user_id, row.data["reason"]) == (user.pk, "来信〔2026〕3号")
    assert str(record.conversation_id) not in json.dumps(row.data)


def test_a_letter_is_asked_about_twice_before_anything_is_deleted(
    provisioned_world: World, record: AnswerRecord
) -> None:
    client = signed_in(member("site_admin", provisioned_world.site))
    address = reverse("assistant_letter", args=[record.pk])
    data = {"do": "forget", "reason": "来信〔2026〕3号"}
    asked = client.post(address, data)
    assert 'name="confirm" value="yes"' in asked.content.decode()
    assert Conversation.objects.exists()
    assert client.post(address, data | {"confirm": "yes"}).status_code == 302
    assert not Conversation.objects.exists()
    logs = registry.get_logs_for_instance(provisioned_world.site)
    assert logs.filter(action="assistant.conversation.forget").count() == 1
    told = look(member("site_admin", provisioned_world.site), record.pk)
    assert told.status_code == 404


def test_who_may_not_act_for_visitors(provisioned_world: World, record: AnswerRecord) -> None:
    world = provisioned_world
    address = reverse("assistant_letter", args=[record.pk])
    data = {"do": "forget", "reason": "x", "confirm": "yes"}
    for user in (
        hotline(world.site), member("site_admin", world.hubin), member("editor", world.site),
        member("audit_admin"), member("security_admin"),
    ):  # fmt: skip
        client = signed_in(user)
        assert client.get(address).status_code == 302
        assert client.post(address, data).status_code == 302
        assert client.post(address, data | {"do": "export"}).status_code == 302
    assert Conversation.objects.count() == 1
    client = signed_in(member("platform_admin"))
    assert client.get(reverse("assistant_letter", args=["unknown"])).status_code == 404


def test_visitors_deletion_is_no_act_of_staff(
    provisioned_world: World, record: AnswerRecord
) -> None:
    forget(conversation=Conversation.objects.get())
    assert not registry.get_logs_for_instance(provisioned_world.site).exists()

"""The switch: who may stop the assistant, what then every mouth says, and the record of it."""

import datetime
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Page

from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.answering.direct import KnowledgeBase
from assistant.portal_plugin.models import AnswerRecord, AssistantPause
from assistant.portal_plugin.services import switch
from assistant.portal_plugin.services.answers import choose
from assistant.portal_plugin.services.conversing import Message, converse
from assistant.portal_plugin.services.switch import NotSwitched, Terms
from assistant.retrieval.contract import Decision
from tests.assistant.asking import FakeRetriever, ask
from tests.assistant.factories import make_question
from tests.factories import UserFactory, World, member

pytestmark = pytest.mark.django_db

SENTENCE = "问答正在核对新规，下午三点恢复。"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def entry(column: Page, monkeypatch: pytest.MonkeyPatch) -> Page:
    found = make_question(column)
    monkeypatch.setattr(finding, "_retriever", lambda: FakeRetriever([found]))
    return found


def stop(site: int | None, **terms: Any) -> AssistantPause:
    return switch.pause(site=site, terms=Terms("答复有误", **terms))


# --- every mouth ----------------------------------------------------------------------------------
def test_every_mouth_is_silent_at_once_and_speaks_again(
    world: World, entry: Page, client: Client
) -> None:
    def api() -> dict[str, Any]:
        response = client.post(
            "/api/v1/assistant/messages",
            json.dumps({"text": "小孩咋落户"}),
            content_type="application/json",
        )
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()["answer"]
        return answer

    def search() -> Any:
        return KnowledgeBase().direct_answer(
            "新生儿怎么上户口？", site=world.site.pk, language="zh-hans"
        )

    assert api()["status"] == "answered"
    assert search() is not None
    stop(world.site.pk, sentence=SENTENCE)
    answer = api()
    assert (answer["status"], answer["text"], answer["id"]) == ("unavailable", SENTENCE, None)
    assert any(action["kind"] == "call" for action in answer["actions"])
    assert search() is None
    reply = converse(Message("小孩咋落户", site=world.site.pk))
    assert (reply.given.status, reply.record.text) == ("unavailable", SENTENCE)
    page = client.get("/assistant/")
    assert page.status_code == 200
    assert SENTENCE in page.content.decode()
    assert 'name="text"' not in page.content.decode()
    assert 'href="tel:12345"' in page.content.decode()
    asked = client.post("/assistant/", {"text": "小孩咋落户"})
    assert asked.status_code == 503
    assert asked.headers["Retry-After"]
    assert SENTENCE in asked.content.decode()
    assert "小孩咋落户" in asked.content.decode()  # nothing of the visitor's is lost
    assert AnswerRecord.objects.count() == 1
    switch.resume(site=world.site.pk)
    assert api()["status"] == "answered"
    assert search() is not None
    assert client.post("/assistant/", {"text": "小孩咋落户"}).status_code == 303


def test_what_was_offered_is_not_given_either(world: World, column: Page) -> None:
    first, second = make_question(column), make_question(column, "别的怎么办？")
    record = ask(
        "落户", first, second, decision=Decision.ASK_BACK, close=[first, second],
        site=world.site.pk,
    ).record  # fmt: skip
    stop(world.site.pk)
    given = choose(record=record, page=first.pk)
    assert given is not None
    assert (given.status, given.is_kept) == ("unavailable", False)


def test_receipts_stay_readable(world: World, entry: Page, client: Client) -> None:
    record = ask("小孩咋落户", entry, site=world.site.pk).record
    stop(world.site.pk)
    assert client.get(f"/assistant/answers/{record.pk}/").status_code == 200


def test_other_sites_go_on_unless_all_are_stopped(world: World) -> None:
    stop(world.hubin.pk, sentence=SENTENCE)
    assert switch.paused(world.hubin.pk, "zh-hans") == SENTENCE
    assert switch.paused(world.site.pk, "zh-hans") is None
    assert switch.paused(None, "zh-hans") is None
    stop(None, sentence="全市暂停。")
    assert switch.paused(world.gaoxin.pk, "zh-hans") == "全市暂停。"
    assert switch.paused(None, "zh-hans") == "全市暂停。"
    # The site's own sentence is about this site.
    assert switch.paused(world.hubin.pk, "zh-hans") == SENTENCE


def test_each_language_gets_the_sentence_or_the_portals_own_words(world: World) -> None:
    stop(world.site.pk, sentence="暂时不回答问题。", sentence_en="Back at three.")
    said = {code: switch.paused(world.site.pk, code) for code in ("zh-hant", "en", "ja", "ar")}
    assert said == {
        "zh-hant": "暫時不回答問題。", "en": "Back at three.", "ja": "Back at three.",
        "ar": "Back at three.",
    }  # fmt: skip
    stop(world.site.pk)
    without = {switch.paused(world.site.pk, code) for code in ("zh-hans", "en")}
    assert all(without)
    assert "Back at three." not in without


def test_it_ends_by_itself(world: World) -> None:
    end = timezone.now() + datetime.timedelta(hours=2)
    stop(world.site.pk, until=end)
    assert switch.pause_at(world.site.pk) is not None
    with time_machine.travel(end + datetime.timedelta(seconds=1)):
        assert switch.pause_at(world.site.pk) is None
        with pytest.raises(NotSwitched):
            switch.resume(site=world.site.pk)


def test_a_question_pays_one_small_query(world: World, entry: Page) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask("小孩咋落户", entry, site=world.site.pk)
    assert sum("assistantpause" in query["sql"] for query in queries) == 1


# --- the record -----------------------------------------------------------------------------------
def test_it_goes_on_record_with_the_reason_and_nothing_is_overwritten(
    provisioned_world: World,
) -> None:
    site = provisioned_world.site
    user = member("site_admin", site)
    first = switch.pause(site=site.pk, terms=Terms("答复有误"), user=user)
    switch.pause(site=site.pk, terms=Terms("仍在核对"), user=user)
    switch.resume(site=site.pk, reason="核对完毕", user=user)
    first.refresh_from_db()
    assert first.reason == "答复有误"
    assert [row.end_reason for row in AssistantPause.objects.order_by("pk")][1] == "核对完毕"
    logged = registry.get_logs_for_instance(site).filter(action__startswith="assistant.")
    assert [(row.action, row.user_id, row.data["reason"]) for row in logged.order_by("pk")] == [
        ("assistant.pause", user.pk, "答复有误"),
        ("assistant.pause", user.pk, "仍在核对"),
        ("assistant.resume", user.pk, "核对完毕"),
    ]
    history = signed_in(user).get(reverse("site_records:history", args=[site.pk]))
    assert "核对完毕" in history.content.decode()


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_reason_no_stop(world: World, reason: str) -> None:
    with pytest.raises(NotSwitched):
        switch.pause(site=world.site.pk, terms=Terms(reason))
    assert not AssistantPause.objects.exists()


# --- the admin ------------------------------------------------------------------------------------
def test_an_administrator_stops_the_own_site_after_a_second_look(provisioned_world: World) -> None:
    site = provisioned_world.site
    client = signed_in(member("site_admin", site))
    address = reverse("assistant_pause", args=[site.pk])
    data = {"reason": "答复有误", "sentence": SENTENCE}
    looked = client.post(address, data)
    assert looked.status_code == 200
    assert SENTENCE in looked.content.decode()
    assert not AssistantPause.objects.exists()
    done = client.post(address, data | {"confirm": "yes"}, follow=True)
    assert "答复有误" in done.content.decode()
    assert switch.paused(site.pk, "zh-hans") == SENTENCE
    assert "答复有误" in client.get(reverse("wagtailadmin_home")).content.decode()  # the reminder
    client.post(reverse("assistant_resume", args=[site.pk]), {"reason": "好了"})
    assert switch.pause_at(site.pk) is None


@pytest.mark.parametrize(
    "data", [{}, {"reason": " "}, {"reason": "x", "until": "2020-01-01T00:00"},
             {"reason": "x", "until": "soon"}, {"reason": "x" * 301}],
)  # fmt: skip
def test_a_bad_form_comes_back_and_stops_nothing(
    provisioned_world: World, data: dict[str, str]
) -> None:
    client = signed_in(UserFactory(superuser=True))
    address = reverse("assistant_pause", args=[provisioned_world.site.pk])
    response = client.post(address, data | {"confirm": "yes", "sentence": SENTENCE})
    assert response.status_code == 422
    assert SENTENCE in response.content.decode()
    assert not AssistantPause.objects.exists()


def test_who_may_stop_what(provisioned_world: World) -> None:
    site, other = provisioned_world.site, provisioned_world.hubin
    places = (str(site.pk), str(other.pk), "all")

    def allowed(user: Any) -> list[bool]:
        client = signed_in(user)
        found = []
        for place in places:
            response = client.post(
                reverse("assistant_pause", args=[place]), {"reason": "r", "confirm": "yes"}
            )
            stopped = AssistantPause.objects.exists()
            assert stopped == (
                response.status_code == 302 and response.url == reverse("assistant_pauses")
            )
            AssistantPause.objects.all().delete()
            found.append(stopped)
        return found

    assert allowed(member("site_admin", site)) == [True, False, False]
    assert allowed(member("platform_admin")) == [True, True, True]
    for role in ("editor", "releaser", "secrecy_reviewer", "auditor"):
        assert allowed(member(role, site)) == [False, False, False]
    for role in ("audit_admin", "security_admin"):
        assert allowed(member(role)) == [False, False, False]
    switch.pause(site=None, terms=Terms("x"))
    client = signed_in(member("site_admin", site))
    client.post(reverse("assistant_resume", args=["all"]))
    assert switch.pause_at(None) is not None
    assert client.get(reverse("assistant_pauses")).status_code == 200
    assert signed_in(member("editor", site)).get(reverse("assistant_pauses")).status_code == 302
    for place in ("0", "99999999", "x", "-1"):
        assert client.get(reverse("assistant_pauses") + f"{place}/").status_code == 404


# --- the command ----------------------------------------------------------------------------------
def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("assistant_pause", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_stops_and_resumes_and_says_where(world: World) -> None:
    assert "answers at all sites" in run()
    run("yunhu", "--reason", "答复有误", "--sentence", SENTENCE)
    assert switch.paused(world.site.pk, "zh-hans") == SENTENCE
    assert "yunhu: stopped since" in run()
    [row] = registry.get_logs_for_instance(world.site).filter(action="assistant.pause")
    assert row.data["by"]  # the user of the machine
    run("yunhu", "--resume")
    assert switch.pause_at(world.site.pk) is None
    user = UserFactory(username="lin")
    run("all", "--reason", "x", "--by", "lin", "--until", "2099-01-01T08:00")
    found = AssistantPause.objects.holding().get()
    assert (found.site, found.paused_by) == (None, user)


@pytest.mark.parametrize(
    "arguments",
    [
        ("yunhu",), ("nowhere", "--reason", "x"), ("yunhu", "--resume"),
        ("yunhu", "--reason", "x", "--by", "nobody"), ("yunhu", "--reason", "x", "--until", "soon"),
        ("yunhu", "--reason", "x", "--until", "2020-01-01T00:00"),
    ],
)  # fmt: skip
def test_bad_usage_of_the_command(world: World, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 2
    assert not AssistantPause.objects.exists()

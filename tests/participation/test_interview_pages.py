"""What the public meets: the page, the form for a question, stream and news."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page

from portal.participation import guards, live
from portal.participation.models import InterviewPage, InterviewQuestion
from portal.participation.services import interviews as services
from tests.factories import ImageFactory, World

from .interviews import DAY, announced, asked, on_air, over, row, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def column(world: World) -> Page:
    return world.column


def read(page: Page, query: str = "") -> str:
    response = Client().get(page.get_url() + query)
    assert response.status_code == 200
    return str(response.content.decode())


def sheet(page: Page, **typed: str) -> dict[str, str]:
    return {"key": guards.new_key("question", page.pk), "text": "几岁可以入学？"} | typed


def send(page: Page, data: dict[str, str], **extra: Any) -> Any:
    return Client().post(reverse("participation:ask", args=[page.pk]), data, **extra)


# --- the page -------------------------------------------------------------------------------------
def test_unread_questions_plan_and_contacts_are_never_on_the_page(column: Page) -> None:
    page = announced(column, plan="先讲后答")
    asked(page, "还没有人读过的问题", name="张三", contact="0999-10001234")
    taken(page, "<script>已受理</script>")
    shown = read(page)
    for secret in ("还没有人读过的问题", "张三", "0999-10001234", "先讲后答"):
        assert secret not in shown
    assert "&lt;script&gt;已受理&lt;/script&gt;" in shown


def test_without_a_script_the_live_page_has_all_and_loads_again_when_asked(column: Page) -> None:
    page = on_air(column)
    services.post(page=page, speaker="副局长", text="六周岁。", image=ImageFactory())
    withdrawn = services.post(page=page, speaker="副局长", text="说错了")
    services.withdraw(entry=withdrawn)
    shown = read(page)
    assert "六周岁。" in shown
    assert 'alt="晨雾中的云湖"' in shown
    assert "说错了" not in shown
    assert 'http-equiv="refresh"' not in shown
    assert 'http-equiv="refresh" content="30"' in read(page, "?reload=1")


def test_after_the_end_the_page_says_what_is_not_answered_and_by_when(column: Page) -> None:
    page = on_air(column)
    question = taken(page, "没有来得及回答的")
    services.end(page=page)
    shown = read(page)
    assert "尚未回答" in shown
    assert "答复期限" in shown
    services.answer(question=question, text="下周公布。")
    shown = read(page)
    assert "尚未回答" not in shown
    assert "下周公布。" in shown


def test_the_page_costs_the_same_with_many_questions_and_entries(column: Page) -> None:
    def cost() -> int:
        read(page)
        with CaptureQueriesContext(connection) as captured:
            read(page)
        return len(captured)

    page = on_air(column)
    services.post(page=page, speaker="主持人", text="开始", image=ImageFactory())
    taken(page)
    few = cost()
    for number in range(20):
        services.post(page=page, speaker="主持人", text=f"{number}", image=ImageFactory())
    InterviewQuestion.objects.bulk_create(
        InterviewQuestion(
            interview=page, text=f"{n}", key=f"k{n}", sent_at=timezone.now(), state="taken"
        )
        for n in range(2000)
    )
    assert cost() <= few <= 12


# --- asking ---------------------------------------------------------------------------------------
def test_a_question_is_sent_without_a_script_and_once(column: Page) -> None:
    page = announced(column)
    form = Client().get(reverse("participation:ask", args=[page.pk]))
    assert 'name="key"' in form.content.decode()
    data = sheet(page)
    for _attempt in range(2):
        response = send(page, data)
        assert response.status_code == 302
        assert Client().get(response.url).status_code == 200
    assert InterviewQuestion.objects.get().text == "几岁可以入学？"


@pytest.mark.parametrize("typed", [{"text": "长" * 501}, {"text": " "}, {"key": "made up"}])
def test_what_is_refused_comes_back_with_its_text(column: Page, typed: dict[str, str]) -> None:
    page = announced(column)
    response = send(page, sheet(page, name="张三") | typed)
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'role="alert"' in shown
    assert 'value="张三"' in shown
    assert typed.get("text", "几岁可以入学？").strip() in shown
    assert not InterviewQuestion.objects.exists()


def test_a_key_of_another_interview_stores_nothing(column: Page) -> None:
    page, other = announced(column), announced(column, title="另一场", slug="other")
    assert send(page, sheet(other)).status_code == 422
    assert not InterviewQuestion.objects.exists()


def test_programs_that_fill_in_everything_store_nothing(column: Page) -> None:
    page = announced(column)
    assert send(page, sheet(page, website="http://spam.example")).status_code == 302
    assert not InterviewQuestion.objects.exists()


def test_a_flood_is_stopped_and_its_text_comes_back(column: Page) -> None:
    page = announced(column)
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    limit = guards.VISITOR_PER_HOUR["question"]
    for number in range(limit):
        assert send(page, sheet(page, text=f"问题{number}"), **stranger).status_code == 302
    response = send(page, sheet(page, text="再来一个"), **stranger)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "再来一个" in response.content.decode()
    assert InterviewQuestion.objects.count() == limit


def test_too_late_keeps_the_text(column: Page) -> None:
    page = over(announced(column))
    response = send(page, sheet(page))
    assert response.status_code == 422
    assert "几岁可以入学？" in response.content.decode()
    assert "现在不征集提问" in read_form(page)


def read_form(page: Page) -> str:
    return str(Client().get(reverse("participation:ask", args=[page.pk])).content.decode())


@pytest.mark.parametrize("name", ["ask", "asked", "live", "news"])
def test_what_is_not_public_has_no_addresses(column: Page, name: str) -> None:
    page = on_air(column)
    InterviewPage.objects.get(pk=page.pk).unpublish()
    for pk in (page.pk, 999_999):
        assert Client().get(reverse(f"participation:{name}", args=[pk])).status_code == 404


# --- stream and news ------------------------------------------------------------------------------
def stream(page: Page, since: int = 0, **headers: str) -> Any:
    address = reverse("participation:live", args=[page.pk])
    return Client().get(f"{address}?since={since}", headers=headers)


def test_the_stream_tells_what_is_newer_than_what_one_has(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOKS_EVERY", 0)
    page = on_air(column)
    for text in ("一", "二", "三"):
        services.post(page=page, speaker="主持人", text=text)
    services.end(page=page)
    row_of = row(page)
    row_of.ended_at = None  # it ended while the stream was open
    row_of.save()
    response = stream(page, since=0, **{"Last-Event-ID": "2"})
    assert response["Content-Type"].startswith("text/event-stream")
    row_of.ended_at = timezone.now()
    row_of.save()
    said = b"".join(response.streaming_content).decode()
    assert '"text": "三"' in said
    assert '"text": "二"' not in said
    assert "id: 4\n" in said
    assert said.endswith("event: over\ndata: {}\n\n")
    assert stream(page).status_code == 204  # and nobody comes back


def test_streams_take_half_of_the_threads_and_give_them_back(column: Page) -> None:
    page = on_air(column)
    held = [stream(page) for _place in range(live.places())]
    assert {response.status_code for response in held} == {200}
    refused = stream(page)
    assert refused.status_code == 503
    news = Client().get(reverse("participation:news", args=[page.pk]))
    assert news.json() == {"sequence": 0, "over": False, "more": False, "entries": []}
    for response in held:
        response.close()
    again = stream(page)
    assert again.status_code == 200
    again.close()
    assert Client().head(reverse("participation:live", args=[page.pk])).status_code == 200


def test_news_of_the_same_moment_are_answered_from_memory(column: Page) -> None:
    page = on_air(column)
    services.post(page=page, speaker="主持人", text="开始")
    address = reverse("participation:news", args=[page.pk]) + "?since=0"
    first = Client().get(address).json()
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).json() == first
    assert len(captured) <= 2
    assert [entry["text"] for entry in first["entries"]] == ["开始"]


@pytest.mark.parametrize("since", ["-1", "x", "9" * 30, "١"])
def test_odd_numbers_mean_the_beginning(column: Page, since: str) -> None:
    page = on_air(column, begins=timezone.now() - 0.01 * DAY)
    services.post(page=page, speaker="主持人", text="开始")
    address = reverse("participation:news", args=[page.pk])
    assert len(Client().get(address, {"since": since}).json()["entries"]) == 1

"""The course of an interview: announced, asked, live, ended, followed up."""

import datetime
import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page, PageLogEntry

from portal.participation.deadlines import QUESTIONS_KIND
from portal.participation.models import InterviewPage, LiveEntry, QuestionSender
from portal.participation.selectors.interviews import all_said, is_on_air, news_since, state_of
from portal.participation.selectors.public import OVERRUN
from portal.participation.services import interviews as services
from portal.participation.services.errors import ParticipationError
from portal.plugin_api import clocks
from tests.factories import World

from .interviews import DAY, HOUR, announced, asked, draft_interview, on_air, over, row, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def column(world: World) -> Page:
    return world.column


def problems(page: InterviewPage) -> set[str | None]:
    return {field for field, _message in page.publish_problems(page.get_parent())}


# --- notice ---------------------------------------------------------------------------------------
def test_less_than_three_days_of_notice_need_a_reason(column: Page) -> None:
    page = draft_interview(column, begins=timezone.now() + 2 * DAY)
    assert "shorter_reason" in problems(page)
    page.shorter_reason = "台风提前登陆"
    assert "shorter_reason" not in problems(page)
    page.shorter_reason = ""
    page.opens_at, page.closes_at = timezone.now() + 4 * DAY, timezone.now() + 4 * DAY + HOUR
    assert problems(page) == set()


def test_an_interview_names_who_answers(column: Page) -> None:
    page = draft_interview(column)
    page.guests = []
    assert "guests" in problems(page)


# --- states ---------------------------------------------------------------------------------------
def test_the_five_states(column: Page) -> None:
    def state() -> str:
        found = InterviewPage.objects.get(pk=page.pk)
        return str(state_of(found, row(found)))

    page = draft_interview(column, begins=timezone.now(), first_published_at=None)
    assert state() == "planned"
    page.shorter_reason = "急"
    page.save_revision().publish()
    assert state() == "announced"
    question = taken(page)
    services.go_on_air(page=InterviewPage.objects.get(pk=page.pk))
    assert state() == "live"
    services.end(page=page)
    assert state() == "ended"
    page = over(page)
    page.result_summary = "收到问题1个。"
    page.save_revision().publish()
    assert state() == "ended"  # a question is open
    services.answer(question=question, text="六周岁。")
    assert state() == "followed_up"


@pytest.mark.parametrize(
    ("begins", "is_live", "says"),
    [
        (datetime.timedelta(hours=2), True, "announced for"),
        (datetime.timedelta(hours=-2), True, "time is over"),
        (datetime.timedelta(0), False, "Publish the announcement"),
    ],
)
def test_it_goes_on_air_at_its_time_only(
    column: Page, begins: Any, is_live: bool, says: str
) -> None:
    make = announced if is_live else draft_interview
    page = make(column, begins=timezone.now() + begins, shorter_reason="急")
    with pytest.raises(ParticipationError, match=says):
        services.go_on_air(page=page)
    assert row(page).started_at is None


def test_one_that_overruns_goes_on_and_one_that_nobody_ends_ends_by_itself(column: Page) -> None:
    page = on_air(column)
    closes = row(page).closes_at
    assert closes is not None
    assert is_on_air(row(page), closes + HOUR)
    assert not is_on_air(row(page), closes + OVERRUN)
    with pytest.raises(ParticipationError, match="while the interview is live"):
        services.post(page=page, speaker="主持人", text="还有人吗", at=closes + OVERRUN)


def test_it_ends_once(column: Page) -> None:
    page = on_air(column)
    services.end(page=page)
    ended = row(page).ended_at
    services.end(page=page)
    assert row(page).ended_at == ended
    with pytest.raises(ParticipationError, match="has ended"):
        services.go_on_air(page=page)
    with pytest.raises(ParticipationError, match="while the interview is live"):
        services.post(page=page, speaker="主持人", text="再说一句")


# --- questions ------------------------------------------------------------------------------------
def test_a_sheet_counts_once(column: Page) -> None:
    page = announced(column)
    for _attempt in range(2):
        services.ask(page=page, text="几岁？", key="k" * 22)
    assert page.asked.count() == 1
    assert row(page).received == 1


def test_name_and_contact_are_kept_apart_until_their_day(column: Page) -> None:
    page = announced(column)
    asked(page)
    assert not QuestionSender.objects.exists()
    question = asked(page, name="张三", contact="0999-10001234")
    assert question.sender.kept_until == timezone.localdate(page.closes_at + 180 * DAY)


def test_questions_are_taken_in_their_time(column: Page) -> None:
    page = announced(
        column,
        questions_from=timezone.now() + HOUR,
        questions_until=timezone.now() + 3 * HOUR,
    )
    for at, is_taken in ((0, False), (2, True), (4, False)):
        moment = timezone.now() + at * HOUR
        if is_taken:
            asked(page, at=moment)
        else:
            with pytest.raises(ParticipationError, match="not taken now"):
                asked(page, at=moment)
    live = on_air(column)
    services.end(page=live)
    with pytest.raises(ParticipationError, match="not taken now"):
        asked(live)


def test_not_taking_a_question_needs_a_reason_and_an_answer_stays(column: Page) -> None:
    question = asked(announced(column))
    with pytest.raises(ParticipationError, match="Say why"):
        services.look_at(question=question, take=False, reason=" ")
    services.look_at(question=question, take=False, reason="个案")
    question.refresh_from_db()
    assert (question.state, question.reason) == ("refused", "个案")
    services.answer(question=question, text="六周岁。")
    with pytest.raises(ParticipationError, match="answered already"):
        services.look_at(question=question, take=False, reason="个案")


# --- live -----------------------------------------------------------------------------------------
def test_the_answer_follows_what_is_said(column: Page) -> None:
    page = on_air(column)
    question = taken(page)
    first = services.post(page=page, speaker="副局长", text="六周岁。", question=question)
    second = services.post(page=page, speaker="科长", text="以8月31日为界。", question=question)
    question.refresh_from_db()
    assert question.answer == "六周岁。\n以8月31日为界。"
    assert row(page).answered == 1
    services.correct(entry=second, text="以8月31日为准。")
    question.refresh_from_db()
    assert question.answer == "六周岁。\n以8月31日为准。"
    for entry in (first, second):
        services.withdraw(entry=entry)
    question.refresh_from_db()
    assert (question.state, question.answer) == ("taken", "")
    assert row(page).answered == 0


def test_a_better_answer_in_writing_is_not_overwritten(column: Page) -> None:
    page = on_air(column)
    question = taken(page)
    entry = services.post(page=page, speaker="副局长", text="六岁。", question=question)
    services.answer(question=question, text="年满六周岁。")
    services.correct(entry=entry, text="六周岁。")
    question.refresh_from_db()
    assert question.answer == "年满六周岁。"


@pytest.mark.parametrize(("speaker", "text"), [("", "好"), ("主持人", " ")])
def test_nothing_is_posted_without_words_and_speaker(column: Page, speaker: str, text: str) -> None:
    with pytest.raises(ParticipationError):
        services.post(page=on_air(column), speaker=speaker, text=text)
    assert not LiveEntry.objects.exists()


def test_questions_of_others_or_unread_ones_are_not_answered_live(column: Page) -> None:
    page, other = on_air(column), announced(column, title="另一场")
    with pytest.raises(ParticipationError, match="another interview"):
        services.post(page=page, speaker="副局长", text="好", question=taken(other))
    with pytest.raises(ParticipationError, match="Take the question"):
        services.post(page=page, speaker="副局长", text="好", question=asked(page))


def test_history_keeps_what_was_corrected_and_withdrawn(column: Page) -> None:
    page = on_air(column)
    entry = services.post(page=page, speaker="副局长", text="六岁")
    services.correct(entry=entry, text="六周岁")
    services.withdraw(entry=entry)
    with pytest.raises(ParticipationError, match="withdrawn"):
        services.correct(entry=entry, text="七岁")
    logged = PageLogEntry.objects.filter(page=page.pk, action__startswith="participation.")
    told = {one.action: one.data.get("text") for one in logged}
    assert told["participation.corrected"] == "六岁"
    assert told["participation.withdrawn"] == "六周岁"
    assert "participation.on_air" in told


@pytest.mark.parametrize("seed", range(5))
def test_whoever_reads_along_has_what_the_page_has(
    column: Page, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts, corrections and withdrawals in any order; news fetched at any time, few at once."""
    monkeypatch.setattr("portal.participation.selectors.interviews.AT_ONCE", 3)
    chance = random.Random(seed)
    page = on_air(column)
    entries: list[LiveEntry] = []
    read: dict[int, str] = {}
    since = 0

    def fetch() -> int:
        news = news_since(page.pk, since)
        for said in news.entries:
            if said.is_withdrawn:
                read.pop(said.number, None)
            else:
                read[said.number] = said.text
        return news.sequence

    for turn in range(40):
        live = [entry for entry in entries if entry.withdrawn_at is None]
        deed = chance.choice(["post", "post", "correct", "withdraw", "fetch"])
        if deed == "post" or not live:
            entries.append(services.post(page=page, speaker="主持人", text=f"第{turn}句"))
        elif deed == "correct":
            services.correct(entry=chance.choice(live), text=f"更正{turn}")
        elif deed == "withdraw":
            services.withdraw(entry=chance.choice(live))
        else:
            since = fetch()
    while news_since(page.pk, since).entries:
        since = fetch()
    assert read == {said.number: said.text for said in all_said(page.pk)}


# --- what is owed ---------------------------------------------------------------------------------
def test_open_questions_are_due_within_five_working_days(column: Page) -> None:
    page = on_air(column)
    first, second = taken(page, "甲"), asked(page, "乙")
    assert clocks.open(QUESTIONS_KIND, f"page:{page.pk}") is None
    services.end(page=page)
    clock = clocks.open(QUESTIONS_KIND, f"page:{page.pk}")
    assert clock is not None
    limit = clocks.limit(QUESTIONS_KIND, row(page).site_id)
    assert (limit.amount, str(limit.unit)) == (5, "working_days")
    assert clock.started_at == row(page).ended_at
    services.answer(question=first, text="好。")
    assert clocks.open(QUESTIONS_KIND, f"page:{page.pk}") is not None
    services.look_at(question=second, take=False, reason="个案")
    assert clocks.open(QUESTIONS_KIND, f"page:{page.pk}") is None


# --- transcript -----------------------------------------------------------------------------------
def test_the_transcript_is_a_draft_of_what_was_said(column: Page) -> None:
    page = on_air(column)
    question = taken(page, "<b>几岁</b>？")
    services.post(page=page, speaker="副局长", text="六周岁。\n带户口簿。", question=question)
    services.withdraw(entry=services.post(page=page, speaker="主持人", text="说错了"))
    with pytest.raises(ParticipationError, match="End the interview"):
        services.compose_transcript(page=page)
    services.end(page=page)
    services.compose_transcript(page=page)
    live = InterviewPage.objects.get(pk=page.pk)
    assert not live.transcript  # public only after its reviews
    draft: Any = live.get_latest_revision_as_object()
    text = "".join(str(block.value) for block in draft.transcript)
    assert "&lt;b&gt;几岁&lt;/b&gt;？" in text
    assert "<p><b>副局长</b>：六周岁。</p><p>带户口簿。</p>" in text
    assert "说错了" not in text


def test_a_transcript_is_replaced_only_when_told(column: Page) -> None:
    page = on_air(column)
    services.post(page=page, speaker="主持人", text="开始")
    services.end(page=page)
    services.compose_transcript(page=page)
    with pytest.raises(ValidationError, match="is to be replaced"):
        services.compose_transcript(page=page)
    services.compose_transcript(page=page, replaces=True)
    assert page.revisions.count() == 3

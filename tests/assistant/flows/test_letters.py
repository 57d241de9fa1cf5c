"""A letter: gathered, looked over, filled in elsewhere; never without a clear yes."""

import pytest

from assistant.dialogue.prompts import PromptKind
from assistant.dialogue.statuses import Status

from .providers import LettersInMemory
from .talking import Reply, Talk

TEXT = "湖滨路12号门前的路灯坏了三天，晚上很黑，请尽快修好。"


def up_to_review(talk: Talk) -> Reply:
    talk.press("/leave_letter")
    talk.press('/choose{"value": "complaint"}')
    talk.write("路灯不亮", "report_error")
    return talk.write(TEXT, "report_error")


def test_the_form_asks_for_kind_subject_text_and_shows_all_of_it(
    talk: Talk, post: LettersInMemory
) -> None:
    asked = talk.write("我要投诉", "leave_letter")
    assert asked.prompt is not None
    assert asked.prompt.kind is PromptKind.CHOICE
    assert [button.title for button in asked.prompt.buttons] == ["咨询", "投诉", "建议"]
    assert asked.prompt.step is not None
    assert (asked.prompt.step.number, asked.prompt.step.count) == (1, 4)

    subject = talk.write("投诉", "leave_letter")
    assert subject.prompt is not None
    assert (subject.prompt.field, subject.prompt.longest) == ("letter_subject", 60)
    talk.write("路灯不亮")
    review = talk.write(TEXT)
    assert review.prompt is not None
    assert review.prompt.kind is PromptKind.CONFIRM
    assert [line.value for line in review.prompt.review] == ["投诉", "路灯不亮", TEXT]
    assert review.payloads[0] == "/confirm"
    assert post.drafts == {}


def test_a_yes_fills_in_the_page_and_sends_nothing(talk: Talk, post: LettersInMemory) -> None:
    up_to_review(talk)
    done = talk.press("/confirm")
    [(token, draft)] = post.drafts.items()
    assert (draft.kind, draft.subject, draft.text) == ("complaint", "路灯不亮", TEXT)
    assert draft.conversation == ""
    assert done.links == [f"/letters/new/{token}/"]
    assert post.sent == {}
    assert talk.form == ""
    assert not any(talk.slots.values())


@pytest.mark.parametrize("words", ["是的", "确认", "Yes", "はい", "네", "да", "oui", "نعم"])
def test_a_yes_may_be_written(talk: Talk, post: LettersInMemory, words: str) -> None:
    up_to_review(talk)
    talk.write(words, "affirm")
    assert len(post.drafts) == 1


@pytest.mark.parametrize(
    "words",
    [
        "是不是还要写地址？",
        "好像不对",
        "yes but change the subject",
        "嗯",
        "不",
        "你好",
        "/confirm",
    ],
)
def test_nothing_else_is_a_yes_whatever_the_model_says(
    talk: Talk, post: LettersInMemory, words: str
) -> None:
    up_to_review(talk)
    reply = talk.write(words, "affirm")
    assert post.drafts == {}
    assert reply.prompt is not None
    assert reply.prompt.kind is PromptKind.CONFIRM
    assert talk.slots["letter_text"] == TEXT


def test_the_yes_of_another_time_confirms_nothing(talk: Talk, post: LettersInMemory) -> None:
    talk.press("/leave_letter")
    reply = talk.press("/confirm")
    assert reply.prompt is not None
    assert reply.prompt.field == "letter_kind"
    up = talk.press('/choose{"value": "advice"}')
    assert up.prompt is not None
    assert up.prompt.field == "letter_subject"
    talk.press("/confirm")
    assert post.drafts == {}


def test_a_field_is_changed_and_the_rest_stays(talk: Talk, post: LettersInMemory) -> None:
    review = up_to_review(talk)
    assert '/change{"field": "letter_subject"}' in review.payloads
    asked = talk.press('/change{"field": "letter_subject"}')
    assert asked.prompt is not None
    assert asked.prompt.field == "letter_subject"
    review = talk.write("湖滨路路灯不亮")
    assert review.prompt is not None
    assert [line.value for line in review.prompt.review] == ["投诉", "湖滨路路灯不亮", TEXT]
    talk.press("/confirm")
    [draft] = post.drafts.values()
    assert draft.subject == "湖滨路路灯不亮"


def test_what_is_too_long_is_refused_with_the_number(talk: Talk, post: LettersInMemory) -> None:
    talk.press("/leave_letter")
    talk.press('/choose{"value": "advice"}')
    reply = talk.write("长" * 75)
    assert "15" in reply.record.text
    assert reply.prompt is not None
    assert reply.prompt.field == "letter_subject"


def test_an_empty_text_is_refused(talk: Talk, post: LettersInMemory) -> None:
    talk.press("/leave_letter")
    talk.press('/choose{"value": "advice"}')
    reply = talk.write("***")
    assert reply.prompt is not None
    assert reply.prompt.field == "letter_subject"
    assert talk.slots["letter_subject"] is None


def test_masked_data_is_told_of_in_the_review(talk: Talk, post: LettersInMemory) -> None:
    talk.press("/leave_letter")
    talk.press('/choose{"value": "advice"}')
    talk.write("路灯")
    review = talk.write("请打电话***联系我")
    assert review.prompt is not None
    assert "***" in review.prompt.hint


def test_a_question_in_between_is_answered_and_the_form_asks_again(
    talk: Talk, post: LettersInMemory
) -> None:
    talk.press("/leave_letter")
    reply = talk.write("你们几点上班？", "office_hours")
    assert [record.status for record in reply.records] == [Status.ANSWERED, Status.FORM]
    assert reply.prompt is not None
    assert reply.prompt.field == "letter_kind"
    assert reply.prompt.question == reply.records[1].text


def test_what_is_written_into_a_text_is_never_taken_for_something_else(
    talk: Talk, post: LettersInMemory
) -> None:
    """A letter may well be a question, and may speak of persons, hours and cancelling."""
    talk.press("/leave_letter")
    talk.press('/choose{"value": "consult"}')
    talk.write("请问几点上班", "office_hours")
    talk.write("为什么取消了我的预约？我要找人工！", "human")
    assert talk.slots["letter_subject"] == "请问几点上班"
    assert talk.slots["letter_text"] == "为什么取消了我的预约？我要找人工！"


def test_stopping_forgets_what_was_entered(talk: Talk, post: LettersInMemory) -> None:
    up_to_review(talk)
    reply = talk.press("/stop_form")
    assert post.drafts == {}
    assert talk.form == ""
    assert not any(talk.slots.values())
    assert reply.payloads  # and there is a way on
    reply = talk.press("/confirm")  # the button that still stands above
    assert post.drafts == {}
    assert reply.payloads


def test_a_person_can_be_asked_for_in_the_middle_and_nothing_is_lost(
    talk: Talk, post: LettersInMemory
) -> None:
    up_to_review(talk)
    reply = talk.press("/call_human")
    assert reply.record.status == Status.HANDED_OVER
    assert talk.slots["letter_text"] == TEXT
    assert reply.prompt is not None
    assert reply.prompt.kind is PromptKind.CONFIRM


def test_another_form_has_to_wait(talk: Talk, post: LettersInMemory) -> None:
    up_to_review(talk)
    reply = talk.press("/letter_status")
    assert talk.form == "letter_form"
    assert reply.prompt is not None
    assert reply.prompt.kind is PromptKind.CONFIRM


def test_the_conversation_goes_along_only_where_it_was_offered(
    talk: Talk, post: LettersInMemory
) -> None:
    talk.write("公交卡怎么退款")
    person = talk.write("转人工", "human")
    offered = [payload for payload in person.payloads if payload.startswith("/leave_letter")]
    talk.press(offered[0])
    talk.press('/choose{"value": "consult"}')
    talk.write("退卡")
    review = talk.write("公交卡怎么退款，没有人告诉我。")
    assert review.prompt is not None
    assert len(review.prompt.review) == 4
    talk.press("/confirm")
    [draft] = post.drafts.values()
    assert "公交卡怎么退款" in draft.conversation


@pytest.mark.usefixtures("nobody_takes_letters")
def test_nobody_takes_letters_the_visitor_is_told_so(talk: Talk) -> None:
    assert "/leave_letter" not in talk.write("你能做什么", "help").payloads
    reply = talk.write("我要投诉", "leave_letter")
    assert reply.record.status == Status.HANDED_OVER
    assert talk.form == ""
    assert "/human" in reply.payloads
    assert "/leave_letter" not in reply.payloads


def test_a_refusal_is_passed_on_and_can_be_mended(talk: Talk, post: LettersInMemory) -> None:
    up_to_review(talk)
    post.refuses = "这个主题请打110。"
    reply = talk.press("/confirm")
    assert reply.record.text == "这个主题请打110。"
    assert talk.slots["letter_text"] == TEXT
    post.refuses = ""
    review = talk.press('/leave_letter{"value": "again"}')
    assert review.prompt is not None
    assert review.prompt.kind is PromptKind.CONFIRM
    assert post.drafts == {}
    talk.press("/confirm")
    assert len(post.drafts) == 1


@pytest.mark.usefixtures("failing_plugins")
def test_a_provider_that_fails_costs_nothing_that_was_written(
    talk: Talk, post: LettersInMemory
) -> None:
    up_to_review(talk)
    post.fails = True
    reply = talk.press("/confirm")
    assert reply.record.status == Status.UNAVAILABLE
    post.fails = False
    talk.press('/leave_letter{"value": "again"}')
    talk.press("/confirm")
    [draft] = post.drafts.values()
    assert draft.text == TEXT


def test_a_new_letter_begins_empty(talk: Talk, post: LettersInMemory) -> None:
    up_to_review(talk)
    talk.press("/stop_form")
    talk.press("/leave_letter")
    assert not any(talk.slots.values())


def test_the_form_speaks_the_visitors_language(talk: Talk, post: LettersInMemory) -> None:
    talk.language = "en"
    asked = talk.press("/leave_letter")
    assert asked.prompt is not None
    assert asked.prompt.question == "What kind of letter is it?"
    assert [button.title for button in asked.prompt.buttons][1] == "Complaint"
    talk.language = "zh-hant"
    asked = talk.write("投訴", "leave_letter")
    assert talk.slots["letter_kind"] == "complaint"
    assert asked.prompt is not None
    assert asked.prompt.field == "letter_subject"

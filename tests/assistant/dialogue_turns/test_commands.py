"""Buttons by an allow-list; words of command only as a whole message; typed commands are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.commands import Payload, as_text, command_in, payload_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/confirm", Payload("confirm")),
        ("/leave_letter", Payload("leave_letter")),
        ('/choose{"value": "complaint"}', Payload("choose", {"value": "complaint"})),
        ('/change{"field":"letter_text"}', Payload("change", {"field": "letter_text"})),
        ("/skill_booking", Payload("skill_booking")),
    ],
)
def test_buttons(text: str, found: Payload) -> None:
    assert payload_of(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "confirm", "/restart", "/session_start", "/back", "/greeting", "/confirm\n", " /confirm",
        "/confirm{}", '/choose{"slot": "x"}', '/choose{"value": "a", "field": "b"}', '/choose{"value": "啊"}',
        '/choose{"value": ["a"]}', "/choose{'value': 'a'}", "/skill_", "/SKILL_x", "/confirm;/restart",
    ],
)  # fmt: skip
def test_nothing_else_is_a_button(text: str) -> None:
    assert payload_of(text) is None


@given(st.text())
def test_no_text_is_a_button_by_chance(text: str) -> None:
    assert payload_of(text) is None or text.startswith("/")
    assert not as_text(text).startswith("/")


@pytest.mark.parametrize(
    "text",
    [
        "取消",
        "取消。",
        "算了",
        "Cancel!",
        "キャンセル",
        "취소",
        "Отмена",
        "annuler",
        "إلغاء",
        "STOP",
    ],
)
def test_words_that_end_a_form(text: str) -> None:
    assert command_in(text, form=True) == "/stop_form"
    assert command_in(text, form=False) == ""


@pytest.mark.parametrize(
    "text", ["我想取消预约", "怎么取消社保", "please cancel my card", "不取消"]
)
def test_sentences_with_such_a_word_are_sentences(text: str) -> None:
    assert command_in(text, form=True) == ""


def test_a_person_can_always_be_asked_for() -> None:
    assert command_in("转人工", form=True) == command_in("转人工", form=False) == "/call_human"


def test_skipping_only_where_something_can_be_skipped() -> None:
    assert command_in("跳过", form=True, can_skip=True) == "/skip"
    assert command_in("跳过", form=True) == ""


def test_typed_commands_are_text() -> None:
    assert as_text("/confirm") == "／confirm"
    assert as_text("a/b") == "a/b"

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.texts import (
    ANSWER,
    MOST_WINDOWS,
    QUESTION,
    WINDOW,
    text_key,
    texts_of,
    windows,
)
from tests.assistant.retrieval.entries import entry


def test_each_question_once_and_without_control_characters() -> None:
    texts = texts_of(
        entry(1, "居住证 怎么办？", phrasings=("暂住证\x00\n咋办", "居住证 怎么办？", " "))
    )

    assert texts.questions == ("居住证 怎么办？", "暂住证 咋办")


def test_long_answers_are_read_in_windows_of_whole_sentences() -> None:
    answer = "".join(f"请携带第{number}号材料到办事大厅一楼综合窗口办理。" for number in range(30))

    found = windows(answer)

    assert 1 < len(found) <= MOST_WINDOWS
    assert all(len(window) <= WINDOW and window.endswith("。") for window in found)


@given(st.text(max_size=3_000))
def test_windows_are_bounded_whatever_comes(text: str) -> None:
    found = windows(text)

    assert len(found) <= MOST_WINDOWS
    assert all(0 < len(window) <= WINDOW for window in found)


def test_a_text_is_another_one_as_question_than_as_answer() -> None:
    assert text_key(QUESTION, "居住证") != text_key(ANSWER, "居住证")
    assert len(text_key(QUESTION, "居住证")) == 16

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


def test_words_are_looked_for_in_the_whole_answer_and_models_read_windows() -> None:
    answer = "".join(f"第{number}項材料請到辦事大廳提交。" for number in range(200))

    texts = texts_of(entry(1, "居住證怎麼辦？", answer=answer))

    assert texts.for_words(ANSWER) == (answer,)
    assert len(texts.for_models(ANSWER)) == 1 + MOST_WINDOWS
    assert texts.for_models(QUESTION) == ("居住证怎么办？",)
    assert "材料请到办事大厅" in texts.for_models(ANSWER)[0]


def test_an_answer_without_a_question_is_read_with_its_title() -> None:
    with_title = texts_of(entry(1, title="居住证办理", answer="到街道办理。"))
    derived = texts_of(entry(1, title="到街道办…", answer="到街道办理。"))

    assert with_title.for_models(ANSWER) == ("居住证办理：到街道办理。",)
    assert derived.for_models(ANSWER) == ("到街道办理。",)

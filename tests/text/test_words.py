"""Characters and words of other scripts, as they are counted for fees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("云湖市", 3),
        ("云湖市，2026年。", 5),
        ("GDP增长5%", 4),
        ("<b>云湖</b>的<i>state-of-the-art</i>", 4),
        ("Don’t stop", 2),
        ("𠮷野家", 3),
        ("——！？、", 0),
    ],
)
def test_each_character_and_each_run_of_letters(text: str, words: int) -> None:
    assert count_words(text) == words


@given(
    st.text(alphabet="云湖市民 abc12，。<>/b", max_size=60),
    st.text(alphabet="云湖市民", max_size=20),
)
def test_characters_added_are_characters_counted(text: str, more: str) -> None:
    assert count_words(f"{text}>{more}") == count_words(f"{text}>") + len(more)

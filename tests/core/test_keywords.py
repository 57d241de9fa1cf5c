"""Keywords as editors type them."""

import pytest

from portal.core.keywords import fold, split


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("水质, 湿地", ["水质", "湿地"]),
        ("水质，湿地、鸟;  云湖", ["水质", "湿地", "鸟", "云湖"]),
        ("水质,水质, ,", ["水质"]),
        ("ＧＤＰ, gdp", ["gdp"]),
        ("一 湖  清水", ["一 湖 清水"]),
        ("", []),
    ],
)
def test_split(typed: str, words: list[str]) -> None:
    assert split(typed) == words


def test_a_keyword_never_outgrows_its_column() -> None:
    assert len(fold("长" * 200)) == 40

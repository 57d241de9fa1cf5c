import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.segmentation import (
    MAX_TOKEN_LENGTH,
    dense_runs,
    is_hanzi,
    normalise,
    pairs,
    query_tokens,
    search_tokens,
)

# Any code point, lone surrogates and unassigned ones included.
any_text = st.text(st.characters())
chinese = st.text(st.sampled_from("云湖市不动产登记办理居住证的税《》，。 2aZ"), max_size=60)


@pytest.mark.parametrize(
    ("text", "stored", "asked"),
    [
        ("不动产登记", ["不动", "动产", "不动产", "登记"], ["不动产", "登记"]),
        (
            "居住证办理条件",
            ["居住", "居住证", "办理", "条件"],
            ["居住证", "办理", "条件"],
        ),
        ("第12条（试行）", ["第", "12", "条", "试行"], ["第", "12", "条", "试行"]),
        (
            "ＡＢＣ１２３、Covid-19",
            ["abc123", "covid", "19"],
            ["abc123", "covid", "19"],
        ),
        ("правительство Café", ["правительство", "café"], ["правительство", "café"]),
        ("𬀩湖〇", ["𬀩", "湖", "〇"], ["𬀩", "湖", "〇"]),
        ("", [], []),
        ("，。《》 \x00\ud800_-", [], []),
    ],
)
def test_words(text: str, stored: list[str], asked: list[str]) -> None:
    assert search_tokens(text) == stored
    assert query_tokens(text) == asked


def test_forms_that_readers_take_as_one_meet() -> None:
    assert normalise("ＩＰＶ６　①Ⅳ") == normalise("ipv6 1iv")


def test_runs_keep_scripts_apart() -> None:
    assert dense_runs("2024年ﾊﾝｶｸ 한국어 Blog") == [
        ("2024", False), ("年ハンカク", True), ("한국어", True), ("blog", False),
    ]  # fmt: skip


def test_long_runs_are_bounded_alike_on_both_sides() -> None:
    long = "a" * 500
    assert search_tokens(long) == query_tokens(long) == ["a" * MAX_TOKEN_LENGTH]


def test_pairs() -> None:
    assert pairs("不动产") == ["不动", "动产"]
    assert pairs("税") == ["税"]


@given(st.one_of(any_text, chinese))
def test_tokens_are_clean(text: str) -> None:
    for token in [*search_tokens(text), *query_tokens(text)]:
        assert token
        # Blocks of Hanzi have places that Python's Unicode does not know as letters (yet).
        assert all(c.isalnum() or is_hanzi(c) for c in token)
        assert not any(c.isspace() or c in "\"'\\" for c in token)
        assert is_hanzi(token) or len(token) <= MAX_TOKEN_LENGTH
        assert is_hanzi(token) == all(is_hanzi(c) for c in token)
        token.encode()


@given(st.one_of(any_text, chinese))
def test_nothing_is_lost_and_order_is_kept(text: str) -> None:
    letters = "".join(run for run, _dense in dense_runs(text))
    if len(letters) <= MAX_TOKEN_LENGTH:
        assert "".join(query_tokens(text)) == letters


@given(st.one_of(any_text, chinese))
def test_a_text_is_found_by_itself(text: str) -> None:
    """Every word that is looked for was stored."""
    assert set(query_tokens(text)) <= set(search_tokens(text))


@given(any_text)
def test_normalising_is_stable(text: str) -> None:
    once = normalise(text)
    assert query_tokens(once) == query_tokens(text)

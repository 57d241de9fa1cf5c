"""Lists of words as people type them, and circles among synonyms."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.search.wordlists import circle, is_empty, join_words, same, split_words, twice


def test_words_are_split_at_whatever_people_put_between_them() -> None:
    assert split_words("上户口，落户、报户口\n 入户 ;ＧＪＪ|") == [
        "上户口",
        "落户",
        "报户口",
        "入户",
        "GJJ",
    ]


def test_one_word_in_two_writings_is_one() -> None:
    assert split_words("GJJ\ngjj、ｇｊｊ") == ["GJJ"]
    assert split_words("落户｜入户﹐上户口") == ["落户", "入户", "上户口"]
    assert twice("GJJ\n公积金，gjj") == ["GJJ"]


def test_signs_alone_are_no_word() -> None:
    assert is_empty("——！")
    assert not is_empty("税")


@given(st.text(max_size=200))
def test_what_was_split_is_split_the_same_again(text: str) -> None:
    words = split_words(text)
    assert split_words(join_words(words)) == words
    assert len({same(word) or word for word in words}) == len(words)
    assert twice(join_words(words)) == []


def test_a_circle_is_told_by_its_way() -> None:
    leads = {"b": ["c"], "c": ["a", "d"]}
    assert circle(leads, ["a"], ["b"]) == ("b", "c", "a")
    assert circle(leads, ["a"], ["a"]) == ("a",)
    assert circle(leads, ["x"], ["b"]) == ()


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_a_way_is_a_way(leads: dict[str, list[str]]) -> None:
    way = circle(leads, ["a"], ["b"])
    if way:
        assert (way[0], way[-1]) == ("b", "a")
        assert all(after in leads[before] for before, after in pairwise(way))

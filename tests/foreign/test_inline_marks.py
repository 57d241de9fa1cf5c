"""Marks of links and bold words survive the text field, and what is no mark stays text."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.foreign.inline_marks import kept, typed

LINK = '办理<a id="a1">居留许可</a>，<b>十日</b>内'


def test_links_are_short_marks() -> None:
    assert typed(LINK) == "办理<a1>居留许可</a1>，<b>十日</b>内"


def test_what_was_typed_becomes_what_is_kept() -> None:
    text = "Get a <a1>residence permit</a1> within <b>ten days</b>"
    assert kept(text, LINK) == 'Get a <a id="a1">residence permit</a> within <b>ten days</b>'


def test_the_words_may_stand_in_another_order() -> None:
    source = '<a id="a1">甲</a><a id="a2">乙</a>'
    assert typed(kept("<a2>B</a2> <a1>A</a1>", source)) == "<a2>B</a2> <a1>A</a1>"


@pytest.mark.parametrize(
    "text",
    [
        "no link at all",
        "<a1>not closed",
        "<a1>twice</a1> <a1>twice</a1>",
        "<a1><b>crossed</a1></b>",
        "</a1>wrong<a1>",
    ],
)
def test_a_link_that_is_not_right_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        kept(text, LINK)


def test_other_tags_are_text() -> None:
    assert kept("5 < 6 & <script>x</script>", "五小于六") == (
        "5 &lt; 6 &amp; &lt;script&gt;x&lt;/script&gt;"
    )
    assert typed("5 &lt; 6 &amp; 7") == "5 < 6 & 7"


def test_lines_are_kept_where_the_chinese_has_lines() -> None:
    assert kept("a\nb", "甲<br/>乙") == "a<br/>b"
    assert kept("a\nb", "甲乙") == "a b"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_text_comes_back_as_it_was_typed(text: str) -> None:
    text = " ".join(text.split())
    assert typed(kept(text, "甲")) == text

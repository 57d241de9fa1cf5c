"""The small mark-up of demo content: whatever is written, no tag of the author's gets through."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pages.markup import MarkupError, to_blocks


def blocks(text: str) -> list[tuple[str, Any]]:
    return to_blocks(
        text,
        image=lambda key: {"key": key} if key == "lake" else None,
        page=lambda key: 7 if key == "known" else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("一段。", [("paragraph", "<p>一段。</p>")]),
        ("一\n二", [("paragraph", "<p>一 二</p>")]),
        ("一\n\n二", [("paragraph", "<p>一</p><p>二</p>")]),
        ("一\r\n\r\n二", [("paragraph", "<p>一</p><p>二</p>")]),
        ("## 标题", [("heading", {"text": "标题", "level": "2"})]),
        ("### 小标题", [("heading", {"text": "小标题", "level": "3"})]),
        ("> 引用", [("quote", {"text": "引用", "source": ""})]),
        ("- 甲\n- 乙", [("paragraph", "<ul><li>甲</li><li>乙</li></ul>")]),
        ("@right 云湖市\n2026年",
         [("aligned_text", {"text": "云湖市\n2026年", "position": "right"})]),
        ("![lake] 晨雾", [("image", {"image": {"key": "lake"}, "caption": "晨雾"})]),
        ("!notice warning | 涨水 \n请**绕行**",
         [("notice", {"level": "warning", "title": "涨水", "text": "<p>请<b>绕行</b></p>"})]),
        ("!steps 怎么办\n扫码 | 用手机\n取证 |",
         [("steps", {"title": "怎么办", "items": [
             {"title": "扫码", "text": "<p>用手机</p>"}, {"title": "取证", "text": ""}]})]),
        ("!chart line | 客流 | 万 | 局\n月,人\n1,2",
         [("chart", {"title": "客流", "kind": "line", "unit": "万", "source": "局",
                     "summary": "", "sheet": "月,人\n1,2"})]),
        ("**要点**", [("paragraph", "<p><b>要点</b></p>")]),
        ("[x](page:known)", [("paragraph", '<p><a linktype="page" id="7">x</a></p>')]),
        ("[x](https://a.example/?b=1&c=2)",
         [("paragraph", '<p><a href="https://a.example/?b=1&amp;c=2">x</a></p>')]),
        ("<b> & <script>", [("paragraph", "<p>&lt;b&gt; &amp; &lt;script&gt;</p>")]),
        ("一\n\n## 二\n\n三",
         [("paragraph", "<p>一</p>"), ("heading", {"text": "二", "level": "2"}),
          ("paragraph", "<p>三</p>")]),
    ],
)  # fmt: skip
def test_forms(text: str, expected: list[tuple[str, Any]]) -> None:
    assert blocks(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [("!nonsense x", "nonsense"), ("!table 表\n甲,乙\n1", "2")],
)
def test_blocks_that_cannot_be_read_are_named(text: str, words: str) -> None:
    with pytest.raises(MarkupError, match=words):
        blocks(text)


@pytest.mark.parametrize(
    "text",
    [
        "![nobody]",
        "!video nobody | 片",
        "!map nobody | 图 | 号 | 源",
        "[x](page:nobody)",
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "[x](data:x)",
    ],
)
def test_what_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(MarkupError, match=r"nobody|javascript|evil|data"):
        blocks(text)


PIECES = st.sampled_from(
    [
        "## ",
        "### ",
        "> ",
        "- ",
        "@right ",
        "@center ",
        "**",
        "[",
        "](",
        ")",
        "page:known",
        "![lake]",
        "https://a.example/",
        "<script>",
        "<b",
        '"',
        "'",
        "&",
        "&lt;",
        "\n",
        "\n\n",
        " ",
        "湖",
        "a",
    ]
)
ALLOWED_TAG = re.compile(
    r'</?(?:p|ul|li|b)>|</a>|<a linktype="page" id="7">|<a href="(?:https?|mailto|tel):[^"<>]*">'
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_no_tag_of_the_author_s_gets_through(text: str) -> None:
    try:
        found = blocks(text)
    except MarkupError:
        return
    for kind, value in found:
        if kind != "paragraph":
            continue
        rest = ALLOWED_TAG.sub("", value)
        assert "<" not in rest
        assert ">" not in rest.replace("&gt;", "")

"""Simplified into traditional characters: sentences of an office, names, terms, whole pages."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.script import (
    HONG_KONG,
    TAIWAN,
    Converter,
    NotAStandard,
    to_simplified,
    to_traditional,
)
from portal.text.script_markup import convert_fragment, convert_page, paragraphs_of

SENTENCES = [
    line.split("\t")
    for line in (Path(__file__).parent / "script_sentences.tsv").read_text("utf-8").splitlines()
]
# Two traditional words for one: they do not come back to the sign that they came from.
_ONE = str.maketrans({"帐": "账", "覆": "复", "著": "着"})


def test_there_are_enough_sentences() -> None:
    assert len({source for source, _tw, _hk in SENTENCES}) >= 150


@pytest.mark.parametrize(("standard", "column"), [(TAIWAN, 1), (HONG_KONG, 2)], ids=["tw", "hk"])
def test_sentences_become_what_was_written_down(standard: str, column: int) -> None:
    converter = Converter(standard)
    wrong = [
        (row[0], converter.text(row[0]), row[column])
        for row in SENTENCES
        if converter.text(row[0]) != row[column]
    ]
    assert wrong == []
    assert converter.texts([row[0] for row in SENTENCES]) == [row[column] for row in SENTENCES]


@pytest.mark.parametrize(("standard", "column"), [(TAIWAN, 1), (HONG_KONG, 2)], ids=["tw", "hk"])
def test_sentences_come_back(standard: str, column: int) -> None:
    lost = [
        row[0]
        for row in SENTENCES
        if to_simplified(row[column], standard=standard).translate(_ONE) != row[0].translate(_ONE)
    ]
    assert lost == []


def test_words_stay_what_was_approved() -> None:
    for source, expected in (
        ("网络", "網絡"), ("软件", "軟件"), ("出租车", "出租車"), ("信息", "信息"), ("打印", "打印"),
        ("服务器", "服務器"), ("公共汽车", "公共汽車"),
    ):  # fmt: skip
        assert to_traditional(source) == expected
    with pytest.raises(NotAStandard, match="s2twp"):
        Converter("s2twp")


def test_own_terms_win_and_names_are_left_alone() -> None:
    converter = Converter(TAIWAN, {"里程碑": "里程碑石", "范后里": "范后里", "里": "里"})
    assert converter.text("范后里的里程碑，湖里") == "范后里的里程碑石，湖里"
    assert converter.term_hits("范后里在湖里") == [("范后里", "范后里"), ("里", "里")]


def test_terms_that_begin_inside_another_word_are_not_found() -> None:
    assert to_traditional("若干货物") == "若干貨物"
    assert to_traditional("重复议论") == "重複議論"


def test_many_threads_get_the_same() -> None:
    sources = [row[0] for row in SENTENCES] * 5
    converter = Converter(TAIWAN)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(converter.text, sources)) == [row[1] for row in SENTENCES] * 5


# --- markup --------------------------------------------------------------------------------------
PAGE = '<!DOCTYPE html>\n<html lang="zh-hans" dir="ltr"><body>{}</body></html>'


def converted(body: str, **options: object) -> str:
    page = convert_page(PAGE.format(body), Converter(TAIWAN, **options))  # type: ignore[arg-type]
    start = '<!DOCTYPE html>\n<html lang="zh-Hant" dir="ltr"><body>'
    assert page.startswith(start)
    return page.removeprefix(start).removesuffix("</body></html>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p><b>头</b>发</p>", "<p><b>頭</b>髮</p>"),
        ("<p>发</p><p>展</p>", "<p>發</p><p>展</p>"),
        ('<img src="/发.png" alt="发展">', '<img src="/发.png" alt="發展">'),
        ("<a href='/发/' title='发展'>发</a>", "<a href='/发/' title='發展'>發</a>"),
        ('<p lang="ja">国際<i lang="zh">国际</i></p>', '<p lang="ja">国際<i lang="zh-Hant">國際</i></p>'),
        ('<p lang="zh-Hans">后来</p>', '<p lang="zh-Hant">後來</p>'),
        ('<p lang="zh-Hant">以后</p>', '<p lang="zh-Hant">以后</p>'),
        ('<b translate="no">范后<i lang="zh">后</i></b>后来', '<b translate="no">范后<i lang="zh">后</i></b>後來'),
        ("<code>发</code><pre>发展</pre>", "<code>发</code><pre>發展</pre>"),
        ("<script>'发'</script><style>/*发*/</style>", "<script>'发'</script><style>/*发*/</style>"),
        ("<textarea>发</textarea>后来", "<textarea>发</textarea>後來"),
        ('<input value="发" placeholder="发">', '<input value="发" placeholder="發">'),
        ('<input type="submit" value="发送">', '<input type="submit" value="發送">'),
        ('<input type="submit" name="a" value="发送">', '<input type="submit" name="a" value="发送">'),
        ("<option>发</option><option value='发'>发</option>", "<option>发</option><option value='发'>發</option>"),
        ('<a hreflang="zh-hans" lang="zh-hans">简体</a>', '<a hreflang="zh-hans" lang="zh-hans">简体</a>'),
        ("<!-- 发 --><p>发 &lt;b&gt; 1 < 2 后来", "<!-- 发 --><p>發 &lt;b&gt; 1 < 2 後來"),
        ('<p data-key="发" aria-label="发展">x</p>', '<p data-key="发" aria-label="發展">x</p>'),
        ("<svg><text>发展</text></svg>", "<svg><text>發展</text></svg>"),
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_converted_and_what_is_not(source: str, expected: str) -> None:
    assert converted(source) == expected


def test_pages_in_other_languages_come_back_as_they_are() -> None:
    page = '<html lang="ja"><p>発展 国际</p></html>'
    assert convert_page(page, Converter()) is page
    done = '<html lang="zh-Hant"><a href="/x/">发</a></html>'
    assert convert_page(done, Converter(), rewrite=lambda address: "/t" + address) == (
        '<html lang="zh-Hant"><a href="/t/x/">发</a></html>'
    )


def test_corrections_are_for_whole_paragraphs_and_keep_the_markup() -> None:
    options = {"corrections": {"头发与后土": "頭髮與后土祠 & 台"}}
    assert converted("<p> <b>头</b>发与<i>后土</i>\n</p><p>头发与后来</p>", **options) == (
        "<p> <b>頭</b>髮與<i>后土祠 &amp; 台</i>\n</p><p>頭髮與後來</p>"
    )
    found = paragraphs_of("<p>发展</p><p>头发与后土</p>", Converter(TAIWAN, **options))
    assert [(one.source, one.text, one.is_corrected) for one in found] == [
        ("发展", "發展", False),
        ("头发与后土", "頭髮與后土祠 & 台", True),
    ]


_PIECES = st.lists(
    st.sampled_from(
        ["发展", "头", "发", " ", "<b>", "</b>", "<p>", "</p>", '<i lang="ja">', "</i>", "<br>", "a",
         '<img alt="发">', "<!--发-->", "&amp;", "&", "<", "5 > 3", "\n", "<code>", "</code>",
         '<a href="/发">', "</a>", "余先生", "账户"]
    ),
    max_size=30,
)  # fmt: skip
_MARKUP = re.compile(r"[\u3400-\u9fff]")


@given(_PIECES)
def test_whatever_the_markup_all_else_stays(pieces: list[str]) -> None:
    source = "".join(pieces)
    result = convert_fragment(source, Converter())
    assert _MARKUP.sub("", result) == _MARKUP.sub("", source)
    assert len(result) == len(source)

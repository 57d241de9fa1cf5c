"""The paste cleaner, on what Word, WPS, WeChat, Excel and a browser put on the clipboard."""

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.document import (
    Document,
    Heading,
    Item,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    text_of,
    texts,
)
from portal.text.pasted import Pasted, from_html, link_to

CLIPBOARD = Path(__file__).parent / "clipboard"


def pasted(name: str) -> Pasted:
    return from_html((CLIPBOARD / f"{name}.html").read_text(encoding="utf-8"))


def outline(document: Document) -> list[object]:
    """A text in short: what each block is, and its words."""
    result: list[object] = []
    for block in document:
        match block:
            case Heading():
                result.append((f"h{block.level}", text_of(block.line)))
            case Paragraph():
                result.append((f"p {block.place}".strip(), text_of(block.line)))
            case Quote():
                result.append(("quote", text_of(block.line)))
            case Listing():
                result.append(
                    ("list", *((i.depth, i.ordered, text_of(i.line)) for i in block.items))
                )
            case Table():
                result.append(("table", block.caption, *block.rows))
            case Picture():
                result.append(("picture", block.alt, block.caption))
    return result


def spans(document: Document) -> list[Span]:
    lines = [b.line for b in document if isinstance(b, Paragraph | Heading | Quote)]
    return [span for line in lines for span in line]


def test_word() -> None:
    found = pasted("word")
    assert outline(found.document) == [
        ("p center", "云政办发〔2026〕7号"),
        ("h2", "一、总体要求"),
        ("p", "到2026年底，全市沿湖步道全线贯通，湖体面积31.6km2，详见云湖概况。"),
        ("h3", "（一）沿湖步道"),
        ("list", (0, False, "东岸段六公里"), (1, False, "望湖路至码头"), (0, False, "西岸段四公里")),
        ("h3", "（二）水质提升"),
        ("p", "每月公布一次监测结果[1]。"),
        ("table", "表1 各段进度", ("路段", "长度（公里）", "状态"), ("东岸", "6.0", "完工"), ("", "2.5", "在建")),
        ("picture", "湖边步道", ""),
        ("p right", "云湖市人民政府办公室"),
        ("p right", "2026年3月2日"),
        ("p", "[1] 数据来自市生态环境监测站。"),
    ]  # fmt: skip
    looks = {span.text: span for span in spans(found.document)}
    assert looks["沿湖步道"].marks == {"bold"}
    assert looks["2"].marks == looks["[1]"].marks == {"superscript"}
    assert looks["云湖概况"].link == (("href", "https://www.yunhu.example/lake"),)
    assert found.report.hidden == ["内部批注勿外传"]
    assert found.report.comments == ["这里请再核对"]
    assert found.report.merged_cells == 1
    assert found.report.removed["styles"] > 50


def test_wps() -> None:
    assert outline(pasted("wps").document) == [
        ("h2", "关于夏季渡船时刻调整的通知"),
        ("p", "自6月1日起，云湖3号线渡船延长运营。"),
        ("h2", "一、首末班时间"),
        ("p", "首班6:30，末班22:00。"),
        ("h2", "二、票价"),
        ("list", (0, False, "成人票四元"), (0, False, "六十五岁以上免费")),
        ("picture", "", ""),
        ("table", "", ("码头", "首班"), ("东岸", "6:30")),
    ]


def test_wechat() -> None:
    found = pasted("wechat")
    assert outline(found.document) == [
        ("h2", "01 春茶开采"),
        ("p", "三月十八日，云湖春茶开采。茶农说：“今年的芽头比去年早五天。”"),
        ("picture", "", "▲茶农在云岭采茶"),
        ("h2", "二、到哪里看"),
        ("p", "云岭茶园每天八点到十七点开放，乘旅游专线可达，可扫码预约，也可在云湖文旅网站预约。"),
        ("list", (0, False, "自带水杯"), (0, False, "不随意采摘")),
        ("p", "来源：云湖发布"),
    ]
    assert found.report.hidden == ["关注公众号领取优惠券", "点赞在看转发"]
    assert [line.split()[0] for line in found.report.foreign] == ["mpvoice", "iframe"]
    assert found.report.removed["trackers"] == 2
    assert found.report.removed["scripts"] == 2


def test_excel() -> None:
    (table,) = pasted("excel").document
    assert table == Table(
        (
            ("指标", "单位", "2025年", "增速"),
            ("地区生产总值", "亿元", "1,234.5", "5.2%"),
            ("渡船客运量", "万人次", "86", "-1.3%"),
        ),
        has_header=True,
    )


def test_a_web_page() -> None:
    found = pasted("web")
    assert outline(found.document) == [
        ("h2", "云湖图书馆新馆开放"),
        ("p", "2026-03-02 来源: 云湖日报"),
        ("h2", "开放时间"),
        ("p", "周二至周日\n九点至二十一点①，水的分子式是H2O。"),
        ("h2", "怎样办证"),
        ("list", (0, True, "带身份证到一楼"), (1, False, "外籍人士带护照"), (0, True, "填表")),
        ("picture", "图书馆外景", "新馆外景"),
        ("quote", "读书是一件快乐的事。\n——读者"),
        ("p", "更多见这里和馆网。"),
        ("p", "单格框里的话"),
        ("p", "第一行\n第二行"),
    ]
    links = [span.link for span in spans(found.document) if span.link]
    assert links == [(("href", "https://lib.example.invalid/?id=7#top"),)]


def test_numbered_lists_keep_the_numbers_that_were_printed() -> None:
    (listing,) = from_html("<ol><li>甲</li><li>乙</li></ol>").document
    assert listing == Listing((Item((Span("甲"),), True), Item((Span("乙"),), True)))
    apart = "<ol><li>甲事</li></ol><p>说明。</p><ol start=2><li>乙事</li></ol><p>说明。</p>"
    assert "".join(texts(from_html(apart).document)) == "1. 甲事说明。2. 乙事说明。"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/b?utm_source=x&id=1", "https://a.example/b?id=1"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("java\nscript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///C:/a.docx", None),
        ("#_ftn1", None),
        ("/admin/", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_links(address: str, kept: str | None) -> None:
    assert link_to(address) == ((("href", kept),) if kept else None)


# --- whatever was on the clipboard ----------------------------------------------------------------
_WORDS = st.text(st.sampled_from("云湖政府一二（）、。 a1&<>\"'\u200b\u00a0\n"), max_size=8)
_TAGS = st.sampled_from(
    ["p", "div", "span", "b", "h1", "h3", "section", "ul", "ol", "li", "table", "tr", "td", "th",
     "blockquote", "a", "sup", "pre", "figure", "figcaption", "font", "o:p", "strong", "tbody",
     "center", "article", "dl", "dt", "button", "caption", "ruby", "rt", "em"]
)  # fmt: skip
_ATTRIBUTES = st.sampled_from(
    ["", " class=MsoNormal", " style='mso-list:l0 level2 lfo1'", " align=right", " colspan=3",
     " rowspan=2", " style='mso-list:Ignore'", " href='javascript:x'", " onclick='x()'", " start=4",
     " style='font-weight:bold;text-align:center'", " id=footnote-2", " style=';:;x:'",
     " style='mso-outline-level:2'", " colspan=-1", " rowspan=99999", " style='white-space:pre'"]
)  # fmt: skip


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    element = st.builds(
        lambda tag, attributes, parts: f"<{tag}{attributes}>{''.join(parts)}</{tag}>",
        _TAGS,
        _ATTRIBUTES,
        st.lists(inner, max_size=4),
    )
    return st.one_of(element, inner)


_HTML = st.recursive(_WORDS.map(escape), _wrapped, max_leaves=20)


def _seen(text: str) -> str:
    return re.sub(r"[\s\u200b\W_]", "", text)


@settings(max_examples=400, deadline=None)
@given(_HTML)
def test_no_visible_word_is_lost(html: str) -> None:
    # The numbers that a word processor wrote before items are the list's own from here on.
    ignored = "mso-list:Ignore" in html
    text = re.sub(r"<[^>]*>", "", html)
    expected = sorted(_seen(text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")
                            .replace("&quot;", "").replace("&#x27;", "")))  # fmt: skip
    result = sorted(_seen("".join(texts(from_html(html).document))))
    if ignored:
        assert set(result) <= set(expected) | set("1234567890")
    else:
        missing = list(expected)
        for character in result:
            if character in missing:
                missing.remove(character)
        assert missing == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(st.sampled_from("<>/='\" abpdivtrlio!-[]&;#x0\ud800")), _HTML))
def test_it_never_raises_and_keeps_nothing_that_acts(html: str) -> None:
    found = from_html(html)
    for span in spans(found.document):
        assert span.marks <= {"bold", "italic", "superscript", "subscript"}
        for name, value in span.link or ():
            assert name == "href"
            assert value.startswith(("http://", "https://", "mailto:", "tel:"))


def test_deep_nesting_is_flattened() -> None:
    deep = "<div><b>" * 3000 + "深处的话" + "</b></div>" * 3000 + "<p>之后</p>"
    assert "".join(texts(from_html(deep).document)) == "深处的话之后"

"""One-click typesetting: what it sets right, what it leaves alone, and that twice is once."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.document import (
    Block,
    Document,
    Heading,
    Item,
    Line,
    Listing,
    Other,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    line_of,
    text_of,
    texts,
)
from portal.text.typesetting import HouseStyle, typeset


def paragraphs(*lines: str) -> Document:
    return tuple(Paragraph(line_of(line)) for line in lines)


def set_line(text: str, **style: object) -> str:
    """The only line of a text after typesetting."""
    (block,) = typeset(paragraphs(text), HouseStyle(**style)).document  # type: ignore[arg-type]
    assert isinstance(block, Paragraph | Heading)
    return text_of(block.line)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("坚持问题导向,统筹推进;抓好落实.", "坚持问题导向，统筹推进；抓好落实。"),
        ("增长5.2%,达到1,234.5万元。", "增长5.2%，达到1,234.5万元。"),
        ("时间:上午8:30至11:30,地点:大厅", "时间：上午8:30至11:30，地点：大厅"),
        ("比例为3:1,详见第2.1.3条", "比例为3:1，详见第2.1.3条"),
        ("请访问https://www.yunhu.example/a,b?c=1;d。", "请访问https://www.yunhu.example/a,b?c=1;d。"),
        ("发至office@yunhu.example.cn,谢谢", "发至office@yunhu.example.cn，谢谢"),
        ("下载form.docx,填写后交回", "下载form.docx，填写后交回"),
        ('推进"放管服"改革', "推进“放管服”改革"),
        ("他说”好”", "他说“好”"),
        ("屏幕5\"和6\"的", "屏幕5\"和6\"的"),
        ("全市(含县)均可", "全市（含县）均可"),
        ("电话(0571)88886666", "电话（0571）88886666"),
        ("函数f(x)=ax+b(a>0)", "函数f(x)=ax+b(a>0)"),
        ("Hello, world (see above): it's fine.", "Hello, world (see above): it's fine."),
        ("他说, Hello, world!", "他说，Hello, world!"),
        ("等等...", "等等……"),
        ("等等。。。", "等等……"),
        ("云湖--我们的家", "云湖——我们的家"),
        ("工作,，落实。。", "工作，落实。"),
        ("云政发[2024]12号文", "云政发〔2024〕12号文"),
        ("云政办函（2024） 3 号文", "云政办函〔2024〕3号文"),
        ("（2024）云01民初12号", "（2024）云01民初12号"),
        ("２０２４年ＧＤＰ增长", "2024年GDP增长"),
        ("　　本市  居民 均可", "本市 居民 均可"),
        ("第一条　为了规范", "第一条　为了规范"),
        ("一.总则在前", "一.总则在前"),
        ("No.3的办法", "No.3的办法"),
    ],
)  # fmt: skip
def test_a_line(typed: str, printed: str) -> None:
    assert set_line(typed, headings=False) == printed
    assert set_line(printed, headings=False) == printed


def test_latin_spacing_is_a_matter_of_the_house() -> None:
    assert set_line("使用5G 网络") == "使用5G 网络"
    assert set_line("使用5G 网络", latin_spacing="add") == "使用 5G 网络"
    assert set_line("使用 5G 网络", latin_spacing="remove") == "使用5G网络"


@pytest.mark.parametrize("rule", ["punctuation", "widths", "spaces"])
def test_a_rule_that_is_off_does_nothing(rule: str) -> None:
    typed = {"punctuation": "好,好。", "widths": "第１条的规定", "spaces": "　　好的。"}[rule]
    assert set_line(typed, headings=False) != typed
    assert set_line(typed, headings=False, **{rule: False}) == typed


def test_looks_stay_with_their_characters() -> None:
    bold = frozenset({"bold"})
    link = (("href", "https://a.example/"),)
    line: Line = (Span("推进", bold), Span(",落实(见"), Span("附件", link=link), Span(")..."))
    (block,) = typeset((Paragraph(line),)).document
    assert block == Paragraph(
        (Span("推进", bold), Span("，落实（见"), Span("附件", link=link), Span("）……"))
    )


def kinds(document: Document) -> list[int | str]:
    """Levels of headings, "p" for paragraphs with the place where they have one."""
    return [
        b.level if isinstance(b, Heading) else f"p{getattr(b, 'place', '')[:1]}" for b in document
    ]


def test_numbered_lines_become_headings() -> None:
    text = paragraphs(
        "一、总体要求", "（一）指导思想", "坚持以人民为中心。", "1.主要任务", "抓落实。", "（二）目标",
        "到明年见效。", "二、保障措施", "加强领导。",
    )  # fmt: skip
    done = typeset(text).document
    assert kinds(done) == [2, 3, "p", 4, "p", 3, "p", 2, "p"]
    assert text_of(done[0].line) == "一、总体要求"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "lines",
    [
        ("请携带：", "1.身份证", "2.户口本", "3.照片", "到窗口办理。"),  # a list by hand
        ("一、加强领导，明确责任，抓好落实。", "其他。"),  # a sentence
        ("1.5万人次参加了活动", "活动很好。"),  # a number
        ("（一）" + "很长的一句话" * 10, "正文。"),
    ],
)
def test_numbered_lines_that_are_no_headings(lines: tuple[str, ...]) -> None:
    assert set(kinds(typeset(paragraphs(*lines)).document)) == {"p"}


def test_number_and_signature_find_their_places() -> None:
    text = paragraphs(
        "云政发〔2024〕12号", "各县区人民政府：", "现印发给你们。", "云湖市人民政府", "2024年3月2日",
        "附件：名单",
    )  # fmt: skip
    assert kinds(typeset(text).document) == ["pc", "p", "p", "pr", "pr", "p"]


def test_breaks_inside_a_sentence_are_closed() -> None:
    text = "为进一步加强全市生态环境保护工作，\n根据有关规定制定本办法。\n本办法自印发之日起施行。"
    assert [text_of(b.line) for b in typeset(paragraphs(text)).document] == [  # type: ignore[union-attr]
        "为进一步加强全市生态环境保护工作，根据有关规定制定本办法。",
        "本办法自印发之日起施行。",
    ]
    verse = "云水之滨\n湖光山色"
    assert set_line(verse) == verse


def test_tables_lose_what_is_empty_and_find_their_header() -> None:
    table = Table((("项目", "", "金额"), ("", "", ""), ("供水", "", "1,234"), ("供电", "", "56.7")))
    (done,) = typeset((table,)).document
    assert done == Table((("项目", "金额"), ("供水", "1,234"), ("供电", "56.7")), has_header=True)
    figures = Table((("1", "2"), ("3", "4")))
    assert typeset((figures,)).document == (figures,)


def test_what_it_does_not_know_stays() -> None:
    text = (Picture("a", "描述", "图一"), Other("map"), Quote(line_of("好事办好")))
    done = typeset(text)
    assert done.document == text
    assert not +done.changes


# --- whatever somebody wrote ----------------------------------------------------------------------
_PIECES = st.sampled_from(
    [*"一二三（）()〔〕[]【】“”‘’\"'《》、，。；：？！,.;:?!…—-－ \u3000\t\u00a0的云湖政发号年月日Aaf1２％%",
     "2024", "云政发[2024]1号", "2024年3月2日", "云湖市人民政府", "https://a.cn/b", "一、", "（一）",
     "1.", "...", "。。", "--", "总体要求", "第一条", "\n", "……", "——", "a@b.cn", "3.14"]
)  # fmt: skip
_TEXT = st.lists(_PIECES, max_size=14).map("".join)
_SPANS = st.builds(
    Span,
    _TEXT,
    st.frozensets(st.sampled_from(["bold", "superscript"]), max_size=1),
    st.sampled_from([None, (("href", "https://a.example/"),)]),
)
_LINE = st.lists(_SPANS, max_size=3).map(tuple)
_FLAT = _TEXT.map(lambda text: text.replace("\n", ""))
_BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, _LINE, st.sampled_from(["", "", "", "right", "center"])),
    _TEXT.map(lambda text: Paragraph(line_of(text))),
    _FLAT.map(lambda text: Paragraph(line_of(text))),
    st.builds(Heading, st.integers(1, 6), _LINE),
    st.builds(Listing, st.lists(st.builds(Item, _LINE, st.booleans()), max_size=3).map(tuple)),
    st.integers(1, 3).flatmap(
        lambda width: st.builds(
            Table,
            st.lists(st.tuples(*[_FLAT] * width), max_size=3).map(tuple),
            st.booleans(),
            _FLAT,
        )
    ),
    st.builds(Picture, st.just("key"), _FLAT, _FLAT),
    st.just(Other("x")),
)
_STYLE = st.builds(
    HouseStyle,
    *[st.booleans()] * 8,
    latin_spacing=st.sampled_from(["keep", "add", "remove"]),
)


def characters(document: Document) -> str:
    """What a reader sees, in order, without spaces and marks."""
    return re.sub(r"[\W_]", "", _narrow("".join(texts(document))))


def _narrow(text: str) -> str:
    return "".join(
        chr(ord(c) - 0xFEE0) if "\uff10" <= c <= "\uff5a" and c.isalnum() else c for c in text
    )


@settings(max_examples=400, deadline=None)
@given(st.lists(_BLOCK, max_size=6).map(tuple), _STYLE)
def test_twice_is_once_and_nothing_is_lost(document: Document, style: HouseStyle) -> None:
    once = typeset(document, style).document
    again = typeset(once, style)
    assert again.document == once
    assert not +again.changes
    assert characters(once) == characters(document)

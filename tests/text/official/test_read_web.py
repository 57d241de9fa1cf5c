"""Web pages as official documents: their lines, without menus, scripts and hidden words."""

import time

import pytest

from portal.text.official.model import Source
from portal.text.official.reading import read

from .samples import as_html, lines
from .test_reading import refusal


def page(body: str, head: str = "") -> Source:
    return read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


def texts(source: Source) -> list[str]:
    return [line.text for line in source.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "utf-16", "gb18030"])
@pytest.mark.parametrize("says_so", [True, False])
def test_encodings_declared_and_not(encoding: str, says_so: bool) -> None:
    real = "gb18030" if encoding == "gb2312" else encoding
    html = as_html().replace('charset="utf-8"', f'charset="{encoding}"' if says_so else "")
    assert texts(read(html.encode(real), "a.html")) == lines()


def test_a_page_that_says_the_wrong_encoding() -> None:
    html = as_html().replace('charset="utf-8"', 'charset="gbk"')
    assert texts(read(html.encode(), "a.html")) == lines()


def test_menus_scripts_and_hidden_words_are_no_text() -> None:
    links = "".join(f'<li><a href="/{n}">栏目名称{n}</a></li>' for n in range(6))
    source = page(
        f"<nav>首页</nav><ul>{links}</ul><script>alert('x')</script><style>p{{}}</style>"
        '<p style="display:none">看不见的广告</p><p>正文第一句。</p><select><option>字号</option></select>'
        '<div class="footer">版权所有</div>'
    )
    assert texts(source) == ["正文第一句。"]
    gone = {removed.text: removed.reason for removed in source.removed}
    assert gone["看不见的广告"] == "hidden"
    assert {"首页", "字号", "版权所有"} <= {
        t for t, reason in gone.items() if reason == "navigation"
    }
    assert "".join(f"栏目名称{n}" for n in range(6)) in gone


def test_a_page_whose_frame_is_called_a_menu_keeps_its_text() -> None:
    text = "各部门应当按照职责分工抓好落实。" * 40
    assert texts(page(f'<div id="menu"><p>{text}</p></div>')) == [text]


def test_furniture_that_only_words_can_tell_stays_line_by_line() -> None:
    source = page(
        "<div>当前位置：首页 &gt; 政策</div><div>更新时间：2026-01-05<br>来源：本站</div><p>正文。</p>"
    )
    assert texts(source) == [
        "当前位置：首页 > 政策",
        "更新时间：2026-01-05",
        "来源：本站",
        "正文。",
    ]


def test_links_to_attachments_are_no_menu() -> None:
    links = "".join(f'<p><a href="/f/{n}.docx">附件{n}：申报表{n}</a></p>' for n in range(1, 7))
    source = page(
        f"<p>正文。</p><div>{links}</div><p><label>发文字号：</label>云政发〔2026〕3号</p>"
    )
    assert texts(source) == [
        "正文。", *(f"附件{n}：申报表{n}" for n in range(1, 7)), "发文字号：云政发〔2026〕3号",
    ]  # fmt: skip


def test_headings_places_and_numbered_lists() -> None:
    source = page(
        '<h1 align="center">通知</h1><h3>一、要求</h3><ol><li>抓紧办理</li><li>按时报告</li></ol>'
        '<p align="right">云湖市人民政府</p>'
    )
    assert texts(source) == ["通知", "一、要求", "1.抓紧办理", "2.按时报告", "云湖市人民政府"]
    assert [line.heading > 0 for line in source.lines] == [True, True, False, False, False]
    assert source.lines[-1].place == "right"


def test_a_table_that_only_frames_the_page_is_none() -> None:
    source = page("<table><tr><td><p>第一条 内容。</p><p>第二条 内容。</p></td></tr></table>")
    assert texts(source) == ["第一条 内容。", "第二条 内容。"]
    assert not any(line.rows for line in source.lines)


def test_a_page_of_pictures_alone_is_refused() -> None:
    assert (
        refusal(b'<html><body><img src="/a.png"></body></html>', "a.html").reason == "only_pictures"
    )


def test_nesting_without_end_does_no_harm() -> None:
    source = page("<div>" * 5_000 + "<p>深处的话。</p>")
    assert texts(source) == ["深处的话。"]


def test_merged_cells_have_their_text_in_the_first_place() -> None:
    source = page(
        "<table><tr><th colspan=2>区县</th><th>数量</th></tr>"
        "<tr><td rowspan=2>云东区</td><td>街道</td><td>3</td></tr><tr><td>乡镇</td><td>5</td></tr></table>"
    )
    assert source.lines[0].rows == (
        ("区县", "", "数量"),
        ("云东区", "街道", "3"),
        ("", "乡镇", "5"),
    )


def test_a_cell_that_holds_the_article_is_a_part_of_the_page() -> None:
    text = "各部门应当按照职责分工抓好落实。" * 80
    source = page(f"<table><tr><td>左栏</td><td><p>{text}</p><p>第二段。</p></td></tr></table>")
    assert texts(source) == ["左栏", text, "第二段。"]


@pytest.mark.parametrize(
    "body",
    [
        "<ol>" + "<li>内容</li>" * 20_000 + "</ol>",
        "<li>" + "<p>字</p>" * 20_000 + "</li>",
        ("<div class=x>文字" * 110 + "</div>" * 110) * 100,
        "<p>" + "字<br>" * 20_000 + "</p>",
    ],
    ids=["items", "paragraphs in an item", "depth", "breaks"],
)
def test_large_pages_take_time_in_proportion(body: str) -> None:
    begun = time.process_time()
    page(body)
    assert time.process_time() - begun < 5


def test_cells_that_claim_the_whole_page() -> None:
    row = "<tr>" + "<td colspan=100 rowspan=999>x</td>" * 200 + "</tr>"
    body = f"<html><table>{row}{'<tr></tr>' * 200}</table></html>"
    assert refusal(body.encode(), "a.html").reason == "too_complex"

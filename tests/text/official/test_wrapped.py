"""Plain text that was cut at a fixed width: paragraphs again, nothing lost, others left alone."""

import re
import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.official.parsing import parse
from portal.text.official.readers.wrapped import unwrapped
from portal.text.official.reading import read

PARAGRAPHS = [
    "云湖市人民政府关于印发《云湖市公共饮水点管理办法》的通知",
    "云政发〔2026〕40号",
    "各区、县人民政府，市政府各部门：",
    "第一条　为了方便公众在户外饮水，减少一次性塑料瓶的使用，根据有关法律法规的规定，结合本市实际情况，制定本办法。",
    "第二条　新建的公园、绿道每500米至少设置一处公共饮水点；轨道交通换乘站每站至少设置两处，并且应当设置明显的标志，方便公众寻找和使用。",
    "第三条　水质由供水企业每月检测一次，检测结果应当在饮水点和市水务局网站公布，接受社会监督。检测不合格的，应当立即停用，并且在24小时内报告。"
    "供水企业应当把检测的时间、项目和结果记录下来，保存不少于两年，供有关部门和公众查阅；拒绝提供的，由市水务局责令改正。",
    "第四条　饮水点损坏的，维护单位应当在24小时内到场，3个工作日内修复；不能按时修复的，应当张贴停用说明，写明恢复的时间。"
    "因为停水、施工或者其他原因需要停用超过7日的，应当提前在现场和网站公告，并且在附近设置临时的饮水点，保证公众能够继续使用。",
    "第五条　本办法自印发之日起施行。",
    "云湖市人民政府",
    "2026年11月20日",
]


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def cut(paragraph: str, width: int) -> list[str]:
    """As an editor cuts it: marks that may not begin a line are moved back."""
    lines, line = [], ""
    for one in paragraph:
        if columns(line + one) > width and one not in "，。；：、）》":
            lines.append(line)
            line = ""
        line += one
    return [*lines, line]


@pytest.mark.parametrize("width", [44, 56, 72, 80])
@pytest.mark.parametrize("indent", ["", "　　", "    "])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n"])
def test_paragraphs_that_were_cut_are_whole_again(width: int, indent: str, between: str) -> None:
    text = between.join("\n".join(cut(indent + one, width)) for one in PARAGRAPHS)
    source = read(text.encode(), "a.txt")
    assert [line.text for line in source.lines] == PARAGRAPHS
    [found] = [one for one in source.findings if one.code == "lines_joined"]
    assert int(found.excerpt) > 4
    numbers = [clause.number for clause in parse(source).clauses if clause.level == "article"]
    assert numbers == ["第一条", "第二条", "第三条", "第四条", "第五条"]


def test_a_paragraph_that_goes_on_with_a_reference_is_no_new_clause() -> None:
    parts = [
        "　　第一条　违反本办法规定的，由主管部门按照",
        "第三条第二款的规定处理，构成犯罪的依法追究刑",
        "事责任，并且记入信用记录，向社会公布相关的信",
        "息，有关部门应当在各自的职责范围内予以协助和",
        "配合，不得推诿，也不得拖延办理；需要延长的时",
        "候应当说明理由。",
        "　　第二条　本办法自印发之日起施行。",
    ]
    text = "\n".join(parts)
    lines = read(text.encode(), "a.txt").lines
    assert [line.text[:3] for line in lines] == ["第一条", "第二条"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        # A list of short items, all alike.
        "\n".join(f"第{n}项服务事项的名称以及办理地点" for n in range(100, 140)),
        # Sentences of one length, each with its end.
        "\n".join("本市范围内的公共饮水点由供水企业负责维护和检测。" for _ in range(20)),
        "序号\t名称\t地址\n" * 20,
        "",
    ],
)
def test_what_was_not_cut_is_left_alone(text: str) -> None:
    assert unwrapped(text) == (text, 0)


def test_words_of_latin_letters_are_kept_apart() -> None:
    words = "The quick brown fox jumps over the lazy dog and runs away from here " * 8
    text = "\n".join(textwrap.wrap(words, 60))
    found, count = unwrapped(text)
    assert count
    assert found.split() == words.split()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("一二三第条，。、（）abc 12　\t", max_size=90), max_size=25),
    st.integers(20, 90),
)
def test_nothing_is_lost_whatever_the_text(paragraphs: list[str], width: int) -> None:
    text = "\n".join("\n".join(cut(one, width)) for one in paragraphs)
    found, _count = unwrapped(text)
    assert re.sub(r"\s", "", found) == re.sub(r"\s", "", text)

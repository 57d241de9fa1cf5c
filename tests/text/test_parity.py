"""Figures of Chinese texts and of their translations."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.parity import Part, compare, compare_outlines, compare_parts, outline
from portal.text.parity.languages import LANGUAGES, extract

SAME = [
    ("en", "二〇二六年三月", "March 2026"),
    (
        "en",
        "自2026年3月1日起3个工作日内，一式两份",
        "within three working days from 1 March 2026, in two copies",
    ),
    ("en", "上午9:00—12:00，下午2:00—5:30", "9:00 a.m. to noon and 2:00 to 5:30 p.m."),
    ("en", "3至5万元", "30,000 to 50,000 yuan"),
    ("en", "打八折", "a 20% discount"),
    ("en", "云政发〔2026〕3号", "Yun Zheng Fa [2026] No. 3"),
    ("en", "电话0999-1234567", "call +86 999 123 4567"),
    ("en", "电话0999-1234567", "call +86 (0)999 123 4567"),
    ("en", "热线0999-12345（24小时）", "hotline +86 999 12345 (24 hours a day)"),
    ("en", "提供身份证复印件1份", "a copy of the identity card"),
    ("en", "1月至10月", "in the first ten months"),
    ("en", "总投资1.2亿元，其中3500万元", "120 million yuan, 35 million of it"),
    ("ja", "第三条规定的3个工作日", "第3条に定める3営業日"),
    ("ja", "百分之二十的优惠，减半", "2割引、半額"),
    ("ja", "周一至周五", "月～金"),
    ("ko", "投入3.5亿元", "3억 5,000만 위안을 투입"),
    ("ko", "3个工作日内", "영업일 기준 3일 이내"),
    ("ru", "半年内", "в течение полугода"),
    ("ru", "30日签证", "30-дневная виза"),
    ("ru", "1234.5公里", "1 234,5 км"),
    ("fr", "3月1日至31日", "du 1er au 31 mars"),
    ("fr", "九十二元", "quatre-vingt-douze yuans"),
    ("ar", "5.6%，3个工作日", "٥٫٦٪ خلال 3 أيام عمل"),
]
OTHER = [
    ("en", "3个工作日内", "within 3 days", "duration"),
    ("en", "2026年3月", "March", "date"),
    ("en", "上午9时", "9 p.m.", "time"),
    ("en", "200元", "200 dollars", "money"),
    ("en", "增长5%", "a rise of 5 percentage points", "share"),
    ("en", "第三条", "Chapter 3", "provision"),
    ("en", "周一", "Tuesday", "weekday"),
    ("en", "见 http://a.gov.cn/x", "see http://a.gov.cn/y", "web"),
    ("en", "{name}，您好", "Hello {nome}", "placeholder"),
    ("en", "2000元至500元", "500 to 2,000 yuan", "order"),
    ("en", "云政发〔2026〕3号", "Yun Zheng Fa [2026] No. 8", "document"),
    ("ja", "3公里", "3メートル", "measure"),
    ("ko", "两份", "세 부", "number"),
    ("ru", "3年", "3 месяца", "duration"),
    ("fr", "0999-1234567", "+86 999 1234568", "phone"),
    ("ar", "两天", "ثلاثة أيام", "duration"),
]


@pytest.mark.parametrize(("language", "chinese", "other"), SAME)
def test_forms_that_say_the_same(language: str, chinese: str, other: str) -> None:
    assert compare(chinese, other, source_language="zh-hans", target_language=language) == []


@pytest.mark.parametrize(("language", "chinese", "other", "kind"), OTHER)
def test_forms_that_differ(language: str, chinese: str, other: str, kind: str) -> None:
    found = compare(chinese, other, source_language="zh-hans", target_language=language)
    assert found
    assert found[0].kind == kind
    assert found[0].message


def test_a_mismatch_names_its_place_in_both_texts() -> None:
    source, target = "请于3日内提交5份材料。", "Submit 6 copies within 3 days."
    [found] = compare(source, target, source_language="zh-hans", target_language="en")
    assert source[slice(*found.source_span)] == found.source_text == "5"  # type: ignore[misc]
    assert target[slice(*found.target_span)] == found.target_text == "6"  # type: ignore[misc]


def test_what_is_missing_and_what_is_added() -> None:
    languages = {"source_language": "zh-hans", "target_language": "en"}
    [missing] = compare("收费20元", "There is a fee.", **languages)
    assert missing.target_span is None
    assert missing.source_text == "20元"
    [added] = compare("需要收费", "The fee is 20 yuan.", **languages)
    assert added.source_span is None
    assert added.target_text == "20 yuan"


def test_figures_that_changed_places() -> None:
    found = compare(
        "3日内提交5份材料",
        "Submit 3 copies within 5 days.",
        source_language="zh-hans",
        target_language="en",
    )
    assert {mismatch.kind for mismatch in found} == {"duration", "number"}


def test_a_list_that_lost_an_item() -> None:
    source = [Part("heading", "材料"), Part("item", "护照"), Part("item", "照片")]
    target = [Part("heading", "Documents"), Part("item", "passport and photo")]
    [found] = compare_parts(source, target, source_language="zh-hans", target_language="en")
    assert found.kind == "structure"
    assert "item" in found.source_text


def test_outlines() -> None:
    one = outline("<h2>a</h2><ul><li>b</li><li>c</li></ul><p><a href='/x'>d</a></p>")
    other = outline("<h3>a</h3><ul><li>b</li></ul><p>d</p>")
    kinds = {mismatch.source_text.partition(" ×")[0] for mismatch in compare_outlines(one, other)}
    assert kinds == {"heading 2", "heading 3", "item", "link"}
    assert compare_outlines(one, one) == []


_PIECES = [
    "3",
    "1,234",
    "12.5",
    "二〇二六年",
    "三月",
    "月",
    "日",
    "1日",
    "至",
    "-",
    "%",
    "元",
    "万",
    "亿",
    "个工作日",
    "9:30",
    "上午",
    "下午",
    "周一",
    "第",
    "条",
    "号",
    "May",
    "March",
    "2026",
    "two",
    "twenty",
    "hundred",
    "thousand",
    "dix",
    "vingt",
    "cent",
    "deux",
    "mille",
    "двух",
    "тысяч",
    "час",
    "만",
    "천",
    "위안",
    "일",
    "월",
    "년",
    "午後",
    "時",
    "分",
    "日間",
    "か月",
    "[2026]",
    "No.",
    "+",
    "86",
    "0999-12345",
    "http://a.b/c",
    "a@b.cn",
    "{x}",
    "/",
    ":",
    ".",
    ",",
    "、",
    "(",
    ")",
    "١٢",
    "٪",
    "يوم",
    "半",
    "half",
    "1/3",
    "4",
    "IV",
    "A4",
    "①",
    "\n",
    "\x00",
]
_LISTS = st.lists(st.sampled_from(_PIECES), max_size=12)
_TEXTS = st.one_of(st.text(max_size=60), _LISTS.map("".join), _LISTS.map(" ".join))


@given(_TEXTS, st.sampled_from(sorted(LANGUAGES)))
def test_a_text_agrees_with_itself(text: str, language: str) -> None:
    assert compare(text, text, source_language=language, target_language=language) == []
    end = 0
    for figure in extract(text, language):
        assert end <= figure.span[0] < figure.span[1] <= len(text)
        end = figure.span[1]


@given(_TEXTS, _TEXTS, st.sampled_from(sorted(LANGUAGES)))
def test_any_two_texts_are_compared(source: str, target: str, language: str) -> None:
    for found in compare(source, target, source_language="zh-hans", target_language=language):
        if found.kind != "order" and found.source_span:
            assert source[slice(*found.source_span)] == found.source_text
        if found.kind != "order" and found.target_span:
            assert target[slice(*found.target_span)] == found.target_text


def test_twice_the_text_costs_about_twice() -> None:
    source = "自2026年3月1日起，申请人应当在3个工作日内提交材料，一式两份，收费200元。"
    target = "From 1 March 2026, applicants submit two copies within 3 working days; 200 yuan."
    languages = {"source_language": "zh-hans", "target_language": "en"}

    def cost(times: int) -> float:
        best = 99.0
        for _try in range(3):
            started = time.process_time()
            compare(source * times, target * times, **languages)
            best = min(best, time.process_time() - started)
        return best

    cost(1)
    # A square would be sixteen times.
    assert cost(40) < 8 * cost(10) + 0.01

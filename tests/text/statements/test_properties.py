"""What holds for any text whatever."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.numerals import value
from portal.text.statements import check, extract
from portal.text.statements.folding import folded

PIECES = [
    "一",
    "二",
    "三",
    "两",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "零",
    "〇",
    "点",
    "0",
    "1",
    "2",
    "9",
    ".",
    ",",
    "，",
    "。",
    "-",
    "—",
    "至",
    "到",
    "元",
    "块",
    "万元",
    "%",
    "％",
    "百分之",
    "成",
    "折",
    "年",
    "月",
    "日",
    "号",
    "个",
    "工作日",
    "小时",
    "分",
    "时",
    ":",
    "：",
    "周",
    "星期",
    "岁",
    "平方米",
    "路",
    "大道",
    "第",
    "条",
    "款",
    "（",
    "）",
    "〔",
    "〕",
    "[",
    "]",
    "2026",
    "不超过",
    "以上",
    "以下",
    "约",
    "多",
    "半",
    "之",
    "电话",
    "0999-",
    "12345",
    "http://",
    "a@b.cn",
    ".",
    "RMB",
    "yuan",
    "million",
    "May",
    "January",
    "to",
    "at",
    "least",
    "No.",
    "Road",
    "\n",
    "\t",
    "é",
    "한",
    "🙂",
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
LANGUAGES = st.sampled_from(["zh-hans", "zh-hant", "en", "ja", ""])


@settings(max_examples=80, deadline=None)
@given(TEXTS, LANGUAGES)
def test_spans_lie_in_the_text_in_order(text: str, language: str) -> None:
    end = 0
    for one in extract(text, language):
        assert end <= one.span[0] < one.span[1] <= len(text)
        assert text[one.span[0] : one.span[1]] == one.printed
        end = one.span[1]


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_any_pair_of_texts_is_compared(text: str, clause: str, language: str) -> None:
    for one in check(text, [("a", clause)], language):
        assert (one.nearest is None) == (one.kind == "missing")
        assert text[one.span[0] : one.span[1]] == one.statement.printed


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_folding_keeps_places_and_is_idempotent(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_what_is_read_from_a_folded_text_is_the_same(text: str) -> None:
    plain = [(one.kind, one.value, one.unit) for one in extract(folded(text), "zh")]
    assert plain == [(one.kind, one.value, one.unit) for one in extract(text, "zh")]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**11))
def test_chinese_numbers_come_back(number: int) -> None:
    assert value(chinese(number)) == number
    assert value(f"{number:,}") == number


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_another_amount_is_found_and_the_same_is_not(one: int, other: int) -> None:
    clause = [("a", f"每人补助{one}元。")]
    assert bool(check(f"每人补助{other}元。", clause, "zh")) == (one != other)
    assert check(f"每人补助{chinese(one)}元。", clause, "zh") == []


@pytest.mark.parametrize("seed", ["1,", "一", "1千", "一个", "1:", "(", "a.", "每月2500元，", "1-"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_twice_the_text_takes_no_four_times_as_long(seed: str, language: str) -> None:
    def took(length: int) -> float:
        """The best of three: other work on the machine is no property of ours."""
        times = []
        for _attempt in range(3):
            begin = time.process_time()
            extract((seed * length)[:length], language)
            times.append(time.process_time() - begin)
        return min(times)

    # Far above what noise makes, far below what a square would take: 8 times the text.
    assert took(16_000) <= 30 * max(took(2_000), 0.005)


def chinese(number: int) -> str:
    """三千零五: written here a second time, from the rules and not from the engine."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for step, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= step:
            head, rest = divmod(number, step)
            gap = "零" if rest and rest * 10 < step else ""
            return chinese(head) + word + (gap + chinese(rest) if rest else "")
    raise AssertionError(number)


def test_amounts_are_decimal() -> None:
    (one,) = extract("0.1万元", "zh")
    assert one.value == Decimal(1000)

"""Numerals, dates and document numbers, in every spelling that people use."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.official.numbers import (
    chinese,
    cited_numbers,
    first_date,
    int_of,
    normalise_document_number,
    order_number,
)
from portal.text.official.script import matchable


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("一百一十", 110), ("廿一", 21),
     ("两千零一", 2001), ("二〇一七", 2017), ("42", 42), ("四２", None), ("甲", None), ("", None), ("二百三", 203)],
)  # fmt: skip
def test_a_numeral_has_a_value(numeral, value):
    assert int_of(numeral) == value


@given(st.integers(0, 9999))
def test_what_is_written_as_a_numeral_is_read_as_the_same_number(value):
    assert int_of(chinese(value)) == value


@pytest.mark.parametrize(("value", "numeral"), [(10, "十"), (12, "十二"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (2005, "二千零五")])  # fmt: skip
def test_numerals_are_written_as_laws_print_them(value, numeral):
    assert chinese(value) == numeral


def test_no_numeral_is_made_up():
    with pytest.raises(ValueError):
        chinese(10_000)


@pytest.mark.parametrize(
    "text",
    ["2017年12月7日", "2017 年 12 月 7 日", "二〇一七年十二月七日", "二○一七年十二月七日", "二O一七年十二月七日",
     "二０一七年十二月七日", "２０１７年１２月７日", "二零一七年十二月七日", "2017-12-07", "2017.12.7", "2017/12/7"],
)  # fmt: skip
def test_a_date_is_read_in_every_spelling(text):
    assert first_date(f"（{text}）") == datetime.date(2017, 12, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [("二〇二四年五月三十一日", (2024, 5, 31)), ("二〇二四年十月二十日", (2024, 10, 20)), ("一九九六年一月十一日", (1996, 1, 11))],
)  # fmt: skip
def test_days_in_numerals_are_whole(text, day):
    assert first_date(text) == datetime.date(*day)


@pytest.mark.parametrize(
    "text", ["2024年2月30日", "二??四年一月二日", "年月日", "2024年13月1日", "20240506号"]
)
def test_what_is_no_day_of_the_calendar_is_no_date(text):
    assert first_date(text) is None


@pytest.mark.parametrize(
    ("printed", "normalised"),
    [
        ("云政发〔2024〕12号", "云政发〔2024〕12号"),
        ("云政发[2024]12号", "云政发〔2024〕12号"),
        ("云政发【2024】12号", "云政发〔2024〕12号"),
        ("云政发（２０２４）１２号", "云政发〔2024〕12号"),
        ("（云政发〔2024〕012号）", "云政发〔2024〕12号"),
        ("云 政 发 〔2024〕 12 号", "云政发〔2024〕12号"),
        ("雲政辦發〔2024〕12號", "云政办发〔2024〕12号"),
        ("文号：云政函〔2024〕第3号", "云政函〔2024〕3号"),
        ("国令第711号", "国令第711号"),
        ("中华人民共和国国务院令第711号", "国令第711号"),
        ("云湖市人民政府令第 12 号", "云湖市人民政府令第12号"),
        ("公告2019年第3号", "公告2019年第3号"),
        ("云湖市财政局公告2019年第3号", "云湖市财政局公告2019年第3号"),
        ("云湖市人民代表大会常务委员会公告第三十七号", "云湖市人民代表大会常务委员会公告第37号"),
    ],
)  # fmt: skip
def test_a_document_number_has_one_form(printed, normalised):
    assert normalise_document_number(printed) == normalised


@pytest.mark.parametrize("text", ["", "第三条", "2024年5月6日", "电话12345号", "云政发〔24〕3号", "中山路12号", "根据云政发〔2024〕1号文件"])  # fmt: skip
def test_other_lines_are_no_document_numbers(text):
    assert normalise_document_number(text) == ""


def test_an_order_may_have_its_number_on_a_second_line():
    assert order_number("云湖市人民政府令", "（第12号）") == "云湖市人民政府令第12号"
    assert order_number("云湖市财政局 云湖市税务局公告", "2019年第3号") == "公告2019年第3号"
    assert order_number("云湖市人民政府", "第12号") == ""


def test_numbers_in_running_text_begin_with_their_code():
    text = "根据《甲》(国办发〔2017〕47号)和云政办发〔2018〕9号文件,按照省政府文件(省政发[2016]3号)执行"
    assert [one.normalised for one in cited_numbers(matchable(text))] == [
        "国办发〔2017〕47号",
        "云政办发〔2018〕9号",
        "省政发〔2016〕3号",
    ]

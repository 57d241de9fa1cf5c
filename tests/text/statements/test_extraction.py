from decimal import Decimal

import pytest

from portal.text.statements import (
    Address,
    CalendarDate,
    DocumentNumber,
    Range,
    check,
    extract,
)


def read(text: str, language: str = "zh-hans") -> list[tuple[str, object, str]]:
    return [(one.kind, one.value, one.unit) for one in extract(text, language)]


@pytest.mark.parametrize(
    "printed",
    [
        "3000元",
        "三千元",
        "0.3万元",
        "3,000元",
        "３０００元",
        "3千元",
        "¥3000",
        "叁仟元整",
        "三千块钱",
    ],
)
def test_one_amount_in_many_forms(printed: str) -> None:
    assert read(f"补助{printed}。") == [("money", Decimal(3000), "CNY")]


@pytest.mark.parametrize(
    "printed", ["3,000 yuan", "RMB 3,000", "CNY3000", "¥3,000", "three thousand yuan"]
)
def test_the_same_amount_in_english(printed: str) -> None:
    assert read(f"You receive {printed}.", "en") == [("money", Decimal(3000), "CNY")]


@pytest.mark.parametrize(
    "printed", ["30%", "30％", "百分之三十", "百分之30", "三成", "3成", "千分之三百", "打三折"]
)
def test_one_share_in_many_forms(printed: str) -> None:
    assert read(f"按照{printed}收取") == [("percent", Decimal(30), "%")]


@pytest.mark.parametrize(
    "printed",
    [
        "2026年1月1日",
        "2026-01-01",
        "2026/1/1",
        "2026.1.1",
        "二〇二六年一月一日",
        "２０２６年１月１日",
    ],
)
def test_one_day_in_many_forms(printed: str) -> None:
    assert read(f"自{printed}起施行") == [("date", CalendarDate(2026, 1, 1), "")]


@pytest.mark.parametrize("printed", ["January 1, 2026", "1 January 2026", "Jan. 1st, 2026"])
def test_the_same_day_in_english(printed: str) -> None:
    assert read(f"In force from {printed}", "en") == [("date", CalendarDate(2026, 1, 1), "")]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("15个工作日内", 15, "workday"),
        ("十五日内", 15 * 1440, "minute"),
        ("两周内", 14 * 1440, "minute"),
        ("半年内", 6, "month"),
        ("两年内", 24, "month"),
        ("一年零六个月内", 18, "month"),
        ("6小时15分内", 375, "minute"),
    ],
)
def test_durations(text: str, value: int, unit: str) -> None:
    assert read(text) == [("duration", Decimal(value), unit)]


def test_working_days_are_no_days() -> None:
    assert read("within 15 working days", "en") == [("duration", Decimal(15), "workday")]
    assert read("within three weeks", "en") == [("duration", Decimal(21 * 1440), "minute")]
    assert check("15日内办结", [("a", "15个工作日内办结")], "zh-hans")


@pytest.mark.parametrize(
    "text", ["3至5万元", "3—5万元", "三到五万元", "3万元至5万元", "3万～5万元"]
)
def test_ranges(text: str) -> None:
    assert read(text) == [("money", Range(Decimal(30000), Decimal(50000)), "CNY")]


@pytest.mark.parametrize(
    "number", ["〔2026〕5号", "[2026]5号", "（2026）5号", "【2026】第5号", "﹝2026﹞ 5 号"]
)
def test_document_numbers(number: str) -> None:
    assert read(f"依据云政发{number}文件") == [("document", DocumentNumber("云政发", 2026, 5), "")]


@pytest.mark.parametrize(
    "printed",
    [
        "0999-10002329",
        "（0999）10002329",
        "0999-1000 2329",
        "+86 999 1000 2329",
        "+86-999-10002329",
    ],
)
def test_telephone_numbers(printed: str) -> None:
    assert read(f"电话：{printed}") == [("phone", "99910002329", "")]


def test_addresses() -> None:
    assert read("地址：云湖市湖滨区望湖大道188号") == [("address", Address("望湖大道", 188), "")]
    assert read("No. 188 Wanghu Avenue", "en") == [("address", Address("", 188), "")]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("下午1点半", 810),
        ("13:30", 810),
        ("十三时三十分", 810),
        ("晚上11点10分", 1390),
        ("中午12点", 720),
    ],
)
def test_times(text: str, minutes: int) -> None:
    assert read(text) == [("time", Decimal(minutes), "")]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不超过3000元", "le"),
        ("3000元以下", "le"),
        ("最高3000元", "le"),
        ("超过3000元", "gt"),
        ("不少于3000元", "ge"),
        ("3000元以上", "ge"),
        ("低于3000元", "lt"),
        ("不足3000元", "lt"),
        ("3000元", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert [one.qualifier for one in extract(text, "zh-hans")] == [bound]


@pytest.mark.parametrize(
    "text",
    [
        "一图读懂：5个问题看懂新规",
        "1. 谁可以申请？\n2. 怎样申请？",
        "（一）背景。（二）内容。",
        "第一步，填表；第二步，提交。",
        "发布时间：2026-04-20 10:30",
        "一次性告知、一站式办理、一网通办",
        "本解读由市人社局于2026年4月20日发布。",
    ],
)
def test_what_states_nothing_about_a_clause(text: str) -> None:
    assert extract(text, "zh-hans") == []


def test_traditional_script_reads_like_simplified() -> None:
    assert read("補貼三萬元，滿65週歲，15個工作日內", "zh-hant") == read(
        "补贴三万元，满65周岁，15个工作日内"
    )


def test_of_other_languages_the_digits_are_compared() -> None:
    clauses = [("a", "每人每月2500元，自2026年5月1日起施行。")]
    assert check("2026年5月1日から毎月2500元を支給します。", clauses, "ja") == []
    wrong = check("2026年5月1日から毎月2600元を支給します。", clauses, "ja")
    assert [one.statement.printed for one in wrong] == ["2600"]


def test_a_mismatch_shows_the_clause() -> None:
    clauses = [("a", "公示5个工作日。"), ("b", "每人每月补贴2500元。")]
    (wrong,) = check("补贴每月2000元。", clauses, "zh-hans")
    assert (wrong.kind, wrong.span) == ("different", (4, 9))
    assert wrong.nearest is not None
    assert (wrong.nearest.clause, wrong.nearest.printed) == ("b", "2500元")


def test_where_the_clauses_have_nothing_of_the_kind_it_is_missing() -> None:
    (wrong,) = check("补贴每月2000元。", [("a", "公示5个工作日。")], "zh-hans")
    assert (wrong.kind, wrong.nearest) == ("missing", None)


def test_without_clauses_there_is_nothing_to_compare_with() -> None:
    assert check("补贴每月2000元。", [], "zh-hans") == []
    assert check("补贴每月2000元。", [("a", " ")], "zh-hans") == []


def test_two_clauses_with_one_id_are_both_read() -> None:
    assert check("每月2000元，公示5日。", [("a", "公示5日"), ("a", "每月2000元")], "zh") == []

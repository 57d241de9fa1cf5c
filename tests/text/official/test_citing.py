"""How a clause is quoted."""

import datetime

import pytest

from portal.text.official.citing import Quoted, gb7714, official, path_of

from .builders import parsed

DOCUMENT = Quoted(
    "云湖市老旧小区改造办法",
    "云政发〔2024〕12号",
    ("云湖市人民政府",),
    datetime.date(2024, 3, 2),
    "https://www.yunhu.example/p/12",
)
ARTICLES = """
第一章 总则
第十一条 单款条文，包括：
（一）甲；
（二）乙。
第十二条 首款。
次款包括：
（一）丙；
（二）丁：
1.戊；
末款。
第十二条之一 另条。
"""
HEADINGS = (
    "一、总体要求\n（一）目标。\n二、任务\n总述一。\n总述二。\n（一）改造。\n1.供水。\n（1）管网。"
)


def quoted(text, words):
    clauses = parsed(text).clauses
    position = next(at for at, one in enumerate(clauses) if one.text.startswith(words))
    return official(DOCUMENT, path_of(clauses, position))


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("总则", "第一章"),
        ("单款", "第十一条"),
        ("乙", "第十一条第（二）项"),
        ("首款", "第十二条"),
        ("次款", "第十二条第二款"),
        ("丁", "第十二条第二款第（二）项"),
        ("戊", "第十二条第二款第（二）项第1目"),
        ("末款", "第十二条第三款"),
        ("另条", "第十二条之一"),
    ],
)
def test_clauses_of_a_document_with_articles(words, place):
    assert quoted(ARTICLES, words) == f"《云湖市老旧小区改造办法》（云政发〔2024〕12号）{place}"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("任务", "第二部分"),
        ("总述二", "第二部分第二段"),
        ("改造", "第二部分第（一）项"),
        ("供水", "第二部分第（一）项第1目"),
        ("管网", "第二部分第（一）项第1目第（1）点"),
    ],
)
def test_clauses_of_a_document_with_headings(words, place):
    assert quoted(HEADINGS, words) == f"《云湖市老旧小区改造办法》（云政发〔2024〕12号）{place}"


def test_a_text_that_a_notice_brings_is_quoted_under_its_own_title():
    text = "云湖市关于印发办法的通知\n各区人民政府：\n现印发给你们。\n云湖市人民政府\n2024年5月6日\n云湖市改造办法\n第一条 甲。\n附件1\n标准表\n一、乙。"
    clauses = parsed(text).clauses
    first = next(at for at, one in enumerate(clauses) if one.text == "甲。")
    annex = next(at for at, one in enumerate(clauses) if one.text == "乙。")
    assert (
        official(DOCUMENT, path_of(clauses, first))
        == "《云湖市改造办法》（云政发〔2024〕12号）第一条"
    )
    assert official(DOCUMENT, path_of(clauses, annex)) == (
        "《云湖市老旧小区改造办法》（云政发〔2024〕12号）附件1第一部分"
    )


def test_a_document_alone_and_titles_within_titles():
    assert official(Quoted("关于印发《甲》的通知")) == "《关于印发〈甲〉的通知》"


def test_the_form_of_gb_t_7714():
    day = datetime.date(2024, 5, 6)
    clauses = parsed(ARTICLES).clauses
    path = path_of(clauses, 3)
    assert gb7714(DOCUMENT, accessed_on=day) == (
        "云湖市人民政府. 云湖市老旧小区改造办法: 云政发〔2024〕12号[A/OL]. "
        "(2024-03-02)[2024-05-06]. https://www.yunhu.example/p/12."
    )
    assert gb7714(DOCUMENT, path, accessed_on=day, marker="EB") == (
        "云湖市人民政府. 云湖市老旧小区改造办法: 云政发〔2024〕12号[EB/OL]. "
        "(2024-03-02): 第十一条第（二）项[2024-05-06]. https://www.yunhu.example/p/12."
    )


def test_the_printed_form_and_many_bodies():
    bodies = ("甲局", "乙局", "丙局", "丁局")
    document = Quoted("关于供水的通知", "", bodies, datetime.date(2024, 3, 2))
    assert gb7714(document) == "甲局, 乙局, 丙局, 等. 关于供水的通知[A]. 2024-03-02."
    assert gb7714(Quoted("关于供水的通知")) == "关于供水的通知[A]."

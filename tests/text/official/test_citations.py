"""Documents that a text names, and the relations that it states."""

import pytest

from .builders import parsed


def relations(sentence, title="云湖市水务局关于供水的通知"):
    document = parsed(f"{title}\n各区人民政府：\n现通知如下。\n一、要求\n{sentence}")
    return [(one.kind, one.title, one.document_number) for one in document.relations]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("根据《甲法》《乙条例》和《丙办法》（云政发〔2020〕1号）等规定，制定本办法。",
         [("based_on", "甲法", ""), ("based_on", "乙条例", ""), ("based_on", "丙办法", "云政发〔2020〕1号")]),
        ("按照《甲方案》要求，结合实际，参考《乙指南》。", [("based_on", "甲方案", "")]),
        ("为贯彻落实《甲意见》精神，提出如下措施。", [("implements", "甲意见", "")]),
        ("《甲办法》（云政发〔2018〕3号）同时废止。", [("repeals", "甲办法", "云政发〔2018〕3号")]),
        ("本办法自2024年6月1日起施行，2018年印发的《甲办法》《乙办法》同时废止。",
         [("repeals", "甲办法", ""), ("repeals", "乙办法", "")]),
        ("根据《甲法》，《乙办法》予以废止。", [("based_on", "甲法", ""), ("repeals", "乙办法", "")]),
        ("废止《甲办法》。", [("repeals", "甲办法", "")]),
        ("现将《甲意见》转发给你们。", [("forwards", "甲意见", "")]),
        ("对《甲办法》作如下修改：", [("amends", "甲办法", "")]),
        ("《甲办法》由本办法替代。", [("replaces", "甲办法", "")]),
        ("请对照《甲办法》执行有关要求。", []),
        ("《甲办法》与本办法不一致的，以本办法为准。", []),
        ("清理废止的文件不再列入《甲目录》。", []),
        ("《甲办法》未废止前仍然有效。", []),
        ("现将《甲意见》印发给你们。", []),
    ],
)  # fmt: skip
def test_only_what_the_text_says(sentence, expected):
    assert relations(sentence) == expected


def test_titles_state_relations_too():
    assert relations("略。", "云湖市人民政府关于修改《甲办法》的决定") == [("amends", "甲办法", "")]
    assert relations("略。", "云湖市人民政府关于废止《甲办法》的决定") == [
        ("repeals", "甲办法", "")
    ]
    assert relations("略。", "《甲办法》解读") == [("interprets", "甲办法", "")]


def test_an_older_document_of_the_same_name_is_replaced():
    text = "云湖市供水办法\n第一条 略。\n第二条 自2024年6月1日起施行，《云湖市供水办法》（云政发〔2015〕2号）同时废止。"
    document = parsed(text)
    assert [(one.kind, one.document_number, one.clause) for one in document.relations] == [
        ("replaces", "云政发〔2015〕2号", 1)
    ]
    assert document.relations[0].evidence.endswith("同时废止。")


def test_places_numbers_and_short_names():
    document = parsed(
        "关于供水的通知\n各区人民政府：\n根据《甲条例》（云发〔2020〕1号，以下简称《条例》）第五条第二款，现通知如下。\n"
        "一、执行\n依照《条例》第八条第（三）项和云发〔2021〕2号文件办理。"
    )
    assert [
        (one.title, one.document_number, one.place, one.clause) for one in document.citations
    ] == [
        ("甲条例", "云发〔2020〕1号", "第五条第二款", 1),
        ("甲条例", "云发〔2020〕1号", "第八条第（三）项", 3),
        ("", "云发〔2021〕2号", "", 3),
    ]


def test_traditional_text_is_read_and_kept():
    document = parsed(
        "關於供水的通知\n各區人民政府：\n為貫徹落實《甲意見》（雲政發〔2020〕1號），現通知如下。"
    )
    (relation,) = document.relations
    assert (relation.kind, relation.title, relation.document_number) == (
        "implements",
        "甲意見",
        "云政发〔2020〕1号",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "规划的修改应当按照《甲法》规定的程序报批。",
        "1997年修正的《甲办法》由市水务局解释。",
        "检测机构必须执行《甲规范》。",
    ],
)
def test_a_verb_that_speaks_of_something_else_states_no_relation(sentence):
    assert [kind for kind, _title, _number in relations(sentence) if kind != "based_on"] == []

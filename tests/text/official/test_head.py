"""Title, number, bodies, addressee and dates."""

import datetime

import pytest

from .builders import codes, parsed

BODY = """
各区人民政府，市政府各部门：
为做好有关工作，现通知如下。
一、工作要求
各单位要抓好落实。
"""


def document(head="", end="", body=BODY):
    return parsed(f"{head}\n{body.strip()}\n{end}")


def test_a_plain_notice():
    found = document(
        "云湖市人民政府关于加强供水管理的通知\n云政发〔2024〕12号", "云湖市人民政府\n2024年5月6日"
    )
    assert found.title == "云湖市人民政府关于加强供水管理的通知"
    assert found.document_number == "云政发〔2024〕12号"
    assert found.issuing_bodies == ("云湖市人民政府",)
    assert found.addressee == "各区人民政府，市政府各部门"
    assert found.issued_on == datetime.date(2024, 5, 6)
    assert found.genre == "通知"
    assert found.lead == ("云湖市人民政府关于加强供水管理的通知", "云政发〔2024〕12号")
    assert codes(found) == set()


@pytest.mark.parametrize(
    "head",
    [
        "云湖市人民政府\n关于加强供水管理的通知",
        "云湖市人民政府关于\n加强供水管理的通知",
        "云湖市人民政府关于加强\n供水管理的\n通　知",
        "《云湖市人民政府关于加强供水管理的通知》",
        "云湖市人民政府文件\n云政发〔2024〕12号\n云湖市人民政府关于加强供水管理的通知",
        "云湖市人民政府关于加强供水管理的通知\n云湖市人民政府\n关于加强供水管理的通知",
        "云政发〔2024〕12号《云湖市人民政府关于加强供水管理的通知》",
        "云湖市人民政府关于加强供水管理的通知_信息公开_云湖市人民政府门户网站",
    ],
)
def test_a_title_is_read_from_one_line_or_several(head):
    assert document(head).title == "云湖市人民政府关于加强供水管理的通知"


def test_a_bracket_on_its_own_line_belongs_to_the_title():
    found = parsed("云湖市供水管理办法\n（试行）\n第一条 为了管理，制定本办法。")
    assert found.title == "云湖市供水管理办法（试行）"


def test_a_title_is_never_made_up():
    found = document("", "云湖市人民政府\n2024年5月6日")
    assert found.title == ""
    assert "title_missing" in codes(found)


def test_the_title_of_an_enclosed_text_stands_in_with_a_finding():
    found = document(
        "", "云湖市人民政府\n2024年5月6日\n云湖市供水管理办法\n第一条 为了管理，制定本办法。"
    )
    assert found.title == "云湖市供水管理办法"
    assert "title_from_enclosed" in codes(found)


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("云湖市水务局关于供水的通知\n云水发[2024]7号", "云水发〔2024〕7号"),
        ("云水发（2024）7号\n云湖市水务局关于供水的通知", "云水发〔2024〕7号"),
        ("云湖市水务局关于供水的通知（云水发〔2024〕7号）", "云水发〔2024〕7号"),
        ("雲湖市水務局關於供水的通知\n雲水發〔２０２４〕７號", "云水发〔2024〕7号"),
        ("云湖市水务局 云湖市财政局关于供水的通知\n云水发〔2024〕7号 云财发〔2024〕9号", "云水发〔2024〕7号"),
        ("云湖市水务局\n云湖市财政局\n云水发〔2024〕7号\n云财发〔2024〕9号\n关于供水的通知", "云水发〔2024〕7号"),
        ("云湖市水务局关于供水的通知\n2024年5月6日　云水发〔2024〕7号", "云水发〔2024〕7号"),
        ("云湖市水务局关于供水的通知", ""),
    ],
)  # fmt: skip
def test_the_number_of_the_document_itself(head, number):
    assert document(head).document_number == number


def test_a_number_that_is_only_cited_is_not_the_document_s_own():
    body = "各区人民政府：\n根据《省政府关于供水的意见》（省政发〔2023〕8号）和省政发〔2023〕9号文件，现通知如下。"
    found = document("云湖市水务局关于供水的通知", body=body)
    assert found.document_number == ""
    assert [one.document_number for one in found.citations] == [
        "省政发〔2023〕8号",
        "省政发〔2023〕9号",
    ]


def test_further_numbers_of_a_joint_issue_are_reported():
    found = document("云湖市水务局关于供水的通知\n云水发〔2024〕7号\n云财发〔2024〕9号")
    assert "further_numbers" in codes(found)


@pytest.mark.parametrize(
    ("head", "end", "bodies"),
    [
        ("云湖市水务局 云湖市财政局关于供水的通知", "", ("云湖市水务局", "云湖市财政局")),
        ("关于供水的通知", "云湖市水务局　　云湖市财政局\n2024年5月6日", ("云湖市水务局", "云湖市财政局")),
        ("关于供水的通知", "云湖市水务局\n云湖市财政局\n二〇二四年五月六日", ("云湖市水务局", "云湖市财政局")),
        ("关于供水的通知", "云 湖 市 水 务 局\n2024年5月6日", ("云湖市水务局",)),
        ("关于供水的通知", "云湖市水务局 2024年5月6日", ("云湖市水务局",)),
        ("云湖市发展改革委关于供水的通知", "云湖市发展和改革委员会\n2024年5月6日", ("云湖市发展和改革委员会",)),
        ("中共云湖市委办公室云湖市人民政府办公室关于供水的通知", "", ("中共云湖市委办公室", "云湖市人民政府办公室")),
        ("云湖市规划和自然资源局关于供水的通知", "", ("云湖市规划和自然资源局",)),
        ("云湖市水务局文件\n关于供水的通知", "", ("云湖市水务局",)),
        ("关于供水的通知", "", ()),
    ],
)  # fmt: skip
def test_issuing_bodies_come_from_title_signature_and_red_head(head, end, bodies):
    assert document(head, end).issuing_bodies == bodies


def test_a_title_that_speaks_of_more_bodies_than_are_named_is_reported():
    found = document("云湖市水务局等六部门关于供水的通知")
    assert found.issuing_bodies == ("云湖市水务局",)
    assert "issuing_bodies_incomplete" in codes(found)


def test_an_order_brings_its_regulation():
    found = parsed("""
云湖市人民政府令
第12号
《云湖市供水管理办法》已经2024年4月30日市人民政府第8次常务会议通过，现予公布，自2024年7月1日起施行。
市长　某某
二〇二四年五月六日
云湖市供水管理办法
第一条 为了管理，制定本办法。
第二条 本办法自2024年7月1日起施行。
""")
    assert found.title == "云湖市供水管理办法"
    assert found.document_number == "云湖市人民政府令第12号"
    assert found.issuing_bodies == ("云湖市人民政府",)
    assert found.issued_on == datetime.date(2024, 5, 6)
    assert found.effective_on == datetime.date(2024, 7, 1)


def test_the_date_of_a_remark_under_the_title_is_used_with_a_finding():
    found = parsed("""
云湖市供水条例
（2019年3月1日云湖市第十六届人民代表大会常务委员会第二十次会议通过
2023年9月27日云湖市第十七届人民代表大会常务委员会第八次会议修订）
第一条 为了管理，制定本条例。
第二条 本条例适用于本市。
""")
    assert found.title == "云湖市供水条例"
    assert found.issued_on == datetime.date(2023, 9, 27)
    assert found.issuing_bodies == ("云湖市人民代表大会常务委员会",)
    assert {"date_uncertain", "issuing_body_uncertain"} <= codes(found)
    assert found.clauses[0].level == "preamble"


def test_a_day_that_the_calendar_lacks_is_reported():
    found = document("关于供水的通知", "云湖市水务局\n2024年2月30日")
    assert found.issued_on is None
    assert "date_not_read" in codes(found)


@pytest.mark.parametrize(
    ("sentence", "effective", "expires"),
    [
        ("本办法自2024年6月1日起施行，有效期5年。", "2024-06-01", "2029-05-31"),
        ("本通知自印发之日起施行，有效期至2027年12月31日。", "2024-05-06", "2027-12-31"),
        ("本规定自发布之日起三十日后施行。", "2024-06-05", None),
        ("本细则自二〇二四年七月一日起实施，试行期两年。", "2024-07-01", "2026-06-30"),
        ("《云湖市供水条例》自2019年6月1日起施行。", None, None),
        ("自2024年6月起，各单位每月报送一次。", None, None),
        ("供水许可证有效期5年。", None, None),
        ("许可证自发布之日起生效，许可证有效期至2027年12月31日。", "2024-05-06", None),
        ("有效期3年。", None, "2027-05-05"),
    ],
)
def test_the_period_in_which_a_document_holds(sentence, effective, expires):
    found = document("云湖市水务局关于供水的通知", f"{sentence}\n云湖市水务局\n2024年5月6日")
    assert (found.effective_on and found.effective_on.isoformat()) == effective
    assert (found.expires_on and found.expires_on.isoformat()) == expires


@pytest.mark.parametrize(
    ("title", "genre"),
    [("云湖市供水管理办法（试行）", "办法"), ("关于印发《云湖市供水条例实施细则》的通知", "通知"), ("云湖市供水条例实施细则", "细则"),
     ("《云湖市供水条例》解读", "解读"), ("云湖市人民政府关于供水的批复", "批复"), ("市政府会议纪要", "纪要"), ("甲乙丙", "")],
)  # fmt: skip
def test_the_kind_of_a_document(title, genre):
    from portal.text.official.genres import genre_of

    assert genre_of(title) == genre

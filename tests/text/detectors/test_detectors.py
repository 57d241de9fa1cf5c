"""Places, grades, lists and the register; the labelled lines measure the rest."""

import pytest

from portal.text.detectors import (
    DEFAULT_GRADES,
    Detectors,
    Finding,
    Grade,
    Kind,
    Register,
    ScanError,
    WordLists,
    WordRow,
    default_rows,
    scan_html,
    scan_text,
)
from portal.text.detectors.scanning import LONGEST

PERSON = "330106199003077718"


def kinds(found: list[Finding]) -> list[str]:
    return [finding.kind.value for finding in found if finding.grade is not Grade.NOTE]


def test_a_finding_stands_where_the_words_stand() -> None:
    text = "说明：\u200b申请人张三（３３０１\u200b０６１９９００３０７７７１８）已受理。"
    (found,) = scan_text(text)
    assert (
        text[found.start : found.end] == found.text == "３３０１\u200b０６１９９００３０７７７１８"
    )
    assert found.kind is Kind.IDENTITY
    assert found.grade is Grade.BLOCKING


def test_places_in_html_are_those_of_its_visible_text() -> None:
    scanned = Detectors().scan_html(
        f"<p>通知</p><ul><li>王&#20116;：<b>{PERSON[:8]}</b>{PERSON[8:]}</li></ul>"
    )
    (found,) = scanned.findings
    assert scanned.text[found.start : found.end] == PERSON


def test_cells_and_paragraphs_keep_numbers_apart() -> None:
    assert not scan_html(f"<table><tr><td>{PERSON[:9]}</td><td>{PERSON[9:]}</td></tr></table>")
    assert not scan_html(f"<p>{PERSON[:9]}</p><p>{PERSON[9:]}</p>")
    assert kinds(scan_html(f"<p>{PERSON[:9]}<i>{PERSON[9:]}</i></p>")) == ["identity_number"]


@pytest.mark.parametrize(
    "text",
    [
        "33010619900230771" + PERSON[-1],
        PERSON[:-1] + "9",
        "00" + PERSON[2:],
        f"{PERSON}0",
        f"9{PERSON}",
    ],
)
def test_a_number_with_a_wrong_day_division_or_check_digit_is_nobodys(text: str) -> None:
    assert not kinds(scan_text(text))


def test_grades_are_the_platforms() -> None:
    lenient = Detectors(grades=DEFAULT_GRADES | {Kind.MOBILE: Grade.NOTE})
    strict = Detectors(grades=DEFAULT_GRADES | {Kind.MOBILE: Grade.BLOCKING})
    assert lenient.scan_text("电话13812345678").findings[0].grade is Grade.NOTE
    assert strict.scan_text("电话13812345678").findings[0].grade is Grade.BLOCKING


def test_numbers_that_an_office_gives_out_are_nobodys_secret() -> None:
    office = Detectors(public_numbers=frozenset({"13812345678", "yunhu@163.com"}))
    text = "值班电话138 1234 5678，邮箱Yunhu@163.com"
    assert kinds(scan_text(text)) == ["mobile", "email"]
    assert not office.scan_text(text).findings


def test_a_wrong_word_brings_the_right_one_and_knows_where_it_is_right() -> None:
    (found,) = scan_text("会议布署了工作，并按装配图施工")
    assert (found.text, found.suggestion) == ("布署", "部署")


def test_lists_are_data() -> None:
    lists = WordLists((WordRow("wrong_word", "ＱＱ群", "QQ 群"), WordRow("betting", "幸运转盘")))
    own = Detectors(lists=lists)
    found = own.scan_text("qq群里玩幸运转盘，布署").findings
    assert [(one.kind.value, one.text) for one in found] == [
        ("wrong_word", "qq群"),
        ("betting", "幸运转盘"),
    ]
    assert not Detectors(lists=WordLists(())).scan_text("布署六合彩").findings


def test_what_the_police_report_is_a_note_and_a_chain_of_brands_is_not() -> None:
    assert not kinds(scan_text("警方打掉一个六合彩赌博团伙"))
    assert kinds(scan_text("打击365bet_新葡京_六合彩")) == ["betting"]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<p style='display:none'>看不见</p>", "display"),
        ("<p style='color:#fff'>看不见</p>", "colour"),
        ("<div style='background:#000'><p style='color:#010101'>看不见</p></div>", "colour"),
        ("<p hidden>看不见</p>", "attribute"),
        ("<p>好<!-- <a href=http://a.example>看不见</a> --></p>", "comment"),
        ("<a class=sr-only href=http://a.example>看不见</a>", "for_readers"),
        ("<p><a href='h&#116;&#116;&#112;://a.example'>看</a></p>", "encoded"),
        ("<p style='DISPLAY:/**/NONE'>看不见", "display"),
    ],
)
def test_why_nobody_sees_it_is_said(html: str, code: str) -> None:
    assert [one.code for one in scan_html(html) if one.kind is Kind.HIDDEN] == [code]


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color:#fff;background:#0f5c70'>看得见</p>",
        "<span class='sr-only'>读屏可读</span>",
        "<a class='skip-link' href='#main'>跳到正文</a>",
        "<div style='background:#0f5c70'><p style='color:#fff'>看得见</p></div>",
        "<p style='text-indent:-2em'>（一）</p>",
        '<embed embedtype="image" id="3" format="fullwidth" alt="图">',
        '<script type="application/ld+json">{}</script>',
        '<iframe src="https://www.gov.cn/map"></iframe>',
    ],
)
def test_what_is_seen_or_read_out_is_not_hidden(html: str) -> None:
    assert not kinds(scan_html(html))


def test_the_register_corrects_a_unit_and_a_leader() -> None:
    register = Register(
        frozenset({"云湖市教育局", "云湖市体育局"}),
        {"沈知远": ("市长",), "顾临川": ("常务副市长",)},
    )
    own = Detectors(register=register)
    found = own.scan_text(
        "云湖市教玉局、云湖市体育局；书记沈知远，市长顾临川；顾临川、沈知远"
    ).findings
    assert [(one.text, one.suggestion) for one in found] == [
        ("云湖市教玉局", "云湖市教育局"),
        ("书记沈知远", "市长沈知远"),
        ("市长顾临川", "常务副市长顾临川"),
        ("顾临川、沈知远", "沈知远、顾临川"),
    ]
    assert not own.scan_text("市长沈知远、常务副市长顾临川、副市长顾临川").findings
    assert not own.scan_text("雲湖市教育局").findings


def test_more_than_any_page_is_refused_not_passed() -> None:
    with pytest.raises(ScanError):
        scan_text("字" * (LONGEST + 1))
    with pytest.raises(ScanError):
        scan_html("字" * (LONGEST + 1))


def test_among_thousands_of_findings_the_serious_ones_stay() -> None:
    text = "电话13812345678\n" * 3000 + PERSON
    assert Kind.IDENTITY in {one.kind for one in scan_text(text)}


def test_the_lists_that_come_along_are_in_order() -> None:
    seen = set()
    for row in default_rows():
        assert row.word
        assert row.word == row.word.strip()
        assert (row.list, row.word) not in seen, row
        seen.add((row.list, row.word))
        assert row.replacement != row.word
        assert all(row.word in phrase for phrase in row.unless)

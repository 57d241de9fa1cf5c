"""The page around a document and the damage inside it, each kind that the sources show."""

import datetime

import pytest

from .builders import codes, outline, parsed

NOTICE = """
关于做好供水保障的通知
各区人民政府：
现将有关事项通知如下：
一、总体要求
（一）工作目标。到2025年底，全市供水管网漏损率降到8%以下。
（二）基本原则。坚持安全第一，分类施策，不得影响居民用水。
云湖市水务局
2024年5月6日
"""


def removed(document, reason):
    return [one.text for one in document.removed if one.reason == reason]


def test_the_page_around_a_document_is_taken_away_and_listed():
    page = f"""
您的当前位置：首页 > 政务公开 > 公告
字体：【大】【中】【小】 打印 关闭
关于做好供水保障的通知
更新时间：2024-06-10 04:11:25  点击数：27  来源：本站
{NOTICE.strip().split(chr(10), 1)[1]}
【打印本页】【关闭窗口】
上一篇：关于道路养护的公告
下一篇：某医院设备采购项目招标公告
"""
    document = parsed(page)
    assert document.title == "关于做好供水保障的通知"
    assert document.published_on == datetime.date(2024, 6, 10)
    assert document.issued_on == datetime.date(2024, 5, 6)
    assert len(removed(document, "navigation")) == 6
    assert outline(document) == outline(parsed(NOTICE))
    assert "navigation_removed" in codes(document)


def test_the_date_of_publication_is_preferred_to_that_of_an_update():
    page = "发布时间：2024-05-08 更新时间：2024-06-01\n" + NOTICE.strip()
    assert parsed(page).published_on == datetime.date(2024, 5, 8)


def test_words_of_a_page_are_text_inside_a_document():
    text = """
关于召开座谈会的通知
各区人民政府：
现就有关事项通知如下。
时间：2024年5月9日上午9时。
来源：各区推荐
一、参会人员
各区分管负责人。
"""
    document = parsed(text)
    assert document.removed == ()
    assert document.published_on is None


def test_a_table_of_labels_fills_in_what_the_document_does_not_say():
    page = """
索引号：11440000/2024-00012
发文机关：云湖市水务局
发文字号：
云水发〔2024〕3号
成文日期：2024年05月06日
发布日期：2024年05月08日
关于做好供水保障的通知
各区人民政府：
现将有关事项通知如下。
"""
    document = parsed(page)
    assert document.document_number == "云水发〔2024〕3号"
    assert document.issuing_bodies == ("云湖市水务局",)
    assert document.issued_on == datetime.date(2024, 5, 6)
    assert document.published_on == datetime.date(2024, 5, 8)
    assert {"date_uncertain", "issuing_body_uncertain"} <= codes(document)


def test_a_betting_line_between_two_clauses_is_removed_and_reported():
    spam = "888bet官方网址_888betvip5_bet888亚洲体育在线"
    lines = NOTICE.strip().split("\n")
    document = parsed("\n".join([*lines[:5], spam, *lines[5:]]))
    assert removed(document, "spam") == [spam]
    assert outline(document) == outline(parsed(NOTICE))
    assert "spam_removed" in codes(document)


@pytest.mark.parametrize(
    "line",
    [
        "云湖市体育彩票管理中心",
        "一、打击网络赌博、棋牌投注等违法行为",
        "体育彩票公益金_使用情况公告",
        "联系人：王某 电话：0888-12345678",
        "中国福利彩票发行管理中心 云湖市体育局",
        "“足球进校园”与体育在线教学平台",
    ],
)
def test_sound_lines_about_sports_and_lotteries_stay(line):
    document = parsed(NOTICE.strip() + "\n" + line)
    assert not removed(document, "spam")


def test_advertising_inside_a_paragraph_is_reported_and_left():
    document = parsed(NOTICE.replace("分类施策", "分类施策888bet体育在线_官网"))
    assert "spam_suspected" in codes(document)
    assert not removed(document, "spam")


def test_readings_after_characters_are_taken_out():
    damaged = "一、指導(dǎo)思想\n加強(qiáng)網(wǎng)絡(luò)安全建設(shè)(包括系統(tǒng))。"
    document = parsed(damaged)
    assert outline(document) == [
        "heading1 一、 指導思想",
        "  paragraph 加強網絡安全建設(包括系統)。",
    ]
    assert removed(document, "pinyin") == ["(dǎo)", "(qiáng)", "(wǎng)", "(luò)", "(shè)", "(tǒng)"]
    assert document.script == "traditional"


def test_a_bracket_that_is_no_reading_of_its_character_stays():
    document = parsed("一、指導(dǎo)意見(jiàn)\n用水量(ml)和電壓(kv)、省▍^(qū)、市。")
    assert removed(document, "pinyin") == ["(dǎo)", "(jiàn)"]
    assert "(ml)" in document.clauses[1].text
    assert "^(qū)" in document.clauses[1].text
    assert {"pinyin_suspected", "mojibake"} <= codes(document)


def test_one_reading_of_a_rare_name_is_no_damage():
    document = parsed("一、范围\n甪(lù)直路以东。")
    assert not removed(document, "pinyin")
    assert "pinyin_suspected" in codes(document)


def test_remains_of_markup_are_taken_out():
    document = parsed(
        "关于做好供水保障的通知'>\n各区人民政府：\n<p>现将有关事项&nbsp;通知如下。</p>"
    )
    assert document.title == "关于做好供水保障的通知"
    assert removed(document, "markup") == ["'>", "<p>", "&nbsp;", "</p>"]


def test_page_numbers_are_taken_out():
    document = parsed(NOTICE.replace("（二）", "— 2 —\n（二）"))
    assert removed(document, "page_number") == ["— 2 —"]
    assert outline(document) == outline(parsed(NOTICE))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("各单位于 年 月 日前报送。", "lost_number"),
        ("临时下线小时的，须提前报备。", "lost_number"),
        ("公开时间不超过个工作日。", "lost_number"),
        ("依照第 条的规定处理。", "lost_number"),
        ("市政府门户网站英文域名为“”。", "empty_quotes"),
        ("域名结构为“甲，其中乙为名称。", "quotes_unbalanced"),
        ("北京、上海等10個?。▍^(qū)、市)作為試點。", "mojibake"),
        ("设立\ufffd\ufffd服务窗口。", "mojibake"),
        ("为进一步加强全市供水管网建设管理，推进供水事业健康有序发展，根据国家和省有关规定以及市人民政府关于贯彻落实", "text_breaks_off"),
        ("根据《云湖市供水条例》《云湖市人民政府办公室关于", "text_breaks_off"),
    ],
)  # fmt: skip
def test_damage_inside_a_text_is_reported_and_left(text, code):
    document = parsed(f"一、要求\n（一）{text}\n（二）其他事项另行通知。")
    assert code in codes(document)
    assert document.clauses[1].text == text
    assert document.removed == ()


@pytest.mark.parametrize(
    "text",
    [
        "每年、每天、每次、每小时巡查一次，超过三年的，于2024年5月6日前报送。",
        "不少于2次，占比达到90%，第三条、第四款、第二届、第一次会议，提前5天。",
        "他说：“为什么？”《甲》“乙”都已公布；达到人均水平，下线次日恢复。",
        "延长至3个工作日；100%完成；年度目标；共计12万元，增长二成。",
    ],
)
def test_sound_text_raises_no_alarm(text):
    document = parsed(f"一、要求\n（一）{text}\n（二）其他事项另行通知。")
    assert codes(document) <= {"title_missing", "issuing_body_missing", "date_missing"}


def test_missing_and_repeated_numbers_are_reported():
    document = parsed("第一条 甲为总则。\n第三条 乙为要求：\n（一）甲；\n（三）乙；\n（一）丙。")
    found = [(one.code, one.excerpt) for one in document.findings if "number" in one.code]
    assert found == [
        ("clause_number_missing", "第三条"),
        ("clause_number_missing", "（三）"),
        ("clause_number_repeated", "（一）"),
    ]


def test_an_empty_file_says_so():
    assert codes(parsed(" \n\t\n")) == {"empty_document"}

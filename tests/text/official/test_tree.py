"""The clause tree: levels, parents, and what is no clause."""

from .builders import codes, outline, parsed


def tree(text):
    return outline(parsed(text))


def test_articles_with_chapters_paragraphs_items_and_subitems():
    assert tree("""
第一编 总编
第一章　总　则
第一节 目的
第一条　为了加强管理，制定本办法。
本办法适用于全市。
第二条　下列事项应当公开：
（一）供水价格；
（二）水质：
1.出厂水；
2.管网水。
具体办法另行制定。
第二条之一　鼓励节水。
第二章　附　则
第三条 本办法由市水务局解释。
""") == [
        "part 第一编 总编",
        "  chapter 第一章 总　则",
        "    section 第一节 目的",
        "      article 第一条 为了加强管理，制定本办法。",
        "        paragraph 本办法适用于全市。",
        "      article 第二条 下列事项应当公开：",
        "        item （一） 供水价格；",
        "        item （二） 水质：",
        "          subitem 1. 出厂水；",
        "          subitem 2. 管网水。",
        "        paragraph 具体办法另行制定。",
        "      article 第二条之一 鼓励节水。",
        "  chapter 第二章 附　则",
        "    article 第三条 本办法由市水务局解释。",
    ]


def test_headings_of_a_document_without_articles():
    assert tree("""
一、总体要求
坚持节水优先。
（一）指导思想。统筹城乡供水。
（二）基本原则
1.安全第一。
（1）水源安全；
①取水口；
2．便民利民。
二、保障措施
1、加强领导。
""") == [
        "heading1 一、 总体要求",
        "  paragraph 坚持节水优先。",
        "  heading2 （一） 指导思想。统筹城乡供水。",
        "  heading2 （二） 基本原则",
        "    heading3 1. 安全第一。",
        "      heading4 （1） 水源安全；",
        "        heading4 ① 取水口；",
        "    heading3 2． 便民利民。",
        "heading1 二、 保障措施",
        "  heading3 1、 加强领导。",
    ]


def test_decimal_numbers_of_an_emergency_plan():
    assert tree("""
1 总则
1.1 编制目的
为了及时处置，制定本预案。
1.2适用范围
本预案适用于全市。
2 组织体系
2.1 指挥部
2.1.1 职责
统一指挥，储备物资1.5倍。
""") == [
        "heading1 1 总则",
        "  heading2 1.1 编制目的",
        "    paragraph 为了及时处置，制定本预案。",
        "  heading2 1.2 适用范围",
        "    paragraph 本预案适用于全市。",
        "heading1 2 组织体系",
        "  heading2 2.1 指挥部",
        "    heading3 2.1.1 职责",
        "      paragraph 统一指挥，储备物资1.5倍。",
    ]


def test_a_table_of_contents_is_no_part_of_the_tree():
    assert tree("""
目　录
第一章 总则
第二章 附则
第一章 总则
第一条 为了管理，制定本办法。
第二章 附则
第二条 自公布之日起施行。
""") == [
        "preamble 目　录",
        "preamble 第一章 总则",
        "preamble 第二章 附则",
        "chapter 第一章 总则",
        "  article 第一条 为了管理，制定本办法。",
        "chapter 第二章 附则",
        "  article 第二条 自公布之日起施行。",
    ]


def test_numbers_that_begin_a_line_without_being_a_clause():
    assert tree("""
一、服务范围
一、二级医院和三级医院均适用。
1.5倍以上的，按规定办理。
3.15消费者权益日开展宣传。
2024年底前完成。
12345热线受理。
（2018）规定的除外。
""") == [
        "heading1 一、 服务范围",
        "  paragraph 一、二级医院和三级医院均适用。",
        "  paragraph 1.5倍以上的，按规定办理。",
        "  paragraph 3.15消费者权益日开展宣传。",
        "  paragraph 2024年底前完成。",
        "  paragraph 12345热线受理。",
        "  paragraph （2018）规定的除外。",
    ]


def test_a_reference_at_the_beginning_of_a_line_is_no_article():
    assert tree("""
第一条 为了管理，制定本办法。
第二条 有下列情形的，予以处理。
第一条第二款规定的情形除外。
第二条规定的期限不变。
第三条 施行日期另定。
""") == [
        "article 第一条 为了管理，制定本办法。",
        "article 第二条 有下列情形的，予以处理。",
        "  paragraph 第一条第二款规定的情形除外。",
        "  paragraph 第二条规定的期限不变。",
        "article 第三条 施行日期另定。",
    ]


def test_a_quotation_over_several_lines_is_one_block_without_clauses():
    assert tree("""
一、将第五条修改为：“第五条 申请人应当提交：
（一）申请书；
（二）证明。”
二、删去第六条。
""") == [
        "heading1 一、 将第五条修改为：“第五条 申请人应当提交：",
        "  paragraph （一）申请书；",
        "  paragraph （二）证明。”",
        "heading1 二、 删去第六条。",
    ]


def test_a_quotation_that_is_never_closed_swallows_nothing():
    assert tree("一、域名为“甲\n（一）其他。\n二、附则") == [
        "heading1 一、 域名为“甲",
        "  heading2 （一） 其他。",
        "heading1 二、 附则",
    ]


def test_lost_line_breaks_between_articles():
    assert tree(
        "第一章总则第一条为了管理，制定本办法。第二条本办法适用于全市。第二章附则第三条依照第二条办理。"
    ) == [
        "chapter 第一章 总则",
        "  article 第一条 为了管理，制定本办法。",
        "  article 第二条 本办法适用于全市。",
        "chapter 第二章 附则",
        "  article 第三条 依照第二条办理。",
    ]


def test_a_number_alone_on_its_line_takes_the_next_line_as_its_text():
    assert tree("第一条\n为了管理，制定本办法。\n适用于全市。\n第二条 略。") == [
        "article 第一条 为了管理，制定本办法。",
        "  paragraph 适用于全市。",
        "article 第二条 略。",
    ]


def test_headings_above_articles():
    assert tree("一、受理范围\n第一条 甲事项。\n（一）乙。\n二、程序\n第二条 丙事项。") == [
        "heading1 一、 受理范围",
        "  article 第一条 甲事项。",
        "    item （一） 乙。",
        "heading1 二、 程序",
        "  article 第二条 丙事项。",
    ]


def test_traditional_script_keeps_its_characters():
    assert tree("第一章 總則\n第一條 為了管理，制定本辦法。\n第一節 範圍\n第二條 適用於全市。") == [
        "chapter 第一章 總則",
        "  article 第一條 為了管理，制定本辦法。",
        "  section 第一節 範圍",
        "    article 第二條 適用於全市。",
    ]


NOTICE = """
云湖市人民政府关于印发《云湖市供水管理办法》的通知
云政发〔2024〕12号
各区人民政府：
现将《云湖市供水管理办法》印发给你们，请遵照执行。
附件：1.申请表
2.收费标准
云湖市人民政府
2024年5月6日
（此件公开发布）
云湖市供水
管理办法
第一章 总则
第一条 为了管理，制定本办法。
附件1
申请表
一、基本情况
附件2
收费标准
居民用水每立方米2元。
"""


def test_texts_after_the_signature_hang_below_parts():
    document = parsed(NOTICE)
    assert outline(document) == [
        "preamble 各区人民政府：",
        "preamble 现将《云湖市供水管理办法》印发给你们，请遵照执行。",
        "paragraph 附件：1.申请表",
        "paragraph 2.收费标准",
        "signature 云湖市人民政府",
        "signature 2024年5月6日",
        "signature （此件公开发布）",
        "part 云湖市供水管理办法",
        "  chapter 第一章 总则",
        "    article 第一条 为了管理，制定本办法。",
        "part 附件1 申请表",
        "  heading1 一、 基本情况",
        "part 附件2 收费标准",
        "  preamble 居民用水每立方米2元。",
    ]
    assert [(one.number, one.title, one.clause) for one in document.attachments] == [
        ("1", "申请表", 10),
        ("2", "收费标准", 12),
    ]
    assert document.embedded == ()
    assert codes(document) == set()


def test_an_enclosed_text_begins_at_its_title_even_without_a_signature():
    text = NOTICE.replace("云湖市人民政府\n2024年5月6日\n（此件公开发布）\n", "")
    assert "part 云湖市供水管理办法" in outline(parsed(text))


def test_a_text_that_is_announced_and_not_in_the_file_is_reported():
    document = parsed(NOTICE[: NOTICE.index("云湖市供水\n管理办法")])
    assert "enclosed_text_missing" in codes(document)


FORWARDING = """
云湖市人民政府办公室转发省水务厅关于节水工作意见的通知
各区人民政府：
现将《省水务厅关于节水工作的意见》（省水发〔2023〕8号）转发给你们，请一并贯彻执行。
一、加强领导。各区要高度重视。
省水务厅关于
节水工作的意见
省水发〔2023〕8号
各市人民政府：
为加强节水，提出如下意见：
一、提高认识
（一）全面节水。
省水务厅
2023年3月1日
附件
节水指标
第一条 指标另定。
"""


def test_a_forwarded_document_is_a_document_of_its_own():
    document = parsed(FORWARDING)
    assert outline(document)[-1] == "heading1 一、 加强领导。各区要高度重视。"
    (inner,) = document.embedded
    assert inner.title == "省水务厅关于节水工作的意见"
    assert inner.document_number == "省水发〔2023〕8号"
    assert inner.issuing_bodies == ("省水务厅",)
    assert inner.addressee == "各市人民政府"
    assert inner.issued_on.isoformat() == "2023-03-01"
    assert outline(inner)[-2:] == ["part 附件 节水指标", "  article 第一条 指标另定。"]
    assert [(one.kind, one.title, one.document_number) for one in document.relations] == [
        ("forwards", "省水务厅关于节水工作的意见", "省水发〔2023〕8号")
    ]


def test_a_notice_that_has_lost_its_own_body_is_reported():
    text = FORWARDING.replace(
        "云湖市人民政府办公室转发省水务厅关于节水工作意见的通知", "省水务厅关于节水工作的意见的通知"
    )
    document = parsed(text)
    assert document.embedded[0].issuing_bodies == ("省水务厅",)
    assert "issuing_body_uncertain" in codes(document)
    assert "issuing_body_uncertain" not in codes(parsed(FORWARDING))


def test_an_addressee_and_text_on_one_line_are_two_clauses():
    assert tree("关于供水的通知\n各区人民政府：　　经市政府同意，现通知如下。\n一、要求") == [
        "preamble 各区人民政府：",
        "preamble 经市政府同意，现通知如下。",
        "heading1 一、 要求",
    ]


def test_an_addressee_may_be_broken_over_lines():
    document = parsed(
        "关于供水的通知\n各县、区人民政府，开发区、苏\n湖工业园区，市各委、办、局：\n现通知如下。\n一、要求"
    )
    assert document.title == "关于供水的通知"
    assert document.addressee == "各县、区人民政府，开发区、苏湖工业园区，市各委、办、局"
    assert [one.level for one in document.clauses] == ["preamble"] * 3 + ["heading1"]


def test_numbers_that_the_page_mangled_still_make_clauses():
    document = parsed("一、產業\n（一）推動甲。\n?。ǘ┩七M乙。\n（三）發展丙。")
    assert [(one.level, one.parent) for one in document.clauses] == [
        ("heading1", None),
        ("heading2", 0),
        ("heading2", 0),
        ("heading2", 0),
    ]
    assert codes(document) >= {"mojibake"}
    assert "clause_number_missing" not in codes(document)
